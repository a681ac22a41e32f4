"""What is plugged into the till: a concrete driver for each device of the settings."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from appliance.settings import Settings
from drivers.devices import LineDisplay, Scan, ScanRejected
from drivers.document import Document
from drivers.drawer import EscposDrawer
from drivers.hotplug import HotplugMonitor
from drivers.input_matching import Pairing
from drivers.printer_usb import UsbReceiptPrinter
from drivers.printer_usb_link import UsbTarget
from drivers.scan_layouts import Judge, UnsetScanner
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
from drivers.touch_decoding import Mounting
from drivers.touch_evdev import EvdevTouchPanel

if TYPE_CHECKING:
    from PIL import Image

    from drivers.printer_raster import ReceiptRaster

SCAN_AGAIN: Final = "That scan arrived in pieces. Scan it again."
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
    display: LineDisplay | None


def build_devices(settings: Settings, hotplug: HotplugMonitor) -> Devices:
    """The drivers of these settings; none of them needs its device to be there."""
    printer = UsbReceiptPrinter(
        LateRaster(FONTS, settings.printer.width_dots),
        target_of(settings.printer.match),
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
    return Devices(scanner, printer, drawer, panel, _display(settings, hotplug))


def read_scanner(
    match: str, on_scan: Callable[[Scan | ScanRejected], None], judge: Judge, stack: ExitStack
) -> Callable[[], bool]:
    """For a till that nobody set up: its scanner, until the stack is closed; a code says how it is set.

    Returns:
        Whether it is there.
    """
    hotplug = HotplugMonitor()
    hotplug.start()
    stack.callback(hotplug.stop)
    scanner = EvdevScanner(UnsetScanner(_pairing(match), judge=judge), hotplug)
    scanner.start(on_scan, lambda _present: None)
    stack.callback(scanner.stop)
    return lambda: scanner.present


class LateRaster:
    """Draws documents, and loads what draws them for the first one: the screen starts so much earlier.

    Args:
        fonts, width_dots: as ``drivers.printer_raster.ReceiptRaster`` has them.
    """

    def __init__(self, fonts: Path, width_dots: int) -> None:
        self._fonts, self.width_dots = fonts, width_dots
        self._raster: ReceiptRaster | None = None

    def render(self, document: Document) -> Image.Image:
        """The document as a picture of one bit a dot; for one thread at a time."""
        if self._raster is None:
            from drivers.printer_raster import ReceiptRaster  # noqa: PLC0415  # pictures, fonts, QR codes

            self._raster = ReceiptRaster(self._fonts, self.width_dots)
        return self._raster.render(document)


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


def _display(settings: Settings, hotplug: HotplugMonitor) -> LineDisplay | None:
    """The customer's display, None where the settings name none: no port is opened that nobody chose."""
    how = settings.display
    if not how.kind:
        return None
    # A till without one starts sooner without pyserial.
    from drivers.line_display_serial import LineDisplaySettings, SerialLineDisplay  # noqa: PLC0415
    from drivers.serial_port import SerialTarget  # noqa: PLC0415

    target = SerialTarget(how.match)
    return SerialLineDisplay(LineDisplaySettings(how.kind, target, how.baud, how.code_page), hotplug)


def target_of(match: str) -> UsbTarget:
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
