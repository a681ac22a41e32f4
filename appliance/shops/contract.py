"""What the till asks of an online shop, and the ways in which a shop can fail to answer."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appliance.domain.catalogue import CatalogueChanges, Category
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale


class ShopError(Exception):
    """Base of every failure of a call to the shop; the text is a sentence for a person."""


class UnreachableError(ShopError):
    """The request was certainly not sent: no name, no connection, no trusted encryption. Try later."""


class UnknownOutcomeError(ShopError):
    """The request may have been done: no answer, half an answer, or one that cannot be believed. Look before retry."""


class NotOurShopError(UnknownOutcomeError):
    """Something answered that is not the shop: a log-in page of a network, a proxy, a redirect, a shop switched off."""


class OddAnswerError(UnknownOutcomeError):
    """The shop answered in full, and not what it was asked: asking again brings the same. It may have done it."""


class ShopFailedError(UnknownOutcomeError):
    """The shop itself broke over this request (HTTP 5xx in its own shape): the same request may break it every time.

    One such sale must not hold up the others: park it after a few attempts.
    """


class BusyError(UnknownOutcomeError):
    """The shop asks for patience (429, or 503 while it is being maintained).

    Attributes:
        retry_after_seconds: what it asked for, None if it did not say.
    """

    def __init__(self, text: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(text)
        self.retry_after_seconds = retry_after_seconds


class UnauthorisedError(ShopError):
    """The shop refuses our key; nothing was done. A person must give a new one: retrying cannot help."""


class RefusedError(ShopError):
    """The shop understood the request and said no.

    Not always the same as "nothing was made": WooCommerce can refuse a coupon and keep the order.

    Attributes:
        code: the shop's own name of the reason.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class WrongTotalError(RefusedError):
    """The shop made the order and comes to other lines, or to another total beyond rounding, than the till did.

    Attributes:
        order: the order as it stands in the shop, its stock reserved.
    """

    def __init__(self, order: ShopOrder, text: str) -> None:
        super().__init__("total_differs", text)
        self.order = order


class OrderStatus(enum.StrEnum):
    """How far an order is, in the till's words."""

    RESERVED = "reserved"
    """Stock is taken, the order waits (WooCommerce: on-hold)."""
    COMMITTED = "committed"
    """Paid and handed over (completed)."""
    PROCESSING = "processing"
    """A web order that is paid and not handed over yet; stock is taken."""
    PENDING = "pending"
    """Not paid, no stock taken. One of ours in this state is half-written: ours are never posted so."""
    CANCELLED = "cancelled"
    """Undone; its stock was given back."""
    OTHER = "other"
    """Refunded, failed, in the trash, or a plugin's own."""


@dataclass(frozen=True, slots=True)
class ShopOrderLine:
    """One line of an order.

    Attributes:
        product_id: of the variation for a variation; None where the shop does not know the product (any
        more).
        parent_id: the variable product of a variation, None otherwise.
        name: as the order shows it.
        quantity: pieces.
        reduced: pieces that this line took from stock, None if it took none.
    """

    product_id: int | None
    parent_id: int | None
    name: str
    quantity: int
    reduced: int | None


@dataclass(frozen=True, slots=True)
class ShopOrder:
    """An order as the shop holds it.

    Attributes:
        order_id: the shop's number of the order.
        number: what people call it; mostly the same.
        status: see :class:`OrderStatus`.
        sale_id: the till's sale that it is, None for an order that no till made.
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


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A part of what changed. Apply it and, where ``next_cursor`` is given, keep that in the same transaction.

    Attributes:
        changes: products to put in (idempotent) and numbers to take out. ``on_hand`` is the shop's count.
        next_cursor: given on the last page only: where the next pull begins.
    """

    changes: CatalogueChanges
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ShopSettings:
    """How the shop sells.

    Attributes:
        currency: ISO 4217 code. decimals: of its prices as shown; differs from the currency's where the owner
        chose so.
        tax: the rates at the shop's own address.
        rounds_at_subtotal: tax totals may then differ from the till's by a minor unit; never refused for it.
        categories: all of them.
        server_at: the shop's clock, None if it did not say.
    """

    currency: str
    decimals: int
    tax: TaxRules
    rounds_at_subtotal: bool
    categories: tuple[Category, ...]
    server_at: datetime | None


class Shop(Protocol):
    """An online shop. One thread, one request at a time; every call ends within its deadline.

    Every method raises :class:`ShopError`: reads only UnreachableError, UnknownOutcomeError (there: no
    answer), UnauthorisedError or RefusedError.
    """

    def reserve(self, completed: CompletedSale) -> ShopOrder:
        """Make the order of a sale with its stock taken. Not idempotent: a lost answer leaves an order behind.

        Raises:
            WrongTotalError: made, but the shop's total is another one; the order is in the error.
        """

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        """List the orders of a sale, oldest first, half-written ones included, made after ``since`` less a day.

        Finding none proves nothing: a late request may still make one.
        """

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        """Read one order, None if the shop has none (any more); with notes: a second request fills stock_notes."""

    def commit(self, order_id: int) -> ShopOrder:
        """Complete a reserved order. Idempotent on a reserved one even if two of them overlap."""

    def cancel(self, order_id: int) -> ShopOrder:
        """Cancel an order, which gives its stock back. Not idempotent under overlap: wait, and read it before."""

    def note(self, order_id: int, text: str) -> None:
        """Leave a private note on an order."""

    def orders_for(
        self, product_id: int, since: datetime, *, parent_id: int | None = None
    ) -> list[ShopOrder]:
        """List the orders made since then that hold this product, newest first, in whatever state, ours included.

        Args:
            product_id: of the variation for a variation; the parent's where variations share one count.
            since: by the shop's clock.
            parent_id: needed for a variation.
        """

    def changes(self, cursor: str | None) -> Iterator[ChangesPage]:
        """Yield what changed since the cursor, page by page; None for everything. The last page has the next cursor.

        Deleted for ever leaves no trace: only :meth:`all_product_ids` tells.
        """

    def stock(self) -> Iterator[dict[int, int]]:
        """Yield the counts of everything that is counted, by stock number (the parent's where it is shared)."""

    def all_product_ids(self) -> set[int]:
        """The numbers of all that can be sold."""

    def facts(self) -> ShopSettings:
        """Read currency, taxes and categories."""
