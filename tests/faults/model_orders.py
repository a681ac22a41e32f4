"""What the model of the shop holds, as values: orders, refunds, requests under way; and how the contract shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from appliance.domain.stock import StockMove
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import Claim, OrderStatus, ShopOrder, ShopOrderLine, ShopRefund


class ModelOrder(NamedTuple):
    """An order in the model.

    Attributes:
        taken: how often its stock is off the count, less how often it was given back: 0 or 1 while all is well.
        notes: how often stock was taken for it, as its notes say.
        is_marked: its lines say that stock was taken.
        given: how often stock was given back for it, as its notes say.
    """

    order_id: int
    sale_id: str
    status: OrderStatus
    is_whole: bool
    taken: int
    notes: int
    is_marked: bool
    created_at: datetime
    given: int = 0


class Goods(NamedTuple):
    """What a sale or a move is about: what an order of it looks like."""

    total_minor: int
    lines: tuple[ShopOrderLine, ...]
    is_move: bool


class Flight(NamedTuple):
    """A request that is still under way somewhere.

    Attributes:
        what: its name and what it is about.
        after: how many more requests come before it; None waits for its twin.
        latest: it runs by then in any case.
    """

    what: tuple[Any, ...]
    after: int | None
    latest: datetime


class GivenBack(NamedTuple):
    """A refund in the model; one that is not whole is off the order, and its pieces are not back in stock."""

    refund_id: str
    order_id: int
    total_minor: int
    is_whole: bool


class ShopState(NamedTuple):
    """All that the shop and the network before it hold, as a value."""

    orders: tuple[ModelOrder, ...] = ()
    refunds: tuple[GivenBack, ...] = ()
    claims: tuple[tuple[str, Claim], ...] = ()
    claims_made: int = 0
    flights: tuple[Flight, ...] = ()
    last_list: tuple[ModelOrder, ...] = ()
    last_refunds: tuple[GivenBack, ...] = ()


def goods_of(completed: CompletedSale | StockMove) -> Goods:
    if isinstance(completed, StockMove):
        moved = [(line.product_id, line.parent_id, line.name, -line.quantity) for line in completed.lines]
        return Goods(0, tuple(ShopOrderLine(*each, None) for each in moved), is_move=True)
    sold = [(line.product_id, line.parent_id, line.name, line.quantity) for line in completed.sale.lines]
    total = completed.sale.total_minor
    return Goods(total, tuple(ShopOrderLine(*each, None) for each in sold), is_move=False)


def pieces_of(goods: Iterable[tuple[Goods, int]]) -> dict[int | None, int]:
    found: Counter[int | None] = Counter()
    for each, times in goods:
        for line in each.lines:
            found[line.product_id] += times * line.quantity
    return {product: count for product, count in found.items() if count}


def refund_shown(place: int, given: GivenBack) -> ShopRefund:
    difference = 0 if given.is_whole else None
    return ShopRefund(701 + place, given.refund_id, given.total_minor, difference, given.is_whole)


@lru_cache(maxsize=100_000)
def order_shown(order: ModelOrder, goods: Goods, with_notes: bool) -> ShopOrder:
    """An order as the contract shows it."""
    lines = goods.lines if order.is_whole else goods.lines[:-1]
    return ShopOrder(
        order_id=order.order_id,
        number=str(order.order_id),
        status=order.status,
        sale_id=order.sale_id,
        total_minor=goods.total_minor,
        difference_minor=0,
        lines=tuple(
            ShopOrderLine(
                line.product_id,
                line.parent_id,
                line.name,
                line.quantity,
                line.quantity if order.is_marked else None,
                moved=line.quantity * (order.given - order.notes) if with_notes else None,
            )
            for line in lines
        ),
        customer="",
        created_at=order.created_at,
        created_via=f"till-{order.sale_id}",
        is_whole=order.is_whole,
        stock_notes=order.notes if with_notes else None,
        is_move=goods.is_move,
    )
