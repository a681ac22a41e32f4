"""The late look: cancels twins of a sale or a stock move, and checks that its order says and took what it did.

It runs only when no request can still be under way (15 minutes after the last), one request at a time, with a look
before each cancel: two overlapping cancels of one order give its stock back twice (measured, 5 of 12). What doubles a
request on its way makes them overlap all the same, and the order does not show it. Its notes do: so a look that
cancelled something is not the last, and the last one reads the notes of what was cancelled. A person is told which
counts are off; the till does not put them right by itself, for the shop's owner may have done so.
"""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from appliance.domain.stock import StockMove
from appliance.shops.contract import OddAnswerError, OrderStatus, Shop, ShopOrder
from appliance.storage.outbox_rows import OutboxEntry
from appliance.storage.told import Told
from appliance.sync.late_look import drop_claims, look
from appliance.sync.upload import Tellable, look_back, own_order

SPREAD: Final = timedelta(hours=2)
"""The late look at an inherited sale comes at a time of chance within this.

Another till may look at the same sale, and two cancels of one twin that overlap give its stock back twice. Each till
looks before it cancels, so they would have to meet within a second.
"""

MOST_CANCELS: Final = 200
"""After so many tries and looks a person is told that a twin does not stay cancelled: two days, as they wait for it."""

NOT_CANCELLED: Final = "The shop has another order of it, which does not stay cancelled: cancel it there."

MOST_NAMED: Final = 5
"""So many products are named where counts are off; the order has the rest."""

_HOLDING: Final = (OrderStatus.RESERVED, OrderStatus.PENDING)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """The late look at each sale, or each stock move, that the shop has.

    Attributes:
        read: what was told itself, by its id.
        late: how long after the last request one may still be under way.
        chance: a source of numbers from 0 up to 1.
        told_back_minor: how much of a sale the shop was told to take back.
        order_is_gone: called when the shop has the order of a sale no more.
    """

    shop: Shop
    outbox: Told
    read: Callable[[str], Tellable]
    now: Callable[[], datetime]
    late: timedelta
    chance: Callable[[], float] = random.random
    told_back_minor: Callable[[str], int] = lambda _sale_id: 0
    order_is_gone: Callable[[], object] = bool

    def run(self, limit: int = 20) -> int:
        """Look at the sales that are due for it, oldest first, and return how many were settled.

        Raises:
            ShopError: the shop did not answer; the sale is looked at again after ``late``.
        """
        settled = 0
        now = self.now()
        waiting = self.outbox.unchecked(now - self.late, now)
        due = [entry for entry in waiting if self._is_due(entry, now)]
        for entry in due[:limit]:
            # Written before the first request: after any doubt, the next look is a whole ``late`` away.
            self.outbox.note_attempt(entry.sale_id, self.now() + self.late)
            settled += look(self.outbox, entry, self.now, partial(self._look, entry))
        return settled

    def drop_claims(self) -> int:
        """Take away the claims of sales that were told and looked at; see :mod:`~appliance.sync.late_look`."""
        return drop_claims(self.shop, self.outbox, self.now())

    def _is_due(self, entry: OutboxEntry, now: datetime) -> bool:
        """Whether a sale's turn has come. Instants that cannot be were written under a wrong clock: wait anew."""
        at = entry.next_try_at
        if at is None and entry.inherited:
            self.outbox.note_attempt(entry.sale_id, now + self.chance() * SPREAD)
            return False
        longest = max(self.late, SPREAD)
        is_wrong = at > now + longest if at else entry.sent_at is not None and entry.sent_at > now
        if is_wrong:
            self.outbox.note_attempt(entry.sale_id, now + self.late)
        return not is_wrong and (at is None or at <= now)

    def _look(self, entry: OutboxEntry) -> str | None:
        """What is wrong with it, "" for nothing; None where twins were cancelled, and it must be looked at again."""
        told = self.read(entry.sale_id)
        listed = self.shop.find(entry.sale_id, look_back(entry, told))
        twins = [order for order in listed if order.order_id != entry.order_id]
        if entry.is_settled:
            return _left_over(twins)
        waiting = [each for each in twins if each.status in _HOLDING]
        for twin in waiting:
            self._cancel(twin)
        if waiting:
            return None if entry.attempts < MOST_CANCELS else NOT_CANCELLED
        cancelled = self._noted([each for each in twins if each.status is OrderStatus.CANCELLED])
        wrong = filter(None, (self._own(entry, told, listed), *map(_miscounted, cancelled)))
        return " ".join(wrong) or _kept(cancelled)

    def _own(self, entry: OutboxEntry, told: Tellable, listed: Sequence[ShopOrder]) -> str:
        """What is wrong with its own order, and with others that were completed."""
        for order in listed:
            if order.order_id != entry.order_id and order.status is OrderStatus.COMMITTED:
                return f"The shop has it twice, as orders {entry.order_id} and {order.order_id}."
        own = self.shop.order(entry.order_id, with_notes=True) if entry.order_id is not None else None
        own = own_order(own, entry.sale_id)
        if own is None:
            self.order_is_gone()
        if own is not None and own.status is OrderStatus.COMMITTED and not _lists(listed, own):
            raise OddAnswerError("The shop's list of orders lags behind.")
        return audit(own, _counted(told)) or self._given_back(own, told)

    def _given_back(self, own: ShopOrder | None, told: Tellable) -> str:
        """What is wrong with an order all of whose money went back: the till may have told no such thing."""
        if own is None or not own.is_refunded or isinstance(told, StockMove):
            return ""
        if self.told_back_minor(own.sale_id or "") >= told.sale.total_minor:
            return ""
        return f"All money of order {own.number} was given back in the shop, and not at this till."

    def _cancel(self, twin: ShopOrder) -> None:
        """Cancel an order if it still holds stock."""
        seen = own_order(self.shop.order(twin.order_id), twin.sale_id or "")
        if seen is not None and seen.status in _HOLDING:
            self.shop.cancel(twin.order_id)
            log.info("Order %s, a twin made by a lost answer, was cancelled.", twin.order_id)

    def _noted(self, cancelled: Sequence[ShopOrder]) -> list[ShopOrder]:
        """Cancelled orders as they are now, with their notes; without those that were thrown away."""
        seen = [
            own_order(self.shop.order(each.order_id, with_notes=True), each.sale_id or "")
            for each in cancelled
        ]
        return [each for each in seen if each is not None and each.status is OrderStatus.CANCELLED]


def _counted(told: Tellable) -> Collection[int | None]:
    lines = told.lines if isinstance(told, StockMove) else told.sale.lines
    return {line.product_id for line in lines if line.stock_id is not None}


def _lists(orders: Sequence[ShopOrder], own: ShopOrder) -> bool:
    """Whether a list is of after the commit: an older one (a cache's) may lack a twin that came late.

    The explorer found a twin left on hold without this.
    """
    return any(each.order_id == own.order_id and each.status is own.status for each in orders)


def _kept(twins: Sequence[ShopOrder]) -> str:
    """Which cancelled twin still takes stock: PHP died before it gave it back, and no look at the count tells."""
    for twin in twins:
        if twin.status is OrderStatus.CANCELLED and any(line.reduced for line in twin.lines):
            return f"The shop cancelled order {twin.number} and kept its stock: count these products."
    return ""


def _miscounted(twin: ShopOrder) -> str:
    """Which counts a cancelled twin left off, by its notes: two requests to cancel it met, and both gave back."""
    off: Counter[str] = Counter()
    for line in twin.lines:
        off[line.name] += line.moved or 0
    wrong = [f"{abs(by)} too {'high' if by > 0 else 'low'} for {name}" for name, by in off.items() if by]
    if not wrong:
        return ""
    named = ", ".join(wrong[:MOST_NAMED]) + (", and more" if len(wrong) > MOST_NAMED else "")
    return (
        f"The shop did not give the stock of order {twin.number}, which it cancelled, back exactly once. "
        f"Its count is {named}: count these products."
    )


def _left_over(orders: Sequence[ShopOrder]) -> str:
    """What the shop holds of something that a person settled by hand: it came late, or nobody had seen it."""
    for order in orders:
        if order.status in _HOLDING:
            return (
                f"It was settled by hand, and the shop holds order {order.number} for it: cancel that order."
            )
    return ""


def audit(order: ShopOrder | None, counted: Collection[int | None] = ()) -> str:
    """What is wrong with a sale's order, in the owner's words; "" when all is right.

    Args:
        order: as the shop has it now.
        counted: products that the shop counted when they were sold: a line of one that took nothing was missed.
    """
    if order is None:
        return "Its order is no longer in the shop."
    if order.status is not OrderStatus.COMMITTED:
        return f"Its order {order.number} is no longer completed in the shop."
    if not order.is_whole:
        return f"Its order {order.number} has other lines or another total in the shop."
    wrong = [
        line
        for line in order.lines
        if line.reduced != line.quantity and (line.reduced is not None or line.product_id in counted)
    ]
    if wrong or (order.stock_notes is not None and order.stock_notes > 1):
        return f"The shop did not take the stock of order {order.number} exactly once: count these products."
    return ""
