"""The paper of a refund: the customer's proof, and what the cashier files."""

from __future__ import annotations

from collections.abc import Iterator

from appliance.domain.money import Currency
from appliance.domain.refund import CompletedRefund, RefundLine
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.receipts import wording
from appliance.receipts.labels import rate_letters, rate_table
from appliance.receipts.sale import clock_mark, code_text, masthead
from appliance.receipts.wording import Local, ReceiptHeader
from drivers.document import Banner, Code, Document, Element, Framed, Item, Pair, QrBeside, Rule, Style, Text


def compose(
    completed: CompletedRefund,
    header: ReceiptHeader,
    currency: Currency,
    *,
    local: Local,
    copy: bool = False,
    chain_code: str = "",
) -> Document:
    """Compose the paper of a refund; its arguments are those of a receipt (``receipts.sale``)."""
    elements = (
        *masthead(header),
        *((Banner(wording.COPY),) if copy else ()),
        *_which(completed, local),
        *_lines(completed, currency),
        *_money(completed, currency),
        *_foot(completed, currency, chain_code),
    )
    return Document(elements)


def _which(completed: CompletedRefund, local: Local) -> Iterator[Element]:
    yield Banner(wording.REFUND)
    yield Pair(completed.receipt_number, wording.day_and_time(completed.completed_at, local), Style.BIG)
    yield from clock_mark(completed.clock_is_set)
    yield Text(wording.served_by(completed.till_name, completed.cashier_name), Style.SMALL)
    of = completed.refund.of_receipt
    yield Text(f"Of receipt {of}" if of else "Without a receipt", Style.STRONG)
    yield Rule(2)


def _lines(completed: CompletedRefund, currency: Currency) -> Iterator[Element]:
    lines = completed.refund.lines
    letters = rate_letters(line.rate_ppm for line in lines)
    for line in lines:
        yield Item(line.name, currency.amount(-line.amount_minor), letters[line.rate_ppm], _detail(line))


def _detail(line: RefundLine) -> str | None:
    return wording.counted(line.quantity, "piece", "pieces") if line.quantity > 1 else None


def _money(completed: CompletedRefund, currency: Currency) -> Iterator[Element]:
    yield Framed(wording.REFUND, currency.price(-completed.refund.total_minor))
    if completed.rounding_minor:
        yield Pair(wording.ROUNDING, currency.amount(-completed.rounding_minor))
    name = wording.CASH if completed.tender is TenderKind.CASH else wording.CARD
    slip = f", slip {completed.reference}" if completed.reference else ""
    yield Pair(f"{name}{slip}", currency.amount(-completed.paid_minor))


def _foot(completed: CompletedRefund, currency: Currency, chain_code: str) -> Iterator[Element]:
    yield Rule(2)
    totals = _tax(completed)
    yield rate_table(totals, rate_letters(total.rate_ppm for total in totals), currency)
    yield Rule(3)
    approval = completed.approval
    words = (
        Text(f"Why: {completed.reason}", Style.NORMAL),
        *((Text(f"Approved by {approval.name}: {approval.why}", Style.NORMAL),) if approval else ()),
        Text("Signature:", Style.STRONG),
    )
    yield QrBeside(code_text(completed.receipt_number, chain_code), words)
    if chain_code:
        yield Code(chain_code)


def _tax(completed: CompletedRefund) -> tuple[TaxTotal, ...]:
    """Net, tax and gross per rate, below nothing as they go back, highest rate first."""
    sums: dict[int, tuple[str, int, int]] = {}
    for line in completed.refund.lines:
        label, tax, gross = sums.get(line.rate_ppm, (line.tax_label, 0, 0))
        sums[line.rate_ppm] = (label, tax - line.tax_minor, gross - line.amount_minor)
    return tuple(
        TaxTotal(rate, label, gross - tax, tax, gross)
        for rate, (label, tax, gross) in sorted(sums.items(), reverse=True)
    )
