"""What an ESC/POS printer says: its bytes told apart, and the last of each kind kept for who waits.

The kinds share one pipe and differ by fixed bits (Epson, "Transmission status identification"): the first of
four bytes of Automatic Status Back is ``0xx1xx00``, an answer to DLE EOT ``0xx1xx10``, to GS r ``0xx0xxxx``,
a process id is ``37 22 id id id id 00``, XON and XOFF are 11 and 13.
"""

from __future__ import annotations

import enum
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from drivers.devices import PaperState, PrinterState


class Kind(enum.Enum):
    """Kinds of answer."""

    STATUS_BACK = "status back"
    REALTIME = "real-time status"
    STATUS = "status"
    PROCESS_ID = "process id"


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer; ``data`` is its bytes, of a process id the four characters only."""

    kind: Kind
    data: bytes


class Demultiplexer:
    """Cuts the stream of bytes into answers; half an answer waits for its rest."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[Answer]:
        """Take bytes as they came and return the answers that are complete."""
        self._buffer += data
        answers: list[Answer] = []
        while self._buffer:
            size, answer = self._next()
            if size == 0:
                break
            del self._buffer[:size]
            if answer is not None:
                answers.append(answer)
        return answers

    def _next(self) -> tuple[int, Answer | None]:
        """Return how many bytes are done with (0 = wait) and what they say."""
        buffer, first = self._buffer, self._buffer[0]
        if first == 0x37 and (len(buffer) < 2 or buffer[1] == 0x22):
            return (7, Answer(Kind.PROCESS_ID, bytes(buffer[2:6]))) if len(buffer) >= 7 else (0, None)
        if first & 0x93 == 0x10:
            if any(value & 0x90 for value in buffer[1:4]):
                return 1, None  # the rest was lost
            return (4, Answer(Kind.STATUS_BACK, bytes(buffer[:4]))) if len(buffer) >= 4 else (0, None)
        if first & 0x93 == 0x12:
            return 1, Answer(Kind.REALTIME, bytes([first]))
        if first & 0x90 == 0:
            return 1, Answer(Kind.STATUS, bytes([first]))
        return 1, None  # XON, XOFF, or nothing that is known


def _paper(out: bool, near_end: bool) -> PaperState:
    if out:
        return PaperState.OUT
    return PaperState.NEAR_END if near_end else PaperState.OK


def state_from_status_back(data: bytes, drawer_open_level: bool | None) -> PrinterState:
    """Read four bytes of Automatic Status Back.

    Args:
        data: The four bytes.
        drawer_open_level: What the drawer's pin says when it is open; drawers differ. None where nobody
            learned it.
    """
    return PrinterState(
        present=True,
        online=not data[0] & 0x08,
        paper=_paper(bool(data[2] & 0x0C), bool(data[2] & 0x03)),
        cover_open=bool(data[0] & 0x20),
        drawer_open=None if drawer_open_level is None else bool(data[0] & 0x04) is drawer_open_level,
    )


def state_from_realtime(data: bytes, drawer_open_level: bool | None) -> PrinterState:
    """Read the answers to DLE EOT 1, 2 and 4, in this order."""
    printer, cause, roll = data
    return PrinterState(
        present=True,
        online=not printer & 0x08,
        paper=_paper(bool(roll & 0x60), bool(roll & 0x0C)),
        cover_open=bool(cause & 0x04),
        drawer_open=None if drawer_open_level is None else bool(printer & 0x04) is drawer_open_level,
    )


def state_from_port(status: int | None) -> PrinterState:
    """Read GET_PORT_STATUS; None, when the printer does not answer, counts as online with unknown paper."""
    if status is None:
        return PrinterState(True, True, PaperState.UNKNOWN, False, None)
    out, fine = bool(status & 0x20), status & 0x18 == 0x18
    return PrinterState(True, fine and not out, PaperState.OUT if out else PaperState.UNKNOWN, False, None)


class StatusBoard:
    """The latest answers; the reader writes, anyone waits."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._status_back: bytes | None = None
        self._collected: dict[Kind, list[bytes]] = {}
        self._lost = False

    @property
    def status_back(self) -> bytes | None:
        """The last four bytes that the printer sent by itself, None if it never did."""
        return self._status_back

    @property
    def lost(self) -> bool:
        """Whether the printer is gone."""
        return self._lost

    def post(self, answers: list[Answer]) -> None:
        """Keep answers and wake who waits."""
        with self._changed:
            for answer in answers:
                if answer.kind is Kind.STATUS_BACK:
                    self._status_back = answer.data
                else:
                    self._collected.setdefault(answer.kind, []).append(answer.data)
            self._changed.notify_all()

    def lose(self) -> None:
        """Note that the printer is gone and wake who waits."""
        with self._changed:
            self._lost = True
            self._changed.notify_all()

    def forget(self, *kinds: Kind) -> None:
        """Drop the answers of these kinds, before asking anew."""
        with self._changed:
            for kind in kinds:
                self._collected.pop(kind, None)

    def collected(self, kind: Kind) -> list[bytes]:
        """Return the answers of a kind since they were forgotten."""
        with self._changed:
            return list(self._collected.get(kind, ()))

    def wait(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait until ``done()``, or the printer is gone, or the time is up; return the last ``done()``."""
        end = time.monotonic() + seconds
        with self._changed:
            while not (met := done()) and not self._lost and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)
            return met
