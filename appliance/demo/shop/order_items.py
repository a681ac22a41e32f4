"""The lines of an order, as they were asked for: checked, and with the gaps filled from the catalogue."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json, PhpFatalError, RestError, bad_parameter
from appliance.demo.shop.product_json import full_name, tax_class_of
from appliance.demo.shop.taxes import Taxes


def add_items(database: ShopDatabase, body: Json) -> list[Json]:
    """The rows for an order's items, in their order.

    Raises:
        RestError: a line without a product, or a number of the wrong type.
        PhpFatalError: a quantity of 0: the poison sale.
    """
    taxes = Taxes.read(database)
    lines = [_line(database, place, item, taxes) for place, item in enumerate(body.get("line_items") or [])]
    shipping = [
        {
            "kind": "shipping",
            "name": str(item.get("method_title", "")),
            "method_id": str(item.get("method_id", "")),
            "total": _money(item.get("total") or "0", f"shipping_lines[{place}][total]"),
        }
        for place, item in enumerate(body.get("shipping_lines") or [])
    ]
    fees = [
        {
            "kind": "fee",
            "name": str(item.get("name", "")),
            "tax_class": _tax_class(database, item, "", "fee"),
            "tax_status": str(item.get("tax_status", "taxable")),
            "total": _money(item.get("total") or "0", f"fee_lines[{place}][total]"),
        }
        for place, item in enumerate(body.get("fee_lines") or [])
    ]
    return [*lines, *fees, *shipping]


def _line(database: ShopDatabase, place: int, item: Json, taxes: Taxes) -> Json:
    quantity = item.get("quantity", 1)
    if not isinstance(quantity, int) or isinstance(quantity, bool):
        name = f"line_items[{place}][quantity]"
        raise bad_parameter("line_items", f"{name} is not of type integer.", data={"param": name})
    if quantity == 0:
        raise PhpFatalError
    product = _product(database, item)
    tax_class = _tax_class(database, item, tax_class_of(database, product) if product is not None else "")
    status = product["tax_status"] if product is not None else "taxable"
    price = Decimal(product["price"] or "0") if product is not None else Decimal(0)
    net = str(taxes.net(price * quantity, taxes.of(tax_class, status)))
    subtotal = _money(item["subtotal"], f"line_items[{place}][subtotal]") if "subtotal" in item else net
    is_variation = product is not None and bool(product["parent_id"])
    return {
        "kind": "line_item",
        "name": str(item.get("name") or (full_name(database, product) if product is not None else "")),
        "product_id": 0 if product is None else product["parent_id"] or product["id"],
        "variation_id": product["id"] if product is not None and is_variation else 0,
        "quantity": quantity,
        "tax_class": tax_class,
        "tax_status": status,
        "subtotal": subtotal,
        "total": _money(item["total"], f"line_items[{place}][total]") if "total" in item else subtotal,
        "meta": json.dumps(_meta(item, product if is_variation else None)),
    }


def _product(database: ShopDatabase, item: Json) -> Row | None:
    """The product of a line: a number that the shop does not have leaves the line without one."""
    if item.get("sku"):
        return database.row("SELECT * FROM product WHERE sku = ?", (item["sku"],))
    wanted = item.get("variation_id") or item.get("product_id")
    if not wanted:
        code = "woocommerce_rest_required_product_reference"
        raise RestError(400, code, "Product ID or SKU is required.")
    return database.row("SELECT * FROM product WHERE id = ?", (wanted,))


def _tax_class(database: ShopDatabase, item: Json, default: str, kind: str = "product") -> str:
    wanted = item.get("tax_class")
    if wanted is None:
        return default
    if wanted and database.row("SELECT 1 FROM tax_class WHERE slug = ?", (wanted,)) is None:
        raise RestError(400, f"order_item_{kind}_invalid_tax_class", "Invalid tax class")  # "standard" too
    return str(wanted)


def _meta(item: Json, variation: Row | None) -> list[Json]:
    own = [
        {"id": place, "key": each["slug"], "value": str(each["option"])}
        for place, each in enumerate(json.loads(variation["attributes"]) if variation is not None else [], 1)
    ]
    given = item.get("meta_data") or []
    return own + [
        {"id": 100 + place, "key": each["key"], "value": str(each["value"])}
        for place, each in enumerate(given)
    ]


def _money(value: object, name: str) -> str:
    if not isinstance(value, str):
        raise bad_parameter(name.partition("[")[0], f"{name} is not of type string.", data={"param": name})
    try:
        return str(Decimal(value))
    except InvalidOperation:
        kept = "".join(each for each in value if each.isdigit() or each in ".-")
        return str(Decimal(kept or "0"))  # the trap: "5,00" is five hundred
