"""An order as WooCommerce holds it and the till reads it.

Measured on 9.9.5: stock that a line took stands in its ``_reduced_stock`` meta (below 0 on a line that gave), and is
gone once a cancelled order gave it back. A refund that puts pieces back lowers it and counts them in
``_restock_refunded_items``; what the line took is the sum of both. An order all of whose money went back is
``refunded``, whatever it was before. Notes of what was taken are in the shop's language; their arrows are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from html import unescape
from typing import Final

from appliance.domain.errors import AmountError
from appliance.domain.money import Currency
from appliance.shops.contract import OddAnswerError, OrderStatus, ShopHead, ShopOrder, ShopOrderLine
from appliance.shops.woocommerce_rest import Json, utc

ORDERS: Final = "/wc/v3/orders"
FIELDS: Final = "id,number,status,total,created_via,date_created_gmt,meta_data,line_items,fee_lines,billing"
"""All that the till reads of an order: a fifth of the whole."""

GONE: Final = "woocommerce_rest_shop_order_invalid_id"
"""404 for a read; a write to an order that is not there says the same with 400."""

STATUSES: Final = {
    "on-hold": OrderStatus.RESERVED,
    "completed": OrderStatus.COMMITTED,
    "processing": OrderStatus.PROCESSING,
    "pending": OrderStatus.PENDING,
    "cancelled": OrderStatus.CANCELLED,
}
REFUNDED: Final = "refunded"

SALE_TITLE: Final = "Till sale "
"""How the local pickup of a sale is called; its receipt follows. The shop's search finds it, or its beginning."""

MOVE_TITLE: Final = "Till stock "
"""Likewise of a stock move; its label follows."""

MOVE: Final = "stock"
"""The ``till_kind`` of a stock move; a sale has none."""

LINE: Final = "_till_line"
"""The meta of an order's line that says which of the sale's lines it is. People do not see it."""

_STOCK_STEP: Final = re.compile(r"(-?\d+)\s*(?:&rarr;|→)\s*(-?\d+)")


def created_via(sale_id: str) -> str:
    """What the orders of a sale, or of a stock move, are made by; WooCommerce finds orders by it from 9.9 on."""
    return f"till-{sale_id}"


def head_of(items: Iterable[Json], series: str) -> ShopHead | None:
    """The highest receipt of a series among orders; orders that no till made are passed over."""
    best: tuple[int, ShopHead] | None = None
    for item in items:
        meta = texts_of(item)
        receipt = meta.get("till_receipt_number", "")
        name, _, digits = receipt.rpartition("-")
        if name != series or not (digits.isascii() and digits.isdigit()):
            continue
        if best is None or int(digits[:18]) > best[0]:
            seq, _, hash_hex = meta.get("_till_chain", "").partition(":")
            is_anchor = seq.isascii() and seq.isdigit() and len(seq) <= 18
            anchor = (int(seq), hash_hex, meta.get("_till_key", "")) if is_anchor else ()
            best = int(digits[:18]), ShopHead(receipt, *anchor)
    return best[1] if best else None


def texts_of(item: Json) -> dict[str, str]:
    """An order's meta data that are texts, of whatever else it is made."""
    meta = item.get("meta_data")
    pairs = meta if isinstance(meta, list) else []
    return {
        str(each["key"]): each["value"]
        for each in pairs
        if isinstance(each, dict) and "key" in each and isinstance(each.get("value"), str)
    }


def read_order(item: Json, currency: Currency) -> ShopOrder:
    """Read an order of any origin.

    Raises:
        OddAnswerError: it is not one.
    """
    try:
        return _order(item, currency)
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, AmountError) as error:
        raise OddAnswerError(f"The shop's order cannot be read ({error!r}).") from error


def _order(item: Json, currency: Currency) -> ShopOrder:
    meta = _meta(item)
    sale_id = meta.get("till_sale_id")
    is_refunded = item["status"] == REFUNDED
    status = STATUSES.get(item["status"], OrderStatus.OTHER)
    total = currency.parse_rounded(item["total"])
    lines = tuple(_order_line(each) for each in (*item["line_items"], *item["fee_lines"]))
    is_ours = isinstance(sale_id, str) and "till_total" in meta and "till_lines" in meta
    difference = total - currency.parse(meta["till_total"]) if is_ours else None
    if is_ours and is_refunded:
        status = OrderStatus.COMMITTED
    is_whole = (
        difference is not None
        and status is not OrderStatus.PENDING
        and len(lines) == int(meta["till_lines"])
        and abs(difference) <= len(lines)  # a shop that rounds at the subtotal; see the contract
    )
    return ShopOrder(
        order_id=int(item["id"]),
        number=str(item["number"]),
        status=status,
        sale_id=sale_id if is_ours else None,
        total_minor=total,
        difference_minor=difference,
        lines=lines,
        customer=_customer(item.get("billing") or {}),
        created_at=utc(item["date_created_gmt"]),
        created_via=str(item["created_via"]),
        is_whole=is_whole,
        is_move=is_ours and meta.get("till_kind") == MOVE,
        is_refunded=is_refunded,
    )


def _order_line(item: Json) -> ShopOrderLine:
    product, variation = int(item.get("product_id") or 0), int(item.get("variation_id") or 0)
    meta = _meta(item)
    reduced, restocked = meta.get("_reduced_stock"), meta.get("_restock_refunded_items") or 0
    return ShopOrderLine(
        product_id=variation or product or None,
        parent_id=product if variation else None,
        name=unescape(str(item["name"])),
        quantity=int(item.get("quantity", 1)),
        reduced=None if reduced is None else int(Decimal(str(reduced)) + Decimal(str(restocked))),
        item_id=int(item.get("id") or 0),
    )


def _meta(item: Json) -> Json:
    return {each["key"]: each["value"] for each in item["meta_data"]}


def _customer(billing: Json) -> str:
    name = f"{billing.get('first_name') or ''} {billing.get('last_name') or ''}".strip()
    return name or str(billing.get("company") or "")


def noted(order: ShopOrder, notes: Sequence[str]) -> ShopOrder:
    """An order with what its notes say of its stock."""
    moved = pieces_moved(notes, order.lines)
    return replace(
        order,
        lines=tuple(replace(line, moved=by) for line, by in zip(order.lines, moved, strict=True)),
        stock_notes=count_takings(notes, [line.quantity for line in order.lines]),
    )


def pieces_moved(notes: Iterable[str], lines: Sequence[ShopOrderLine]) -> list[int]:
    """By how much all of an order's notes together changed the count of each line's product.

    A note names products, not lines, as they were called then, and not always all. Each of its steps goes to the line
    that is likest in pieces and name, and each line has one step in a note. Measured: a step is exactly what that
    request changed, also where several ran at once.
    """
    moved = [0] * len(lines)
    for note in notes:
        rest = [place for place, line in enumerate(lines) if line.product_id is not None]
        for called, by in _steps(note)[: len(rest)]:
            place = min(rest, key=lambda each: _unlikeness(lines[each], called, by))
            rest.remove(place)
            moved[place] += by
    return moved


def _steps(note: str) -> list[tuple[str, int]]:
    """By how much a note says that counts changed, and what stands before each: a product's name is the end of it."""
    found, begin = [], 0
    for step in _STOCK_STEP.finditer(note):
        found.append((unescape(note[begin : step.start()]), int(step[2]) - int(step[1])))
        begin = step.end()
    return found


def _unlikeness(line: ShopOrderLine, called: str, by: int) -> tuple[bool, int]:
    """The less, the likelier a step is of this line; a longer name that is found is likelier than one within it."""
    return abs(line.quantity) != abs(by), -len(line.name) if line.name in called else 0


def count_takings(notes: Iterable[str], quantities: Sequence[int] = ()) -> int:
    """How many of an order's notes say that stock was taken, in any language: "Cup (17) 49&rarr;47" goes down.

    Args:
        notes: all of the order's.
        quantities: of its lines, in their order. Where one is below 0 (a stock move), its taking goes up, and giving
            it back goes down: such a note is a taking if its steps are those of the lines, some left out.
    """
    found = [[int(to) - int(was) for was, to in _STOCK_STEP.findall(note)] for note in notes]
    if min(quantities, default=0) >= 0:
        return sum(1 for steps in found if steps and steps[0] < 0)
    return sum(1 for steps in found if steps and _is_within(steps, [-each for each in quantities]))


def _is_within(steps: Sequence[int], all_steps: Sequence[int]) -> bool:
    rest = iter(all_steps)
    return all(step in rest for step in steps)
