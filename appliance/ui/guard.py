"""A loop that no exception ends, and the watcher that it feeds."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

log = logging.getLogger(__name__)

MAX_ERRORS_A_MINUTE = 20


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who wants to hear of the window: systemd on the card, nobody on a desk.

    Attributes:
        ready: called once, when frames are on the glass.
        alive: called by the loop itself, never by a thread: a loop that hangs falls silent, and is started again.
        feed_seconds: how often.
    """

    ready: Callable[[], object] = bool
    alive: Callable[[], object] = bool
    feed_seconds: float = 5.0


UNWATCHED = Watcher()


class ErrorCount:
    """Counts what went wrong; too much in a minute means that starting again is better."""

    def __init__(
        self, most: int = MAX_ERRORS_A_MINUTE, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._most, self._seconds = most, seconds
        self._at: deque[float] = deque()
        self.total = 0

    def note(self, error: BaseException, where: str) -> bool:
        """Log an error; True if there were too many in the last minute."""
        log.error("%s: %s", where, error, exc_info=error)
        self.total += 1
        now = self._seconds()
        self._at.append(now)
        while self._at and self._at[0] < now - 60:
            self._at.popleft()
        return len(self._at) > self._most


def survive_errors(
    count: ErrorCount, give_up: Callable[[], None], tell: Callable[[], None] = lambda: None
) -> Callable[[], None]:
    """Let the loop go on after an exception in any callback; returns how to undo it.

    `tell` may say on the screen that something failed; it must only post.
    Past the limit `give_up` is called (save, end with 1: systemd starts the till again, the sale is on disk).
    """
    from kivy.base import ExceptionHandler, ExceptionManager  # noqa: PLC0415

    class Survive(ExceptionHandler):
        def handle_exception(self, inst: BaseException) -> Any:
            if count.note(inst, "in the loop"):
                give_up()
            else:
                tell()
            return ExceptionManager.PASS

    handler = Survive()
    ExceptionManager.add_handler(handler)

    def in_thread(raised: threading.ExceptHookArgs) -> None:
        if raised.exc_value is not None:
            count.note(raised.exc_value, f"in thread {raised.thread.name if raised.thread else '?'}")

    before, threading.excepthook = threading.excepthook, in_thread

    def undo() -> None:
        ExceptionManager.remove_handler(handler)
        threading.excepthook = before

    return undo
