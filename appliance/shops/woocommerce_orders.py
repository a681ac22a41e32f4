"""A sale as WooCommerce's order, and an order as the till reads it.

Measured on 9.9.5: the client sets each line's amount without tax and the shop computes the tax; sent with six
decimals, the order's total is the till's to the cent. ``date_paid`` is ignored as a field but kept as
``_date_paid`` meta; ``_cash_change_amount`` and ``_new_order_email_sent`` keep the shop from sending mails; a
local-pickup line keeps the tax at the shop's own address. Stock that a line took stands in its
``_reduced_stock`` meta.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC
from decimal import ROUND_HALF_EVEN, Context, Decimal
from html import unescape
from typing import Final

from appliance.domain.errors import AmountError
from appliance.domain.money import Currency
from appliance.domain.sale import SaleLine
from appliance.domain.tax import PPM
from appliance.domain.tender import CompletedSale, TenderKind
from appliance.shops.contract import Anchor, OddAnswerError, OrderStatus, ShopHead, ShopOrder, ShopOrderLine
from appliance.shops.woocommerce_catalogue import UNTAXED
from appliance.shops.woocommerce_rest import Json, utc

FIELDS: Final = "id,number,status,total,created_via,date_created_gmt,meta_data,line_items,fee_lines,billing"
"""All that the till reads of an order: a fifth of the whole."""

NO_PRODUCT: Final = 2_147_483_647
"""A product that no shop has: the line stays, without a product. 0 is refused, and a fee line cannot have pieces."""

STATUSES: Final = {
    "on-hold": OrderStatus.RESERVED,
    "completed": OrderStatus.COMMITTED,
    "processing": OrderStatus.PROCESSING,
    "pending": OrderStatus.PENDING,
    "cancelled": OrderStatus.CANCELLED,
}

_EXACT: Final = Context(prec=60)
_STEP: Final = Decimal("0.000001")
_METHODS: Final = {TenderKind.CASH: ("till_cash", "Cash"), TenderKind.CARD: ("till_card", "Card")}
_STOCK_STEP: Final = re.compile(r"(-?\d+)\s*(?:&rarr;|→)\s*(-?\d+)")


def created_via(sale_id: str) -> str:
    """What the orders of a sale are made by; WooCommerce finds orders by it from 9.9 on."""
    return f"till-{sale_id}"


def title_of(receipt: str) -> str:
    """What the order's local pickup is called: WooCommerce's search finds orders by it, or by its beginning."""
    return f"Till sale {receipt}"


def order_body(completed: CompletedSale, currency: Currency, anchor: Anchor | None = None) -> Json:
    """Write the order of a sale, on hold."""
    sale = completed.sale
    method, title = _payment(completed)
    return {
        "status": "on-hold",
        "created_via": created_via(sale.sale_id),
        "transaction_id": sale.sale_id,
        "payment_method": method,
        "payment_method_title": title,
        "meta_data": [
            {"key": key, "value": value}
            for key, value in (_facts(completed, currency) | _anchored(anchor)).items()
        ],
        "line_items": [_line(line, currency, completed) for line in sale.lines],
        "shipping_lines": [
            {
                "method_id": "local_pickup",
                "method_title": title_of(completed.receipt_number),
                "total": "0.00",
            }
        ],
    }


def net_text(amount_minor: int, rate_ppm: int, currency: Currency, *, includes_tax: bool) -> str:
    """Write an amount without its tax, with the six decimals that make the shop's totals equal to ours."""
    amount = Decimal(amount_minor).scaleb(-currency.exponent)
    if includes_tax:
        amount = _EXACT.divide(amount * PPM, Decimal(PPM + rate_ppm))
    return str(amount.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_EXACT))


def _line(line: SaleLine, currency: Currency, completed: CompletedSale) -> Json:
    includes_tax = completed.sale.tax.prices_include_tax
    net = net_text(line.amount_minor, line.rate_ppm, currency, includes_tax=includes_tax)
    item: Json = {
        "product_id": line.product_id or NO_PRODUCT,
        "name": line.name,
        "quantity": line.quantity,
        "subtotal": net,
        "total": net,
        "tax_class": "" if line.tax_class in ("standard", UNTAXED) else line.tax_class,
    }
    if line.product_id and line.parent_id:
        item |= {"product_id": line.parent_id, "variation_id": line.product_id}
    notes = {"till_note": line.note, "till_barcode": "" if line.product_id else line.barcode}
    item["meta_data"] = [{"key": key, "value": value} for key, value in notes.items() if value]
    return item


def _payment(completed: CompletedSale) -> tuple[str, str]:
    kinds = {tender.kind for tender in completed.payment.tenders}
    if len(kinds) == 2:
        return "till_card", f"Cash and card, {completed.till_name}"
    method, title = _METHODS[next(iter(kinds), TenderKind.CASH)]
    return method, f"{title}, {completed.till_name}"


def _facts(completed: CompletedSale, currency: Currency) -> dict[str, str]:
    sale, payment = completed.sale, completed.payment
    sold_at = completed.completed_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    tenders = [
        {
            "kind": tender.kind.value,
            "amount": currency.plain(tender.amount_minor),
            "given": currency.plain(tender.given_minor),
            "reference": tender.reference,
        }
        for tender in payment.tenders
    ]
    return {
        "till_sale_id": sale.sale_id,
        "till_receipt_number": completed.receipt_number,
        "till_sold_at": sold_at,
        "till_cashier": completed.cashier_name,
        "till_name": completed.till_name,
        "till_lines": str(len(sale.lines)),
        "till_total": currency.plain(sale.total_minor),
        "till_tax": currency.plain(sale.tax_total_minor),
        "till_rounding": currency.plain(payment.rounding_minor),
        "till_tenders": json.dumps(tenders, ensure_ascii=False),
        "_date_paid": sold_at,
        "_cash_change_amount": currency.plain(payment.change_minor),
        "_new_order_email_sent": "true",
    }


def _anchored(anchor: Anchor | None) -> dict[str, str]:
    if anchor is None:
        return {}
    key = {"_till_key": anchor.key_hex} if anchor.key_hex else {}
    return {"_till_chain": anchor.text, **key}


def head_of(items: Iterable[Json], series: str) -> ShopHead | None:
    """The highest receipt of a series among orders; orders that no till made are passed over."""
    best: tuple[int, ShopHead] | None = None
    for item in items:
        meta = _texts(item)
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


def _texts(item: Json) -> dict[str, str]:
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
    status = STATUSES.get(item["status"], OrderStatus.OTHER)
    total = currency.parse_rounded(item["total"])
    lines = tuple(_order_line(each) for each in (*item["line_items"], *item["fee_lines"]))
    is_ours = isinstance(sale_id, str) and "till_total" in meta and "till_lines" in meta
    difference = total - currency.parse(meta["till_total"]) if is_ours else None
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
    )


def _order_line(item: Json) -> ShopOrderLine:
    product, variation = int(item.get("product_id") or 0), int(item.get("variation_id") or 0)
    reduced = _meta(item).get("_reduced_stock")
    return ShopOrderLine(
        product_id=variation or product or None,
        parent_id=product if variation else None,
        name=unescape(str(item["name"])),
        quantity=int(item.get("quantity", 1)),
        reduced=None if reduced is None else int(Decimal(str(reduced))),
    )


def _meta(item: Json) -> Json:
    return {each["key"]: each["value"] for each in item["meta_data"]}


def _customer(billing: Json) -> str:
    name = f"{billing.get('first_name') or ''} {billing.get('last_name') or ''}".strip()
    return name or str(billing.get("company") or "")


def count_takings(notes: Iterable[str]) -> int:
    """How many of an order's notes say that stock was taken, in any language: "Cup (17) 49&rarr;47" goes down."""
    found = (_STOCK_STEP.search(note) for note in notes)
    return sum(1 for step in found if step is not None and int(step[1]) > int(step[2]))
