"""One connection to a printer: a thread that listens, counted writes, and the state from whoever answers.

Thread-safe: one thread may send while others ask for the state. After ``lost`` the connection is of no use.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Protocol

from drivers import printer_escpos as escpos
from drivers.devices import DeviceAbsentError, DeviceError, PaperState, PrinterNotReadyError, PrinterState
from drivers.printer_status import (
    Demultiplexer,
    Kind,
    StatusBoard,
    state_from_port,
    state_from_realtime,
    state_from_status_back,
)

_CHUNK_BYTES = 2048
_WRITE_MS = 500  # a write that takes longer comes back with what it has done
_READ_MS = 100
_IDLE_READ_MS = 5
_FIRST_STATUS_SECONDS = 0.3
_REALTIME_SECONDS = 0.3
_HURRIED_STALL_SECONDS = 1.0


class Link(Protocol):
    """What a session needs of a transport; ``printer_usb_link.UsbLink`` is one."""

    @property
    def answers(self) -> bool:
        """Whether it can be read at all."""
        ...

    def write(self, data: bytes, timeout_ms: int) -> int: ...
    def read(self, timeout_ms: int) -> bytes: ...
    def port_status(self) -> int | None: ...
    def soft_reset(self) -> None: ...
    def close(self) -> None: ...


class PrinterSession:
    """Listens from the start; ``close()`` ends it.

    Args:
        link: The open transport; closed with the session.
        drawer_open_level: See ``printer_status.state_from_status_back``.
        idle_pause_seconds: How long the listener may look away while nobody prints. 0 = never, which costs
            nothing on
            a real USB bus; on the virtual bench libusb spins as long as a transfer waits.
    """

    def __init__(self, link: Link, drawer_open_level: bool | None, idle_pause_seconds: float) -> None:
        self._link, self._drawer_open_level, self._idle_pause = link, drawer_open_level, idle_pause_seconds
        self.board = StatusBoard()
        self.broken_off = False
        """Whether a job ended in its middle, so that the printer may wait for the rest of a command."""
        self._stop, self._busy = threading.Event(), threading.Event()
        self._count_lock, self._watchers = threading.Lock(), 0
        self._port: int | None = None
        self._ask_due, self._deaf = True, not link.answers
        self._asked = state_from_port(None)
        self._listener: threading.Thread | None = None
        if link.answers:
            self._listener = threading.Thread(target=self._listen, name="printer-listener", daemon=True)
            self._listener.start()
        self._begin()

    def _begin(self) -> None:
        """Switch the status reports on; a printer that is offline obeys later, one that hangs never does."""
        if self._link.write(escpos.BEGIN, _WRITE_MS) and self._link.answers:
            with self.attention():
                self.board.wait(lambda: self.board.status_back is not None, _FIRST_STATUS_SECONDS)

    def close(self) -> None:
        """End the listener and let go of the printer."""
        self._stop.set()
        self._busy.set()
        if self._listener is not None:
            self._listener.join()
        self._link.close()

    @contextmanager
    def attention(self) -> Iterator[None]:
        """Keep the listener from looking away; contexts may overlap."""
        with self._count_lock:
            self._watchers += 1
            self._busy.set()
        try:
            yield
        finally:
            with self._count_lock:
                self._watchers -= 1
                if self._watchers == 0:
                    self._busy.clear()

    # -- sending

    def send(self, data: bytes, stall_seconds: float, hurry: threading.Event) -> None:
        """Send all of it, waiting while the printer is full.

        Args:
            data: The bytes.
            stall_seconds: How long no byte may be taken.
            hurry: When set, somebody else waits for the printer: give a stalled one up after a second.

        Raises:
            PrinterNotReadyError: it stalled; ``bytes_sent`` says how far it got, ``reason`` is its state.
            DeviceError: it is gone or USB failed; ``bytes_sent`` counts what it may have taken.
        """
        sent, progress_at = 0, time.monotonic()
        while sent < len(data):
            chunk = data[sent : sent + _CHUNK_BYTES]
            try:
                taken = self._link.write(chunk, _WRITE_MS)
            except DeviceError as error:
                self.broken_off = True
                raise type(error)(str(error), sent + len(chunk)) from error  # it may have taken this one too
            now = time.monotonic()
            if taken:
                sent, progress_at = sent + taken, now
            elif now - progress_at > (_HURRIED_STALL_SECONDS if hurry.is_set() else stall_seconds):
                raise self.given_up(sent)

    def given_up(self, sent: int) -> DeviceError:
        """Throw away what the printer has not printed and return the error that says why."""
        self.broken_off = True
        try:
            state = self.state()
        except DeviceAbsentError as error:
            return DeviceAbsentError(str(error), sent)
        self._link.soft_reset()
        reason = state if not state.online else "stalled"
        return PrinterNotReadyError(sentence(state), sent, reason)

    # -- state

    def state(self) -> PrinterState:
        """Say what the printer says; the kinds of answer that cost it nothing come first.

        Raises:
            DeviceAbsentError: it is gone.
        """
        if self.board.lost:
            raise DeviceAbsentError("The receipt printer was disconnected.")
        if (pushed := self.board.status_back) is not None:
            return state_from_status_back(pushed, self._drawer_open_level)
        port = self._link.port_status()
        if port != self._port or self._ask_due:
            self._port, self._ask_due = port, False
            self._asked = self._ask() or state_from_port(port)
        return self._asked

    def fresh_state(self) -> PrinterState:
        """As ``state``, but a clone that reports nothing by itself is asked anew."""
        self._ask_due = True
        return self.state()

    def _ask(self) -> PrinterState | None:
        """Ask by DLE EOT; the question fills the buffer of an offline printer, so it is not asked often."""
        if self._deaf or self.broken_off:
            return None
        with self.attention():
            self.board.forget(Kind.REALTIME)
            if self._link.write(escpos.ASK_REALTIME, _WRITE_MS) < len(escpos.ASK_REALTIME):
                return None
            if not self.board.wait(lambda: len(self.board.collected(Kind.REALTIME)) >= 3, _REALTIME_SECONDS):
                self._deaf = True
                return None
        answers = b"".join(self.board.collected(Kind.REALTIME)[-3:])
        return state_from_realtime(answers, self._drawer_open_level)

    # -- listening

    def _listen(self) -> None:
        answers = Demultiplexer()
        while not self._stop.is_set():
            relaxed = self._idle_pause > 0 and not self._busy.is_set()
            try:
                data = self._link.read(_IDLE_READ_MS if relaxed else _READ_MS)
            except DeviceAbsentError:
                self.board.lose()
                return
            except DeviceError:
                self._stop.wait(_READ_MS / 1000)  # such as an overflow: what was lost is asked again
                continue
            if data:
                self.board.post(answers.feed(data))
            elif relaxed:
                self._busy.wait(self._idle_pause)


def sentence(state: PrinterState) -> str:
    """Say in words for the cashier why nothing is printed."""
    if state.cover_open:
        return "The receipt printer's cover is open."
    if state.paper is PaperState.OUT:
        return "The receipt printer is out of paper."
    if not state.online:
        return "The receipt printer needs attention: it is offline."
    return "The receipt printer does not take any more."


def absent() -> PrinterState:
    """The state of a printer that is not there."""
    return replace(state_from_port(None), present=False, online=False)
