"""A sale, a move of stock and a refund as the online shop holds them, and which order a sale is."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class OrderStatus(enum.StrEnum):
    """How far an order is, in the till's words."""

    RESERVED = "reserved"
    """Stock is taken, the order waits (WooCommerce: on-hold)."""
    COMMITTED = "committed"
    """Paid and handed over (completed); one of ours also when all its money went back since."""
    PROCESSING = "processing"
    """A web order that is paid and not handed over yet; stock is taken."""
    PENDING = "pending"
    """Not paid, no stock taken. One of ours in this state is half-written: ours are never posted so."""
    CANCELLED = "cancelled"
    """Undone; its stock was given back."""
    OTHER = "other"
    """A web order that was refunded, failed, in the trash, or a plugin's own."""


@dataclass(frozen=True, slots=True)
class ShopOrderLine:
    """One line of an order.

    Attributes:
        product_id: of the variation for a variation; None where the shop does not know the product (any
        more).
        parent_id: the variable product of a variation, None otherwise.
        name: as the order shows it.
        quantity: pieces. Below 0 on a line of a stock move that gives pieces.
        reduced: pieces that this line took from stock (below 0: gave), those that a refund put back since too; None
            if it took none.
        item_id: the shop's number of the line, 0 if it did not say.
        moved: by how much its product's count changed for this line up to now, by the order's notes; None if they were
            not asked for. A cancelled order should have 0 on each; where two requests to cancel it met, the notes alone
            tell that its pieces were given back twice.
    """

    product_id: int | None
    parent_id: int | None
    name: str
    quantity: int
    reduced: int | None
    item_id: int = 0
    moved: int | None = None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop holds it.

    Attributes:
        order_id: the shop's number of the order.
        number: what people call it; mostly the same.
        status: see :class:`OrderStatus`.
        sale_id: the till's sale (or stock move) that it is, None for an order that no till made.
        total_minor: what the shop makes of it, tax included.
        difference_minor: total less what the till took; None for an order that no till made. Within rounding
            where the shop rounds its tax at the subtotal.
        lines: all lines, those without a product too.
        customer: name on a web order, "" without one.
        created_at: by the shop's clock, to the second.
        created_via: who made it: "till-<sale id>", "checkout", "store-api", "admin" ...
        is_whole: one of ours with all its lines and its total. One that is not whole was cut short
            half-written, or the shop made something else of it.
        stock_notes: how often stock was taken for it, by its notes; None if it was not asked. More than 1 is
            a double taking, which the lines do not show.
        is_move: it is no sale but a move of stock, over nothing.
        is_refunded: all its money went back. One of ours is COMMITTED all the same: it was told, and what came back is
            told by its refunds.
    """

    order_id: int
    number: str
    status: OrderStatus
    sale_id: str | None
    total_minor: int
    difference_minor: int | None
    lines: tuple[ShopOrderLine, ...]
    customer: str
    created_at: datetime
    created_via: str
    is_whole: bool
    stock_notes: int | None = None
    is_move: bool = False
    is_refunded: bool = False


@dataclass(frozen=True, slots=True)
class ShopRefund:
    """Money that went back, as the shop holds it under the order.

    Attributes:
        refund_id: the shop's number of the refund.
        till_refund_id: the till's refund that it is, None for one that no till made.
        total_minor: what it takes off the order, tax included.
        difference_minor: what the till gave back less that: not 0 where the order had less left than the till gave.
            None for a refund that no till made, and for one that is not whole.
        is_whole: made to its end. One of ours that is not is under way, or was cut short: its money is off the order,
            its pieces may not (all) be back in stock. It must never be made again.
    """

    refund_id: int
    till_refund_id: str | None
    total_minor: int
    difference_minor: int | None = None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is left of the journal's chain on a sale's order: whoever cuts the journal short cannot cut it there.

    Attributes:
        seq: the number of the sale's journal entry.
        hash_hex: that entry's hash.
        key_hex: the public key that it is signed with, "" if it is not.
    """

    seq: int
    hash_hex: str
    key_hex: str = ""

    @property
    def text(self) -> str:
        """As the order carries it."""
        return f"{self.seq}:{self.hash_hex}"


@dataclass(frozen=True, slots=True)
class ShopHead:
    """The highest receipt that the shop knows of a series, and where that stands in the journal.

    Attributes:
        receipt_number: such as "T1-000123".
        seq: of the anchor, 0 on an order that has none.
        hash_hex: of the anchor, "" likewise.
        key_hex: of the anchor, "" likewise.
    """

    receipt_number: str
    seq: int = 0
    hash_hex: str = ""
    key_hex: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """Which order a sale is, or who tells a refund, as the shop decided it between several tills that hold it.

    Attributes:
        claim_id: the shop's number of the claim.
        order_id: the order that it names; no other may ever be committed.
        by: who claimed it, "" where it does not matter.
    """

    claim_id: int
    order_id: int
    by: str = ""
