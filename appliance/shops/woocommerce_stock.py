"""Counts, by the cheapest list that WooCommerce has; it does not say when they changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from appliance.shops.contract import OddAnswerError, StockPage
from appliance.shops.woocommerce_catalogue import number_of, readable, whole
from appliance.shops.woocommerce_changed import BY_NUMBER
from appliance.shops.woocommerce_rest import Json, NoRouteError, Rest

REPORT: Final = "/wc-analytics/reports/stock"
FIELDS: Final = "id,parent_id,manage_stock,stock_quantity"
PRODUCTS: Final = "/wc/v3/products"


def stock(rest: Rest, first_page: int) -> Iterator[StockPage]:
    """See :meth:`Shop.stock`."""
    following: int | None = first_page
    while following is not None:
        page = _stock_page(rest, following)
        following = page.next_page
        yield page


def _stock_page(rest: Rest, number: int) -> StockPage:
    """Read one page of the report; where it is switched off, of the list of products with their variations."""
    parameters = {"_fields": FIELDS, **BY_NUMBER}
    try:
        page = rest.page(REPORT, parameters, number)
        return StockPage(counts_of(page.items), None if page.is_last else number + 1)
    except NoRouteError:
        page = rest.page(PRODUCTS, {**parameters, "_fields": f"{FIELDS},type"}, number)
    counts = counts_of(page.items)
    for parent in (each for each in page.items if each.get("type") == "variable"):
        for items in _variations(rest, parent):
            counts |= counts_of(items)
    return StockPage(counts, None if page.is_last else number + 1)


def _variations(rest: Rest, parent: Json) -> Iterator[list[Json]]:
    path = f"{PRODUCTS}/{number_of(parent)}/variations"
    for page in rest.pages(path, {"_fields": FIELDS, **BY_NUMBER}):
        yield page.items


def counts_of(items: list[Json]) -> dict[int, int]:
    """What a page says of what is counted; a shared count comes once for each variation, and is one."""
    found: dict[int, int] = {}
    for item in items:
        with suppress(OddAnswerError), readable(item):  # the list of products names it
            manages, quantity = item["manage_stock"], item["stock_quantity"]
            if manages and quantity is not None:
                found[whole(item["parent_id"]) if manages == "parent" else number_of(item)] = whole(quantity)
    return found
