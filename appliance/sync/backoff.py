"""How long to wait before the next try, or the next look: longer for a shop in trouble, never in step with others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

WORK_SHARE: Final = 0.1
"""Of a slow shop's time one till takes no more than this part."""

SLOWEST: Final = timedelta(minutes=5)
JITTER: Final = 0.15


@dataclass(slots=True)
class Backoff:
    """Waiting times of 2, 4, 8 ... seconds up to a ceiling, each with up to a quarter of jitter.

    Attributes:
        random: a source of numbers from 0 up to 1.
        first_seconds, ceiling_seconds: the shortest and the longest wait.
        patience_seconds: the longest that a shop may ask for; plugins ask for a day.
    """

    random: Callable[[], float]
    first_seconds: float = 2.0
    ceiling_seconds: float = 120.0
    patience_seconds: float = 600.0
    failures: int = 0

    def failed(self, at_least_seconds: float = 0.0) -> float:
        """Count a failure and return the seconds to wait; not less than what the shop asked for, within reason."""
        wait = min(self.first_seconds * 2.0 ** min(self.failures, 16), self.ceiling_seconds)
        self.failures += 1
        return float(max(wait * (1 + self.random() / 4), min(at_least_seconds, self.patience_seconds)))

    def succeeded(self) -> None:
        """Start again from the shortest wait."""
        self.failures = 0

    def until_next_look(self, poll: timedelta, took: timedelta) -> timedelta:
        """How long to leave a shop alone that answered a look in this time: the slower it is, the longer."""
        wait = max(poll, min(took / WORK_SHARE, SLOWEST))
        return wait * (1 + self.random() * JITTER)
