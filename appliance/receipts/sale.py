"""The receipt of a sale."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.domain.money import Currency
from appliance.domain.sale import SaleLine
from appliance.domain.tender import CompletedSale, Tender, TenderKind
from appliance.receipts import wording
from appliance.receipts.labels import rate_letters, rate_table
from appliance.receipts.wording import Local, ReceiptHeader
from drivers.document import (
    Banner,
    Code,
    Document,
    Element,
    Framed,
    Item,
    Masthead,
    Pair,
    QrBeside,
    Rule,
    Style,
    Text,
)


def compose(
    completed: CompletedSale,
    header: ReceiptHeader,
    currency: Currency,
    *,
    local: Local,
    copy: bool = False,
    chain_code: str = "",
) -> Document:
    """Compose the receipt of a completed sale.

    Args:
        completed: the sale as the journal has it; the same sale gives the same receipt for ever.
        header: the owner's words.
        currency: of the till.
        local: the shop's time zone.
        copy: say in large letters that this is a copy.
        chain_code: from the journal, "7F3A 91C2 5D0E"; "" leaves it out.
    """
    elements = (
        *masthead(header),
        *((Banner(wording.COPY),) if copy else ()),
        *_which(completed, local),
        *_lines(completed, currency),
        *_money(completed, currency),
        *_foot(completed, header, currency, chain_code),
    )
    return Document(elements)


def masthead(header: ReceiptHeader) -> Iterator[Element]:
    """Name, address, and the thick rule below them."""
    yield Masthead(header.name, header.strapline, header.mark)
    for left, right in header.rows:
        yield Pair(left, right, Style.SMALL)
    yield Rule(3)


def _which(completed: CompletedSale, local: Local) -> Iterator[Element]:
    yield Pair(completed.receipt_number, wording.day_and_time(completed.completed_at, local), Style.BIG)
    yield from clock_mark(completed.clock_is_set)
    if completed.sold_at is not None:
        yield Text(wording.from_paper(completed.sold_at, completed.completed_at, local), Style.STRONG)
    yield Text(wording.served_by(completed.till_name, completed.cashier_name), Style.SMALL)
    yield Rule(2)


def clock_mark(is_set: bool) -> Iterator[Element]:
    """The line below a date that cannot be relied on; on each paper that shows the time."""
    if not is_set:
        yield Text(wording.CLOCK_NOT_SET, Style.STRONG)


def _lines(completed: CompletedSale, currency: Currency) -> Iterator[Element]:
    letters = rate_letters(line.rate_ppm for line in completed.sale.lines)
    for line in completed.sale.lines:
        yield Item(
            line.name,
            currency.amount(line.amount_minor),
            letters[line.rate_ppm],
            _detail(line, currency),
        )


def _detail(line: SaleLine, currency: Currency) -> str | None:
    parts = [line.note] if line.note else []
    if line.quantity > 1:
        parts.insert(0, f"{line.quantity} \N{MULTIPLICATION SIGN} {currency.amount(line.unit_price_minor)}")
    if line.regular_minor > line.unit_price_minor:
        off = f"{currency.amount(line.regular_minor - line.unit_price_minor)} off"
        parts += [f"{off} each"] if line.quantity > 1 else [currency.amount(line.regular_minor), off]
    return ", ".join(parts) or None


def _money(completed: CompletedSale, currency: Currency) -> Iterator[Element]:
    sale, payment = completed.sale, completed.payment
    if not sale.tax.prices_include_tax:
        yield Pair(wording.BEFORE_TAX, currency.amount(sale.total_minor - sale.tax_total_minor))
        for total in sale.tax_totals():
            if total.tax_minor:
                yield Pair(total.label or wording.RATE_HEADS[2], currency.amount(total.tax_minor))
    yield Framed(wording.TOTAL, currency.price(sale.total_minor))
    if payment.rounding_minor:
        yield Pair(wording.ROUNDING, currency.amount(payment.rounding_minor))
    for tender in payment.tenders:
        yield Pair(_tender_name(tender), currency.amount(tender.given_minor))
    if payment.change_minor:
        yield Pair(wording.CHANGE, currency.amount(payment.change_minor))


def _tender_name(tender: Tender) -> str:
    if tender.kind is TenderKind.CASH:
        return wording.CASH
    return f"{wording.CARD}, slip {tender.reference}" if tender.reference else wording.CARD


def _foot(
    completed: CompletedSale, header: ReceiptHeader, currency: Currency, chain_code: str
) -> Iterator[Element]:
    totals = completed.sale.tax_totals()
    letters = rate_letters(total.rate_ppm for total in totals)
    yield Rule(2)
    yield rate_table(totals, letters, currency)
    yield Rule(3)
    words = (
        *(Text(text, Style.NORMAL if place else Style.STRONG) for place, text in enumerate(header.promise)),
        *((Text(header.thanks, Style.STRONG),) if header.thanks else ()),
    )
    yield QrBeside(code_text(completed.receipt_number, chain_code), words)
    if chain_code:
        yield Code(chain_code)


def code_text(receipt_number: str, chain_code: str) -> str:
    """What the code at the foot says: the number and the chain code, in letters that keep a QR code small."""
    return f"{receipt_number} {chain_code.replace(' ', '')}".strip()
