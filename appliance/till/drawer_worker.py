"""The drawer's thread: a kick waits for nothing, not even for a receipt that stands still without paper."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from drivers.devices import CashDrawer, DeviceError

log = logging.getLogger(__name__)


class DrawerWorker:
    """Opens the drawer when it is asked to, once for each asking, and never later by itself.

    Attributes:
        bell: guards what follows; rung when something is to be done or was done.
        problem: why the drawer did not open the last time, "" if it did.
    """

    def __init__(self, drawer: CashDrawer, on_change: Callable[[], None], then: Callable[[], None]) -> None:
        """Build it.

        Args:
            drawer: the drawer.
            on_change: called on this thread when ``problem`` may have changed.
            then: called on this thread after each kick: the paper may come now.
        """
        self.bell = threading.Condition()
        self.problem = ""
        self._drawer = drawer
        self._on_change = on_change
        self._then = then
        self._is_asked = False
        self._is_kicking = False
        self._is_stopping = False
        self._thread = threading.Thread(target=self._run, name="drawer", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_seconds: float) -> None:
        """End the thread; a kick that was asked for and not given yet is dropped."""
        with self.bell:
            self._is_stopping = True
            self.bell.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def kick(self) -> None:
        """Ask for the drawer to be opened. Returns at once; asking twice before it opened opens it once."""
        with self.bell:
            self._is_asked, self.problem = True, ""
            self.bell.notify_all()

    def wait_until_done(self, seconds: float) -> None:
        """Let a kick that was asked for go before the paper, but not for ever. From the print thread."""
        with self.bell:
            self.bell.wait_for(lambda: not (self._is_asked or self._is_kicking) or self._is_stopping, seconds)

    def _run(self) -> None:
        while self._wait():
            problem = self._open()
            with self.bell:
                self.problem, self._is_kicking = problem, False
                self.bell.notify_all()
            for tell in (self._on_change, self._then):
                try:
                    tell()
                except Exception:  # whoever listens must not keep the next kick from the drawer
                    log.exception("Nobody could be told what the drawer did")

    def _wait(self) -> bool:
        with self.bell:
            self.bell.wait_for(lambda: self._is_asked or self._is_stopping)
            self._is_kicking, self._is_asked = True, False
            return not self._is_stopping

    def _open(self) -> str:
        try:
            self._drawer.open()
        except DeviceError as refused:
            log.warning("The drawer did not open: %s", refused)
            return str(refused)
        except Exception:  # a fault in a driver; the paper comes all the same
            log.exception("The drawer's driver failed")
            return "The drawer's program failed."
        return ""
