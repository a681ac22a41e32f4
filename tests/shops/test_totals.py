"""The till's totals are the shop's, to the cent: random sales, and the orders that a real WooCommerce made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.demo.shop.server import DemoShop
from appliance.domain.money import currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRate, TaxRules
from appliance.shops.woocommerce_order_body import net_text
from appliance.shops.woocommerce_orders import read_order
from tests.shops.counter import Counter, at

RECORDED = Path(__file__).parent / "recorded"
CLASSES = {"standard": "20.0000", "reduced-rate": "13.5000", "zero-rate": "0.0000"}
"""20 % has amounts whose tax is exactly half a cent: 0.03 holds 0.005. Rates such as 23 % have none."""

Case = tuple[Counter, TaxRules]


@pytest.fixture(
    scope="module", params=[("EUR", 2, True), ("EUR", 2, False), ("JPY", 0, True), ("KWD", 3, False)]
)
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A shop of one currency with its prices with or without tax."""
    code, decimals, includes_tax = request.param
    build: Callable[..., Any] = request.getfixturevalue("connect_module")
    data = tmp_path_factory.mktemp("shop") / "shop.db"
    with DemoShop(data, currency=code, decimals=decimals, includes_tax=includes_tax) as shop:
        counter = build(shop.url, code=code)
        for tax_class, rate in CLASSES.items():
            counter.owner.write(
                "/wc/v3/taxes", {"country": "IE", "rate": rate, "name": "VAT", "class": tax_class}
            )
        yield counter, counter.tax()


lines = st.lists(
    st.tuples(st.integers(1, 25_000), st.integers(1, 40), st.sampled_from([*CLASSES])),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@example([(3, 1, "standard"), (15, 1, "standard"), (25, 1, "standard")])
@given(lines)
def test_any_sale_has_the_same_total_and_tax_in_the_shop(
    case: Case, given_lines: list[tuple[int, int, str]]
) -> None:
    counter, tax = case
    sold = [
        SaleLine(1, f"Thing {place}", quantity, price, tax_class, tax.rate(tax_class).rate_ppm)
        for place, (price, quantity, tax_class) in enumerate(given_lines)
    ]
    completed = counter.sale(*sold, tax=tax)
    made = counter.shop.reserve(completed)
    raw = counter.owner.read(f"/wc/v3/orders/{made.order_id}")
    assert (made.difference_minor, made.is_whole) == (0, True)
    assert counter.currency.parse(raw["total"]) == completed.sale.total_minor
    assert counter.currency.parse(raw["total_tax"]) == completed.sale.tax_total_minor


def test_a_shop_that_rounds_at_the_subtotal_differs_by_little_and_refuses_nothing(
    demo_shop: DemoShop, connect: Callable[..., Counter]
) -> None:
    counter = connect(demo_shop.url)
    counter.owner.write("/wc/v3/taxes", {"country": "IE", "rate": "23", "name": "VAT", "class": "standard"})
    for name, value in (("prices_include_tax", "no"), ("tax_round_at_subtotal", "yes")):
        counter.owner.write(f"/wc/v3/settings/tax/woocommerce_{name}", {"value": value})
    tax = counter.tax()
    completed = counter.sale(
        *[SaleLine(1, f"Screw {place}", 1, 2, "standard", 230_000) for place in range(6)], tax=tax
    )
    made = counter.shop.reserve(completed)
    assert counter.shop.facts().rounds_at_subtotal
    assert made.is_whole
    assert (
        made.difference_minor == 3
    )  # six times 0.46 of a cent: nothing line by line, and three cents together


@pytest.mark.parametrize(
    ("name", "sold"),
    [
        ("order_recommended_1_post_pending", [(432, "reduced-rate", 50_000), (1100, "standard", 200_000)]),
        ("order_post_variation", [(1100, "standard", 200_000)]),
        ("order_post_unknown_product", [(360, "standard", 200_000)]),
        ("order_web_pickup_location", [(2304, "standard", 200_000)]),
    ],
)
def test_recorded_orders_have_the_totals_that_the_till_computes(
    name: str, sold: list[tuple[int, str, int]]
) -> None:
    body = json.loads((RECORDED / f"{name}.json").read_text())["body"]
    pound = currency("GBP")
    rates = {tax_class: TaxRate(tax_class, ppm, "VAT") for _, tax_class, ppm in sold}
    parts = tuple(
        SaleLine(place, "Thing", 1, amount, tax_class, ppm)
        for place, (amount, tax_class, ppm) in enumerate(sold, 1)
    )
    sale = Sale("0" * 32, at(), TaxRules(True, rates), parts)
    assert read_order(body, pound).total_minor == sale.total_minor
    assert pound.parse(body["total_tax"]) == sale.tax_total_minor
    by_rate = {each["rate_percent"]: pound.parse(each["tax_total"]) for each in body["tax_lines"]}
    assert by_rate == {each.rate_ppm / 10_000: each.tax_minor for each in sale.tax_totals()}
    for line, item in zip(parts, body["line_items"], strict=True):
        sent = net_text(line.amount_minor, line.rate_ppm, pound, includes_tax=True)
        assert f"{float(sent):.2f}" == item["total"]
