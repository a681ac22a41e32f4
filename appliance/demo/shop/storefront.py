"""Buying on the web page: all or nothing, and refused when not enough is left."""

from __future__ import annotations

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.orders import change_status, make_order
from appliance.demo.shop.product_json import stock_row

MAX_QUANTITY = 99


class BuyError(Exception):
    """It cannot be bought; the text is for the customer."""


def buy(database: ShopDatabase, product_id: str, quantity: str, name: str) -> int:
    """Buy, and return the order's number: paid at the door, stock taken, made by "checkout".

    Raises:
        BuyError: no such product, no name, or not enough left.
    """
    given = name.split()
    if not given:
        raise BuyError("Please tell us your name.")
    if not quantity.isdigit() or not 1 <= int(quantity) <= MAX_QUANTITY:
        raise BuyError(f"Please choose from 1 to {MAX_QUANTITY}.")
    row = database.row(
        "SELECT * FROM product WHERE id = ? AND status = 'publish' AND price <> ''", (product_id,)
    )
    if row is None:
        raise BuyError("This is no longer sold.")
    count = int(quantity)
    body = {
        "billing": {"first_name": given[0], "last_name": " ".join(given[1:])},
        "payment_method": "cod",
        "payment_method_title": "Cash on delivery",
        "line_items": [{"product_id": row["id"], "quantity": count}],
    }
    with database.transaction():
        _check_left(database, row, count)
        order_id = make_order(database, body, "checkout", 0)
        change_status(database, order_id, "processing", 0)
    return order_id


def _check_left(database: ShopDatabase, row: Row, count: int) -> None:
    counted = stock_row(database, row)
    if counted is None or counted["backorders"] != "no":
        return
    left = int(database.value("SELECT stock FROM product WHERE id = ?", (counted["id"],)) or 0)
    if left < count:
        raise BuyError("Somebody was faster: this is sold out." if left <= 0 else f"Only {left} left.")
