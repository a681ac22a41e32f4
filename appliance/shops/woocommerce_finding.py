"""Which orders a WooCommerce has: of a sale, of a product, of a till's series."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.domain.money import Currency
from appliance.shops.contract import ShopHead, ShopOrder
from appliance.shops.woocommerce_orders import (
    FIELDS,
    ORDERS,
    SALE_TITLE,
    created_via,
    head_of,
    read_order,
    texts_of,
)
from appliance.shops.woocommerce_rest import Json, Rest

MAX_ORDER_PAGES: Final = 30
CLOCK_DOUBT: Final = timedelta(days=30)
"""How far back an order is looked for when the till's clock cannot be believed."""


def find(rest: Rest, currency: Currency, sale_id: str, since: datetime) -> list[ShopOrder]:
    """See :meth:`Shop.find`; one request from WooCommerce 9.9 on, which filters; its answer is checked anyway."""
    parameters = {
        "_fields": FIELDS,
        "created_via": created_via(sale_id),
        **_after(since - timedelta(days=1)),
        "orderby": "id",
        "order": "asc",
    }
    items: list[Json] = []
    for page in rest.pages(ORDERS, parameters, MAX_ORDER_PAGES):
        if page.server_at is not None and page.server_at < since:
            # The till's clock was ahead of the shop's when it posted: nothing is as new as that.
            return find(rest, currency, sale_id, page.server_at - CLOCK_DOUBT)
        items += page.items
    # An older shop ignores the filter and answers with all orders.
    return [read_order(each, currency) for each in items if texts_of(each).get("till_sale_id") == sale_id]


def orders_for(
    rest: Rest, currency: Currency, product_id: int, since: datetime, parent_id: int | None
) -> list[ShopOrder]:
    """See :meth:`Shop.orders_for`; the shop files orders under the parent of a variation."""
    parameters = {
        "_fields": FIELDS,
        "product": str(parent_id or product_id),
        **_after(since),
        "orderby": "id",
        "order": "desc",
    }
    pages = rest.pages(ORDERS, parameters, MAX_ORDER_PAGES)
    orders = [read_order(item, currency) for page in pages for item in page.items]
    return [
        each for each in orders if any(product_id in (line.product_id, line.parent_id) for line in each.lines)
    ]


def newest_of(rest: Rest, series: str) -> ShopHead | None:
    """See :meth:`Shop.newest_of`: the series stands in the name of each order's pickup, which can be searched.

    The newest thirty are looked at: a sale that was told late does not hide those before it.
    """
    parameters = {
        "_fields": "id,meta_data",
        "search": f"{SALE_TITLE}{series}-",
        "orderby": "id",
        "order": "desc",
        "per_page": "30",
    }
    return head_of(rest.page(ORDERS, parameters).items, series)


def _after(at: datetime) -> Mapping[str, str]:
    naive = at.astimezone(UTC).replace(microsecond=0, tzinfo=None)
    return {"after": naive.isoformat(), "dates_are_gmt": "true"}
