"""The shop's web page: what there is, what is left, a form to buy with, and the orders. No script, no cookie."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from html import escape
from importlib.resources import files
from typing import Final
from urllib.parse import parse_qs

from appliance.demo.shop.database import Row, ShopDatabase
from appliance.demo.shop.order_json import SYMBOLS
from appliance.demo.shop.product_json import full_name, stock_row
from appliance.demo.shop.storefront import BuyError, buy

SHOP_NAME: Final = "Holm & Ash"
ORDERS_SHOWN: Final = 200
FEW: Final = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What is sent to a browser."""

    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def answer(database: ShopDatabase, method: str, path: str, query: str, body: bytes) -> Page:
    """Answer a browser."""
    if path == "/page.css":
        return Page(files(__package__).joinpath("page.css").read_bytes(), content_type="text/css")
    if path == "/buy" and method == "POST":
        return _buy(database, _form(body.decode("utf-8", "replace")))
    if path == "/buy":
        return _ask(database, _form(query).get("product_id", ""))
    if path == "/orders":
        return _orders(database, _form(query).get("made", ""))
    if path == "/":
        return _goods(database)
    return _whole("Not here", '<p class="notice refused">There is no such page.</p>', 404)


def _goods(database: ShopDatabase) -> Page:
    parts: list[str] = []
    for category in database.rows("SELECT * FROM category ORDER BY menu_order, name"):
        rows = database.rows(
            "SELECT p.* FROM product p JOIN product_category c ON c.product_id = p.id "
            "WHERE c.category_id = ? AND p.status = 'publish' ORDER BY p.name",
            (category["id"],),
        )
        cards = [_card(database, sold) for row in rows for sold in _sold(database, row)]
        if cards:
            parts.append(f'<h2>{escape(category["name"])}</h2><div class="goods">{"".join(cards)}</div>')
    return _whole("Everything in the shop", "".join(parts) or "<p>The shelves are empty.</p>")


def _sold(database: ShopDatabase, row: Row) -> list[Row]:
    if row["type"] != "variable":
        return [row]
    return database.rows(
        "SELECT * FROM product WHERE parent_id = ? AND status = 'publish' ORDER BY id", (row["id"],)
    )


def _card(database: ShopDatabase, row: Row) -> str:
    left, kind = _left(database, row)
    link = f'<a class="buy" href="/buy?product_id={row["id"]}">Buy</a>' if kind != "none" else ""
    return (
        f'<article class="good" data-product="{row["id"]}" data-sku="{escape(row["sku"])}">'
        f'<h3>{escape(full_name(database, row))}</h3><span class="price">{_price(database, row["price"])}</span>'
        f'<span class="left {kind}">{left}</span>{link}</article>'
    )


def _left(database: ShopDatabase, row: Row) -> tuple[str, str]:
    counted = stock_row(database, row)
    if counted is None:
        return "In stock", ""
    count = int(counted["stock"] or 0)
    if count <= 0:
        return ("On order", "few") if counted["backorders"] != "no" else ("Sold out", "none")
    return (f"Only {count} left", "few") if count <= FEW else (f"{count} in stock", "")


def _ask(database: ShopDatabase, product_id: str, problem: str = "", status: int = 200) -> Page:
    row = database.row("SELECT * FROM product WHERE id = ? AND status = 'publish'", (product_id,))
    if row is None:
        return _whole("Not here", '<p class="notice refused">There is no such product.</p>', 404)
    notice = f'<p class="notice refused">{escape(problem)}</p>' if problem else ""
    form = (
        f'<form method="post" action="/buy"><input type="hidden" name="product_id" value="{row["id"]}">'
        f'<span class="price">{_price(database, row["price"])}</span>'
        f'<span class="left">{_left(database, row)[0]}</span>'
        '<label>Your name<input name="name" required maxlength="60" autocomplete="name"></label>'
        '<label>How many<input name="quantity" type="number" value="1" min="1" max="99"></label>'
        "<button>Buy now, pay at the door</button></form>"
    )
    return _whole(escape(full_name(database, row)), notice + form, status)


def _buy(database: ShopDatabase, form: Mapping[str, str]) -> Page:
    try:
        order_id = buy(database, form.get("product_id", ""), form.get("quantity", "1"), form.get("name", ""))
    except BuyError as error:
        return _ask(database, form.get("product_id", ""), str(error), 409)
    return Page(b"", 303, headers={"Location": f"/orders?made={order_id}"})


def _orders(database: ShopDatabase, made: str) -> Page:
    sql = "SELECT * FROM shop_order ORDER BY id DESC LIMIT ?"
    rows = "".join(_order(database, row) for row in database.rows(sql, (ORDERS_SHOWN,)))
    thanks = f'<p class="notice">Thank you. Your order is number {int(made)}.</p>' if made.isdigit() else ""
    head = '<tr><th>Order</th><th>When</th><th>Who</th><th>What</th><th>State</th><th class="amount">Total</th></tr>'
    return _whole(
        "Orders", f"{thanks}<table>{head}{rows}</table>" if rows else f"{thanks}<p>No order yet.</p>"
    )


def _order(database: ShopDatabase, row: Row) -> str:
    items = database.rows(
        "SELECT * FROM order_item WHERE order_id = ? AND kind <> 'shipping' ORDER BY id", (row["id"],)
    )
    what = ", ".join(f"{item['quantity']} × {escape(item['name'])}" for item in items)
    billing = json.loads(row["billing"])
    sql = "SELECT value FROM order_meta WHERE order_id = ? AND key = 'till_receipt_number'"
    receipt = database.value(sql, (row["id"],))
    who = (
        f"Till, receipt {receipt}"
        if receipt
        else f"{billing.get('first_name', '')} {billing.get('last_name', '')}"
    )
    total = _price(database, json.loads(row["totals"])["total"])
    when = str(row["created"]).replace("T", " ")
    return (
        f"<tr><td>{row['id']}</td><td>{when}</td><td>{escape(who.strip())}</td><td>{what}</td>"
        f'<td>{escape(row["status"])}</td><td class="amount">{total}</td></tr>'
    )


def _whole(title: str, content: str, status: int = 200) -> Page:
    text = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} · {escape(SHOP_NAME)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/page.css">'
        f"</head><body><header><div><h1>{escape(SHOP_NAME)}</h1><p>Hardware and home, online</p>"
        '<nav><a href="/">Shop</a><a href="/orders">Orders</a></nav></div></header>'
        f"<main><h2>{title}</h2>{content}</main></body></html>"
    )
    return Page(text.encode(), status)


def _price(database: ShopDatabase, amount: str) -> str:
    symbol = SYMBOLS.get(database.setting("woocommerce_currency"), "")
    decimals = int(database.setting("woocommerce_price_num_decimals"))
    return f"{symbol}{Decimal(amount or '0'):,.{decimals}f}"


def _form(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text).items()}
