"""A completed sale as rows: what reports, the outbox and an accountant's SQL ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from appliance.domain.sale import Sale
from appliance.domain.tender import CompletedSale, Payment
from appliance.storage.instants import to_text

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
LINE_TAX: Final = 14
"""Where the tax stands in a row of :data:`INSERT_LINE`."""


def sale_row(completed: CompletedSale, seq: int, series: str, number: int, tax_minor: int) -> Values:
    """The values of :data:`INSERT_SALE`; ``tax_minor`` is the sum over the lines' rows."""
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
        tax_minor,
        payment.rounding_minor,
        payment.change_minor,
        len(sale.voided),
        sum(sale.line_gross_minor(line) for line in sale.voided),
    )


def line_rows(sale: Sale, seq: int) -> list[Values]:
    """The values of :data:`INSERT_LINE`, one for each line."""
    return [
        (
            seq,
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
            sale.line_tax_minor(line),
            line.weight_grams,
            line.note,
        )
        for line in sale.lines
    ]


def tender_rows(payment: Payment, seq: int) -> Iterator[Values]:
    """The values of :data:`INSERT_TENDER`, one for each tender."""
    for position, tender in enumerate(payment.tenders, 1):
        yield seq, position, tender.kind.value, tender.amount_minor, tender.given_minor, tender.reference


def untold_rows(sale: Sale, seq: int) -> list[Values]:
    """The values of :data:`INSERT_UNTOLD`, one for each count that the sale draws on."""
    pieces: dict[int, int] = {}
    for line in sale.lines:
        if line.stock_id is not None:
            pieces[line.stock_id] = pieces.get(line.stock_id, 0) + line.quantity
    return [(stock_id, seq, quantity) for stock_id, quantity in pieces.items()]
