"""A completed sale as rows: what reports, the outbox and an accountant's SQL ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tender import CompletedSale, Payment
from appliance.storage.instants import to_text
from appliance.storage.remembered import Remembered

INSERT_SALE: Final = (
    "INSERT INTO sale (seq, sale_id, series, number, opened_at, completed_at, person_id, person_name, "
    "prices_include_tax, total_minor, tax_minor, rounding_minor, change_minor, voided_lines, voided_minor) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_LINE: Final = (
    "INSERT INTO sale_line (seq, position, product_id, parent_id, stock_id, name, number, sku, barcode, "
    "quantity, unit_price_minor, tax_class, rate_ppm, tax_label, tax_minor, weight_grams, note) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
INSERT_TENDER: Final = (
    "INSERT INTO sale_tender (seq, position, kind, amount_minor, given_minor, reference) "
    "VALUES (?, ?, ?, ?, ?, ?)"
)
INSERT_UNTOLD: Final = "INSERT INTO untold_stock (stock_id, seq, quantity) VALUES (?, ?, ?)"

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class SaleParts:
    """What a sale's rows hold that is known before it is completed: all but the entry's number comes first.

    Attributes:
        lines: the values of :data:`INSERT_LINE` after the first.
        untold: stock id and pieces for each count that the sale draws on.
        tax_minor: the sum over the lines.
        voided_minor: what was taken off.
    """

    lines: tuple[Values, ...]
    untold: tuple[tuple[int, int], ...]
    tax_minor: int
    voided_minor: int


def sale_row(completed: CompletedSale, parts: SaleParts, seq: int, series: str, number: int) -> Values:
    """The values of :data:`INSERT_SALE`."""
    sale, payment = completed.sale, completed.payment
    return (
        seq,
        sale.sale_id,
        series,
        number,
        to_text(sale.opened_at),
        to_text(completed.completed_at),
        completed.cashier_id,
        completed.cashier_name,
        int(sale.tax.prices_include_tax),
        payment.total_minor,
        parts.tax_minor,
        payment.rounding_minor,
        payment.change_minor,
        len(sale.voided),
        parts.voided_minor,
    )


def _parts_of(sale: Sale) -> SaleParts:
    pieces: dict[int, int] = {}
    for line in sale.lines:
        if line.stock_id is not None:
            pieces[line.stock_id] = pieces.get(line.stock_id, 0) + line.quantity
    taxes = [sale.line_tax_minor(line) for line in sale.lines]
    lines = tuple(_line_values(line, tax) for line, tax in zip(sale.lines, taxes, strict=True))
    voided_minor = sum(sale.line_gross_minor(line) for line in sale.voided)
    return SaleParts(lines, tuple(pieces.items()), sum(taxes), voided_minor)


parts_of: Final = Remembered(_parts_of, size=1)
"""The parts of a sale. Keeping its draft asks for them, so that they are there when the finger pays."""


def _line_values(line: SaleLine, tax_minor: int) -> Values:
    return (
        line.position,
        line.product_id,
        line.parent_id,
        line.stock_id,
        line.name,
        line.number,
        line.sku,
        line.barcode,
        line.quantity,
        line.unit_price_minor,
        line.tax_class,
        line.rate_ppm,
        line.tax_label,
        tax_minor,
        line.weight_grams,
        line.note,
    )


def tender_rows(payment: Payment, seq: int) -> Iterator[Values]:
    """The values of :data:`INSERT_TENDER`, one for each tender."""
    for position, tender in enumerate(payment.tenders, 1):
        yield seq, position, tender.kind.value, tender.amount_minor, tender.given_minor, tender.reference
