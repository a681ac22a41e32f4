"""WooCommerce as the till's shop. Holds for 9.9 and later; older ones find orders by reading all of a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.tender import CompletedSale
from appliance.shops import woocommerce_claims as claims
from appliance.shops.contract import (
    Anchor,
    ChangesPage,
    Claim,
    OddAnswerError,
    OrderStatus,
    RefusedError,
    ShopClock,
    ShopHead,
    ShopOrder,
    ShopSettings,
    WrongTotalError,
)
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce_facts import read_facts
from appliance.shops.woocommerce_orders import (
    FIELDS,
    count_takings,
    created_via,
    head_of,
    order_body,
    read_order,
    title_of,
)
from appliance.shops.woocommerce_pull import Cursor, Pull
from appliance.shops.woocommerce_rest import Json, Rest

ORDERS: Final = "/wc/v3/orders"
MAX_ORDER_PAGES: Final = 30
CLOCK_DOUBT: Final = timedelta(days=30)
"""How far back an order is looked for when the till's clock cannot be believed."""

GONE: Final = "woocommerce_rest_shop_order_invalid_id"
"""404 for a read; a write to an order that is not there says the same with 400."""


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
        self._pull = Pull(self._rest, currency, now)

    def reserve(self, completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        """See :meth:`Shop.reserve`; one request."""
        body = order_body(completed, self._currency, anchor)
        made = self._order(self._rest.write(ORDERS, body, {"_fields": FIELDS}))
        sale = completed.sale
        if made.sale_id != sale.sale_id or made.status is OrderStatus.PENDING:
            raise OddAnswerError("The shop answered with another order than the one it was sent.")
        if not made.is_whole:
            theirs, ours = self._currency.price(made.total_minor), self._currency.price(sale.total_minor)
            raise WrongTotalError(made, f"The shop makes this sale {theirs}, the till took {ours}.")
        return made

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        """See :meth:`Shop.find`; one request from WooCommerce 9.9 on, which filters; its answer is checked anyway."""
        after = (since - timedelta(days=1)).astimezone(UTC).replace(microsecond=0, tzinfo=None)
        parameters = {
            "_fields": FIELDS,
            "created_via": created_via(sale_id),
            "after": after.isoformat(),
            "dates_are_gmt": "true",
            "orderby": "id",
            "order": "asc",
        }
        items: list[Json] = []
        for page in self._rest.pages(ORDERS, parameters, MAX_ORDER_PAGES):
            if page.server_at is not None and page.server_at < since:
                # The till's clock was ahead of the shop's when it posted: nothing is as new as that.
                return self.find(sale_id, page.server_at - CLOCK_DOUBT)
            items += page.items
        return [self._order(item) for item in items if _is_of(item, sale_id)]

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        """See :meth:`Shop.order`."""
        path = f"{ORDERS}/{order_id}"
        try:
            order = self._order(self._rest.read(path, {"_fields": FIELDS}))
        except RefusedError as error:
            if error.code == GONE:
                return None
            raise
        if not with_notes:
            return order
        notes = [str(item.get("note", "")) for item in self._rest.page(f"{path}/notes", {}).items]
        return replace(order, stock_notes=count_takings(notes))

    def commit(self, order_id: int) -> ShopOrder:
        """See :meth:`Shop.commit`; one request."""
        return self._moved(order_id, "completed", OrderStatus.COMMITTED)

    def cancel(self, order_id: int) -> ShopOrder:
        """See :meth:`Shop.cancel`; one request."""
        return self._moved(order_id, "cancelled", OrderStatus.CANCELLED)

    def claim(self, sale_id: str, order_id: int) -> Claim:
        """See :meth:`Shop.claim` and :mod:`appliance.shops.woocommerce_claims`."""
        return claims.claim(self._rest, sale_id, order_id)

    def drop_claim(self, claim_id: int) -> None:
        """See :meth:`Shop.drop_claim`; two requests."""
        claims.drop_claim(self._rest, claim_id)

    def newest_of(self, series: str) -> ShopHead | None:
        """See :meth:`Shop.newest_of`: the series stands in the name of each order's pickup, which can be searched.

        The newest thirty are looked at: a sale that was told late does not hide those before it.
        """
        parameters = {
            "_fields": "id,meta_data",
            "search": title_of(f"{series}-"),
            "orderby": "id",
            "order": "desc",
            "per_page": "30",
        }
        return head_of(self._rest.page(ORDERS, parameters).items, series)

    def clock(self) -> ShopClock | None:
        """See :meth:`Shop.clock`."""
        return self._rest.clock

    def note(self, order_id: int, text: str) -> None:
        """See :meth:`Shop.note`; one request."""
        self._rest.write(f"{ORDERS}/{order_id}/notes", {"note": text})

    def orders_for(
        self, product_id: int, since: datetime, *, parent_id: int | None = None
    ) -> list[ShopOrder]:
        """See :meth:`Shop.orders_for`; the shop files orders under the parent of a variation."""
        parameters = {
            "_fields": FIELDS,
            "product": str(parent_id or product_id),
            "after": since.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat(),
            "dates_are_gmt": "true",
            "orderby": "id",
            "order": "desc",
        }
        items = [
            item for page in self._rest.pages(ORDERS, parameters, MAX_ORDER_PAGES) for item in page.items
        ]
        orders = [self._order(item) for item in items]
        return [
            each
            for each in orders
            if any(product_id in (line.product_id, line.parent_id) for line in each.lines)
        ]

    def changes(self, cursor: str | None) -> Iterator[ChangesPage]:
        """See :meth:`Shop.changes` and :mod:`appliance.shops.woocommerce_pull`."""
        return self._pull.changes(Cursor.parse(cursor))

    def stock(self) -> Iterator[dict[int, int]]:
        """See :meth:`Shop.stock`; one request for a hundred products."""
        return self._pull.stock()

    def all_product_ids(self) -> set[int]:
        """See :meth:`Shop.all_product_ids`; one request for a hundred products."""
        return self._pull.all_product_ids()

    def facts(self) -> ShopSettings:
        """See :meth:`Shop.facts`; four requests in a small shop."""
        return read_facts(self._rest)

    def _order(self, item: Json) -> ShopOrder:
        return read_order(item, self._currency)

    def _moved(self, order_id: int, status: str, wanted: OrderStatus) -> ShopOrder:
        moved = self._order(self._rest.write(f"{ORDERS}/{order_id}", {"status": status}, {"_fields": FIELDS}))
        if moved.order_id != order_id or moved.status is not wanted:
            raise OddAnswerError("The shop answered with another order than the one that was asked for.")
        return moved


def _is_of(item: Json, sale_id: str) -> bool:
    """Whether an order carries this sale's name; an older shop ignores the filter and answers with all orders."""
    meta = item.get("meta_data")
    return isinstance(meta, list) and any(
        isinstance(each, dict) and each.get("key") == "till_sale_id" and each.get("value") == sale_id
        for each in meta
    )
