"""What the till knows of the online shop's orders, of whatever origin: what was taken, by whom, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

OPEN_STATUSES: Final = ("pending", "on-hold", "processing")
"""In WooCommerce's words: something is still to be done about such an order."""


@dataclass(frozen=True, slots=True)
class WebOrderLine:
    """One line.

    Attributes:
        product_id: of the variation for a variation; None where the shop does not know the product (any more).
        parent_id: the variable product of a variation.
        quantity: pieces; below 0 where a till moved stock without a sale.
        reduced: pieces that it took from the shop's count, None if it took none.
    """

    product_id: int | None
    parent_id: int | None
    name: str
    quantity: int
    reduced: int | None = None


@dataclass(frozen=True, slots=True)
class WebOrder:
    """An order as the shop last described it.

    Attributes:
        order_id: the shop's number; number: what people call it.
        status: in the shop's own word: "processing", "completed", "trash" ...
        sale_id: of a till's sale or stock move, "" for an order that no till made.
        customer: name, "" without one.
        total_minor: tax included.
        created_at, modified_at: by the shop's clock (UTC).
        is_pickup: it is to be collected here.
        is_gone: the shop has it no more.
    """

    order_id: int
    number: str
    status: str
    sale_id: str
    customer: str
    total_minor: int
    created_at: datetime
    modified_at: datetime
    lines: tuple[WebOrderLine, ...]
    is_pickup: bool = False
    is_gone: bool = False

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return not self.is_gone and self.status in OPEN_STATUSES
