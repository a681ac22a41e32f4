"""Sales as text: canonical JSON, so that a sale can be rebuilt from its journal entry alone.

Canonical means: keys sorted, no spaces, UTF-8 as it is, no floats. Fields that have their default are left
out. ``v`` is the format's version; a reader knows all versions that were ever written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any, Final

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.tender import CompletedSale, Payment, Tender, TenderKind
from appliance.storage.instants import to_instant, to_instant_or_none, to_text
from appliance.storage.remembered import Remembered

VERSION: Final = 1

_LINE_FIELDS: Final = tuple((field.name, field.default) for field in fields(SaleLine))
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode


def canonical(value: Mapping[str, Any]) -> str:
    """Write a mapping as canonical JSON."""
    return _encode(value)


def draft_to_text(sale: Sale, payment: Payment | None) -> str:
    """Write a sale in progress."""
    paying = "null" if payment is None else payment_to_text(payment)
    return f'{{"payment":{paying},"sale":{sale_to_text(sale)},"v":{VERSION}}}'


def draft_from_text(text: str) -> tuple[Sale, Payment | None]:
    """Read a sale in progress."""
    body = _read(text)
    payment = body["payment"]
    return sale_from_dict(body["sale"]), None if payment is None else payment_from_dict(payment)


def completed_to_text(completed: CompletedSale) -> str:
    """Write a completed sale, as the journal keeps it."""
    cashier = f'{{"id":{completed.cashier_id},"name":{_quoted(completed.cashier_name)}}}'
    clock = "" if completed.clock_is_set else '"clock_is_set":false,'
    sold = "" if completed.sold_at is None else f'"sold_at":"{to_text(completed.sold_at)}",'
    return (
        f'{{"cashier":{cashier},{clock}"completed_at":"{to_text(completed.completed_at)}",'
        f'"payment":{payment_to_text(completed.payment)},"receipt":{_quoted(completed.receipt_number)},'
        f'"sale":{sale_to_text(completed.sale)},{sold}"till":{_quoted(completed.till_name)},"v":{VERSION}}}'
    )


def completed_from_text(text: str) -> CompletedSale:
    """Read a completed sale from its journal entry's body."""
    body = _read(text)
    return CompletedSale(
        sale=sale_from_dict(body["sale"]),
        payment=payment_from_dict(body["payment"]),
        receipt_number=body["receipt"],
        completed_at=to_instant(body["completed_at"]),
        cashier_id=body["cashier"]["id"],
        cashier_name=body["cashier"]["name"],
        till_name=body["till"],
        clock_is_set=body.get("clock_is_set", True),
        sold_at=to_instant_or_none(body.get("sold_at")),
    )


def sale_to_text(sale: Sale) -> str:
    """Write a sale. Its draft was written just before it is completed: the text is remembered from then."""
    return _sale_to_text(sale)


def _write_sale(sale: Sale) -> str:
    lines = ",".join(map(_line_to_text, sale.lines))
    voided = ",".join(map(_line_to_text, sale.voided))
    tax = _tax_to_text(sale.tax.prices_include_tax, tuple(sale.tax.rates.items()))
    return (
        f'{{"id":{_quoted(sale.sale_id)},"lines":[{lines}],"next":{sale.next_position},'
        f'"opened_at":"{to_text(sale.opened_at)}","tax":{tax},"voided":[{voided}]}}'
    )


def sale_to_dict(sale: Sale) -> dict[str, Any]:
    """The JSON form of a sale."""
    body: dict[str, Any] = json.loads(sale_to_text(sale))
    return body


def sale_from_dict(body: Mapping[str, Any]) -> Sale:
    """The sale that :func:`sale_to_dict` wrote."""
    tax = body["tax"]
    return Sale(
        sale_id=body["id"],
        opened_at=to_instant(body["opened_at"]),
        tax=TaxRules(tax["included"], {key: TaxRate(*rate) for key, rate in tax["rates"].items()}),
        lines=tuple(SaleLine(**line) for line in body["lines"]),
        voided=tuple(SaleLine(**line) for line in body["voided"]),
        next_position=body["next"],
    )


def payment_to_text(payment: Payment) -> str:
    """Write a payment."""
    tenders = ",".join(
        f'{{"amount":{each.amount_minor},"given":{each.given_minor},'
        f'"kind":"{each.kind.value}","reference":{_quoted(each.reference)}}}'
        for each in payment.tenders
    )
    step, total = payment.rounding_step_minor, payment.total_minor
    return f'{{"step":{step},"tenders":[{tenders}],"total":{total}}}'


def payment_from_dict(body: Mapping[str, Any]) -> Payment:
    """The payment that :func:`payment_to_text` wrote."""
    tenders = tuple(
        Tender(TenderKind(t["kind"]), t["amount"], t["given"], t["reference"]) for t in body["tenders"]
    )
    return Payment(body["total"], body["step"], tenders)


def _write_line(line: SaleLine) -> str:
    return _encode(
        {name: value for name, default in _LINE_FIELDS if (value := getattr(line, name)) != default}
    )


_line_to_text: Final = Remembered(_write_line, size=512)
_sale_to_text: Final = Remembered(_write_sale, size=1)


@lru_cache(maxsize=16)
def _tax_to_text(prices_include_tax: bool, rates: tuple[tuple[str, TaxRate], ...]) -> str:
    written = {key: [rate.tax_class, rate.rate_ppm, rate.label] for key, rate in rates}
    return _encode({"included": prices_include_tax, "rates": written})


def _read(text: str) -> Any:
    body = json.loads(text)
    if body.get("v") != VERSION:
        raise ValueError(f"A sale in format {body.get('v')!r} is not known.")
    return body
