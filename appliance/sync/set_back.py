"""Finds a shop that was set back to an old copy of itself: what it had confirmed since is gone from it.

The till is asked of it by a person (``storage.set_back``); here it is only found. Signs of it are cheap: the highest
receipt that the shop knows is behind the till's, an order that was told is gone, a new order has a lower number than
one before it, or the number of another sale's. After any of them, and once a day, the newest orders that were told are
looked for, a hundred a request, until a whole hundred is there.

An owner deletes an order now and then: the shop was set back where all orders that were told between two moments are
gone and none is there; and if it is a single one, only if it was the newest, or another has its number now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from appliance.shops.contract import Shop
from appliance.storage.errors import RuleBrokenError
from appliance.storage.outbox_rows import OutboxEntry
from appliance.storage.set_back import SetBacks
from appliance.storage.told_table import ToldTable
from appliance.sync.upload import LOOK_BACK

AT_ONCE: Final = 100
MOST: Final = 20
"""Hundreds of orders that are looked for at most: a shop that lost more is another shop."""
HIGHEST: Final = 2**62

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Sent:
    """Something that the shop had confirmed; and whether it has lost it, or even given its number away."""

    entry: OutboxEntry
    order_id: int
    sent_at: datetime
    is_move: bool
    is_lost: bool = False
    is_anothers: bool = False


@dataclass(slots=True)
class SetBackWatch:
    """Looks for orders that the shop has lost.

    Attributes:
        shop: the online shop.
        sales, moves: what it was told.
        set_backs: where it is written.
        now: the clock.
        is_suspected: a sign was seen.
        highest: the highest number of an order that is known.
    """

    shop: Shop
    sales: ToldTable
    moves: ToldTable
    set_backs: SetBacks
    now: Callable[[], datetime]
    is_suspected: bool = False
    highest: int = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what was told before."""
        self.highest = max(self.sales.highest_order(), self.moves.highest_order())

    def suspect(self) -> None:
        """A sign was seen: look at the next occasion."""
        self.is_suspected = True

    @contextmanager
    def listening(self) -> Iterator[None]:
        """While something is told: an order that has another's number is a sign."""
        try:
            yield
        except RuleBrokenError:
            self.suspect()
            raise

    def heard_of(self, entry: OutboxEntry) -> None:
        """The shop took something: numbers of new orders only grow."""
        if entry.order_id is None:
            return
        if entry.order_id < self.highest and not entry.inherited:
            self.suspect()
        self.highest = max(self.highest, entry.order_id)

    def is_lost(self, sale_id: str) -> bool:
        """Whether the shop has lost a sale, and nobody has said yet what is to be done.

        Raises:
            ShopError: a sign of it was seen, and the shop did not answer.
        """
        if self.is_suspected:
            self.look()
        found = self.set_backs.found()
        return found is not None and sale_id in found.sale_ids

    def look(self) -> int:
        """Look for what was told last, and write what is lost; return how much that is.

        Raises:
            ShopError: the shop did not answer.
        """
        sent: list[_Sent] = []
        for part in self._newest():
            there = self._looked_for(part)
            sent += there
            if not any(each.is_lost for each in there):
                break
        lost = [each for each in sent if each.is_lost]
        lost = [each for each in lost if not self._is_elsewhere(each)] if _was_set_back(sent) else []
        self.is_suspected = False
        if not lost:
            return 0
        sales = [each.entry.key for each in lost if not each.is_move]
        moves = [each.entry.key for each in lost if each.is_move]
        if self.set_backs.note(sales, moves, self.now()):
            log.warning("The shop was set back, and has lost %d sales and %d moves.", len(sales), len(moves))
            self.highest = 0
        return len(lost)

    def _newest(self) -> Iterator[list[_Sent]]:
        """What was told, newest orders first, in hundreds."""
        below = HIGHEST
        for _ in range(MOST):
            part = [
                _Sent(entry, entry.order_id, entry.sent_at, is_move)
                for told, is_move in ((self.sales, False), (self.moves, True))
                for entry in told.newest_sent(below, AT_ONCE)
                if entry.order_id is not None and entry.sent_at is not None
            ]
            part = sorted(part, key=lambda each: -each.order_id)[:AT_ONCE]
            if not part:
                return
            yield part
            below = part[-1].order_id

    def _looked_for(self, part: Sequence[_Sent]) -> list[_Sent]:
        whose: dict[int, str] = {}
        gone: set[int] = set()
        for page in self.shop.orders_among(sorted({each.order_id for each in part})):
            gone.update(page.gone)
            whose.update((each.order_id, each.sale_id) for each in page.orders)
        # By each that was told: a stock move may have the number of a sale that was lost.
        judged = [
            replace(each, is_anothers=whose.get(each.order_id, each.entry.key) != each.entry.key)
            for each in part
        ]
        return [replace(each, is_lost=each.order_id in gone or each.is_anothers) for each in judged]

    def _is_elsewhere(self, lost: _Sent) -> bool:
        """Whether the shop has it under another number: a copy that was moved."""
        since = (lost.entry.posted_at or lost.entry.sent_at or self.now()) - LOOK_BACK
        return any(order.is_whole for order in self.shop.find(lost.entry.key, since))


def _was_set_back(sent: Sequence[_Sent]) -> bool:
    lost = [each for each in sent if each.is_lost]
    if not lost:
        return False
    first, last = min(each.sent_at for each in lost), max(each.sent_at for each in lost)
    if any(not each.is_lost and first <= each.sent_at <= last for each in sent):
        return False
    is_newest = last == max(each.sent_at for each in sent)
    return len(lost) > 1 or is_newest or lost[0].is_anothers
