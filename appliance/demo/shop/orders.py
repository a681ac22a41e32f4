"""Orders: made in steps as PHP makes them, changed, listed. A slow or dying shop is seen half-way."""

from __future__ import annotations

import json
import secrets
import time
from typing import Final

from appliance.demo.shop.asking import Ask, Reply, Where, listed
from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.errors import Json, RestError, bad_parameter, no_order
from appliance.demo.shop.order_items import add_items
from appliance.demo.shop.order_json import nothing, show_order, sum_up
from appliance.demo.shop.stock import add_note, follow, record_sales

STATUSES: Final = (
    "auto-draft", "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "checkout-draft",
)  # fmt: skip
TITLES: Final = {"pending": "Pending payment", "on-hold": "On hold", "checkout-draft": "Draft"}
ORDERS: Final = {
    "date": "created",
    "id": "id",
    "include": "id",
    "modified": "modified",
    "title": "id",
    "slug": "id",
}
_INTERNAL: Final = {"_date_paid": "paid", "_date_completed": "completed", "_order_key": "order_key"}
_SILENT: Final = (
    "_date_created",
    "_created_via",
    "_order_currency",
    "_new_order_email_sent",
    "_customer_ip_address",
)
_TEXTS: Final = {
    "transaction_id": "transaction_id",
    "payment_method": "payment_method",
    "payment_method_title": "payment_title",
    "customer_note": "customer_note",
}


def list_orders(ask: Ask) -> Reply:
    """GET /orders. Unknown filters are ignored, which answers with every order there is."""
    where = Where()
    statuses = ask.choices("status", ("any", "trash", *STATUSES))  # the trap: "any,trash" is "any"
    if ask.text("include"):
        where.one_of("id", (int(each) for each in ask.text("include").split(",") if each.strip().isdigit()))
    if statuses and "any" not in statuses:
        where.one_of("status", statuses)
    else:
        where.add("status NOT IN ('trash', 'auto-draft')")
    if ask.text("created_via"):
        where.one_of("created_via COLLATE NOCASE", ask.text("created_via").split(","))
    for name, condition in (
        ("after", "created > ?"),
        ("before", "created < ?"),
        ("modified_after", "modified > ?"),
        ("modified_before", "modified < ?"),
    ):
        if at := ask.instant(name):
            where.add(condition, at)
    if ask.text("product"):
        where.add(
            "id IN (SELECT order_id FROM order_item WHERE product_id = ?)", ask.number("product", 0, 0, None)
        )
    if ask.text("search"):
        where.add(
            "(transaction_id = ? OR id IN (SELECT order_id FROM order_item WHERE instr(lower(name), lower(?))))",
            *[ask.text("search")] * 2,
        )
    return listed(
        ask, "shop_order", where, ORDERS, lambda row: show_order(ask.database, row, ask.url), "date"
    )


def new_order(ask: Ask) -> Reply:
    """POST /orders. An empty body makes an empty order; nothing makes two of the same one order."""
    body, database = ask.body, ask.database
    status = body.get("status", "pending")
    check_status(status)
    created_via = str(body.get("created_via") or "rest-api")[:100]
    order_id = make_order(database, body, created_via, ask.work_seconds)
    change_status(
        database, order_id, "processing" if body.get("set_paid") is True else status, ask.work_seconds
    )
    return Reply(show_order(database, kept_order(database, order_id), ask.url), 201)


def one_order(ask: Ask, order_id: int) -> Reply:
    """GET, POST, PUT or DELETE /orders/ID."""
    database = ask.database
    row = database.row("SELECT * FROM shop_order WHERE id = ?", (order_id,))
    if row is None:
        raise no_order(404 if ask.method in ("GET", "DELETE") else 400)
    if ask.method == "DELETE":
        before = show_order(database, row, ask.url)
        _remove(database, order_id, forced=ask.flag("force"))
        return Reply(before)
    if ask.method != "GET":
        if "status" in ask.body:
            check_status(ask.body["status"])
        if ask.body.get("line_items"):
            raise RestError(400, "demo_not_built", "This small shop does not change the lines of an order.")
        with database.transaction():
            _set_fields(database, order_id, ask.body)
        if "status" in ask.body:
            change_status(database, order_id, ask.body["status"], ask.work_seconds)
    return Reply(show_order(database, kept_order(database, order_id), ask.url))


def notes(ask: Ask, order_id: int) -> Reply:
    """GET or POST /orders/ID/notes."""
    database = ask.database
    if database.row("SELECT 1 FROM shop_order WHERE id = ?", (order_id,)) is None:
        raise no_order()
    if ask.method == "POST":
        text = ask.text("note")
        if not text:
            raise RestError(400, "rest_missing_callback_param", "Missing parameter(s): note", params=["note"])
        note_id = add_note(database, order_id, text, "till")
        row = database.row("SELECT * FROM order_note WHERE id = ?", (note_id,))
        return Reply(_show_note(row), 201)
    rows = database.rows("SELECT * FROM order_note WHERE order_id = ? ORDER BY id", (order_id,))
    return Reply([_show_note(row) for row in rows])


def make_order(database: ShopDatabase, body: Json, created_via: str, work_seconds: float) -> int:
    """Make a pending order with its lines and totals; it can be seen before it has them."""
    billing = {key: str(value) for key, value in (body.get("billing") or {}).items()}
    if billing.get("email") is not None and "@" not in billing["email"]:
        raise bad_parameter("billing", "Invalid email address.", "rest_invalid_email")
    items = add_items(database, body)  # refuses before anything is kept
    now = database.stamp()
    with database.transaction():
        order_id = database.new_post("order")
        database.insert(
            "shop_order", id=order_id, status="pending", created_via=created_via, transaction_id="", payment_method="",
            payment_title="", customer_note="", order_key=f"wc_order_{secrets.token_hex(7)}",
            billing=json.dumps(billing), totals=json.dumps(nothing(database)), created=now, modified=now,
        )  # fmt: skip
        _set_fields(database, order_id, {key: value for key, value in body.items() if key != "billing"})
    if work_seconds:
        time.sleep(work_seconds)
    with database.transaction():
        for item in items:
            database.insert("order_item", order_id=order_id, **item)
        database.update("shop_order", order_id, totals=json.dumps(sum_up(database, order_id)))
    return order_id


def change_status(database: ShopDatabase, order_id: int, status: str, work_seconds: float) -> None:
    """Change an order's status. The same status again does nothing at all."""
    before = kept_order(database, order_id)["status"]
    if before == status:
        return
    if work_seconds:
        time.sleep(work_seconds)  # the trap: another request may change it now, and this one will not notice
    now = database.stamp()
    with database.transaction():
        row = kept_order(database, order_id)
        paid = row["paid"] or (now if status in ("processing", "completed") else None)
        completed = now if status == "completed" else row["completed"]
        database.update("shop_order", order_id, status=status, modified=now, paid=paid, completed=completed)
    record_sales(database, order_id, before, status)
    follow(database, order_id, status, work_seconds)
    with database.transaction():
        add_note(database, order_id, f"Order status changed from {_title(before)} to {_title(status)}.")


def check_status(status: object) -> None:
    """Refuse a status that no order can have."""
    if status not in STATUSES:
        message = f"status is not one of {', '.join(STATUSES[:-1])}, and {STATUSES[-1]}."
        raise bad_parameter("status", message, "rest_not_in_enum")


def kept_order(database: ShopDatabase, order_id: int) -> Row:
    """The row of an order."""
    row = database.row("SELECT * FROM shop_order WHERE id = ?", (order_id,))
    if row is None:
        raise no_order()
    return row


def _set_fields(database: ShopDatabase, order_id: int, body: Json) -> None:
    values: Json = {column: str(body[key] or "") for key, column in _TEXTS.items() if key in body}
    if "billing" in body:
        values["billing"] = json.dumps(body["billing"])
    for each in body.get("meta_data") or []:
        key, value = str(each.get("key", "")), each.get("value", "")
        if key in _INTERNAL:  # goes to the field of this name, and no meta is left
            values[_INTERNAL[key]] = str(value).removesuffix("Z")
        elif key == "_order_stock_reduced":
            values["stock_reduced"] = int(value == "yes")
        elif key == "_recorded_sales":
            values["recorded_sales"] = int(value == "yes")
        elif key not in _SILENT:
            text = value if isinstance(value, str) else json.dumps(value)
            database.write("DELETE FROM order_meta WHERE order_id = ? AND key = ?", (order_id, key))
            database.insert("order_meta", order_id=order_id, key=key, value=text)
    if values or body.get("meta_data"):
        database.update("shop_order", order_id, **values, modified=database.stamp())


def _remove(database: ShopDatabase, order_id: int, *, forced: bool) -> None:
    """Take an order away; the trap: its stock stays taken."""
    with database.transaction():
        if not forced:
            database.update("shop_order", order_id, status="trash", modified=database.stamp())
            return
        for table in ("order_item", "order_meta", "order_note", "order_refund"):
            database.write(f"DELETE FROM {table} WHERE order_id = ?", (order_id,))
        database.write("DELETE FROM shop_order WHERE id = ?", (order_id,))


def _show_note(row: Row | None) -> Json:
    note = dict(row) if row is not None else {}
    dates = {"date_created": note["created"], "date_created_gmt": note["created"]}
    return {"id": note["id"], "author": note["author"], **dates, "note": note["note"], "customer_note": False}


def _title(status: str) -> str:
    return TITLES.get(status, status.capitalize())
