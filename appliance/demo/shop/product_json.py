"""A product and a variation as WooCommerce shows them (recorded: product_simple, product_variable, variation_*)."""

from __future__ import annotations

import json
from decimal import Decimal
from html import escape
from typing import Final

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json

_MEASURES: Final[Json] = {"length": "", "width": "", "height": ""}


def show_product(database: ShopDatabase, row: Row, url: str) -> Json:
    """A product of any type."""
    children = (
        [each["id"] for each in variations_of(database, row["id"])] if row["type"] == "variable" else []
    )
    slug = _slug(row["name"])
    categories = database.rows(
        "SELECT c.id, c.name, c.slug FROM category c JOIN product_category p ON p.category_id = c.id "
        "WHERE p.product_id = ? ORDER BY c.name",
        (row["id"],),
    )
    return {
        "id": row["id"],
        "name": row["name"],
        "slug": slug,
        "permalink": f"{url}/product/{slug}/",
        **_dates(row),
        "type": row["type"],
        "status": row["status"],
        "featured": False,
        "catalog_visibility": "visible",
        "description": "",
        "short_description": "",
        "sku": row["sku"],
        **_prices(database, row),
        "total_sales": row["total_sales"],
        **_files(),
        "external_url": "",
        "button_text": "",
        **_tax_and_stock(row, row["manage_stock"] == 1, row["stock"]),
        "sold_individually": False,
        **_shipping(),
        "shipping_required": True,
        "shipping_taxable": True,
        "reviews_allowed": True,
        "average_rating": "0.00",
        "rating_count": 0,
        "upsell_ids": [],
        "cross_sell_ids": [],
        "parent_id": 0,
        "purchase_note": "",
        "categories": [dict(each) for each in categories],
        "brands": [],
        "tags": [],
        "images": [image] if (image := _image(row)) else [],
        "attributes": json.loads(row["attributes"]),
        "default_attributes": [],
        "variations": children,
        "grouped_products": [],
        "menu_order": 0,
        "price_html": f'<span class="woocommerce-Price-amount amount"><bdi>{escape(row["price"])}</bdi></span>',
        "related_ids": [],
        "meta_data": [],
        "stock_status": row["stock_status"],
        "has_options": row["type"] == "variable",
        "post_password": "",
        "global_unique_id": row["gtin"],
        "_links": _links(f"{url}/wp-json/wc/v3/products", row["id"]),
    }


def show_variation(database: ShopDatabase, row: Row, url: str) -> Json:
    """A variation; its stock is the parent's where it has none of its own and the parent counts."""
    parent = database.row("SELECT * FROM product WHERE id = ?", (row["parent_id"],))
    is_shared = not row["manage_stock"] and parent is not None and parent["manage_stock"] == 1
    stock = parent["stock"] if is_shared and parent is not None else row["stock"]
    attributes = json.loads(row["attributes"])
    inherited = tax_class_of(database, row)
    base = f"{url}/wp-json/wc/v3/products/{row['parent_id']}"
    return {
        "id": row["id"],
        "type": "variation",
        **_dates(row),
        "description": "",
        "permalink": f"{url}/?p={row['id']}",
        "sku": row["sku"]
        or (parent["sku"] if parent is not None else ""),  # the trap: its parent's, shown as its own
        "global_unique_id": row["gtin"],
        **_prices(database, row),
        "status": row["status"],
        **_files(),
        **_tax_and_stock(row, "parent" if is_shared else row["manage_stock"] == 1, stock),
        "tax_class": inherited,
        "stock_status": parent["stock_status"] if is_shared and parent is not None else row["stock_status"],
        **_shipping(),
        "image": _image(row),
        "attributes": attributes,
        "menu_order": 0,
        "meta_data": [],
        "name": ", ".join(str(each.get("option", "")) for each in attributes),
        "parent_id": row["parent_id"],
        "_links": _links(f"{base}/variations", row["id"]) | {"up": [{"href": base}]},
    }


def full_name(database: ShopDatabase, row: Row) -> str:
    """The name on an order and on the page: "T-shirt - S"."""
    if not row["parent_id"]:
        return str(row["name"])
    parent = database.value("SELECT name FROM product WHERE id = ?", (row["parent_id"],))
    return f"{parent} - {', '.join(str(each['option']) for each in json.loads(row['attributes']))}"


def tax_class_of(database: ShopDatabase, row: Row) -> str:
    """The tax class; a variation's own or its parent's."""
    if row["tax_class"] != "parent":
        return str(row["tax_class"])
    return str(database.value("SELECT tax_class FROM product WHERE id = ?", (row["parent_id"],)) or "")


def variations_of(database: ShopDatabase, product_id: int) -> list[Row]:
    """The variations of a product that are not thrown away."""
    sql = "SELECT * FROM product WHERE parent_id = ? AND status <> 'trash' ORDER BY id"
    return database.rows(sql, (product_id,))


def stock_row(database: ShopDatabase, row: Row) -> Row | None:
    """The row whose count a product draws on; None if nothing is counted."""
    if row["manage_stock"]:
        return row
    if not row["parent_id"]:
        return None
    parent = database.row("SELECT * FROM product WHERE id = ?", (row["parent_id"],))
    return parent if parent is not None and parent["manage_stock"] else None


def show_stock(database: ShopDatabase, row: Row) -> Json:
    """A row of the stock report."""
    source = stock_row(database, row)
    is_shared = source is not None and source["id"] != row["id"]
    return {
        "id": row["id"],
        "parent_id": row["parent_id"],
        "name": full_name(database, row),
        "sku": row["sku"],
        "stock_status": row["stock_status"],
        "stock_quantity": 0 if source is None else source["stock"],  # 0, not null, for what is not counted
        "manage_stock": "parent" if is_shared else bool(row["manage_stock"]),
        "low_stock_amount": 2,
    }


def _dates(row: Row) -> Json:
    return {
        "date_created": row["created"],
        "date_created_gmt": row["created"],
        "date_modified": row["modified"],
        "date_modified_gmt": row["modified"],
    }


def _prices(database: ShopDatabase, row: Row) -> Json:
    now = database.stamp()
    has_begun = not row["sale_from"] or row["sale_from"] <= now
    is_over = row["sale_to"] and row["sale_to"] < now
    cheaper = bool(row["sale_price"]) and Decimal(row["sale_price"]) < Decimal(row["regular_price"] or "0")
    return {
        "price": row["price"],  # the trap: as of the last save, or of the shop's daily cron
        "regular_price": row["regular_price"],
        "sale_price": row["sale_price"],
        "date_on_sale_from": row["sale_from"],
        "date_on_sale_from_gmt": row["sale_from"],
        "date_on_sale_to": row["sale_to"],
        "date_on_sale_to_gmt": row["sale_to"],
        "on_sale": cheaper and has_begun and not is_over,
        "purchasable": row["price"] != "",
    }


def _files() -> Json:
    plain = {"virtual": False, "downloadable": False, "downloads": []}
    return {**plain, "download_limit": -1, "download_expiry": -1}


def _tax_and_stock(row: Row, manages: bool | str, stock: int | None) -> Json:
    return {
        "tax_status": row["tax_status"],
        "tax_class": row["tax_class"],
        "manage_stock": manages,
        "stock_quantity": stock if manages else None,
        "backorders": row["backorders"],
        "backorders_allowed": row["backorders"] != "no",
        "backordered": row["stock_status"] == "onbackorder",
        "low_stock_amount": row["low_stock"] if manages else None,
    }


def _image(row: Row) -> Json | None:
    if not row["image"]:
        return None
    name = row["image"].rpartition("/")[2]
    return {"id": 10**6 + row["id"], **_dates(row), "src": row["image"], "name": name, "alt": ""}


def _shipping() -> Json:
    return {"weight": "", "dimensions": dict(_MEASURES), "shipping_class": "", "shipping_class_id": 0}


def _links(collection: str, item_id: int) -> Json:
    return {"self": [{"href": f"{collection}/{item_id}"}], "collection": [{"href": collection}]}


def _slug(name: str) -> str:
    return "-".join("".join(each if each.isalnum() else " " for each in name.lower()).split())
