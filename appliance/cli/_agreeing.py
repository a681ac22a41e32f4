"""What the shop says of a till that was rebuilt: which sales it holds, and which are missing on either side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appliance.shops.orders import OrderStatus
from appliance.shops.woocommerce_sales import ShopSale
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.outbox import Outbox
from appliance.storage.restoring import forget_told, mark_told

_REACHED: Final = (OrderStatus.COMMITTED, OrderStatus.PROCESSING, OrderStatus.OTHER)
"""The sale did come to the shop, whatever somebody made of its order since: refunded it, for instance."""
_HOLD_STOCK: Final = (
    OrderStatus.RESERVED,
    OrderStatus.PENDING,
    OrderStatus.COMMITTED,
    OrderStatus.PROCESSING,
)


@dataclass(slots=True)
class Agreement:
    """What came of asking.

    Attributes:
        sales: on the stick.
        agreed: of these, the shop holds so many, whole and completed.
        waiting: receipts of the others; they go to the shop by themselves.
        only_in_shop: this till's receipts that the shop holds and the stick does not, with their orders.
        nowhere: numbers below the highest that neither holds: sales that are lost, or refunds.
    """

    sales: int = 0
    agreed: int = 0
    waiting: list[str] = field(default_factory=list)
    only_in_shop: dict[str, int] = field(default_factory=dict)
    nowhere: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """What a person is told; the first is the sum of it."""
        in_shop = "all agree with the shop" if not self.waiting else f"{self.agreed:,} agree with the shop"
        lost = f"{len(self.nowhere):,} {'sale' if len(self.nowhere) == 1 else 'sales'} could be lost"
        told = [f"{self.sales:,} {'sale' if self.sales == 1 else 'sales'} rebuilt; {in_shop}; {lost}."]
        if self.waiting:
            told.append(f"Not in the shop yet, and go there by themselves: {_listed(self.waiting)}.")
        if self.only_in_shop:
            each = [f"{receipt} (order {order})" for receipt, order in self.only_in_shop.items()]
            told.append(f"In the shop, and not on the stick: {_listed(each)}.")
        if self.nowhere:
            told.append(f"Neither in the shop nor on the stick, sale or refund: {_listed(self.nowhere)}.")
        return told


def agree(
    db: Database,
    pages: Iterable[list[ShopSale]],
    at: datetime,
    progress: Callable[[int], None] = lambda _count: None,
) -> Agreement:
    """Mark what the shop holds as sent and looked at, a page in a transaction.

    Args:
        db: the file that was rebuilt.
        pages: the shop's sales.
        at: now.
        progress: told how many of the shop's sales were read.
    """
    ours = {row[0]: row[1] for row in db.rows("SELECT sale_id, seq FROM sale")}
    series, outbox = Identity(db).every_series(), Outbox(db)
    found, read = Agreement(sales=len(ours)), 0
    seen: set[str] = set()
    holding: Counter[str] = Counter()
    for page in pages:
        holding.update(sale.sale_id for sale in page if sale.status in _HOLD_STOCK)
        orders: list[tuple[int, int]] = []
        for sale in page:
            if sale.sale_id not in ours:
                if sale.receipt_number.rpartition("-")[0] in series:
                    found.only_in_shop[sale.receipt_number] = sale.order_id
            elif sale.status in _REACHED and sale.is_whole and sale.sale_id not in seen:
                orders.append((ours[sale.sale_id], sale.order_id))
                seen.add(sale.sale_id)
        mark_told(db, orders, at)
        read += len(page)
        progress(read)
    forget_told(db)
    _have_looked_at(outbox, [sale_id for sale_id in seen if holding[sale_id] > 1])
    found.agreed = len(seen)
    found.waiting = [waiting.receipt_number for waiting in outbox.waiting()]
    found.nowhere = _nowhere(db, found.only_in_shop)
    return found


def _have_looked_at(outbox: Outbox, doubled: list[str]) -> None:
    """A twin that a lost answer left holds stock for ever, unless the late look cancels it or tells a person."""
    for sale_id in doubled:
        outbox.look_again(sale_id)


def _nowhere(db: Database, only_in_shop: Iterable[str]) -> list[str]:
    """Numbers after the stick's last one, and below the shop's, that the shop does not have."""
    missing: list[str] = []
    theirs = {
        (name, int(number))
        for name, _, number in (receipt.rpartition("-") for receipt in only_in_shop)
        if number.isascii() and number.isdigit()
    }
    for series in sorted({name for name, _ in theirs}):
        row = db.one(
            "SELECT max(coalesce((SELECT max(number) FROM sale WHERE series = ?1), 0), "
            "coalesce((SELECT max(number) FROM refund WHERE series = ?1), 0))",
            (series,),
        )
        last, highest = row[0] if row else 0, max(number for name, number in theirs if name == series)
        numbers = range(last + 1, highest)
        missing += [f"{series}-{number:06d}" for number in numbers if (series, number) not in theirs]
    return missing


def _listed(names: list[str], at_most: int = 20) -> str:
    rest = len(names) - at_most
    return ", ".join(names[:at_most]) + (f" and {rest:,} more" if rest > 0 else "")
