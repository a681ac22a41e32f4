"""How much is held back from the web, and when an order is made for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import RuleError
from appliance.domain.safety import MOST_LEARNED, SafetyRules, Shelf, change, wish

MUG = Shelf(1209, 1209, None, "Enamel mug", "1209", ("1209",), ("17", "kitchen"), on_hand=12, held=0)


def rules(*texts: str, learns: bool = False) -> SafetyRules:
    return SafetyRules.from_texts(texts, learns=learns)


def test_the_owner_names_it_by_product_or_by_category() -> None:
    assert wish(rules("sku 1209: 2"), MUG, 0) == 2
    assert wish(rules("category Kitchen: 3"), MUG, 0) == 3
    assert wish(rules("category 17: 4"), MUG, 0) == 4
    assert wish(rules("sku 612: 2", "category Garden: 3"), MUG, 0) == 0


def test_what_is_said_of_a_product_holds_against_its_category_and_its_drift() -> None:
    assert wish(rules("sku 1209: 0", "category Kitchen: 3", learns=True), MUG, 5) == 0
    assert wish(rules("category Kitchen: 3", "category 17: 1", learns=True), MUG, 5) == 5


def test_drift_counts_only_if_the_till_may_learn_and_never_beyond_reason() -> None:
    assert wish(rules(), MUG, 5) == 0
    assert wish(rules(learns=True), MUG, 5) == 5
    assert wish(rules(learns=True), MUG, 300) == MOST_LEARNED


def test_what_is_sold_below_zero_on_purpose_or_not_counted_is_not_held_back() -> None:
    assert wish(rules("sku 1209: 2"), replace(MUG, backorders=True), 0) == 0
    assert wish(rules("sku 1209: 2"), replace(MUG, on_hand=None), 0) == 0


@pytest.mark.parametrize(
    "text", ["612: 2", "sku 612", "sku 612: many", "sku : 2", "sku 612: -1", "shelf 3: 1"]
)
def test_a_rule_that_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(RuleError, match="is not a rule"):
        rules(text)
    with pytest.raises(RuleError, match="two rules for sku 612"):
        rules("sku 612: 2", "SKU 612: 3")


@pytest.mark.parametrize(
    ("wanted", "on_hand", "held", "expected"),
    [
        (2, 12, 0, 2),  # nothing is held yet
        (2, 1, 0, 1),  # never more than is there
        (2, 0, 0, 0),
        (2, -3, 0, 0),
        (2, 12, 2, 0),
        (2, 1, 2, -1),  # the last pieces sell at the till: the shop's count would be -1
        (2, 0, 1, -1),
        (2, -1, 1, -1),
        (2, 2, 1, 0),  # one came back at the end of the stock: no order for that
        (2, 3, 1, 0),
        (2, 4, 1, 1),  # there is enough again
        (5, 3, 1, 2),  # two are missing
        (0, 12, 2, -2),  # the owner changed the rule
        (1, 12, 2, -1),
    ],
)
def test_an_order_is_made_only_when_it_is_needed(wanted: int, on_hand: int, held: int, expected: int) -> None:
    assert change(wanted, on_hand, held) == expected


@given(st.integers(0, 12), st.integers(-5, 40), st.integers(0, 20))
def test_what_is_held_is_never_more_than_there_is_and_it_comes_to_rest(
    wanted: int, on_hand: int, held: int
) -> None:
    after = held + change(wanted, on_hand, held)
    assert 0 <= after <= max(on_hand, 0)
    assert after <= max(wanted, 0)
    assert change(wanted, on_hand, after) == 0
    if held == 0:
        assert after == min(wanted, max(on_hand, 0))


@given(st.integers(0, 5), st.integers(0, 30), st.lists(st.sampled_from([-1, 1]), max_size=40))
def test_only_the_last_pieces_make_orders(wanted: int, on_hand: int, moves: list[int]) -> None:
    held = change(wanted, on_hand, 0)
    for move in moves:
        on_hand = max(on_hand + move, 0)
        step = change(wanted, on_hand, held)
        held += step
        assert held <= on_hand, "the shop's count stays above zero"
        assert not step or on_hand <= wanted + 2, "plenty is there: a single sale or return makes no order"
        assert step >= 0 or move < 0, "what comes back frees nothing"
