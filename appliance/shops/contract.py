"""What the till asks of an online shop, and what it is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appliance.domain.catalogue import CatalogueChanges, Category
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale
from appliance.shops.errors import (
    BusyError,
    NotOurShopError,
    OddAnswerError,
    RefusedError,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
    WrongTotalError,
)
from appliance.shops.orders import Anchor, Claim, OrderStatus, ShopHead, ShopOrder, ShopOrderLine

__all__ = [
    "Anchor",
    "BusyError",
    "ChangesPage",
    "Claim",
    "NotOurShopError",
    "OddAnswerError",
    "OrderStatus",
    "RefusedError",
    "Shop",
    "ShopClock",
    "ShopError",
    "ShopFailedError",
    "ShopHead",
    "ShopOrder",
    "ShopOrderLine",
    "ShopSettings",
    "UnauthorisedError",
    "UnknownOutcomeError",
    "UnreachableError",
    "WrongTotalError",
]


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


@dataclass(frozen=True, slots=True)
class ShopClock:
    """The shop's clock against the computer's, as of the last answer.

    Attributes:
        offset_seconds: to be added to the computer's wall clock.
        doubt_seconds: how far that may be off, either way.
    """

    offset_seconds: float
    doubt_seconds: float


class Shop(Protocol):
    """An online shop. One thread, one request at a time; every call ends within its deadline.

    Every method raises :class:`ShopError`: reads only UnreachableError, UnknownOutcomeError (there: no
    answer), UnauthorisedError or RefusedError.
    """

    def reserve(self, completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
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

    def claim(self, sale_id: str, order_id: int) -> Claim:
        """Claim a sale for one of its orders. Of all claims of a sale the first holds, however many come at once.

        Idempotent: the answer is the claim that holds, whoever made it.
        """

    def drop_claim(self, claim_id: int) -> None:
        """Take a claim away, when all that could ask for it are sure to find the committed order. Idempotent."""

    def newest_of(self, series: str) -> ShopHead | None:
        """The highest receipt of a series among its newest orders, None if the shop has none; one request."""

    def clock(self) -> ShopClock | None:
        """The shop's clock as of the last answer; None before one, or where the line to it cannot be trusted."""

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
