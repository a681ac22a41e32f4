"""Contracts that every device implements, the real ones and the fakes, with their errors and results.

Drivers raise only what is defined here. ``str()`` of each error is a sentence that a cashier can read.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from drivers.document import Document


class PaperState(enum.StrEnum):
    """What a printer's paper sensor says; UNKNOWN when it does not answer."""

    OK = "ok"
    NEAR_END = "near_end"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PrinterState:
    """What a printer says about itself; ``drawer_open`` is None where the drawer has no sensor."""

    present: bool
    online: bool
    paper: PaperState
    cover_open: bool
    drawer_open: bool | None


class DeviceError(Exception):
    """Base of every driver's refusal; its text is a sentence for the cashier.

    Attributes:
        bytes_sent: Bytes of the job that the device had taken when it refused (0 = it certainly did nothing).
    """

    def __init__(self, sentence: str, bytes_sent: int = 0) -> None:
        super().__init__(sentence)
        self.bytes_sent = bytes_sent


class DeviceAbsentError(DeviceError):
    """The device is not plugged in, or was unplugged in the middle of the work."""


class DeviceBusyError(DeviceError):
    """Another program holds the device."""


class PrinterNotReadyError(DeviceError):
    """Out of paper, cover open, offline or stalled.

    Attributes:
        reason: The printer's state when it answered, else a word such as "stalled".
    """

    def __init__(self, sentence: str, bytes_sent: int = 0, reason: PrinterState | str = "offline") -> None:
        super().__init__(sentence, bytes_sent)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Scan:
    """One complete reading of a barcode.

    Attributes:
        text: What the scanner read, without suffix and without AIM identifier; may hold GS (U+001D).
        symbology: The AIM identifier without its bracket ("E0", "C1", "d2", "Q1"), None when it sends none.
        at_monotonic: ``time.monotonic()`` seconds when the suffix arrived.
    """

    text: str
    symbology: str | None
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class ScanRejected:
    """A reading that must not be trusted; the cashier scans again.

    Attributes:
        reason: Why, in words for the log ("events were lost").
        text: What had been decoded so far, for the log only.
        at_monotonic: ``time.monotonic()`` seconds of the refusal.
    """

    reason: str
    text: str
    at_monotonic: float


@dataclass(frozen=True, slots=True)
class DisplayLine:
    """One line of a customer's display, in any language; the driver replaces what the display cannot show.

    Attributes:
        text: From the left; cut where it does not fit.
        right: At the right end, such as an amount; never cut.
        instead: Shown where the display has no sign of ``text``.
        is_centred: The text stands in the middle, if nothing stands at the right.
    """

    text: str = ""
    right: str = ""
    instead: str = ""
    is_centred: bool = False


class PrintOutcome(enum.StrEnum):
    """How sure it is that a job is on paper."""

    PRINTED = "printed"  # the printer confirmed the end of the job
    SENT = "sent"  # it took all the bytes and said nothing


ScanCallback = Callable[[Scan | ScanRejected], None]
PresenceCallback = Callable[[bool], None]


@runtime_checkable
class Scanner(Protocol):
    """Reads barcodes in a thread of its own."""

    @property
    def present(self) -> bool:
        """Whether a scanner is plugged in and held by us now."""
        ...

    def start(self, on_scan: ScanCallback, on_state: PresenceCallback) -> None:
        """Start the thread; a second call does nothing.

        Both callbacks come on that thread and must neither raise nor wait. ``on_state`` is called when
        presence changes, and once soon after the start.
        """
        ...

    def stop(self) -> None:
        """Let go of the device and end the thread; no callback comes after the return."""
        ...


@runtime_checkable
class ReceiptPrinter(Protocol):
    """Prints one document at a time."""

    def print(self, document: Document, job: str) -> PrintOutcome:
        """Print and wait for the end (blocks for seconds: call it from a print thread).

        Raises:
            DeviceError: with ``bytes_sent``; more than 0 means that a part may be on paper.
        """
        ...

    def state(self) -> PrinterState:
        """What the printer says now; never raises for a printer that is absent."""
        ...

    def close(self) -> None:
        """Let go of the device; a second call does nothing."""
        ...


@runtime_checkable
class CashDrawer(Protocol):
    """Opens the drawer."""

    def open(self) -> None:
        """Kick it open, once, as a job of its own.

        Raises:
            DeviceError: when the pulse was certainly or possibly not given.
        """
        ...


@runtime_checkable
class LineDisplay(Protocol):
    """Shows the customer two lines, in a thread of its own: it is told and never waited for."""

    @property
    def present(self) -> bool:
        """Whether it is plugged in and held by us now."""
        ...

    def start(self, on_state: PresenceCallback) -> None:
        """Start the thread; a second call does nothing.

        ``on_state`` comes on that thread when presence changes, and once soon after the start; it must neither
        raise nor wait.
        """
        ...

    def show(self, upper: DisplayLine, lower: DisplayLine) -> None:
        """Show these from now on; returns at once, from any thread.

        Only the newest count: what it had no time for is never shown. While it is unplugged they are kept, and
        appear when it is back.
        """
        ...

    def stop(self) -> None:
        """Leave it dark, let go of it and end the thread; no callback comes after the return."""
        ...
