"""Products, variations, categories and the stock report: lists with their traps, and writes."""

from __future__ import annotations

import time
from typing import Final

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row
from appliance.demo.shop.errors import Json, bad_parameter, no_product, no_variation
from appliance.demo.shop.product_json import show_product, show_stock, show_variation
from appliance.demo.shop.product_writes import (
    add_product,
    check_free,
    find_product,
    kept_product,
    lock_sku,
    remove_product,
    write_product,
)

STATUSES: Final = ("any", "future", "trash", "draft", "pending", "private", "publish")
TYPES: Final = ("simple", "grouped", "external", "variable")
ORDERS: Final = {
    "id": "id",
    "include": "id",
    "date": "created",
    "modified": "modified",
    "title": "name",
    "slug": "name",
}


def list_products(ask: Ask) -> Reply:
    """GET /products. An unknown filter is ignored: that is WordPress's trap, not a mistake here."""
    where = Where()
    if ask.text("sku"):  # finds variations too, as the only list besides the next that does
        where.one_of("sku", ask.text("sku").split(","))
    elif ask.text("global_unique_id"):
        where.one_of("gtin", ask.text("global_unique_id").split(","))
    else:
        where.add("parent_id = 0")
    _of_status(ask, where)
    if kinds := ask.choices("type", TYPES):
        where.one_of("type", kinds)
    if ask.text("include"):
        where.one_of("id", (int(each) for each in ask.text("include").split(",") if each.strip().isdigit()))
    if ask.text("search"):
        where.add("name LIKE ?", f"%{ask.text('search')}%")
    _modified(ask, where)
    url, database = ask.url, ask.database

    def shown(row: Row) -> Json:
        return show_variation(database, row, url) if row["parent_id"] else show_product(database, row, url)

    return listed(ask, "product", where, ORDERS, shown, "date")


def _of_status(ask: Ask, where: Where) -> None:
    """``status`` takes one word; ``include_status`` several, and is the way to what was thrown away too."""
    status = ask.text("status", "any")
    if status not in STATUSES:
        message = f"status is not one of {', '.join(STATUSES[:-1])}, and {STATUSES[-1]}."
        raise bad_parameter("status", message, "rest_not_in_enum")
    statuses = set(ask.choices("include_status", STATUSES)) or {status}
    if "any" not in statuses:
        where.one_of("status", sorted(statuses))
    elif "trash" not in statuses:
        where.add("status <> 'trash'")


def list_variations(ask: Ask, parent_id: int) -> Reply:
    """GET /products/ID/variations."""
    where = Where()
    where.add("parent_id = ?", parent_id)
    _of_status(ask, where)
    _modified(ask, where)
    return listed(
        ask, "product", where, ORDERS, lambda row: show_variation(ask.database, row, ask.url), "date"
    )


def list_stock(ask: Ask) -> Reply:
    """GET wc-analytics/reports/stock: products and variations in one list."""
    where = Where()
    where.add("status IN ('publish', 'private') AND type IN ('simple', 'variable', 'variation')")
    orders = {
        "stock_status": "stock_status",
        "stock_quantity": "stock",
        "id": "id",
        "title": "name",
        "sku": "sku",
    }
    return listed(ask, "product", where, orders, lambda row: show_stock(ask.database, row), "stock_status")


def one_product(ask: Ask, product_id: int) -> Reply:
    """GET, POST, PUT or DELETE /products/ID."""
    row = find_product(ask.database, product_id)
    if row is None:
        raise no_product(400 if ask.method in ("POST", "PUT", "PATCH") else 404)
    shown = show_variation if row["parent_id"] else show_product
    before = shown(ask.database, row, ask.url)
    if ask.method == "GET":
        return Reply(before)
    with ask.database.transaction():
        if ask.method == "DELETE":
            remove_product(ask.database, row, forced=ask.flag("force") or bool(row["parent_id"]))
            return Reply(before)
        write_product(ask.database, row, ask.body)
        return Reply(shown(ask.database, kept_product(ask.database, product_id), ask.url))


def new_product(ask: Ask) -> Reply:
    """POST /products. The SKU is looked at first and locked later, which is told apart, as in the real one."""
    check_free(ask.database, ask.body)
    if ask.work_seconds:
        time.sleep(ask.work_seconds)
    with ask.database.transaction():
        lock_sku(ask.database, ask.body)
        product_id = add_product(ask.database, ask.body)
        return Reply(show_product(ask.database, kept_product(ask.database, product_id), ask.url), 201)


def new_variation(ask: Ask, parent_id: int) -> Reply:
    """POST /products/ID/variations."""
    with ask.database.transaction():
        if find_product(ask.database, parent_id) is None:
            raise no_product()
        product_id = add_product(ask.database, ask.body, parent_id)
        row = kept_product(ask.database, product_id)
        shown = show_variation(ask.database, row, ask.url)
        return Reply(shown | {"sku": row["sku"], "tax_class": row["tax_class"]}, 201)  # not yet its parent's


def one_variation(ask: Ask, parent_id: int, variation_id: int) -> Reply:
    """GET, POST, PUT or DELETE /products/ID/variations/ID."""
    row = find_product(ask.database, variation_id)
    if row is None or row["parent_id"] != parent_id:
        raise no_variation()
    return one_product(ask, variation_id)


def _modified(ask: Ask, where: Where) -> None:
    if after := ask.instant("modified_after"):
        where.add("modified > ?", after)  # strictly: the trap of whole seconds
    if before := ask.instant("modified_before"):
        where.add("modified < ?", before)
