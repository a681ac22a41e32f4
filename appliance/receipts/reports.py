"""The X report and the Z report on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from appliance.domain.money import Currency
from appliance.domain.report import ClerkTotals, DayTotals, ZReport
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.receipts import wording
from appliance.receipts.labels import rate_letters, rate_table
from appliance.receipts.sale import masthead
from appliance.receipts.wording import Local, ReceiptHeader, counted
from drivers.document import Banner, Document, Element, Framed, Pair, QrBeside, Rule, Space, Style, Text

_TENDER_NAMES = {TenderKind.CASH: wording.CASH, TenderKind.CARD: wording.CARD}
_ROOM_TO_SIGN = 84
_GAP = 6


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
        *_head("X report", totals, header, local, copy=copy),
        Text(f"{_since(totals, local)}, read by {person_name}", Style.SMALL),
        Rule(2),
        *_figures(totals, currency),
        Rule(3),
        Text(f"{_unsent(totals)} The day goes on: this report closes nothing.", Style.SMALL),
    )
    return Document(elements)


def z_report(
    report: ZReport, header: ReceiptHeader, currency: Currency, *, local: Local, copy: bool = False
) -> Document:
    """Compose the closing of a day: all figures, and what proves later that nothing of it was changed."""
    totals = report.totals
    elements = (
        *_head(f"Z report {report.number}", totals, header, local, copy=copy),
        Text(f"{_since(totals, local)}. {report.till_name}, closed by {report.person_name}", Style.SMALL),
        *_clock(report),
        Rule(2),
        *_figures(totals, currency),
        *_clerks(totals.clerks, currency),
        Rule(2),
        Pair("Grand total", currency.price(report.grand_total_minor), Style.STRONG),
        Text("All sales less all refunds since the till was set up.", Style.SMALL),
        Rule(3),
        *_proof(report),
        Text(_unsent(totals) + _held(totals), Style.SMALL),
        Space(_ROOM_TO_SIGN),
        Rule(1),
        Pair("Counted and signed", "Date", Style.SMALL),
    )
    return Document(elements)


def code(hash_: bytes, groups: int = 3) -> str:
    """The first digits of a hash or a key, in groups of four: "7F3A 91C2 5D0E"."""
    text = hash_.hex().upper()
    return " ".join(text[4 * place : 4 * place + 4] for place in range(groups))


def anchor(report: ZReport) -> str:
    """What ``verify.py --anchor`` takes: the report's own entry, which holds the code of all before it."""
    return f"{report.seq}:{code(report.hash).replace(' ', '')}"


def _head(
    title: str, totals: DayTotals, header: ReceiptHeader, local: Local, *, copy: bool
) -> Iterator[Element]:
    yield from masthead(header)
    if copy:
        yield Banner(wording.COPY)
    yield Pair(title, wording.day_and_time(totals.until, local), Style.BIG)


def _since(totals: DayTotals, local: Local) -> str:
    since = wording.day_and_time(totals.since, local)
    return f"Since Z report {totals.after_z}, {since}" if totals.after_z else f"Since {since}"


def _clock(report: ZReport) -> Iterator[Element]:
    if not report.clock_is_set:
        yield Text("Clock not set: the time is wrong.", Style.STRONG)
    elif report.totals.unclocked:
        entries = counted(report.totals.unclocked, "entry", "entries")
        yield Text(f"Clock not set while {entries} of this day came about.", Style.SMALL_STRONG)


def _figures(totals: DayTotals, currency: Currency) -> Iterator[Element]:
    yield from _sales(totals)
    yield Framed(wording.TOTAL, currency.price(totals.total_minor))
    yield from _tenders(totals, currency)
    yield Rule(2)
    yield _tax(totals.tax, totals, currency)
    if totals.refunds:
        yield Rule(2)
        yield from _refunds(totals, currency)
    yield Rule(2)
    yield from _drawer(totals, currency)


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


def _tax(taxes: Sequence[TaxTotal], totals: DayTotals, currency: Currency) -> Element:
    """The same letter for the same rate in both tables."""
    letters = rate_letters(total.rate_ppm for total in (*totals.tax, *totals.refund_tax))
    return rate_table(taxes, letters, currency)


def _refunds(totals: DayTotals, currency: Currency) -> Iterator[Element]:
    yield Pair(f"Given back, {totals.refunds}", currency.amount(-totals.refunded_minor), Style.STRONG)
    for kind, name in _TENDER_NAMES.items():
        if total := totals.refund_tenders.get(kind):
            yield Pair(f"{name}, {total.count}", currency.amount(-total.amount_minor))
    if totals.refund_rounding_minor:
        yield Pair(wording.ROUNDING, currency.amount(-totals.refund_rounding_minor))
    yield Space(_GAP)
    yield _tax(totals.refund_tax, totals, currency)
    yield Space(_GAP)
    yield Pair("Left of the total", currency.amount(totals.total_minor - totals.refunded_minor), Style.STRONG)


def _drawer(totals: DayTotals, currency: Currency) -> Iterator[Element]:
    moves, back = totals.moves, totals.refund_tenders.get(TenderKind.CASH)
    rows = (
        ("Float", moves.floats, moves.float_minor),
        ("Cash of sales, less change", 0, totals.cash_minor),
        ("Cash given back", 0, -back.amount_minor if back else 0),
        ("Paid in", moves.paid_in, moves.paid_in_minor),
        ("Paid out", moves.paid_out, -moves.paid_out_minor),
    )
    for words, count, amount in rows:
        if amount:
            yield Pair(f"{words}, {count}" if count else words, currency.amount(amount))
    yield Pair("The drawer should hold", currency.price(totals.cash_expected_minor), Style.STRONG)


def _clerks(clerks: Sequence[ClerkTotals], currency: Currency) -> Iterator[Element]:
    if clerks:
        yield Rule(2)
    for place, each in enumerate(clerks):
        if place:
            yield Space(_GAP)
        sales = counted(each.sales, "sale", "sales")
        yield Pair(f"{each.name}, {sales}", currency.amount(each.total_minor))
        if acts := _acts(each, currency):
            yield Text(acts, Style.SMALL)


def _acts(clerk: ClerkTotals, currency: Currency) -> str:
    refunds = f"{counted(clerk.refunds, 'refund', 'refunds')} of {currency.amount(clerk.refunded_minor)}"
    acts = (
        (clerk.voided_lines, counted(clerk.voided_lines, "line taken off", "lines taken off")),
        (clerk.voided_sales, counted(clerk.voided_sales, "sale given up", "sales given up")),
        (clerk.no_sales, f"drawer opened without a sale {counted(clerk.no_sales, 'time', 'times')}"),
        (clerk.price_changes, counted(clerk.price_changes, "price changed", "prices changed")),
        (clerk.payments_back, f"payment handed back {counted(clerk.payments_back, 'time', 'times')}"),
        (clerk.cash_moves, f"money in or out {counted(clerk.cash_moves, 'time', 'times')}"),
        (clerk.refunds, refunds),
        (clerk.reprints, counted(clerk.reprints, "receipt printed again", "receipts printed again")),
    )
    return ", ".join(words for count, words in acts if count)


def _proof(report: ZReport) -> Iterator[Element]:
    span = f"Entries {report.first_seq} to {report.last_seq}"
    words = f"{span} of the till's journal. Keep this paper: a journal that does not fit it was changed."
    yield QrBeside(anchor(report), (Text("The proof of this day", Style.STRONG), Text(words)))
    yield Space(_GAP)
    yield Pair(f"Entry {report.last_seq}", code(report.head_hash), Style.SMALL)
    yield Pair(f"Entry {report.seq}, this report", code(report.hash), Style.SMALL)
    yield Pair("Anchor", anchor(report), Style.SMALL_STRONG)
    if report.public_key:
        yield Pair("Key", code(report.public_key, 4), Style.SMALL)
    yield Space(_GAP)


def _unsent(totals: DayTotals) -> str:
    if not totals.unsent:
        return "The online shop knows every sale."
    waiting = counted(totals.unsent, "sale waits", "sales wait")
    return f"{waiting} to be sent to the online shop."


def _held(totals: DayTotals) -> str:
    if not totals.held:
        return ""
    return f" {counted(totals.held, 'sale is', 'sales are')} set aside, and not in these figures."
