"""A move of stock as WooCommerce's order: over nothing, with pieces below 0 on the lines that give.

The count is to change by so much, whatever it is: setting it would swallow a web sale in between, and the shop's own
``inventory_delta`` loses one of two that meet (measured: 8 at once from 40 made 39). What an order takes is one atomic
step, and an order can be told exactly once. Measured on 9.9.5, on an order on hold over 0.00: a quantity of -3 makes 20
into 23 and ``_reduced_stock`` -3; completing it, four times at once, changes nothing more; cancelling it makes 23
into 20 again, once; lines of both signs in one order, counts below 0, variations and counts that are shared by them
all go the same way. Nobody gets a mail, but for the stock mails that any order brings. ``_recorded_sales`` keeps the
pieces out of the shop's list of what sells best, which would count them as sold, the given ones too.
"""

from __future__ import annotations

from typing import Final

from appliance.domain.money import Currency
from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.shops.contract import Anchor
from appliance.shops.woocommerce_order_body import anchored, meta, pickup, stamp
from appliance.shops.woocommerce_orders import LINE, MOVE, MOVE_TITLE, created_via
from appliance.shops.woocommerce_rest import Json

METHOD: Final = "till_stock"
TITLES: Final = {
    MoveKind.COUNT: "Stock count",
    MoveKind.RETURN: "Goods back",
    MoveKind.HOLD: "Held back from the web",
}


def move_body(move: StockMove, currency: Currency, anchor: Anchor | None = None) -> Json:
    """Write the order of a stock move, on hold."""
    return {
        "status": "on-hold",
        "created_via": created_via(move.move_id),
        "transaction_id": move.move_id,
        "payment_method": METHOD,
        "payment_method_title": f"{TITLES[move.kind]}, {move.till_name}",
        "meta_data": meta(_facts(move, currency) | anchored(anchor)),
        "line_items": [_line(position, line) for position, line in enumerate(move.lines, 1)],
        "shipping_lines": [pickup(MOVE_TITLE + move.label)],
    }


def _facts(move: StockMove, currency: Currency) -> dict[str, str]:
    moved_at = stamp(move.moved_at)
    return {
        "till_sale_id": move.move_id,
        "till_kind": MOVE,
        "till_move": move.kind.value,
        "till_label": move.label,
        "till_moved_at": moved_at,
        "till_reason": move.reason,
        "till_cashier": move.person_name,
        "till_name": move.till_name,
        "till_lines": str(len(move.lines)),
        "till_total": currency.plain(0),
        "_date_paid": moved_at,
        "_cash_change_amount": currency.plain(0),
        "_new_order_email_sent": "true",
        "_recorded_sales": "yes",
    }


def _line(position: int, line: StockMoveLine) -> Json:
    product = {"product_id": line.product_id}
    if line.parent_id:
        product = {"product_id": line.parent_id, "variation_id": line.product_id}
    found = {
        LINE: str(position),
        "till_expected": "" if line.expected is None else str(line.expected),
        "till_counted": "" if line.counted is None else str(line.counted),
    }
    amounts = {"quantity": -line.quantity, "subtotal": "0", "total": "0"}
    return {**product, "name": line.name, **amounts, "meta_data": meta(found)}
