import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.money import currency
from appliance.domain.sale import Sale
from appliance.domain.tax import TaxRate, TaxRules

RECORDED: list[dict[str, Any]] = json.loads((Path(__file__).parent / "recorded" / "orders.json").read_text())
EUR = currency("EUR")
RATES = st.sampled_from([0, 25_000, 50_000, 135_000, 200_000, 230_000, 255_000, 88_750])
BASKET = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20_000), RATES), min_size=1, max_size=12)


@pytest.mark.parametrize("order", RECORDED, ids=lambda order: str(order["source"]))
def test_totals_are_those_of_the_recorded_order(order: dict[str, Any], sale_of: Any) -> None:
    lines = [(line["quantity"], line["unit_price_minor"], line["rate_ppm"]) for line in order["lines"]]
    sale: Sale = sale_of(lines, included=order["prices_include_tax"])

    assert EUR.plain(sale.total_minor) == order["total"]
    assert EUR.plain(sale.tax_total_minor) == order["total_tax"]
    assert [EUR.plain(sale.line_tax_minor(line)) for line in sale.lines] == [
        line["line_tax"] for line in order["lines"]
    ]


@given(BASKET)
def test_tax_held_in_a_price_is_rounded_half_down_per_line(
    sale_of: Any, basket: list[tuple[int, int, int]]
) -> None:
    sale: Sale = sale_of(basket, included=True)

    for line in sale.lines:
        exact = Fraction(line.amount_minor) * line.rate_ppm / (1_000_000 + line.rate_ppm)
        error = exact - sale.line_tax_minor(line)
        assert -Fraction(1, 2) < error <= Fraction(1, 2)
    assert sale.total_minor == sum(quantity * price for quantity, price, _ in basket)


@given(BASKET)
def test_tax_on_top_of_a_price_is_rounded_half_up_per_line(
    sale_of: Any, basket: list[tuple[int, int, int]]
) -> None:
    sale: Sale = sale_of(basket, included=False)

    for line in sale.lines:
        error = Fraction(line.amount_minor) * line.rate_ppm / 1_000_000 - sale.line_tax_minor(line)
        assert -Fraction(1, 2) <= error < Fraction(1, 2)
    assert sale.total_minor == sum(q * p for q, p, _ in basket) + sale.tax_total_minor


@given(BASKET, st.booleans())
def test_the_table_of_rates_adds_up_to_the_sale(
    sale_of: Any, basket: list[tuple[int, int, int]], included: bool
) -> None:
    sale: Sale = sale_of(basket, included=included)
    totals = sale.tax_totals()

    assert sum(total.gross_minor for total in totals) == sale.total_minor
    assert sum(total.tax_minor for total in totals) == sale.tax_total_minor
    assert all(total.net_minor + total.tax_minor == total.gross_minor for total in totals)
    assert [total.rate_ppm for total in totals] == sorted({rate for _, _, rate in basket}, reverse=True)


def test_exactly_half_a_cent_goes_down_inside_a_price_and_up_on_top_of_one() -> None:
    rates = {"standard": TaxRate("standard", 1_000_000, "double")}

    assert TaxRules(True, rates).tax_minor(1, 1_000_000) == 0
    assert TaxRules(False, rates).tax_minor(1, 500_000) == 1


def test_a_class_without_a_rate_is_taxed_at_nothing() -> None:
    rules = TaxRules(True, {"standard": TaxRate("standard", 230_000, "VAT")})

    assert rules.rate("").rate_ppm == 230_000
    assert rules.rate("reduced-rate").rate_ppm == 0


@pytest.mark.parametrize(
    ("ppm", "text"), [(230_000, "23 %"), (135_000, "13.5 %"), (88_750, "8.875 %"), (0, "0 %")]
)
def test_a_rate_is_written_without_needless_zeros(ppm: int, text: str) -> None:
    assert TaxRate("standard", ppm, "").percent == text
