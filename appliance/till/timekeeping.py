"""The clock as the till's screens see it: listens to the shop's, puts the journal right, and says what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from appliance.domain.witness import ClockTrust, Witness
from appliance.storage.corrections import AHEAD, SHOP_CLOCK, Corrections
from appliance.storage.facts import ShopFacts
from appliance.till.clock import Now

NOT_SET: Final = "Clock not set"
NOT_CHECKED: Final = "Clock not checked"


class Timekeeping:
    """On the screen's connection."""

    def __init__(
        self,
        corrections: Corrections,
        facts: ShopFacts,
        now: Now,
        witness: Callable[[], Witness],
        hear: Callable[[str | None], None],
    ) -> None:
        self._corrections, self._facts = corrections, facts
        self._now, self._witness, self._hear = now, witness, hear

    def listen(self) -> None:
        """Hear what the sync service found out about the shop's clock; when it wrote (10 microseconds)."""
        self._hear(self._facts.get(SHOP_CLOCK))

    def watch(self) -> bool:
        """Listen, and put the journal right if the clock has come right; True if that was written."""
        self.listen()
        return self._corrections.watch()

    def words(self) -> str | None:
        """A hint of few words for the header; None while the clock is right. Costs less than 0.1 ms."""
        trust = self._witness().trust
        if trust is ClockTrust.UNSET or self._behind() > timedelta():
            return NOT_SET
        return NOT_CHECKED if trust is ClockTrust.RESTORED else None

    def _behind(self) -> timedelta:
        newest = self._corrections.newest_entry_at()
        behind = timedelta() if newest is None else newest - self._now()
        return behind if behind > AHEAD else timedelta()
