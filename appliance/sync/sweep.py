"""The late look: cancels twins of a sale, and checks that its order says and took what the sale did.

It runs only when no request can still be under way (15 minutes after the last), one request at a time, with a
look
before each cancel: two overlapping cancels of one order give its stock back twice (measured, 5 of 12).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import (
    OddAnswerError,
    OrderStatus,
    RefusedError,
    Shop,
    ShopFailedError,
    ShopOrder,
)
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox, OutboxEntry
from appliance.sync.upload import LOOK_BACK

MOST_LOOKS: Final = 5
"""After so many answers that cannot be used a person is told."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """The late look at each sale that the shop has.

    Attributes:
        late: how long after the last request one may still be under way.
    """

    shop: Shop
    outbox: Outbox
    journal: Journal
    now: Callable[[], datetime]
    late: timedelta

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
            try:
                problem = self._look(entry)
            except (OddAnswerError, ShopFailedError, RefusedError) as error:
                if entry.attempts < MOST_LOOKS:
                    continue
                problem = f"It could not be looked at in the shop: {error}"
            self.outbox.mark_checked(entry.sale_id, self.now(), problem)
            if problem:
                log.warning("Receipt %s: %s", entry.receipt_number, problem)
            settled += 1
        return settled

    def _is_due(self, entry: OutboxEntry, now: datetime) -> bool:
        """Whether a sale's turn has come. Instants that cannot be were written under a wrong clock: wait anew."""
        at = entry.next_try_at
        is_wrong = at > now + self.late if at else entry.sent_at is not None and entry.sent_at > now
        if is_wrong:
            self.outbox.note_attempt(entry.sale_id, now + self.late)
        return not is_wrong and (at is None or at <= now)

    def _look(self, entry: OutboxEntry) -> str:
        sale = self.journal.sale(entry.sale_id)
        since = (entry.posted_at or sale.completed_at) - LOOK_BACK
        for order in self.shop.find(entry.sale_id, since):
            if order.order_id != entry.order_id and order.status in (
                OrderStatus.RESERVED,
                OrderStatus.PENDING,
            ):
                self._cancel(order)
            elif order.order_id != entry.order_id and order.status is OrderStatus.COMMITTED:
                return f"The shop has it twice, as orders {entry.order_id} and {order.order_id}."
        own = self.shop.order(entry.order_id, with_notes=True) if entry.order_id is not None else None
        counted = {line.product_id for line in sale.sale.lines if line.stock_id is not None}
        return audit(own, counted)

    def _cancel(self, twin: ShopOrder) -> None:
        seen = self.shop.order(twin.order_id)
        if seen is not None and seen.status in (OrderStatus.RESERVED, OrderStatus.PENDING):
            self.shop.cancel(twin.order_id)
            log.info("Order %s, a twin made by a lost answer, was cancelled.", twin.order_id)


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
