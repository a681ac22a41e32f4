"""A printer driver on the bench, and a job in a thread, for the tests of printer and drawer."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from drivers.devices import DeviceError, PrintOutcome
from drivers.document import Document
from drivers.printer_usb import UsbReceiptPrinter
from drivers.printer_usb_link import UsbTarget
from drivers.virtual import paper
from drivers.virtual.client import VirtualBench
from tests.drivers.sample_receipts import raster

Until = Callable[..., None]


class Job(threading.Thread):
    """Prints in the background; ``result()`` waits for its outcome or its error."""

    def __init__(self, printer: UsbReceiptPrinter, document: Document) -> None:
        super().__init__(daemon=True)
        self._printer, self._document = printer, document
        self._outcome: PrintOutcome | DeviceError | None = None
        self.start()

    def run(self) -> None:
        try:
            self._outcome = self._printer.print(self._document, "T1-000123")
        except DeviceError as error:
            self._outcome = error

    def result(self, seconds: float = 20.0) -> PrintOutcome | DeviceError:
        self.join(seconds)
        assert self._outcome is not None, "the job is still running"
        return self._outcome


class PrinterRig:
    """The bench's printer and our driver for it."""

    def __init__(self, bench: VirtualBench, until: Until) -> None:
        self.bench, self._until = bench, until
        self._printers: list[UsbReceiptPrinter] = []

    def driver(self, target: UsbTarget | None = None, **settings: Any) -> UsbReceiptPrinter:
        """A driver with little patience, closed after the test."""
        patience = {"stall_seconds": 1.0, "confirm_seconds": 2.0}
        printer = UsbReceiptPrinter(raster(), target, **(patience | settings))
        self._printers.append(printer)
        return printer

    def plugged(self, *, how: dict[str, Any] | None = None, **settings: Any) -> UsbReceiptPrinter:
        """Plug the printer (``how``: the bench's arguments) and wait until the driver sees it."""
        self.bench.plug_printer(**(how or {}))
        printer = self.driver(**settings)
        self._until(lambda: printer.state().present, "the printer is found")
        return printer

    def pieces(self) -> list[paper.Receipt]:
        """The pieces of paper with something on them, and the last one if it hangs in the printer."""
        data = b"".join(self.bench.printer()["jobs"])
        return [piece for piece in paper.receipts(data) if piece.image.height]

    def close(self) -> None:
        for printer in self._printers:
            printer.close()


@contextmanager
def printer_rig(bench: VirtualBench, until: Until) -> Iterator[PrinterRig]:
    rig = PrinterRig(bench, until)
    try:
        yield rig
    finally:
        rig.close()


def shows(piece: paper.Receipt, document: Document) -> bool:
    """Whether a piece of paper is this document, whole, dot for dot (real-time commands cost some)."""
    wanted = np.asarray(raster().render(document))
    got = np.asarray(piece.image)
    return got.shape == wanted.shape and int((got ^ wanted).sum()) <= 5 and piece.unknown == []
