"""A receipt printer on USB that says whether it printed.

It is opened for the first job or question, and again after it was unplugged. It never waits for a printer
that says beforehand that it cannot print, and it never sends a job twice: that is the caller's decision, with
``bytes_sent``.
"""

from __future__ import annotations

import itertools
import logging
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from drivers import printer_escpos as escpos
from drivers.devices import (
    DeviceAbsentError,
    DeviceError,
    PaperState,
    PrinterNotReadyError,
    PrinterState,
    PrintOutcome,
)
from drivers.document import Document
from drivers.printer_session import Link, PrinterSession, absent, sentence
from drivers.printer_status import Kind
from drivers.printer_usb_link import UsbLink, UsbTarget

if TYPE_CHECKING:
    from PIL import Image

_log = logging.getLogger(__name__)

_GRACE_SECONDS = 1.5  # a printer may answer GS r before, and GS ( H after, the paper has moved
_LOOK_SECONDS = 0.2
_KICK_STALL_SECONDS = 1.0


class Raster(Protocol):
    """What draws documents; ``printer_raster.ReceiptRaster``, or what loads that when it is needed."""

    width_dots: int

    def render(self, document: Document) -> Image.Image:
        """The document as a picture of one bit a dot; for one thread at a time."""


class UsbReceiptPrinter:
    """The printer of class 7 that ``target`` names; a ReceiptPrinter. Any thread may call anything.

    Args:
        raster: Draws the documents.
        target: Which printer.
        stall_seconds: How long a printer may stand still in the middle of a job (paper is being changed).
        confirm_seconds: How long a printer that is ready may take to say that it printed.
        drawer_open_level: What the drawer's pin says when it is open; None where nobody learned it.
        idle_pause_seconds: See PrinterSession.
        connect: Opens the transport; another one in tests that need no USB.
    """

    def __init__(
        self,
        raster: Raster,
        target: UsbTarget | None = None,
        *,
        stall_seconds: float = 10.0,
        confirm_seconds: float = 15.0,
        drawer_open_level: bool | None = None,
        idle_pause_seconds: float = 0.0,
        connect: Callable[[UsbTarget], Link] = UsbLink,
    ) -> None:
        self._raster, self._target, self._connect = raster, target or UsbTarget(), connect
        self._stall_seconds, self._confirm_seconds = stall_seconds, confirm_seconds
        self._drawer_open_level, self._idle_pause_seconds = drawer_open_level, idle_pause_seconds
        self._job_lock = threading.Lock()  # one document at a time
        self._pipe_lock = threading.Lock()  # one sender at a time; also opening and closing
        self._hurry = threading.Event()
        self._session: PrinterSession | None = None
        self._confirms: Kind | None = None  # what this printer answers at the end of a job, once known
        self._silent = False
        self._numbers = itertools.cycle(range(1, 10_000))

    def print(self, document: Document, job: str) -> PrintOutcome:
        """Print and wait until the printer says that it is on paper; see ReceiptPrinter.

        SENT means that the printer took everything, stands ready, and cannot confirm.
        """
        with self._job_lock:
            body = escpos.raster(self._raster.render(document)) + escpos.CUT
            tag = f"{next(self._numbers):04d}".encode()
            try:
                with self._pipe_lock:
                    session = self._ready_session()
                    session.board.forget(Kind.STATUS, Kind.PROCESS_ID)
                    data = body + self._question(tag)
                    with session.attention():
                        session.send(data, self._stall_seconds, self._hurry)
                with session.attention():
                    return self._confirmed(session, tag, len(data))
            except DeviceError as error:
                _log.info("job %s: %s (%d bytes sent)", job, error, error.bytes_sent)
                raise

    def pulse(self, pin: int, milliseconds: int) -> None:
        """Kick a drawer at the connector's pin 2 or 5, once; a job that stalls makes way.

        A printer that is ready kicks in turn, one that is not is told to kick in real time. Never left behind
        in the buffer of a printer without paper, where it would open the drawer an hour later.

        Raises:
            DeviceError: the pulse was certainly or possibly not given.
        """
        self._hurry.set()
        try:
            with self._pipe_lock:
                session = self._opened()
                if session.fresh_state().online:
                    self._settle(session)
                    kick = escpos.pulse(pin, milliseconds)
                else:
                    kick = escpos.pulse_at_once(pin, milliseconds)
                session.send(kick, _KICK_STALL_SECONDS, self._hurry)
        finally:
            self._hurry.clear()

    def state(self) -> PrinterState:
        """Say what the printer says now; while it prints, what it said last."""
        session = self._session
        try:
            if self._pipe_lock.acquire(blocking=False):
                try:
                    return self._opened().state()
                finally:
                    self._pipe_lock.release()
            return session.state() if session is not None else absent()
        except DeviceAbsentError:
            return absent()
        except DeviceError:
            return PrinterState(True, False, PaperState.UNKNOWN, False, None)

    def close(self) -> None:
        """Let go of the printer when the job in hand has ended; the next job opens it again."""
        with self._job_lock, self._pipe_lock:
            self._drop()

    # -- under the pipe lock

    def _drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None

    def _opened(self) -> PrinterSession:
        if self._session is not None and self._session.board.lost:
            self._drop()
        if self._session is None:
            link = self._connect(self._target)
            self._confirms, self._silent = None, not link.answers
            try:
                self._session = PrinterSession(link, self._drawer_open_level, self._idle_pause_seconds)
            except DeviceError:
                link.close()
                raise
        return self._session

    def _ready_session(self) -> PrinterSession:
        """Open, refuse what cannot print, and bring the printer to a beginning; no dot is printed so far."""
        try:
            session = self._opened()
            state = session.fresh_state()
            if not state.online or state.cover_open or state.paper is PaperState.OUT:
                raise PrinterNotReadyError(sentence(state), 0, state)
            self._settle(session)
            session.send(escpos.BEGIN, self._stall_seconds, self._hurry)
        except PrinterNotReadyError as error:
            raise PrinterNotReadyError(str(error), 0, error.reason) from error
        except DeviceError as error:
            raise type(error)(str(error), 0) from error
        return session

    def _settle(self, session: PrinterSession) -> None:
        if session.broken_off:
            session.send(escpos.resynchronise(self._raster.width_dots), self._stall_seconds, self._hurry)
            session.broken_off = False

    # -- is it on paper?

    def _question(self, tag: bytes) -> bytes:
        """Ask what this printer answers; both as long as nobody knows, as a clone may lack either."""
        process_id = b"" if self._confirms is Kind.STATUS else escpos.ask_process_id(tag)
        return process_id + (b"" if self._confirms is Kind.PROCESS_ID else escpos.ASK_STATUS)

    def _confirmed(self, session: PrinterSession, tag: bytes, sent: int) -> PrintOutcome:
        """Wait for the printer's word, as long as it is ready; as long as a stall when it is not."""
        board, patience = session.board, 0.0 if self._silent else self._confirm_seconds
        ready_until = time.monotonic() + patience
        stalled_at: float | None = None
        while not self._has_confirmed(session, tag):
            try:
                online = session.state().online
            except DeviceAbsentError as error:
                raise DeviceAbsentError(str(error), sent) from error
            now = time.monotonic()
            if online and stalled_at is not None:
                ready_until, stalled_at = now + patience, None
            if not online:
                stalled_at = stalled_at or now
                if now - stalled_at > self._stall_seconds:
                    raise session.given_up(sent)
            elif now > ready_until:
                self._silent = True
                return PrintOutcome.SENT
            board.wait(lambda: tag in board.collected(Kind.PROCESS_ID), _LOOK_SECONDS)
        return PrintOutcome.PRINTED

    def _has_confirmed(self, session: PrinterSession, tag: bytes) -> bool:
        board = session.board
        if tag in board.collected(Kind.PROCESS_ID):
            self._confirms = Kind.PROCESS_ID
        elif board.collected(Kind.STATUS) and self._confirms is not Kind.PROCESS_ID:
            if self._confirms is None and board.wait(
                lambda: tag in board.collected(Kind.PROCESS_ID), _GRACE_SECONDS
            ):
                self._confirms = Kind.PROCESS_ID
            else:
                self._confirms = Kind.STATUS
        else:
            return False
        self._silent = False
        return True
