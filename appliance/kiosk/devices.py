"""What is plugged into the till: a concrete driver for each device of the settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.settings import Settings
from drivers.drawer import EscposDrawer
from drivers.hotplug import HotplugMonitor
from drivers.input_matching import Pairing
from drivers.printer_raster import ReceiptRaster
from drivers.printer_usb import UsbReceiptPrinter
from drivers.printer_usb_link import UsbTarget
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
from drivers.touch_decoding import Mounting
from drivers.touch_evdev import EvdevTouchPanel

FONTS: Final = Path(__file__).parents[1] / "fonts"
PLACE: Final = re.compile(r"\d+-\d+(\.\d+)*")
"""Bus and ports, as the printer's self-test prints them: "1-1.4"."""
LOOK_FOR_SECONDS: Final = 2.0
LISTEN_EVERY_SECONDS: Final = 0.5
"""How often an idle printer is listened to; a device that answers nothing at once would else cost a core."""


@dataclass(frozen=True, slots=True)
class Devices:
    """What is plugged into this till."""

    scanner: EvdevScanner
    printer: UsbReceiptPrinter
    drawer: EscposDrawer
    panel: EvdevTouchPanel | None


def build_devices(settings: Settings, hotplug: HotplugMonitor) -> Devices:
    """The drivers of these settings; none of them needs its device to be there."""
    printer = UsbReceiptPrinter(
        ReceiptRaster(FONTS, settings.printer.width_dots),
        _target(settings.printer.match),
        stall_seconds=settings.printer.stall_seconds,
        idle_pause_seconds=LISTEN_EVERY_SECONDS,
    )
    drawer = EscposDrawer(printer, settings.printer.drawer_pin, settings.printer.drawer_pulse_ms)
    scanner = EvdevScanner(
        ScannerSettings(_pairing(settings.scanner.match), settings.scanner.layout), hotplug
    )
    panel = (
        EvdevTouchPanel(hotplug, Mounting(settings.screen.rotation))
        if settings.screen.touch == "panel"
        else None
    )
    return Devices(scanner, printer, drawer, panel)


class ScannerWatch:
    """Whether the scanner is there, for the header's chip.

    Its thread looks for the device only once the screen is drawn: until then, and for a moment more, a scanner that
    has not been found is not yet missing.
    """

    def __init__(self, is_present: Callable[[], bool], seconds: Callable[[], float]) -> None:
        self._is_present, self._seconds = is_present, seconds
        self._looked_since: float | None = None

    def begin(self) -> None:
        """The scanner's thread begins to look."""
        self._looked_since = self._seconds()

    def __call__(self) -> bool:
        """True unless it was looked for and is not there."""
        since = self._looked_since
        return self._is_present() or since is None or self._seconds() < since + LOOK_FOR_SECONDS


def _target(match: str) -> UsbTarget:
    """A printer by its serial number, or by its place on the bus ("1-1.4")."""
    if not match:
        return UsbTarget()
    return UsbTarget(path=match) if PLACE.fullmatch(match) else UsbTarget(serial=match)


def _pairing(match: str) -> Pairing:
    """A scanner by "vendor:product", by its port, or by its serial number."""
    if not match:
        return Pairing()
    if ":" in match:
        return Pairing(vendor_product=match.lower())
    return Pairing(phys=match) if match.startswith("usb-") else Pairing(serial=match)
