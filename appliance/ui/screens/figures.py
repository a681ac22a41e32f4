"""The figures of a day as rows of facts, the same on every page that shows them."""

from __future__ import annotations

from appliance.domain.money import Currency
from appliance.domain.report import DayTotals
from appliance.domain.tax import TaxRate
from appliance.ui.strings import Words
from appliance.ui.widgets.facts import Fact


def day_facts(totals: DayTotals, currency: Currency, say: Words) -> list[Fact]:
    """What was sold; what did not happen is left out, but for sales and voids."""
    amount = currency.amount
    facts = [
        Fact(say("report.sales"), f"{totals.sales:,}", say.count("till.items", totals.items) + " ·"),
        Fact(say("report.turnover"), amount(totals.total_minor), is_strong=True),
        *_taxes(totals, currency, say),
        Fact(say("report.voids"), amount(totals.voided_minor), f"{totals.voided_lines} ·"),
    ]
    if totals.refunds:
        back = amount(-totals.refunded_minor)
        facts.insert(1, Fact(say("report.given_back"), back, f"{totals.refunds} ·"))
    if totals.rounding_minor:
        facts.append(Fact(say("report.rounding"), amount(totals.rounding_minor)))
    if totals.first_receipt:
        first, last = totals.first_receipt, totals.last_receipt
        span = first if first == last else f"{first} – {last.rpartition('-')[2]}"
        facts.append(Fact(say("report.receipts"), span))
    return facts


def _taxes(totals: DayTotals, currency: Currency, say: Words) -> list[Fact]:
    rates = [(TaxRate("", each.rate_ppm, "").percent, each.tax_minor) for each in totals.tax]
    return [Fact(say("report.vat", rate=rate), currency.amount(tax)) for rate, tax in rates]
