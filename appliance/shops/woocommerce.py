"""WooCommerce as the till's shop. Holds for 9.9 and later; older ones find orders by reading all of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from appliance.domain.customers import Customer
from appliance.domain.money import Currency
from appliance.domain.refund import CompletedRefund
from appliance.domain.stock import StockMove
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale
from appliance.shops import woocommerce_claims as claims
from appliance.shops import woocommerce_finding as finding
from appliance.shops import woocommerce_people as people
from appliance.shops import woocommerce_refunds as refunds
from appliance.shops.contract import (
    Anchor,
    ChangesPage,
    Claim,
    CouponsPage,
    OddAnswerError,
    OrdersPage,
    OrderStatus,
    RefusedError,
    ShopClock,
    ShopHead,
    ShopOrder,
    ShopRefund,
    ShopSettings,
    StockPage,
    WrongTotalError,
)
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce_changed import Changed
from appliance.shops.woocommerce_facts import read_facts
from appliance.shops.woocommerce_moves import move_body
from appliance.shops.woocommerce_order_body import order_body
from appliance.shops.woocommerce_orders import (
    FIELDS,
    GONE,
    ORDERS,
    noted,
    read_order,
)
from appliance.shops.woocommerce_pull import Pull
from appliance.shops.woocommerce_reading import Reader
from appliance.shops.woocommerce_rest import Json, Rest
from appliance.shops.woocommerce_stock import stock
from appliance.shops.woocommerce_web_orders import WebOrders


class WooCommerce:
    """One WooCommerce shop (:class:`~appliance.shops.contract.Shop`). For one thread.

    Args:
        http: with the shop's base URL: https with Basic, http (a test bench) with OAuth 1.0a.
        key: consumer key with read and write permission. secret: its secret.
        currency: the till's; the shop's amounts are read in it.
        now: the till's clock.
        new_id: makes a text that was never used before.
    """

    def __init__(
        self,
        http: HttpClient,
        key: str,
        secret: str,
        currency: Currency,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._rest = Rest(http, key, secret, now=now, new_id=new_id)
        self._currency = currency
        self._rates: TaxRules | None = None  # of now, once they were asked for
        self._pull = Pull(self._rest, Reader(self._rest, currency), now)
        self._web_orders = WebOrders(self._rest, currency, Changed(self._rest, ORDERS, {}, now))
        self._coupons = Changed(self._rest, people.COUPONS, people.ALL_COUPONS, now)

    def reserve(self, completed: CompletedSale | StockMove, anchor: Anchor | None = None) -> ShopOrder:
        """See :meth:`Shop.reserve`; one request."""
        if isinstance(completed, StockMove):
            name, total, what = completed.move_id, 0, "move of stock"
            body = move_body(completed, self._currency, anchor)
        else:
            name, total, what = completed.sale.sale_id, completed.sale.total_minor, "sale"
            body = order_body(completed, self._currency, anchor, self._rates)
        made = self._order(self._rest.write(ORDERS, body, {"_fields": FIELDS}))
        if made.sale_id != name or made.status is OrderStatus.PENDING:
            raise OddAnswerError("The shop answered with another order than the one it was sent.")
        if not made.is_whole:
            theirs, ours = self._currency.price(made.total_minor), self._currency.price(total)
            raise WrongTotalError(made, f"The shop makes this {what} {theirs}, the till took {ours}.")
        return made

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        """See :meth:`Shop.find` and :mod:`appliance.shops.woocommerce_finding`."""
        return finding.find(self._rest, self._currency, sale_id, since)

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        """See :meth:`Shop.order`."""
        path = f"{ORDERS}/{order_id}"
        try:
            order = self._order(self._rest.read(path, {"_fields": FIELDS}))
        except RefusedError as error:
            if error.code == GONE:
                return None
            raise
        if order.order_id != order_id:  # answers that a proxy mixed up: not ours would be taken as completed
            raise OddAnswerError("The shop answered with another order than the one that was asked for.")
        if not with_notes:
            return order
        return noted(order, self._notes(order_id))

    def commit(self, order_id: int) -> ShopOrder:
        """See :meth:`Shop.commit`; one request."""
        return self._moved(order_id, "completed", OrderStatus.COMMITTED)

    def cancel(self, order_id: int) -> ShopOrder:
        """See :meth:`Shop.cancel`; two requests.

        Cancelled at once, an order on hold brings its owner a mail. Made pending first, it gives its stock back, and
        brings none then (measured). Between the two it is as one that was half-written: it holds nothing.
        """
        self._moved(order_id, "pending", OrderStatus.PENDING)
        return self._moved(order_id, "cancelled", OrderStatus.CANCELLED)

    def claim(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        """See :meth:`Shop.claim` and :mod:`appliance.shops.woocommerce_claims`."""
        return claims.claim(self._rest, sale_id, order_id, by)

    def drop_claim(self, claim_id: int) -> None:
        """See :meth:`Shop.drop_claim`; two requests."""
        claims.drop_claim(self._rest, claim_id)

    def newest_of(self, series: str) -> ShopHead | None:
        """See :meth:`Shop.newest_of`."""
        return finding.newest_of(self._rest, series)

    def clock(self) -> ShopClock | None:
        """See :meth:`Shop.clock`."""
        return self._rest.clock

    def refunds(self, order_id: int) -> list[ShopRefund]:
        """See :meth:`Shop.refunds`; one request."""
        return refunds.refunds(self._rest, self._currency, order_id)

    def refund(self, order_id: int, refund: CompletedRefund, anchor: Anchor | None = None) -> ShopRefund:
        """See :meth:`Shop.refund` and :mod:`appliance.shops.woocommerce_refunds`."""
        return refunds.refund(self._rest, self._currency, order_id, refund, anchor)

    def notes(self, order_id: int) -> list[str]:
        """See :meth:`Shop.notes`; one request."""
        try:
            return self._notes(order_id)
        except RefusedError as error:
            if error.code == GONE:
                return []
            raise

    def note(self, order_id: int, text: str) -> None:
        """See :meth:`Shop.note`; one request."""
        self._rest.write(f"{ORDERS}/{order_id}/notes", {"note": text})

    def orders_for(
        self, product_id: int, since: datetime, *, parent_id: int | None = None
    ) -> list[ShopOrder]:
        """See :meth:`Shop.orders_for`; one request for a hundred orders."""
        return finding.orders_for(self._rest, self._currency, product_id, since, parent_id)

    def changes(self, cursor: str | None) -> Iterator[ChangesPage]:
        """See :meth:`Shop.changes` and :mod:`appliance.shops.woocommerce_pull`."""
        return self._pull.changes(cursor)

    def stock(self, first_page: int = 1) -> Iterator[StockPage]:
        """See :meth:`Shop.stock`; one request for a hundred products."""
        return stock(self._rest, first_page)

    def all_product_ids(self) -> set[int]:
        """See :meth:`Shop.all_product_ids`; one request for a hundred products."""
        return self._pull.all_product_ids()

    def landmarks(self, numbers: Sequence[int] | None) -> Mapping[int, str]:
        """See :meth:`Shop.landmarks`; one request."""
        return self._pull.landmarks(numbers)

    def orders_since(self, cursor: str | None) -> Iterator[OrdersPage]:
        """See :meth:`Shop.orders_since` and :mod:`appliance.shops.woocommerce_web_orders`."""
        return self._web_orders.since(cursor)

    def open_orders(self) -> Iterator[OrdersPage]:
        """See :meth:`Shop.open_orders`; one request for a hundred orders."""
        return self._web_orders.open()

    def orders_among(self, numbers: Sequence[int]) -> Iterator[OrdersPage]:
        """See :meth:`Shop.orders_among`; one or two requests for a hundred orders."""
        return self._web_orders.among(numbers)

    def coupons(self, cursor: str | None) -> Iterator[CouponsPage]:
        """See :meth:`Shop.coupons`."""
        return people.coupons(self._rest, self._coupons, cursor)

    def customers(self) -> Iterator[tuple[Customer, ...]]:
        """See :meth:`Shop.customers`; one request for a hundred."""
        return people.customers(self._rest)

    def newest_customers(self, than: int) -> Iterator[tuple[Customer, ...]]:
        """See :meth:`Shop.newest_customers`; one request while there are none."""
        return people.newest_customers(self._rest, than)

    def facts(self) -> ShopSettings:
        """See :meth:`Shop.facts`; four requests in a small shop."""
        read = read_facts(self._rest)
        self._rates = read.tax
        return read

    def _order(self, item: Json) -> ShopOrder:
        return read_order(item, self._currency)

    def _notes(self, order_id: int) -> list[str]:
        return [str(each.get("note", "")) for each in self._rest.page(f"{ORDERS}/{order_id}/notes", {}).items]

    def _moved(self, order_id: int, status: str, wanted: OrderStatus) -> ShopOrder:
        moved = self._order(self._rest.write(f"{ORDERS}/{order_id}", {"status": status}, {"_fields": FIELDS}))
        if moved.order_id != order_id or moved.status is not wanted:
            raise OddAnswerError("The shop answered with another order than the one that was asked for.")
        return moved
