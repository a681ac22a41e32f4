"""What is asked of the shop beside the sales: one small question at each look, in turns.

A look comes each ``poll`` seconds. Every second one asks which products changed, the others go round what else there
is, mostly the orders. A web sale changes both its order and its product's count: a look that finds the order asks for
the products at once. Where the owner allows more than a question a minute, a look that finds counts asks for the
orders too, and so does one for something rare, so that any look sees a web sale whole. An idle till asks one question
at each look, all parts together, and a budget in the tests holds it to that.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import ShopError
from appliance.storage.instants import to_instant_or_none, to_text
from appliance.sync.backoff import Backoff
from appliance.sync.download import Brought, Download
from appliance.sync.due import Part
from appliance.sync.oversell import Oversell
from appliance.sync.parts import AGAIN, UNUSABLE, Parts

SETTINGS_EVERY: Final = timedelta(hours=1)
STOCK_EVERY: Final = timedelta(minutes=15)
PEOPLE_EVERY: Final = timedelta(hours=1)
NIGHTLY: Final = timedelta(hours=24)
SPARING: Final = timedelta(minutes=1)
"""A till that looks no more often than this asks one question at each look, and no second one."""

RUSH: Final = timedelta(minutes=15)
"""A till that is switched on in the morning reads everything after the rush, not before."""

RARE: Final = (Part.STOCK, Part.COUPONS, Part.CUSTOMERS, Part.ORDERS_AGAIN, Part.PEOPLE)
READ_AT: Final = "everything_read_at"


@dataclass(slots=True)
class Looking:
    """All looks of one till.

    Attributes:
        parts: notes what is wrong with each.
        download, oversell: the work.
        learn: reads the settings.
        backoff: says how long the shop is left alone.
        now: the clock; poll: time between two looks.
        is_odd: the next look is not for products. was: what the last such look was for.
        is_unfinished: products were left in the middle; they go on in the next round.
        stock_page: which page of the counts is next.
        after_stock: done after each reading of the shop's counts; after_orders: when orders changed; nightly:
            once a day.
        has_found: the last look found orders. is_reading: everything is being read, in slices.
        was_accepted: a person had said yes when it was last looked.
    """

    parts: Parts
    download: Download
    oversell: Oversell
    learn: Callable[[], None]
    backoff: Backoff
    now: Callable[[], datetime]
    poll: timedelta
    after_stock: Sequence[Callable[[], object]] = ()
    after_orders: Sequence[Callable[[], object]] = ()
    nightly: Sequence[Callable[[], object]] = ()
    is_believed: Callable[[], bool] = lambda: True
    is_odd: bool = False
    was: Part = Part.STOCK
    is_unfinished: bool = False
    stock_page: int = 1
    has_found: bool = False
    is_reading: bool = False
    was_accepted: bool = False

    def __post_init__(self) -> None:
        """Nothing that is long comes first, and what was read last night not before tonight."""
        now = self.now()
        for part in RARE:
            is_long = part in (Part.ORDERS_AGAIN, Part.PEOPLE)
            self.parts.due.put_off(part, now, RUSH if is_long else timedelta(0))
        read_at = to_instant_or_none(self.download.facts.get(READ_AT))
        since = now - read_at if read_at else NIGHTLY
        self.parts.due.put_off(Part.NUMBERS, now, min(max(RUSH, NIGHTLY - since), NIGHTLY))

    def bring(self, *, is_told: bool) -> ShopError | None:
        """Do what is due. Sales that were told change counts, so products are looked at after them.

        Returns:
            What is wrong with the products, for which the shop counts as lost; but first the others had their turn.

        Raises:
            ShopError: the shop is lost.
        """
        failed: ShopError | None = None
        due, self.has_found = self.parts.due, False
        is_look, began = due.is_due(Part.CHANGES, self.now()), time.monotonic()
        other = self._other() if is_look and self.is_odd else None
        if is_look and due.is_due(Part.SETTINGS, self.now()):
            self._take(Part.SETTINGS)
            other = other and Part.SETTINGS  # in place of the other one, never in place of the products
        if not self.is_believed():
            return None
        is_wanted = is_told or self.is_unfinished or self.download.guard.is_new_shop_accepted()
        if is_wanted or (is_look and other is None):
            failed = self._take_changes()
        if other is not None and self._finds(other) and not is_wanted:
            failed = failed or self._take_changes()
        if is_look:
            self.is_odd = not self.is_odd
            took = timedelta(seconds=time.monotonic() - began)
            due.put_off(Part.CHANGES, self.now(), self.backoff.until_next_look(self.poll, took))
        self._take_everything()
        return failed

    def next_at(self, now: datetime) -> datetime:
        """When the next round is due for any of it."""
        if self.is_unfinished:
            return now
        return min(self.parts.due.at(each, now) for each in (Part.HEAD, Part.CHANGES, Part.NUMBERS))

    def _take_changes(self) -> ShopError | None:
        try:
            self.parts.take(Part.CHANGES, self.poll, self._changes, is_wanted=True, is_needed=True)
        except UNUSABLE as error:
            return error
        return None

    def _changes(self) -> None:
        brought: Brought = self.download.changes()
        self.is_unfinished = not brought.is_finished
        if brought.was_first and self.download.numbers():
            self.parts.due.put_off(Part.NUMBERS, self.now(), timedelta(0))
        self.oversell.look(brought.counts)
        if brought.counts and self.poll < SPARING and not self.has_found:  # a web sale, perhaps
            self._take(Part.ORDERS)

    def _other(self) -> Part:
        """What else is due: what has waited longest of those that are not done at each turn, and then the orders."""
        now = self.now()
        due = [each for each in RARE if self.parts.due.is_due(each, now)]
        longest = min(due, key=lambda each: self.parts.due.at(each, now), default=Part.ORDERS)
        self.was = longest if self.was is Part.ORDERS else Part.ORDERS
        return self.was

    def _finds(self, other: Part) -> bool:
        """Ask for it, and for the orders where that is not too much; True if products should be looked at for it."""
        has_found = other is not Part.SETTINGS and self._take(other)
        if other is not Part.ORDERS and self.poll < SPARING:
            has_found = self._take(Part.ORDERS) or has_found
        return has_found

    def _take(self, part: Part) -> bool:
        """Do one of the others; True if products should be looked at for it."""
        mirroring, self.has_found = self.download.mirroring, False
        every, do = {
            Part.SETTINGS: (SETTINGS_EVERY, self.learn),
            Part.STOCK: (STOCK_EVERY, self._count),
            Part.COUPONS: (PEOPLE_EVERY, mirroring.coupons),
            Part.CUSTOMERS: (PEOPLE_EVERY, mirroring.customers),
            Part.ORDERS_AGAIN: (NIGHTLY, self._orders_again),
            Part.PEOPLE: (NIGHTLY, mirroring.people),
            Part.ORDERS: (timedelta(0), self._orders),
        }[part]
        self.parts.take(part, every, do, is_wanted=True)
        return self.has_found

    def _orders(self) -> None:
        self.has_found = self.download.mirroring.orders() > 0
        for do in self.after_orders if self.has_found else ():
            do()

    def _orders_again(self) -> None:
        self.download.mirroring.orders_again()
        for do in self.after_orders:
            do()

    def _count(self) -> None:
        counts, self.stock_page = self.download.stock(self.stock_page)
        self.oversell.look(counts)
        for do in self.after_stock:
            do()

    def _take_everything(self) -> None:
        facts = self.download.facts
        if self.is_unfinished or facts.first_load() is not None or self.download.guard.is_new_shop_accepted():
            return
        is_accepted = facts.accepted_vanished() is not None
        is_wanted, self.was_accepted = is_accepted and not self.was_accepted, is_accepted
        self.is_reading = False
        self.parts.take(Part.NUMBERS, NIGHTLY, self._everything, is_wanted=is_wanted)
        if self.is_reading:
            self.parts.due.put_off(Part.NUMBERS, self.now(), timedelta(0))
        elif self.download.whole.held is not None:  # broken off: it goes on where it was
            self.parts.due.put_off(Part.NUMBERS, self.now(), AGAIN)

    def _everything(self) -> None:
        self.is_reading = not self.download.everything()
        if not self.is_reading:
            self.download.facts.set(READ_AT, to_text(self.now()))
            for do in self.nightly:
                do()
