"""What the till asks of an online shop, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appliance.domain.catalogue import Category
from appliance.domain.refund import CompletedRefund
from appliance.domain.stock import StockMove
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
from appliance.shops.listed import ChangesPage, CouponsPage, OrdersPage, ShopLists, StockPage
from appliance.shops.orders import (
    Anchor,
    Claim,
    OrderStatus,
    ShopHead,
    ShopOrder,
    ShopOrderLine,
    ShopRefund,
)

__all__ = [
    "Anchor",
    "BusyError",
    "ChangesPage",
    "Claim",
    "CouponsPage",
    "NotOurShopError",
    "OddAnswerError",
    "OrderStatus",
    "OrdersPage",
    "RefusedError",
    "Shop",
    "ShopClock",
    "ShopError",
    "ShopFailedError",
    "ShopHead",
    "ShopOrder",
    "ShopOrderLine",
    "ShopLists",
    "ShopRefund",
    "ShopSettings",
    "StockPage",
    "UnauthorisedError",
    "UnknownOutcomeError",
    "UnreachableError",
    "WrongTotalError",
]


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


class Shop(ShopLists, Protocol):
    """An online shop. One thread, one request at a time; every call ends within its deadline.

    Every method raises :class:`ShopError`: reads only UnreachableError, UnknownOutcomeError (there: no
    answer), UnauthorisedError or RefusedError.
    """

    def reserve(self, completed: CompletedSale | StockMove, anchor: Anchor | None = None) -> ShopOrder:
        """Make the order of a sale with its stock taken. Not idempotent: a lost answer leaves an order behind.

        A stock move becomes an order over nothing whose lines give what the move adds (their quantity is below 0)
        and take what it takes away: commit, cancel, find and order then hold for it as for a sale.

        Raises:
            WrongTotalError: made, but the shop's total is another one; the order is in the error.
        """

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        """List the orders of a sale, oldest first, half-written ones included, made after ``since`` less a day.

        Finding none proves nothing: a late request may still make one.
        """

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        """Read one order, None if the shop has none (any more).

        With notes, a second request fills ``stock_notes``, and ``moved`` of its lines.
        """

    def commit(self, order_id: int) -> ShopOrder:
        """Complete a reserved order. Idempotent on a reserved one even if two of them overlap."""

    def cancel(self, order_id: int) -> ShopOrder:
        """Cancel an order, which gives its stock back. Not idempotent under overlap: wait, and read it before.

        What overlapped all the same, as something on the way doubled it, stands in the order's notes.
        """

    def claim(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        """Claim a sale for one of its orders. Of all claims of a sale the first holds, however many come at once.

        Idempotent: the answer is the claim that holds, whoever made it.

        Args:
            sale_id: of the sale, the stock move or the refund.
            order_id: the order that it is; of a refund the order that it belongs to.
            by: a name of the till, where it matters who claims.
        """

    def drop_claim(self, claim_id: int) -> None:
        """Take a claim away, when all that could ask for it are sure to find the committed order. Idempotent."""

    def newest_of(self, series: str) -> ShopHead | None:
        """The highest receipt of a series among its newest orders, None if the shop has none; one request."""

    def clock(self) -> ShopClock | None:
        """The shop's clock as of the last answer; None before one, or where the line to it cannot be trusted."""

    def refunds(self, order_id: int) -> list[ShopRefund]:
        """List the refunds of an order, oldest first, those that no till made too; none of an order that is gone."""

    def refund(self, order_id: int, refund: CompletedRefund, anchor: Anchor | None = None) -> ShopRefund:
        """Tell of money that went back, and put its pieces back in stock; two requests. NOT idempotent.

        After any doubt: wait until no request can be under way any more, look at :meth:`refunds`, then repeat.
        Where the order has less left than the till gave back, what is left goes off it and the answer's
        ``difference_minor`` says how much is missing: money that has left the till is never refused.

        Raises:
            RefusedError: the order is gone.
            UnknownOutcomeError: also where the order itself names this refund already: look again.
        """

    def notes(self, order_id: int) -> list[str]:
        """The notes on an order, as the shop writes them, in no order; none of an order that is gone."""

    def note(self, order_id: int, text: str) -> None:
        """Leave a private note on an order. Not idempotent: look at :meth:`notes` after any doubt."""

    def orders_for(
        self, product_id: int, since: datetime, *, parent_id: int | None = None
    ) -> list[ShopOrder]:
        """List the orders made since then that hold this product, newest first, in whatever state, ours included.

        Args:
            product_id: of the variation for a variation; the parent's where variations share one count.
            since: by the shop's clock.
            parent_id: needed for a variation.
        """

    def facts(self) -> ShopSettings:
        """Read currency, taxes and categories."""
