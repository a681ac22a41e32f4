"""The technician's self-test: which devices are there, how to pair them, and what they say.

python -m drivers              list scanners, touch panels, receipt printers and serial adapters
python -m drivers --scan       then read barcodes with the first scanner until Ctrl+C
python -m drivers --scan --layout de
python -m drivers --display escpos --code-page 858      write a test text on the customer's display
"""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import usb.core
from serial.tools.list_ports_linux import SysFS

from drivers.devices import DeviceError, DisplayLine, PaperState, Scan, ScanRejected
from drivers.hotplug import HotplugMonitor
from drivers.input_matching import Device, looks_like_a_scanner, open_devices, types_digits, vendor_product
from drivers.layouts import GS, LAYOUTS
from drivers.line_display_commands import SETS, page_number
from drivers.line_display_serial import BAUDS, LineDisplaySettings
from drivers.line_display_text import PAGES, encoded, fitted
from drivers.printer_session import PrinterSession, sentence
from drivers.printer_usb_link import UsbLink, UsbTarget, place
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
from drivers.serial_port import SerialLink, SerialTarget, usb_ports
from drivers.serial_port import place as place_of_port
from drivers.serial_port import vendor_product as numbers_of_port
from drivers.survey import usb_printers
from drivers.touch_evdev import is_multi_touch, is_touch_panel

_TEST_SECONDS = 0.3
"""So long a slow line needs for the test text."""


def report() -> Iterator[str]:
    """Say line by line what is plugged in."""
    scanners: list[list[str]] = []
    others: list[list[str]] = []
    panels: list[list[str]] = []
    for device in open_devices():
        try:
            if is_touch_panel(device):
                panels.append(_panel(device))
            elif types_digits(device):
                (scanners if looks_like_a_scanner(device) else others).append(_keyboard(device))
        except OSError:
            continue  # pulled while we asked
        finally:
            device.close()
    yield from _chapter(
        "Barcode scanners", scanners, "none found: is it plugged in, and set to USB keyboard?"
    )
    yield from _chapter("Touch panels", panels, "none found")
    yield from _chapter(
        "Receipt printers", [_printer(device) for device in usb_printers()], "none found on USB"
    )
    adapters = [_adapter(port) for port in usb_ports()]
    if adapters:
        yield from _chapter("Serial adapters (a customer's display hangs on one)", adapters, "")
    if others:
        yield from _chapter("Other keyboards (pair one of these if it is your scanner)", others, "")


def _chapter(title: str, entries: list[list[str]], nothing: str) -> Iterator[str]:
    yield title
    for first, *rest in entries or [[nothing]]:
        yield f"  {first}"
        yield from (f"      {line}" for line in rest)


def _keyboard(device: Device[str]) -> list[str]:
    pairing = [f'vendor_product = "{vendor_product(device)}"', f'phys = "{device.phys}"']
    if device.uniq:
        pairing.insert(1, f'serial = "{device.uniq}"')
    return [f"{device.name} ({device.path!s})", *pairing, _held(device)]


def _panel(device: Device[str]) -> list[str]:
    kind = "several fingers" if is_multi_touch(device) else "one finger"
    return [f"{device.name} ({device.path!s}), {kind}", f'phys = "{device.phys}"', _held(device)]


def _held(device: Device[str]) -> str:
    """Whether another program, such as the running till, has it for itself."""
    try:
        device.grab()
        device.ungrab()
    except OSError:
        return "in use: another program holds it (the till, if it runs)"
    return "free"


def _printer(device: Any) -> list[str]:
    try:
        name = f"{device.manufacturer or ''} {device.product or ''}".strip() or "a printer without a name"
        pairing = [f'serial = "{device.serial_number}"'] if device.serial_number else []
    except (usb.core.USBError, ValueError):  # no permission to ask it
        name, pairing = "a printer that may not be asked its name", []
    return [f"{name} (USB {place(device)})", *pairing, f'path = "{place(device)}"', _condition(place(device))]


def _adapter(port: SysFS) -> list[str]:
    """Not opened: that would reset some devices, and another one may be a card terminal."""
    name = f"{port.manufacturer or ''} {port.product or ''}".strip() or "an adapter without a name"
    choices = (numbers_of_port(port), str(port.serial_number or ""), place_of_port(port))
    return [f"{name} ({port.device})", *(f'match = "{each}"' for each in choices if each)]


def _condition(path: str) -> str:
    try:
        session = PrinterSession(UsbLink(UsbTarget(path=path)), None, 0.0)
    except DeviceError as error:
        return str(error)
    try:
        state = session.fresh_state()
    except DeviceError as error:
        return str(error)
    finally:
        session.close()
    if not state.online:
        return sentence(state)
    return "ready, the paper is nearly at its end" if state.paper is PaperState.NEAR_END else "ready"


def _say(reading: Scan | ScanRejected) -> None:
    if isinstance(reading, ScanRejected):
        print(f"  refused: {reading.reason} ({reading.text!r})", flush=True)
    else:
        code = reading.text.replace(GS, "<GS>")
        print(f"  {code}  [symbology {reading.symbology or 'not sent'}]", flush=True)


def read_scans(layout: str) -> None:
    """Print each scan until Ctrl+C."""
    hotplug = HotplugMonitor()
    scanner = EvdevScanner(ScannerSettings(layout=layout), hotplug)
    hotplug.start()
    scanner.start(
        _say, lambda present: print("Scan a barcode." if present else "No scanner is free.", flush=True)
    )
    with suppress(KeyboardInterrupt):
        signal.pause()
    scanner.stop()
    hotplug.stop()


def try_display(settings: LineDisplaySettings) -> str:
    """Write a test text on the customer's display, and say how that went; it stands there until something else does."""
    page = settings.code_page
    lines = (DisplayLine(f"Gapless {settings.commands}", page), DisplayLine("éäñßłж", "€1,234.50"))
    upper, lower = (fitted(line, page) for line in lines)
    commands, number = SETS[settings.commands], page_number(page)
    try:
        link = SerialLink(settings.target, settings.baud)
    except DeviceError as error:
        return str(error)
    try:
        link.write(
            commands.begin(number) + commands.write(number, encoded(upper, page), encoded(lower, page))
        )
        time.sleep(_TEST_SECONDS)
    except DeviceError as error:
        return str(error)
    finally:
        link.close()
    return f'Sent to {link.name}. It should show "{upper}" and "{lower}", sign by sign.'


def main() -> None:
    """Run the self-test."""
    parser = argparse.ArgumentParser(
        prog="python -m drivers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--scan", action="store_true", help="read barcodes until Ctrl+C")
    parser.add_argument("--layout", choices=sorted(LAYOUTS), default="us", help="what the scanner is set to")
    parser.add_argument("--display", choices=sorted(SETS), help="try the customer's display, by its commands")
    parser.add_argument("--match", default="", help="which serial adapter; as listed")
    parser.add_argument("--baud", type=int, choices=BAUDS, default=9600)
    parser.add_argument("--code-page", choices=sorted(PAGES), default="437", help="the display's signs")
    arguments = parser.parse_args()
    for line in report():
        print(line, flush=True)
    if arguments.display:
        how = (SerialTarget(arguments.match), arguments.baud, arguments.code_page)
        print(try_display(LineDisplaySettings(arguments.display, *how)), flush=True)
    if arguments.scan:
        read_scans(arguments.layout)


if __name__ == "__main__":
    main()
