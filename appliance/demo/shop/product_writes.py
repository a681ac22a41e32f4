"""How a product is made and changed: the fields, the prices, the count."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from typing import Final

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json, RestError, bad_parameter, no_product

_TEXTS: Final = {
    "name": "name",
    "status": "status",
    "sku": "sku",
    "global_unique_id": "gtin",
    "regular_price": "regular_price",
    "sale_price": "sale_price",
    "date_on_sale_from_gmt": "sale_from",
    "date_on_sale_to_gmt": "sale_to",
    "tax_status": "tax_status",
    "tax_class": "tax_class",
    "backorders": "backorders",
    "stock_status": "stock_status",
}


def add_product(database: ShopDatabase, body: Json, parent_id: int = 0) -> int:
    """Put a product in, within a transaction, and return its number."""
    product_id = database.new_post("product")
    now = database.stamp()
    fixed = {
        "id": product_id,
        "parent_id": parent_id,
        "type": "variation" if parent_id else body.get("type", "simple"),
    }
    texts = dict.fromkeys(("name", "sku", "gtin", "price", "regular_price", "sale_price"), "")
    texts["tax_class"] = "parent" if parent_id else ""
    database.insert(
        "product", **fixed, **texts, status="publish", tax_status="taxable", manage_stock=0, stock_status="instock",
        backorders="no", attributes="[]", created=now, modified=now,
    )  # fmt: skip
    write_product(database, kept_product(database, product_id), {"categories": [{"id": 1}], **body})
    return product_id


def touch(database: ShopDatabase, product_id: int) -> None:
    """Note a change; a variation's counts as its parent's too."""
    sql = "UPDATE product SET modified = ? WHERE id = ? OR id = (SELECT parent_id FROM product WHERE id = ?)"
    database.write(sql, (database.stamp(), product_id, product_id))


def derive_stock_status(database: ShopDatabase, product_id: int) -> None:
    """What the web shows follows the count, where there is one."""
    database.write(
        "UPDATE product SET stock_status = CASE WHEN stock > 0 THEN 'instock' WHEN backorders <> 'no' THEN "
        "'onbackorder' ELSE 'outofstock' END WHERE id = ? AND manage_stock = 1",
        (product_id,),
    )


def write_product(database: ShopDatabase, row: Row, body: Json) -> None:
    """Change what the body names; whatever it names, the product counts as changed."""
    values: Json = {column: body[key] or "" for key, column in _TEXTS.items() if key in body}
    product_id = row["id"]
    _check_unique(database, product_id, values)
    values |= _stock(row, body)
    if "image" in body or "images" in body:
        images = body.get("images") or [body.get("image")]
        values["image"] = str((images[0] or {}).get("src", ""))
    if "low_stock_amount" in body:
        values["low_stock"] = body["low_stock_amount"]
    if "attributes" in body:
        values["attributes"] = json.dumps([_attribute(each) for each in body["attributes"]])
    database.update("product", product_id, **values, modified=database.stamp())
    if "categories" in body and not row["parent_id"]:
        database.write("DELETE FROM product_category WHERE product_id = ?", (product_id,))
        for each in body["categories"]:
            database.insert("product_category", product_id=product_id, category_id=int(each["id"]))
    _set_price(database, kept_product(database, product_id))
    derive_stock_status(database, product_id)
    touch(database, product_id)


def _stock(row: Row, body: Json) -> Json:
    for name in ("stock_quantity", "inventory_delta"):
        if not isinstance(body.get(name, 0), int | None):
            raise bad_parameter(name, f"{name} is not of type integer.", data={"param": name})
    manages = int(body["manage_stock"] is True) if "manage_stock" in body else row["manage_stock"]
    if not manages:
        return {"manage_stock": 0, "stock": None}
    stock = row["stock"] or 0
    if body.get("stock_quantity") is not None:
        stock = body["stock_quantity"]
    elif body.get("inventory_delta") is not None:
        stock += body["inventory_delta"]  # the trap: read and written, not added in one statement
    return {"manage_stock": 1, "stock": stock}


def check_free(database: ShopDatabase, body: Json) -> None:
    """Refuse a product whose SKU is taken, as a request sees it when it begins."""
    _check_unique(database, 0, {"sku": body.get("sku")})


def lock_sku(database: ShopDatabase, body: Json) -> None:
    """Take a new product's SKU, within a transaction: of all that got past the look exactly one gets past this."""
    try:
        check_free(database, body)
    except RestError:
        sku = body.get("sku")
        text = f"The product with SKU ({sku}) you are trying to insert is already present in the lookup table"
        raise RestError(400, "woocommerce_rest_product_not_created", text) from None


def _check_unique(database: ShopDatabase, product_id: int, values: Json) -> None:
    for column, code, text in (
        ("sku", "product_invalid_sku", "Invalid or duplicated SKU."),
        ("gtin", "product_invalid_global_unique_id", "Invalid or duplicated GTIN, UPC, EAN or ISBN."),
    ):
        wanted = values.get(column)
        sql = f"SELECT id FROM product WHERE {column} = ? COLLATE NOCASE AND id <> ?"
        other = database.value(sql, (wanted, product_id)) if wanted else None
        if other is not None:
            unique = {"unique_sku": f"{wanted}-1"} if column == "sku" else {}
            raise RestError(400, code, text, resource_id=other, **unique)


def _attribute(item: Json) -> Json:
    kept = {
        "id": item.get("id", 0),
        "name": item.get("name", ""),
        "slug": item.get("slug", item.get("name", "")),
    }
    if "option" in item:
        return kept | {"option": item["option"]}
    return kept | {
        "position": item.get("position", 0),
        "visible": bool(item.get("visible", False)),
        "variation": bool(item.get("variation", False)),
        "options": item.get("options", []),
    }


def _set_price(database: ShopDatabase, row: Row) -> None:
    now = database.stamp()
    for name in ("regular_price", "sale_price"):
        try:
            Decimal(row[name] or "0")
        except InvalidOperation:
            raise bad_parameter(name, f"{name} is not of type string.") from None
    in_time = (not row["sale_from"] or row["sale_from"] <= now) and (
        not row["sale_to"] or row["sale_to"] >= now
    )
    price = row["sale_price"] if row["sale_price"] and in_time else row["regular_price"]
    database.update(
        "product", row["id"], price=price, sale_from=row["sale_from"] or None, sale_to=row["sale_to"] or None
    )


def remove_product(database: ShopDatabase, row: Row, *, forced: bool) -> None:
    """Throw a product away with its variations, or delete them for ever."""
    touch(database, row["id"])
    family = "id = ? OR parent_id = ?"
    if forced:
        database.write(f"DELETE FROM product WHERE {family}", (row["id"], row["id"]))
    else:
        database.write(f"UPDATE product SET status = 'trash' WHERE {family}", (row["id"], row["id"]))


def find_product(database: ShopDatabase, product_id: int) -> Row | None:
    """The row of a product or variation, None if there is none."""
    return database.row("SELECT * FROM product WHERE id = ?", (product_id,))


def kept_product(database: ShopDatabase, product_id: int) -> Row:
    """The row of a product that is there."""
    row = find_product(database, product_id)
    if row is None:
        raise no_product()
    return row
