"""The X report on paper."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.domain.money import Currency
from appliance.domain.report import DayTotals
from appliance.domain.tender import TenderKind
from appliance.receipts import wording
from appliance.receipts.labels import rate_letters, rate_table
from appliance.receipts.sale import masthead
from appliance.receipts.wording import Local, ReceiptHeader, counted
from drivers.document import Banner, Document, Element, Framed, Pair, Rule, Style, Text

_TENDER_NAMES = {TenderKind.CASH: wording.CASH, TenderKind.CARD: wording.CARD}


def x_report(
    totals: DayTotals,
    header: ReceiptHeader,
    currency: Currency,
    *,
    local: Local,
    person_name: str,
    copy: bool = False,
) -> Document:
    """Compose the figures of the day so far. Nothing is closed by it."""
    elements = (
        *masthead(header),
        *((Banner(wording.COPY),) if copy else ()),
        Pair("X report", wording.day_and_time(totals.until, local), Style.BIG),
        Text(f"Since {wording.day_and_time(totals.since, local)}, read by {person_name}", Style.SMALL),
        Rule(2),
        *_sales(totals),
        Framed(wording.TOTAL, currency.price(totals.total_minor)),
        *_tenders(totals, currency),
        Rule(2),
        rate_table(totals.tax, rate_letters(total.rate_ppm for total in totals.tax), currency),
        Rule(3),
        Text(_state(totals), Style.SMALL),
    )
    return Document(elements)


def _sales(totals: DayTotals) -> Iterator[Element]:
    yield Pair("Sales", str(totals.sales))
    yield Pair("Items", str(totals.items))
    if totals.first_receipt:
        yield Pair("Receipts", f"{totals.first_receipt} to {totals.last_receipt}", Style.SMALL)


def _tenders(totals: DayTotals, currency: Currency) -> Iterator[Element]:
    for kind, name in _TENDER_NAMES.items():
        if total := totals.tenders.get(kind):
            yield Pair(f"{name}, {total.count}", currency.amount(total.amount_minor))
    if totals.change_minor:
        yield Pair("Change given", currency.amount(totals.change_minor))
    if totals.rounding_minor:
        yield Pair(wording.ROUNDING, currency.amount(totals.rounding_minor))
    if totals.voided_lines:
        yield Pair(
            f"Taken off, {counted(totals.voided_lines, 'line', 'lines')}",
            currency.amount(totals.voided_minor),
        )
    if totals.voided_sales:
        yield Pair("Sales given up", str(totals.voided_sales))


def _state(totals: DayTotals) -> str:
    if not totals.unsent:
        return "The online shop knows every sale. The day goes on: this report closes nothing."
    waiting = counted(totals.unsent, "sale waits", "sales wait")
    return f"{waiting} to be sent to the online shop. The day goes on: this report closes nothing."
