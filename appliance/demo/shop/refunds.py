"""Refunds of an order, traps included (measured on 9.9.5, recorded in refund_* and error_refund_*).

Nothing makes two of the same one refund. Only the amount is checked, against what was left when the request began: two
at once go through. Pieces are put back unchecked, on every line that has some taken. Our meta data come last.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json, bad_parameter, no_refund
from appliance.demo.shop.order_json import plain
from appliance.demo.shop.orders import change_status, kept_order
from appliance.demo.shop.stock import put_back
from appliance.demo.shop.taxes import Taxes


def list_refunds(ask: Ask, order_id: int) -> Reply:
    """GET /orders/ID/refunds. The trap: an order that is gone has none."""
    where = Where()
    where.add("order_id = ?", order_id)
    return listed(
        ask, "order_refund", where, {"date": "created", "id": "id"}, lambda row: _show(ask, row), "date"
    )


def new_refund(ask: Ask, order_id: int) -> Reply:
    """POST /orders/ID/refunds."""
    database = ask.database
    if database.row("SELECT 1 FROM shop_order WHERE id = ?", (order_id,)) is None:
        raise no_refund("Invalid order ID.", "woocommerce_rest_invalid_order_id", 404)
    amount = _amount(ask)
    items = database.rows(
        "SELECT * FROM order_item WHERE order_id = ? AND kind = 'line_item' ORDER BY id", (order_id,)
    )
    left = _left(database, order_id)
    if amount > left:
        raise no_refund("Invalid refund amount.")
    if ask.body.get("api_refund", True):
        raise no_refund("The payment gateway for this order does not exist.")
    wanted = {int(each["id"]): each for each in ask.body.get("line_items") or []}  # of two, the last counts
    if ask.work_seconds:
        time.sleep(ask.work_seconds)  # the trap: another request may refund the same now
    refund_id = _keep(ask, order_id, amount, [wanted[each["id"]] for each in items if each["id"] in wanted])
    if ask.body.get("api_restock", True):
        for item in items:
            put_back(database, item, int(wanted.get(item["id"], {}).get("quantity", 0)))
    if left - amount <= 0:
        change_status(database, order_id, "refunded", ask.work_seconds)
    _finish(ask, order_id, refund_id)
    return Reply(_show(ask, database.row("SELECT * FROM order_refund WHERE id = ?", (refund_id,))), 201)


def _amount(ask: Ask) -> Decimal:
    given = ask.body.get("amount", "0")
    if not isinstance(given, str):
        raise bad_parameter("amount", "amount is not of type string.", data={"param": "amount"})
    try:
        amount = Taxes.read(ask.database).money(Decimal(given or "0"))
    except InvalidOperation:
        raise no_refund("Invalid refund amount.") from None
    if amount < 0:
        raise no_refund(
            "Refund amount must be greater than zero.", "woocommerce_rest_invalid_order_refund", 400
        )
    return amount


def _left(database: ShopDatabase, order_id: int) -> Decimal:
    total = Decimal(json.loads(kept_order(database, order_id)["totals"])["total"])
    rows = database.rows("SELECT amount FROM order_refund WHERE order_id = ?", (order_id,))
    return total - sum((Decimal(row["amount"]) for row in rows), Decimal(0))


def _keep(ask: Ask, order_id: int, amount: Decimal, parts: Sequence[Json]) -> int:
    database = ask.database
    lines = [
        {
            "item_id": int(part["id"]),
            "quantity": int(part.get("quantity", 0)),
            "total": str(part.get("refund_total", 0)),
            "taxes": [
                {"id": int(each["id"]), "total": str(each["refund_total"])}
                for each in part.get("refund_tax") or []
            ],
        }
        for part in parts
    ]
    with database.transaction():
        refund_id = database.new_post("refund")
        database.insert(
            "order_refund", id=refund_id, order_id=order_id, amount=str(amount), reason=ask.text("reason"),
            lines=json.dumps(lines), created=database.stamp(),
        )  # fmt: skip
    return refund_id


def _finish(ask: Ask, order_id: int, refund_id: int) -> None:
    """Our meta data, and the order as changed: the last of all."""
    given = enumerate(ask.body.get("meta_data") or [], 1)
    meta = [
        {"id": 100 * refund_id + place, "key": each["key"], "value": each["value"]} for place, each in given
    ]
    with ask.database.transaction():
        ask.database.update("order_refund", refund_id, meta=json.dumps(meta))
        ask.database.update("shop_order", order_id, modified=ask.database.stamp())


def _show(ask: Ask, row: Row | None) -> Json:
    kept = dict(row) if row is not None else {}
    taxes = Taxes.read(ask.database)
    up = f"{ask.url}/wp-json/wc/v3/orders/{kept['order_id']}"
    return {
        "id": kept["id"],
        "date_created": kept["created"],
        "date_created_gmt": kept["created"],
        "amount": kept["amount"],
        "reason": kept["reason"],
        "refunded_by": 1,
        "refunded_payment": False,
        "meta_data": json.loads(kept["meta"]),
        "line_items": [
            _line(ask.database, 1000 * kept["id"] + place, each, taxes)
            for place, each in enumerate(json.loads(kept["lines"]))
        ],
        "shipping_lines": [],
        "tax_lines": [],
        "fee_lines": [],
        "_links": {
            "self": [{"href": f"{up}/refunds/{kept['id']}"}],
            "collection": [{"href": f"{up}/refunds"}],
            "up": [{"href": up}],
        },
    }


def _line(database: ShopDatabase, number: int, line: Json, taxes: Taxes) -> Json:
    item = database.row("SELECT * FROM order_item WHERE id = ?", (line["item_id"],))
    sold = dict(item) if item is not None else {}
    sku = database.value(
        "SELECT sku FROM product WHERE id = ?", (sold["variation_id"] or sold["product_id"],)
    )
    total = Decimal(line["total"])
    tax = sum((Decimal(each["total"]) for each in line["taxes"]), Decimal(0))
    amounts = {"subtotal": str(taxes.money(-total)), "subtotal_tax": str(taxes.money(-tax))}
    price = total / line["quantity"] if line["quantity"] else Decimal(0)
    meta = {"id": number, "key": "_refunded_item_id", "value": str(line["item_id"])}
    return {
        "id": number,
        "name": sold["name"],
        "product_id": sold["product_id"],
        "variation_id": sold["variation_id"],
        "quantity": -line["quantity"],
        "tax_class": sold["tax_class"],
        **amounts,
        "total": amounts["subtotal"],
        "total_tax": amounts["subtotal_tax"],
        "taxes": [
            {"id": each["id"], "total": f"-{each['total']}", "subtotal": f"-{each['total']}"}
            for each in line["taxes"]
        ],
        "meta_data": [{**meta, "display_key": meta["key"], "display_value": meta["value"]}],
        "sku": sku,
        "price": plain(price),
        "image": {"id": "", "src": ""},
        "parent_name": None,
    }
