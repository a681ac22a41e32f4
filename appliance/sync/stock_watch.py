"""Looks at the stock itself after each reading of the shop's counts, and at the product numbers each night."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appliance.storage.stock_list import StockList

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StockWatch:
    """Finds what runs out and what is misnumbered.

    Attributes:
        stock_list: where it looks, and keeps what it found.
        low_at, low_days: see ``settings.StockSettings``.
        now: the clock.
    """

    stock_list: StockList
    low_at: int
    low_days: int
    now: Callable[[], datetime]

    def look_low(self) -> None:
        """Say once of each product that it runs out."""
        before = {each.product_id for each in self.stock_list.low()}
        found = self.stock_list.look_low(self.now(), self.low_at, self.low_days)
        for each in found:
            if each.product_id not in before:
                log.info("%s runs out: %d left over both channels.", each.name, each.available)

    def look_numbers(self) -> None:
        """Say how many product numbers will fail at the counter."""
        found = self.stock_list.look_numbers()
        if found:
            log.warning("%d product numbers of the shop need a look (till mismatches).", len(found))
