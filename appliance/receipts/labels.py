"""The letters that tie a line to its tax rate, and the table of rates at the foot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from appliance.domain.money import Currency
from appliance.domain.tax import TaxRate, TaxTotal
from appliance.receipts.wording import RATE_HEADS
from drivers.document import Table


def rate_letters(rates_ppm: Iterable[int]) -> Mapping[int, str]:
    """A letter for each rate, A for the highest."""
    ordered = sorted(set(rates_ppm), reverse=True)
    return {rate: chr(ord("A") + place) for place, rate in enumerate(ordered)}


def rate_table(totals: Sequence[TaxTotal], letters: Mapping[int, str], currency: Currency) -> Table:
    """Net, tax and gross per rate, and their sums in the last row."""
    rows = [
        (
            f"{letters[total.rate_ppm]}  {TaxRate('', total.rate_ppm, '').percent}",
            currency.amount(total.net_minor),
            currency.amount(total.tax_minor),
            currency.amount(total.gross_minor),
        )
        for total in totals
    ]
    sums = (
        "",
        currency.amount(sum(total.net_minor for total in totals)),
        currency.amount(sum(total.tax_minor for total in totals)),
        currency.amount(sum(total.gross_minor for total in totals)),
    )
    return Table(RATE_HEADS, (*rows, sums))
