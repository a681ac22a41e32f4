"""What a till has at its devices, as a program of its own: ``python till_at_bench.py``, on a bench's environment.

Says "scanner yes" or "scanner no" and "scan TEXT"; "print" prints a receipt, "kick" opens the drawer, both answered.
In a process of its own because libusb and the preload bind a process to one bench for its whole life.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from drivers.devices import DeviceError, Scan, ScanRejected
from drivers.document import Document, Framed, Item, Masthead
from drivers.drawer import EscposDrawer
from drivers.hotplug import HotplugMonitor
from drivers.printer_raster import ReceiptRaster
from drivers.printer_usb import UsbReceiptPrinter
from drivers.scanner_evdev import EvdevScanner, ScannerSettings

RECEIPT = Document((Masthead("Holm & Ash"), Item("Enamel mug, oat", "12.90", "A"), Framed("Total", "€12.90")))


def main() -> None:
    raster = ReceiptRaster(Path(__file__).parents[2] / "appliance" / "fonts")
    printer = UsbReceiptPrinter(raster, stall_seconds=1, confirm_seconds=2)
    hotplug = HotplugMonitor()
    hotplug.start()
    scanner = EvdevScanner(ScannerSettings(), hotplug)
    scanner.start(said, lambda is_there: print("scanner", "yes" if is_there else "no", flush=True))
    for line in sys.stdin:
        try:
            if line.strip() == "kick":
                EscposDrawer(printer).open()
                print("kicked", flush=True)
            else:
                print(printer.print(RECEIPT, "1"), flush=True)
        except DeviceError as error:
            print("refused:", error, flush=True)
    scanner.stop()
    hotplug.stop()
    printer.close()


def said(scan: Scan | ScanRejected) -> None:
    print("scan", scan.text if isinstance(scan, Scan) else "rejected", flush=True)


if __name__ == "__main__":
    main()
