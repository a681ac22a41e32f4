"""Bringing the shop's catalogue, prices and stock to the till, in pieces that a sale never waits for."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import Shop
from appliance.storage.catalogue import Catalogue
from appliance.storage.facts import ShopFacts

VANISHED_SHARE: Final = 0.25
"""More than this share of the catalogue gone at once is a broken shop until a person says otherwise."""

SETTINGS_EVERY: Final = timedelta(hours=1)
STOCK_EVERY: Final = timedelta(minutes=15)
NUMBERS_EVERY: Final = timedelta(hours=24)

NOT_SOLD: Final = "numbers_not_sold"
"""The fact that holds the numbers which the shop has and the till does not, after all were read."""

log = logging.getLogger(__name__)


class DownloadError(Exception):
    """What the shop says is not believed until a person has looked. The text is for that person."""


class VanishedError(DownloadError):
    """So much of the catalogue is gone at once that the shop must be broken."""


class WrongCurrencyError(DownloadError):
    """The shop's prices are in another currency than this till's."""


@dataclass(frozen=True, slots=True)
class Download:
    """Everything that comes down, each at its own pace.

    Attributes:
        shop: the online shop.
        catalogue, facts: where it goes.
        currency: ISO 4217 code that this till sells in.
        sleep: called between pieces, so that the till's own writes get in.
    """

    shop: Shop
    catalogue: Catalogue
    facts: ShopFacts
    currency: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def settings(self) -> None:
        """Tax rules and categories, in full: the shop does not say when they change."""
        shop = self.shop.facts()
        if shop.currency != self.currency:
            raise WrongCurrencyError(f"The shop sells in {shop.currency}, this till in {self.currency}.")
        self.catalogue.set_tax(shop.tax)
        self.catalogue.set_categories(list(shop.categories))

    def changes(self) -> int:
        """Products changed since the last look; returns how many rows came.

        The cursor moves only when all pages are on disk. A run that breaks off is done again: rows are set,
        not added, so nothing is harmed by it.
        """
        count = 0
        for page in self.shop.changes(self.facts.cursor()):
            self.catalogue.apply(page.changes, sleep=self.sleep)
            count += len(page.changes.products)
            if page.next_cursor is not None:
                self.facts.set_cursor(page.next_cursor)
        if count > 1:
            log.info("%d products came from the shop.", count)
        return count

    def stock(self) -> dict[int, int]:
        """All counts, in the cheapest way that the shop offers; returned for a look at units sold twice."""
        read: dict[int, int] = {}
        started_at = self.now()
        for page in self.shop.stock():
            self.catalogue.set_stock(page, started_at, sleep=self.sleep)
            read.update(page)
        self.catalogue.note_stock_read(started_at)
        return read

    def numbers(self) -> int:
        """Compare all the shop's numbers with ours: what is gone is removed, what never came is asked for.

        Raises:
            VanishedError: too many to be true; nothing is removed.
        """
        theirs = self.shop.all_product_ids()
        ours = self.catalogue.product_ids()
        gone = ours - theirs
        if len(gone) > max(10, VANISHED_SHARE * len(ours)):
            raise VanishedError(
                f"{len(gone)} of {len(ours)} products are gone from the shop at once. "
                "They stay on this till until somebody has looked."
            )
        if gone:
            self.catalogue.remove(sorted(gone), sleep=self.sleep)
            log.info("%d products are no longer in the shop.", len(gone))
        self._bring(theirs - ours)
        return len(gone)

    def _bring(self, missing: set[int]) -> None:
        """Read everything once more if there is something that was never brought.

        Importers write past the shop's dates of change. What is missing after that cannot be sold (a choice
        that is switched off has a number too), and is not asked for again.
        """
        known = set(json.loads(self.facts.get(NOT_SOLD) or "[]"))
        if missing - known:
            log.info("%d products never came from the shop: all are read once more.", len(missing - known))
            self.facts.set_cursor(None)  # first: a crash between the two asks once too often, not never
        self.facts.set(NOT_SOLD, json.dumps(sorted(missing)))
