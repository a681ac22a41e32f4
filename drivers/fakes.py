"""Devices without hardware: whole implementations of the contracts, for rehearsal and for tests of everything above.

They pass the same contract tests as the real ones. What a person does to a device (scan, unplug, take the paper out)
are methods here that the contract does not have.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from drivers.devices import (
    DeviceAbsentError,
    DeviceBusyError,
    PaperState,
    PresenceCallback,
    PrinterNotReadyError,
    PrinterState,
    PrintOutcome,
    Scan,
    ScanCallback,
    ScanRejected,
)
from drivers.plugged_fake import PluggedFake

if TYPE_CHECKING:
    from drivers.document import Document


class FakeScanner(PluggedFake[Scan | ScanRejected]):
    """Implements ``devices.Scanner``; what is scanned while it is stopped or unplugged is lost, as with a real one."""

    def __init__(self, *, plugged: bool = True) -> None:
        super().__init__("fake scanner", plugged=plugged)

    def start(self, on_scan: ScanCallback, on_state: PresenceCallback) -> None:
        """See ``devices.Scanner``."""
        self._begin(on_state, on_scan)

    def scan(self, text: str, symbology: str | None = None) -> None:
        """Read a barcode."""
        self._read(Scan(text, symbology, time.monotonic()))

    def misread(self, reason: str = "events were lost", text: str = "") -> None:
        """Read one badly."""
        self._read(ScanRejected(reason, text, time.monotonic()))


class FakeReceiptPrinter:
    """Implements ``devices.ReceiptPrinter``; ``printed`` holds (document, job) of what is whole on paper.

    Args:
        confirms: Whether it says when a job is on paper, as good printers do.
        bytes_per_document: What each document counts as, for ``bytes_sent``.
    """

    def __init__(self, *, confirms: bool = True, bytes_per_document: int = 1000) -> None:
        self.printed: list[tuple[Document, str]] = []
        self.kicks = 0
        self.plugged, self.busy, self.cover_open, self.drawer_open = True, False, False, False
        self.paper = PaperState.OK
        self._confirms, self._bytes_per_document = confirms, bytes_per_document
        self._ends_in_the_middle = self._unplugged_in_the_middle = False
        self._lock = threading.Lock()

    def print(self, document: Document, job: str) -> PrintOutcome:
        """See ``devices.ReceiptPrinter``."""
        with self._lock:
            self.refuse_if_not_ready()
            half = self._bytes_per_document // 2
            if self._unplugged_in_the_middle:
                self.plugged = self._unplugged_in_the_middle = False
                raise DeviceAbsentError("The printer was unplugged while it printed.", half)
            if self._ends_in_the_middle:
                self.paper, self._ends_in_the_middle = PaperState.OUT, False
                raise PrinterNotReadyError("The printer is out of paper.", half, self.state())
            self.printed.append((document, job))
            return PrintOutcome.PRINTED if self._confirms else PrintOutcome.SENT

    def state(self) -> PrinterState:
        """See ``devices.ReceiptPrinter``."""
        if not self.plugged:
            return PrinterState(False, False, PaperState.UNKNOWN, False, None)
        online = self.paper is not PaperState.OUT and not self.cover_open
        return PrinterState(True, online, self.paper, self.cover_open, self.drawer_open)

    def close(self) -> None:
        """See ``devices.ReceiptPrinter``; a fake holds nothing."""

    def end_the_paper_in_the_middle(self) -> None:
        """The next document finds the end of the roll."""
        self._ends_in_the_middle = True

    def unplug_in_the_middle(self) -> None:
        """The cable is pulled during the next document."""
        self._unplugged_in_the_middle = True

    def refuse_if_out_of_reach(self) -> None:
        """Raise what a real one raises when nothing can be told to it, not even to open its drawer.

        Raises:
            DeviceError: with ``bytes_sent`` 0.
        """
        if not self.plugged:
            raise DeviceAbsentError("The printer is not plugged in or switched off.")
        if self.busy:
            raise DeviceBusyError("Another program holds the printer.")

    def refuse_if_not_ready(self) -> None:
        """Raise what a real one raises before the first byte.

        Raises:
            DeviceError: with ``bytes_sent`` 0.
        """
        self.refuse_if_out_of_reach()
        if self.cover_open:
            raise PrinterNotReadyError("The printer's cover is open.", 0, self.state())
        if self.paper is PaperState.OUT:
            raise PrinterNotReadyError("The printer is out of paper.", 0, self.state())


class FakeCashDrawer:
    """Implements ``devices.CashDrawer``: a drawer on the printer's socket, so it needs the printer."""

    def __init__(self, printer: FakeReceiptPrinter | None = None) -> None:
        self._printer = printer or FakeReceiptPrinter()
        self.openings = 0

    def open(self) -> None:
        """See ``devices.CashDrawer``; it opens although the paper is out."""
        self._printer.refuse_if_out_of_reach()
        self.openings += 1
        self._printer.kicks += 1
        self._printer.drawer_open = True
