"""Finds units that were sold on both sides: the shop's count is below zero after a sale of ours was told."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import OrderStatus, Shop, ShopOrder
from appliance.storage.catalogue import Catalogue
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.outbox import Outbox, SoldLine
from appliance.storage.oversold import OversoldUnits

RECENT: Final = timedelta(days=3)
"""How far back a sale of ours, or an order of theirs, can explain a count below zero."""

ANOTHER_TILL: Final = "another till"
"""Who has the other piece, where it was not sold on the web."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Oversell:
    """Names both parties of every unit that was sold twice."""

    shop: Shop
    catalogue: Catalogue
    outbox: Outbox
    oversold: OversoldUnits
    now: Callable[[], datetime]
    held_back: Callable[[int], int] = lambda _stock_id: 0

    def look(self, stock: Mapping[int, int]) -> int:
        """Name the units behind counts below zero (without backorders); return how many are new.

        Raises:
            ShopError: the shop did not say who bought it; the next look asks again.
        """
        found = 0
        for stock_id, count in stock.items():
            # Pieces that are held back from the web lie on the shelf: below zero by them is nobody's loss.
            quantity = count + self.held_back(stock_id) if count < 0 else count
            if quantity >= 0:
                continue
            product = self.catalogue.get(stock_id)
            if product is None or not product.backorders:
                found += self._name(stock_id, -quantity, product.parent_id if product else None)
        return found

    def _name(self, stock_id: int, units: int, parent_id: int | None) -> int:
        since = self.now() - RECENT
        ours = self.outbox.sold_lines(stock_id, since)
        known = [each for each in self.oversold.all() if each.product_id == stock_id]
        missing = units - sum(each.units for each in known if each.sold_at >= since)
        named = {each.sale_id for each in known}
        new = [line for line in ours if line.sale_id not in named]
        if missing <= 0 or not new:
            return 0
        theirs = self._their_order(stock_id, since, parent_id)
        found = 0
        for line in new:
            if missing <= 0:
                break
            count = min(missing, line.quantity)
            self._write(stock_id, line, count, theirs)
            missing, found = missing - count, found + count
        return found

    def _their_order(self, stock_id: int, since: datetime, parent_id: int | None) -> ShopOrder | None:
        """The newest order of the web, else of another till, that holds a piece of it."""
        orders = self.shop.orders_for(stock_id, since, parent_id=parent_id)
        holding = [order for order in orders if _holds(order) and not order.is_move]
        web = (order for order in holding if order.sale_id is None)
        others = (order for order in holding if order.sale_id is not None and not self._is_ours(order))
        return next(web, None) or next(others, None)

    def _is_ours(self, order: ShopOrder) -> bool:
        try:
            self.outbox.entry(order.sale_id or "")
        except NoSuchSaleError:
            return False
        return True

    def _write(self, stock_id: int, line: SoldLine, count: int, theirs: ShopOrder | None) -> None:
        self.oversold.found(
            product_id=stock_id,
            product_name=line.name,
            units=count,
            sale_id=line.sale_id,
            order_id=theirs.order_id if theirs else None,
            order_number=theirs.number if theirs else "",
            customer=_buyer(theirs) if theirs else "",
            ordered_at=theirs.created_at if theirs else None,
            found_at=self.now(),
        )
        log.warning(
            "%s was sold twice: receipt %s here, order %s online.",
            line.name,
            line.receipt_number,
            theirs.number if theirs else "unknown",
        )


def _buyer(order: ShopOrder) -> str:
    return order.customer or (ANOTHER_TILL if order.sale_id is not None else "")


def _holds(order: ShopOrder) -> bool:
    return order.status in (OrderStatus.PROCESSING, OrderStatus.COMMITTED, OrderStatus.RESERVED)
