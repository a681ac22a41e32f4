"""Two threads of which one runs: they take turns only where they are told to."""

from __future__ import annotations

import threading


class Baton:
    """Whose turn it is: one of two threads runs, and the other waits."""

    def __init__(self) -> None:
        self._may_run = (threading.Semaphore(1), threading.Semaphore(0))
        self._has_left = [False, False]
        self.at_rest = threading.Semaphore(0)
        """Released by each till that has left."""

    def wait(self, me: int) -> None:
        """Wait for the first turn."""
        self._may_run[me].acquire()

    def hand_over(self, me: int) -> None:
        """Let the other one go on; returns with the next turn. Nobody to hand it to: keep it."""
        if not self._has_left[1 - me]:
            self._may_run[1 - me].release()
            self._may_run[me].acquire()

    def leave(self, me: int) -> None:
        """Do nothing more, or nothing for long."""
        if not self._has_left[me]:
            self._has_left[me] = True
            self._may_run[1 - me].release()
            self.at_rest.release()
