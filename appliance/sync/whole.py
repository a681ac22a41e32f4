"""The nightly reading of everything: what was written past the shop's own dates, and what was deleted for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from appliance.shops.contract import ChangesPage, Shop
from appliance.storage.catalogue import Catalogue
from appliance.sync.vanishing import Guard

_SURE: Final = 100


@dataclass(slots=True)
class Whole:
    """One reading of all, in as many slices as it takes; a program that ends in the middle begins it again.

    Attributes:
        shop, catalogue, guard: from where, to where, and what must not be believed.
        cursor: how far it is.
        held: what the till had when it began, None between two readings.
        seen: what the shop has; gone: what it named as not sold.
    """

    shop: Shop
    catalogue: Catalogue
    guard: Guard
    cursor: str | None = None
    held: set[int] | None = None
    seen: set[int] = field(default_factory=set)
    gone: set[int] = field(default_factory=set)

    def go_on(self, put: Callable[[ChangesPage], set[int]], is_over: Callable[[], bool]) -> bool:
        """Read on until it is done or the slice is over; True when it is done.

        Raises:
            ShopError: the shop was lost; the next slice goes on where this one broke off.
            VanishedError: too much is gone; nothing is removed, and the next reading begins anew.
        """
        if self.held is None:
            self.guard.check()
            self.held = self.catalogue.product_ids()
        for page in self.shop.changes(self.cursor):
            self.gone |= put(page)
            self.cursor = page.next_cursor
            if not page.is_last and is_over():
                return False
        missing = self.held - self.seen - self.gone
        gone = self.gone - self.seen
        self.cursor, self.held, self.seen, self.gone = None, None, set(), set()
        self.guard.remove(gone | self._sure(missing))
        self.guard.passed()
        self.guard.note_landmarks()
        return True

    def saw(self, page: ChangesPage) -> None:
        """Take note of what is sold: of its own pages, and of what the looks in between brought."""
        if self.held is not None:
            self.seen |= page.numbers

    def _sure(self, missing: set[int]) -> set[int]:
        """Those of the missing that the shop does not have when it is asked for them: pages shift while they are read.

        So many that they must be gone, or are not believed anyway, are not asked for.
        """
        if not missing or len(missing) > _SURE:
            return missing
        product_of = self.catalogue.products_of(missing)
        there = self.shop.landmarks(sorted(set(product_of.values())))
        return {each for each in missing if product_of[each] not in there}
