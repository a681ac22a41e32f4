"""A till with the real USB driver and the real libusb on an emulated printer; prints what happened as JSON.

A process of its own, since a process can have only one bench of virtual devices (see tests/drivers/conftest.py).
Run as ``python -m tests.till.real_printer FILE`` with the preload of ``drivers.virtual.client``.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from drivers.drawer import EscposDrawer
from drivers.printer_raster import ReceiptRaster
from drivers.printer_usb import UsbReceiptPrinter
from drivers.virtual import paper
from drivers.virtual.client import VirtualBench
from tests.till.conftest import Bench

FONTS = Path(__file__).parents[2] / "appliance" / "fonts"


def states(till: Bench, sale_id: str) -> list[str]:
    return [str(job.state) for job in till.jobs.of_sale(sale_id)]


def act(till: Bench, devices: VirtualBench) -> dict[str, object]:
    """One receipt; the paper ends; two sales; paper again; the cable is pulled; a sale; and back."""
    printed = till.sell(331)
    till.until(lambda: states(till, printed) == ["printed"], 20)
    devices.printer(paper=False)
    without_paper = [till.sell(402), till.sell(55)]
    till.until(lambda: till.printing.problem() == "Printer is out of paper", 20)
    told = [each.title for each in till.waiting.view().unprinted]
    devices.printer(paper=True)
    till.until(lambda: all(states(till, sale) == ["printed"] for sale in without_paper), 20)
    till.printing.reprint(printed)
    till.until(lambda: states(till, printed) == ["printed", "printed"], 20)
    kicks = devices.printer()["kicks"]
    pieces = [piece for piece in paper.receipts(b"".join(devices.printer()["jobs"])) if piece.image.height]
    devices.unplug("printer", keep=True)
    unplugged = till.sell(23)
    till.until(lambda: till.printing.problem() == "No printer", 20)
    devices.replug_printer()
    till.until(lambda: states(till, unplugged) == ["printed"], 20)
    return {"kicks": len(kicks), "pieces": len(pieces), "told": told, "open": len(till.jobs.open())}


def main() -> None:
    with VirtualBench.start() as devices:
        os.environ["UMOCKDEV_DIR"] = devices.root
        devices.plug_printer()
        till = Bench(Path(sys.argv[1]))
        printer = UsbReceiptPrinter(ReceiptRaster(FONTS), stall_seconds=1.0, confirm_seconds=2.0)
        till.attach(printer, EscposDrawer(printer))
        till.until(lambda: printer.state().present, 20)
        till.printing.start()
        try:
            print(json.dumps(act(till, devices)))
        finally:
            till.stop()
            printer.close()


if __name__ == "__main__":
    main()
