"""The loop's turns: at each look at the till's file, whether to go round, to tidy up, or to leave it alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

TIDY_AFTER: Final = timedelta(seconds=30)
TIDY_EVERY: Final = timedelta(hours=1)
"""The journal's write-ahead log is folded back when nobody has sold for a while, never between two scans."""

CLOCK_WAS_SET: Final = timedelta(minutes=1)
"""A clock that moved by more than this against the time that passed was set."""


class Turns:
    """What is remembered from one look to the next.

    Args:
        now: the clock.
        version: changes when the other program wrote.
        asked: changes when a person asks to try at once.
        is_lost: a shop that is out of reach is not tried for each thing that is written.
        go_round: does all that is due, and says when the next round is.
        idle: tidies up.
        clock_was_set: called when the clock was.
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        version: Callable[[], int],
        asked: Callable[[], str | None],
        is_lost: Callable[[], bool],
        go_round: Callable[[bool], datetime],
        idle: Callable[[], object],
        clock_was_set: Callable[[], None],
    ) -> None:
        self._now, self._version, self._asked = now, version, asked
        self._is_lost, self._go_round, self._idle = is_lost, go_round, idle
        self._clock_was_set = clock_was_set
        self._seen_version: int | None = None
        self._seen_asked: str | None = None
        self._next_at = self._tidy_at = self._rest_until = now()
        self._started_at = self._next_at - timedelta(seconds=time.monotonic())

    def take(self) -> bool:
        """Look whether anything is to be done, and do it. False while everything is left alone."""
        now = self._time()
        if now < self._rest_until:
            return False
        version = self._version()
        is_first, wrote = self._seen_version is None, version != self._seen_version
        asked = self._asked() if wrote else self._seen_asked
        force = asked != self._seen_asked and not is_first
        if wrote:
            self._tidy_at = now + TIDY_AFTER
        if force or (wrote and not self._is_lost()) or now >= self._next_at:
            self._seen_version, self._seen_asked = version, asked
            self._next_at = self._go_round(force)
        elif now >= self._tidy_at:
            self._tidy_at = now + TIDY_EVERY
            self._idle()
        return True

    def rest(self, seconds: float) -> None:
        """Leave everything alone for a while."""
        self._rest_until = self._now() + timedelta(seconds=seconds)

    def _time(self) -> datetime:
        """The clock's time. If it was set meanwhile, nothing waits for an hour that may be years away."""
        now = self._now()
        started_at = now - timedelta(seconds=time.monotonic())
        if abs(started_at - self._started_at) > CLOCK_WAS_SET:
            self._next_at = self._tidy_at = self._rest_until = now
            self._clock_was_set()
        self._started_at = started_at
        return now
