"""An order as WooCommerce shows it (recorded: order_recommended_*, order_post_*)."""

from __future__ import annotations

import json
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from typing import Final

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json
from appliance.demo.shop.taxes import SIX, Amount, Rate, Taxes

BILLING: Final = (
    "first_name", "last_name", "company", "address_1", "address_2", "city", "state", "postcode", "country", "email",
    "phone",
)  # fmt: skip
_STOCK: Final = {"reduced": "_reduced_stock", "restocked": "_restock_refunded_items"}
SYMBOLS: Final = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}


def show_order(database: ShopDatabase, row: Row, url: str) -> Json:
    """The whole order."""
    taxes = Taxes.read(database)
    items = database.rows("SELECT * FROM order_item WHERE order_id = ? ORDER BY id", (row["id"],))
    meta = database.rows("SELECT id, key, value FROM order_meta WHERE order_id = ? ORDER BY id", (row["id"],))
    totals = json.loads(row["totals"])
    zero = taxes.money(Decimal(0))
    billing = dict.fromkeys(BILLING, "") | json.loads(row["billing"])
    return {
        "id": row["id"],
        "parent_id": 0,
        "status": row["status"],
        "currency": database.setting("woocommerce_currency"),
        "version": "9.9.5",
        "prices_include_tax": taxes.includes_tax,
        "date_created": row["created"],
        "date_modified": row["modified"],
        **dict.fromkeys(("discount_total", "discount_tax", "shipping_total", "shipping_tax"), str(zero)),
        "cart_tax": totals["tax"],
        "total": totals["total"],
        "total_tax": totals["tax"],
        "customer_id": 0,
        "order_key": row["order_key"],
        "billing": billing,
        "shipping": {name: "" for name in BILLING if name != "email"},
        "payment_method": row["payment_method"],
        "payment_method_title": row["payment_title"],
        "transaction_id": row["transaction_id"],
        "customer_ip_address": "",
        "customer_user_agent": "",
        "created_via": row["created_via"],
        "customer_note": row["customer_note"],
        "date_completed": row["completed"],
        "date_paid": row["paid"],
        "cart_hash": "",
        "number": str(row["id"]),
        "meta_data": [{"id": each["id"], "key": each["key"], "value": each["value"]} for each in meta],
        "line_items": [_line(database, each, taxes) for each in items if each["kind"] == "line_item"],
        "tax_lines": totals["tax_lines"],
        "shipping_lines": [_shipping(each, taxes) for each in items if each["kind"] == "shipping"],
        "fee_lines": [_fee(each, taxes) for each in items if each["kind"] == "fee"],
        "coupon_lines": [],
        "refunds": [
            {"id": each["id"], "reason": each["reason"], "total": f"-{each['amount']}"}
            for each in database.rows("SELECT * FROM order_refund WHERE order_id = ?", (row["id"],))
        ],
        "payment_url": f"{url}/checkout/order-pay/{row['id']}/?pay_for_order=true&key={row['order_key']}",
        "is_editable": row["status"] in ("pending", "on-hold", "auto-draft"),
        "needs_payment": row["status"] in ("pending", "failed") and Decimal(totals["total"]) > 0,
        "needs_processing": True,
        "date_created_gmt": row["created"],
        "date_modified_gmt": row["modified"],
        "date_completed_gmt": row["completed"],
        "date_paid_gmt": row["paid"],
        "currency_symbol": SYMBOLS.get(database.setting("woocommerce_currency"), ""),
        "_links": {
            "self": [{"href": f"{url}/wp-json/wc/v3/orders/{row['id']}"}],
            "collection": [{"href": f"{url}/wp-json/wc/v3/orders"}],
        },
    }


def amount_of(item: Row, taxes: Taxes) -> Amount:
    """What an item adds to the order."""
    total = Decimal(item["total"])
    return Amount(
        item["kind"],
        Decimal(item["subtotal"]),
        total,
        taxes.on(total, taxes.of(item["tax_class"], item["tax_status"])),
    )


def sum_up(database: ShopDatabase, order_id: int) -> Json:
    """Total, tax and tax lines of an order, as its ``totals`` keeps them."""
    taxes = Taxes.read(database)
    items = database.rows(
        "SELECT * FROM order_item WHERE order_id = ? AND kind <> 'shipping' ORDER BY id", (order_id,)
    )
    total, tax, by_rate = taxes.totals(amount_of(each, taxes) for each in items)
    shown = enumerate(by_rate.values(), 1)
    lines = [_tax_line(place, rate, amount, taxes) for place, (rate, amount) in shown]
    return {"total": str(total), "tax": str(tax), "tax_lines": lines}


def nothing(database: ShopDatabase) -> Json:
    """The totals of an order whose lines are not there yet."""
    zero = str(Taxes.read(database).money(Decimal(0)))
    return {"total": zero, "tax": zero, "tax_lines": []}


def _tax_line(place: int, rate: Rate, amount: Decimal, taxes: Taxes) -> Json:
    return {
        "id": place,
        "rate_code": rate.code,
        "rate_id": rate.rate_id,
        "label": rate.label,
        "compound": False,
        "tax_total": str(taxes.tax_money(amount)),
        "shipping_tax_total": str(taxes.money(Decimal(0))),
        "rate_percent": plain(rate.percent),
        "meta_data": [],
    }


def _line(database: ShopDatabase, item: Row, taxes: Taxes) -> Json:
    amount = amount_of(item, taxes)
    rates = [rate for rate, _ in amount.taxes]
    before = [tax for _, tax in taxes.on(amount.subtotal, rates)]
    after = [tax for _, tax in amount.taxes]
    sku = database.value(
        "SELECT sku FROM product WHERE id = ?", (item["variation_id"] or item["product_id"],)
    )
    parent = database.value("SELECT name FROM product WHERE id = ?", (item["product_id"],))
    meta = json.loads(item["meta"])
    for place, name in enumerate(("reduced", "restocked"), 1):
        if item[name] is not None:
            meta.append({"id": place * 10**6 + item["id"], "key": _STOCK[name], "value": str(item[name])})
    price = amount.total / item["quantity"] if item["quantity"] else Decimal(0)
    return {
        "id": item["id"],
        "name": item["name"],
        "product_id": item["product_id"],
        "variation_id": item["variation_id"],
        "quantity": item["quantity"],
        "tax_class": item["tax_class"],
        "subtotal": str(taxes.money(amount.subtotal)),
        "subtotal_tax": str(taxes.tax_money(sum(before, Decimal(0)))),
        "total": str(taxes.money(amount.total)),
        "total_tax": str(taxes.tax_money(sum(after, Decimal(0)))),
        "taxes": [
            {"id": rate.rate_id, "total": str(plain(tax)), "subtotal": str(plain(other))}
            for rate, tax, other in zip(rates, after, before, strict=True)
        ],
        "meta_data": [
            each | {"display_key": each["key"], "display_value": escape(each["value"])} for each in meta
        ],
        "sku": sku,
        "price": plain(price.quantize(SIX, ROUND_HALF_UP)),
        "image": {"id": 0, "src": ""},
        "parent_name": parent if item["variation_id"] else None,
    }


def _shipping(item: Row, taxes: Taxes) -> Json:
    zero = str(taxes.money(Decimal(0)))
    return {
        "id": item["id"],
        "method_title": item["name"],
        "method_id": item["method_id"],
        "instance_id": "",
        "total": str(taxes.money(Decimal(item["total"]))),
        "total_tax": zero,
        "taxes": [],
        "tax_status": "taxable",
        "meta_data": [],
    }


def _fee(item: Row, taxes: Taxes) -> Json:
    amount = amount_of(item, taxes)
    tax = sum((each for _, each in amount.taxes), Decimal(0))
    return {
        "id": item["id"],
        "name": item["name"],
        "tax_class": item["tax_class"],
        "tax_status": item["tax_status"],
        "amount": "",
        "total": str(taxes.money(amount.total)),
        "total_tax": str(taxes.tax_money(tax)),
        "taxes": [
            {"id": rate.rate_id, "total": str(plain(each)), "subtotal": ""} for rate, each in amount.taxes
        ],
        "meta_data": json.loads(item["meta"]),
    }


def plain(value: Decimal) -> int | float:
    """A number as PHP writes it: no zeros at its end."""
    return int(value) if value == value.to_integral_value() else float(value)
