"""A sale as the order that WooCommerce is asked to make.

Measured on 9.9.5: the client sets each line's amount without tax and the shop computes the tax; sent with six
decimals, the order's total is the till's to the cent. ``date_paid`` is ignored as a field but kept as
``_date_paid`` meta; ``_cash_change_amount`` and ``_new_order_email_sent`` keep the shop from sending mails; a
local-pickup line keeps the tax at the shop's own address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.sale import SaleLine
from appliance.domain.tax import PPM, TaxRules
from appliance.domain.tender import CompletedSale, TenderKind
from appliance.shops.contract import Anchor
from appliance.shops.woocommerce_catalogue import UNTAXED
from appliance.shops.woocommerce_orders import LINE, SALE_TITLE, created_via
from appliance.shops.woocommerce_rest import Json

NO_PRODUCT: Final = 2_147_483_647
"""A product that no shop has: the line stays, without a product. 0 is refused, and a fee line cannot have pieces."""

_EXACT: Final = Context(prec=60)
_STEP: Final = Decimal("0.000001")
_METHODS: Final = {TenderKind.CASH: ("till_cash", "Cash"), TenderKind.CARD: ("till_card", "Card")}


def order_body(
    completed: CompletedSale, currency: Currency, anchor: Anchor | None = None, rates: TaxRules | None = None
) -> Json:
    """Write the order of a sale, on hold.

    Args:
        completed: the sale.
        currency: the till's.
        anchor: where it stands in the journal.
        rates: the shop's tax rates of now, None where they are not known. The shop taxes what it is told by these:
            where one changed since the sale, the line's net amount is the one that comes to what was paid. What
            tax the receipt said stands in ``till_tax``.
    """
    sale = completed.sale
    method, title = _payment(completed)
    return {
        "status": "on-hold",
        "created_via": created_via(sale.sale_id),
        "transaction_id": sale.sale_id,
        "payment_method": method,
        "payment_method_title": title,
        "meta_data": meta(_facts(completed, currency) | anchored(anchor)),
        "line_items": [_line(line, currency, completed, rates) for line in sale.lines],
        "shipping_lines": [pickup(SALE_TITLE + completed.receipt_number)],
    }


def meta(values: Mapping[str, str]) -> list[Json]:
    """Meta data as the shop takes them; empty ones are left out."""
    return [{"key": key, "value": value} for key, value in values.items() if value]


def pickup(title: str) -> Json:
    """The local pickup of an order: what people, and the shop's search, know it by."""
    return {"method_id": "local_pickup", "method_title": title, "total": "0.00"}


def stamp(at: datetime) -> str:
    """An instant as the shop takes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def anchored(anchor: Anchor | None) -> dict[str, str]:
    """What is kept of the journal's chain; a key that begins so is not shown to people."""
    return {"_till_chain": anchor.text, "_till_key": anchor.key_hex} if anchor is not None else {}


def net_text(amount_minor: int, rate_ppm: int, currency: Currency, *, includes_tax: bool) -> str:
    """Write an amount without its tax, with the six decimals that make the shop's totals equal to ours."""
    amount = Decimal(amount_minor).scaleb(-currency.exponent)
    if includes_tax:
        amount = _EXACT.divide(amount * PPM, Decimal(PPM + rate_ppm))
    return str(amount.quantize(_STEP, rounding=ROUND_HALF_EVEN, context=_EXACT))


def _line(line: SaleLine, currency: Currency, completed: CompletedSale, rates: TaxRules | None) -> Json:
    sale = completed.sale
    rate_ppm = line.rate_ppm if rates is None else rates.rate(line.tax_class).rate_ppm
    if rate_ppm == line.rate_ppm:
        includes_tax = sale.tax.prices_include_tax
        net = net_text(line.amount_minor, rate_ppm, currency, includes_tax=includes_tax)
    else:
        net = net_text(sale.line_gross_minor(line), rate_ppm, currency, includes_tax=True)
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
    item["meta_data"] = meta({LINE: str(line.position), **notes})
    return item


def _payment(completed: CompletedSale) -> tuple[str, str]:
    kinds = {tender.kind for tender in completed.payment.tenders}
    if len(kinds) == 2:
        return "till_card", f"Cash and card, {completed.till_name}"
    method, title = _METHODS[next(iter(kinds), TenderKind.CASH)]
    return method, f"{title}, {completed.till_name}"


def _facts(completed: CompletedSale, currency: Currency) -> dict[str, str]:
    sale, payment = completed.sale, completed.payment
    sold_at = stamp(completed.sold_at or completed.completed_at)
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
        "till_booked_at": stamp(completed.completed_at) if completed.sold_at else "",
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
