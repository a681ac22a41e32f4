"""How an order takes stock and gives it back: as WooCommerce does, its race included.

Measured on 9.9.5: whether stock was taken is looked at first and acted on later, without a lock, so that
overlapping completions of a pending order take it several times; each count itself is changed in one
statement. A line keeps what it took in ``_reduced_stock``, and a note tells the counts before and after.
"""

from __future__ import annotations

import time

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.product_json import full_name, stock_row
from appliance.demo.shop.product_writes import derive_stock_status, touch

TAKING = ("processing", "completed", "on-hold")
GIVING_BACK = ("cancelled", "pending")


def follow(database: ShopDatabase, order_id: int, status: str, work_seconds: float) -> None:
    """Move stock after an order's status has changed; outside of a transaction, as PHP has none."""
    is_reduced = bool(database.value("SELECT stock_reduced FROM shop_order WHERE id = ?", (order_id,)))
    items = database.rows(
        "SELECT * FROM order_item WHERE order_id = ? AND kind = 'line_item' ORDER BY id", (order_id,)
    )
    if work_seconds:
        time.sleep(work_seconds)
    if status in TAKING and not is_reduced:
        _move(database, order_id, [item for item in items if item["reduced"] is None], takes=True)
    elif status in GIVING_BACK and is_reduced:
        _move(database, order_id, [item for item in items if item["reduced"] is not None], takes=False)


def record_sales(database: ShopDatabase, order_id: int, before: str, status: str) -> None:
    """Count what sells best, once an order. The traps: pieces below 0 count as sold; only cancelling undoes it."""
    is_recorded = bool(database.value("SELECT recorded_sales FROM shop_order WHERE id = ?", (order_id,)))
    is_undone = status == "cancelled" and before in TAKING
    if is_recorded is not is_undone or not (is_undone or status in TAKING):
        return
    sign = -1 if is_undone else 1
    with database.transaction():
        for item in database.rows(
            "SELECT product_id, sum(abs(quantity)) FROM order_item WHERE order_id = ? AND product_id > 0 GROUP BY 1",
            (order_id,),
        ):
            sql = "UPDATE product SET total_sales = total_sales + ? WHERE id = ?"
            database.write(sql, (sign * item[1], item["product_id"]))
        database.update("shop_order", order_id, recorded_sales=int(not is_undone))


def _move(database: ShopDatabase, order_id: int, items: list[Row], *, takes: bool) -> None:
    with database.transaction():
        steps = [step for item in items if (step := _move_one(database, item, takes=takes))]
        database.update("shop_order", order_id, stock_reduced=int(takes))
        if steps:
            word = "reduced" if takes else "increased"
            add_note(database, order_id, f"Stock levels {word}: {', '.join(steps)}")


def _move_one(database: ShopDatabase, item: Row, *, takes: bool) -> str:
    """Move one line's stock; return what the note says of it, "" where nothing is counted."""
    product = database.row(
        "SELECT * FROM product WHERE id = ?", (item["variation_id"] or item["product_id"],)
    )
    counted = stock_row(database, product) if product is not None else None
    if product is None or counted is None:
        return ""
    by = -item["quantity"] if takes else item["reduced"]
    database.write("UPDATE product SET stock = stock + ? WHERE id = ?", (by, counted["id"]))
    database.update("order_item", item["id"], reduced=item["quantity"] if takes else None)
    derive_stock_status(database, counted["id"])
    touch(database, counted["id"])
    after = int(database.value("SELECT stock FROM product WHERE id = ?", (counted["id"],)))
    sku = product["sku"] or f"#{product['id']}"
    return f"{full_name(database, product)} ({sku}) {after - by}&rarr;{after}"


def put_back(database: ShopDatabase, item: Row, quantity: int) -> None:
    """Put refunded pieces back; the trap: as many as are named, where the line has any taken, as it was when read."""
    product = database.row(
        "SELECT * FROM product WHERE id = ?", (item["variation_id"] or item["product_id"],)
    )
    counted = stock_row(database, product) if product is not None else None
    if not item["reduced"] or not quantity or product is None or counted is None:
        return
    with database.transaction():
        database.write("UPDATE product SET stock = stock + ? WHERE id = ?", (quantity, counted["id"]))
        restocked = quantity + (item["restocked"] or 0)
        database.update("order_item", item["id"], reduced=item["reduced"] - quantity, restocked=restocked)
        derive_stock_status(database, counted["id"])
        touch(database, counted["id"])
        after = int(database.value("SELECT stock FROM product WHERE id = ?", (counted["id"],)))
        words = f"Item #{product['id']} stock increased from {after - quantity} to {after}."
        add_note(database, item["order_id"], words)


def add_note(database: ShopDatabase, order_id: int, text: str, author: str = "WooCommerce") -> int:
    """Leave a note on an order."""
    return database.insert(
        "order_note", order_id=order_id, note=text, author=author, created=database.stamp()
    )
