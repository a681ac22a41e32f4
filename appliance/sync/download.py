"""Bringing the shop's catalogue, prices and stock to the till, in pieces that a sale never waits for."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from appliance.shops.contract import ChangesPage, Shop
from appliance.storage.catalogue import Catalogue
from appliance.storage.facts import FirstLoad, ShopFacts
from appliance.storage.mirror import Mirror
from appliance.sync.mirroring import Mirroring
from appliance.sync.vanishing import DownloadError, Guard, VanishedError
from appliance.sync.whole import Whole

__all__ = ["Brought", "Download", "DownloadError", "VanishedError", "WrongCurrencyError"]

SLICE_SECONDS: Final = 20.0
"""So long a reading of many pages goes on before the other parts have their turn."""

MANY: Final = 20
"""So many products that changed at once may be another shop's."""

NOT_SOLD: Final = "numbers_not_sold"
"""The fact that holds the numbers which the shop has and the till does not, after all were read."""

log = logging.getLogger(__name__)


class WrongCurrencyError(DownloadError):
    """The shop's prices are in another currency than this till's."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a look brought.

    Attributes:
        products: how many came.
        counts: what the shop says of their stock, by stock number.
        is_finished: False where it was left in the middle, to go on in the next round.
        was_first: it was the end of reading everything, which is now to be compared once.
    """

    products: int
    counts: dict[int, int]
    is_finished: bool = True
    was_first: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """Everything that comes down, each at its own pace.

    Attributes:
        shop: the online shop.
        catalogue, facts, mirror: where it goes.
        currency: ISO 4217 code that this till sells in.
        sleep: called between pieces, so that the till's own writes get in.
        is_hurried: whether something else should be seen to before another page is asked for.
    """

    shop: Shop
    catalogue: Catalogue
    facts: ShopFacts
    currency: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    mirror: Mirror
    is_hurried: Callable[[], bool] = lambda: False
    guard: Guard = field(init=False)
    mirroring: Mirroring = field(init=False)
    whole: Whole = field(init=False)

    def __post_init__(self) -> None:
        """Put the parts together."""
        guard = Guard(self.shop, self.catalogue, self.facts, self.now, self.sleep)
        object.__setattr__(self, "guard", guard)
        object.__setattr__(
            self, "mirroring", Mirroring(self.shop, self.facts, self.mirror, self.now, self.sleep)
        )
        object.__setattr__(self, "whole", Whole(self.shop, self.catalogue, guard))

    def settings(self) -> None:
        """Tax rules and categories, in full: the shop does not say when they change."""
        shop = self.shop.facts()
        if shop.currency != self.currency:
            raise WrongCurrencyError(f"The shop sells in {shop.currency}, this till in {self.currency}.")
        self.catalogue.set_tax(shop.tax)
        self.catalogue.set_categories(list(shop.categories), sleep=self.sleep)

    def changes(self) -> Brought:
        """Bring what changed since the last look, or go on with reading everything.

        The cursor moves only when what it covers is on disk. A run that breaks off is done again: rows are set, not
        added, so nothing is harmed by it.

        Raises:
            VanishedError: too much is gone; all else was brought, and the nightly reading will say it again.
        """
        if self.guard.is_new_shop_accepted():
            self.guard.forget_shop()
            self.facts.set_cursor(None)
        counts: dict[int, int] = {}
        products, gone, is_left, is_first = 0, set[int](), False, False
        is_over = self._over()
        for page in self.shop.changes(self.facts.cursor()):
            is_first = page.total is not None
            gone |= self.put(page)
            products += len(page.changes.products)
            counts |= {p.stock_id: p.on_hand for p in page.changes.products if p.on_hand is not None}
            is_left = not page.is_last and is_over()
            if page.is_last or is_left:
                self.guard.remove(gone)
            self._note(page)
            if is_left:
                break
        if products > 1:
            log.info("%d products came from the shop.", products)
        return Brought(products, counts, is_finished=not is_left, was_first=is_first and not is_left)

    def _note(self, page: ChangesPage) -> None:
        if page.next_cursor is not None:
            is_loading = page.total is not None and not page.is_last
            progress = FirstLoad(page.done, page.total or 0) if is_loading else None
            self.facts.note_page(page.next_cursor, progress)

    def _over(self) -> Callable[[], bool]:
        end = time.monotonic() + SLICE_SECONDS
        return lambda: self.is_hurried() or time.monotonic() > end

    def put(self, page: ChangesPage) -> set[int]:
        """Write what a page holds; return what the till has and the shop no longer sells.

        Raises:
            VanishedError: it is another shop's; nothing of it is written.
        """
        if page.total is None and len(page.changes.products) > MANY:
            self.guard.check()
        self.whole.saw(page)
        self.catalogue.apply(replace(page.changes, removed=()), sleep=self.sleep)
        gone = set(page.changes.removed)
        for parent, held in self.catalogue.variations_of(page.families).items():
            gone |= held - page.families[parent]
        return gone

    def stock(self, first_page: int = 1) -> tuple[dict[int, int], int]:
        """Bring one page of all counts, in the cheapest way that the shop offers: all of them in a small shop.

        Returns:
            The counts, and which page comes next; 1 after the last.
        """
        started_at = self.now()
        page = next(iter(self.shop.stock(first_page)))
        self.catalogue.set_stock(page.counts, started_at, sleep=self.sleep)
        if first_page == 1 and page.next_page is None:
            self.catalogue.note_stock_read(started_at)
        return page.counts, page.next_page or 1

    def numbers(self) -> bool:
        """Compare all the shop's numbers with ours once everything was read: what is gone is removed.

        Returns:
            Whether something is missing here, so that everything must be read once more. What is missing after that
            cannot be sold (a choice that is switched off has a number too), and is not asked for again.
        """
        theirs = self.shop.all_product_ids()
        ours = self.catalogue.product_ids()
        self.guard.remove(ours - theirs)
        missing = theirs - ours
        known = set(json.loads(self.facts.get(NOT_SOLD) or "[]"))
        self.facts.set(NOT_SOLD, json.dumps(sorted(missing)))
        self.guard.passed()
        self.guard.note_landmarks()
        if missing - known:
            log.info("%d products never came from the shop: all are read once more.", len(missing - known))
        return bool(missing - known)

    def everything(self) -> bool:
        """Read everything again, in slices; each night, for what the shop fails to date. True when it is done."""
        return self.whole.go_on(self.put, self._over())
