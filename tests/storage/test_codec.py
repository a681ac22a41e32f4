"""Sales as text and back."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.tender import CompletedSale, Payment
from appliance.storage.codec import completed_from_text, completed_to_text, draft_from_text, draft_to_text
from appliance.storage.instants import to_instant, to_text
from tests.storage.samples import NOON, paid, sale

texts = st.text(st.characters(codec="utf-8"), max_size=30)
numbers = st.none() | st.integers(1, 2**53)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
lines = st.builds(
    SaleLine,
    position=st.integers(1, 99),
    name=texts,
    quantity=st.integers(1, 9999),
    unit_price_minor=st.integers(-(10**9), 10**9),
    tax_class=texts,
    rate_ppm=st.integers(0, 10**6),
    tax_label=texts,
    product_id=numbers,
    parent_id=numbers,
    stock_id=numbers,
    number=numbers,
    sku=texts,
    barcode=texts,
    weight_grams=numbers,
    note=texts,
)
rates = st.builds(TaxRate, texts, st.integers(0, 10**6), texts)
sales = st.builds(
    Sale,
    sale_id=st.integers(0, 2**128 - 1).map("{:032x}".format),
    opened_at=instants,
    tax=st.builds(TaxRules, st.booleans(), st.dictionaries(texts, rates, max_size=3)),
    lines=st.lists(lines, max_size=4).map(tuple),
    voided=st.lists(lines, max_size=2).map(tuple),
    next_position=st.integers(1, 99),
)


@given(made=sales)
def test_any_draft_comes_back_as_it_was(made: Sale) -> None:
    assert draft_from_text(draft_to_text(made, None)) == (made, None)


@given(made=sales, at=instants, name=texts, is_set=st.booleans(), sold_at=st.none() | instants)
def test_any_completed_sale_comes_back_from_its_text_alone(
    made: Sale, at: datetime, name: str, is_set: bool, sold_at: datetime | None
) -> None:
    payment = Payment(900, 5).card(400, name).cash(1000)
    completed = CompletedSale(made, payment, "T1-000001", at, 7, name, name, is_set, sold_at)
    text = completed_to_text(completed)
    assert completed_from_text(text) == completed
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False), (
        "canonical"
    )
    assert ("sold_at" in json.loads(text)) == (sold_at is not None), "absent where there is none"


@given(made=sales)
def test_the_text_is_canonical_so_that_a_hash_over_it_means_something(made: Sale) -> None:
    text = draft_to_text(made, paid(sale(1)))
    again = json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert text == again


def test_a_line_that_changed_is_not_taken_for_the_one_before() -> None:
    first = sale(3)
    draft_to_text(first, None)
    second = first.with_quantity(2, 77)
    assert draft_from_text(draft_to_text(second, None))[0].line(2).quantity == 77


def test_a_draft_in_an_unknown_format_is_refused() -> None:
    text = draft_to_text(sale(1), None).replace('"v":1', '"v":2')
    with pytest.raises(ValueError, match="format 2"):
        draft_from_text(text)


def test_an_instant_of_another_time_zone_is_kept_in_utc_and_one_without_is_refused() -> None:
    assert to_text(NOON) == "2026-11-21T12:00:00.000000Z"
    assert to_instant(to_text(NOON.replace(microsecond=123456))) == NOON.replace(microsecond=123456)
    with pytest.raises(ValueError, match="no time zone"):
        to_text(NOON.replace(tzinfo=None))


def test_five_lines_fit_a_page_of_the_file() -> None:
    completed = CompletedSale(sale(1), paid(sale(1)), "T1-000001", NOON, 1, "Mara", "Till T1")
    assert len(completed_to_text(completed)) < 2000
