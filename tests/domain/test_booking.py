"""Lists from paper: what a shopkeeper writes, and whatever else is typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appliance.domain.booking import (
    MOST_ITEMS,
    MOST_PIECES,
    day_problem,
    normal_text,
    read,
    sentence,
)

TODAY = date(2026, 11, 22)


def read_so(text: str) -> list[tuple[int, int, int]]:
    """Sale, quantity and number of each item that can be read."""
    return [(each.sale, each.quantity, each.number) for each in read(text) if not each.wrong]


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("23, 612, 5, 1209", [(1, 1, 23), (1, 1, 612), (1, 1, 5), (1, 1, 1209)]),
        ("23, 2x612, 5*3, 4 × 1209", [(1, 1, 23), (1, 2, 612), (1, 5, 3), (1, 4, 1209)]),
        ("23;2X612 , 5,", [(1, 1, 23), (1, 2, 612), (1, 1, 5)]),
        ("23, 612\n\n5 / 1209\r\n7", [(1, 1, 23), (1, 1, 612), (2, 1, 5), (3, 1, 1209), (4, 1, 7)]),
        ("١٢، ٣x٤٥؛ ۶", [(1, 1, 12), (1, 3, 45), (1, 1, 6)]),
        ("007", [(1, 1, 7)]),
        ("", []),
        (" , \n / ", []),
    ],
)
def test_what_a_shopkeeper_writes_is_read(text: str, items: list[tuple[int, int, int]]) -> None:
    assert read_so(text) == items
    assert not any(each.wrong for each in read(text))


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("0x612", "0x612: a quantity from 1 to 999 is needed (item 2)"),
        ("1000x612", "1000x612: a quantity from 1 to 999 is needed (item 2)"),
        ("612x0", "612x0: 0 is no product number; the quantity comes first, as in 2x612 (item 2)"),
        ("612 613", "612 613: a comma is missing between two numbers (item 2)"),
        ("612@8.50", "612@8.50: a list has no prices; each thing is sold as on the shelf (item 2)"),
        ("x2", "x2: the quantity comes first, as in 2x612 (item 2)"),
        ("2x", "2x: the product's number is missing (item 2)"),
        ("1x2x3", "1x2x3: there is more than one x (item 2)"),
        ("mug", "mug: this is no product number (item 2)"),
        ("-5", "-5: this is no product number (item 2)"),
        ("½", "½: this is no product number (item 2)"),
        ("4006381333931", "4006381333931: this is no product number (item 2)"),
        ("", "Nothing: a number is missing between two commas (item 2)"),
        ("a" * 99, f"{'a' * 23}…: this is no product number (item 2)"),
    ],
)
def test_what_is_wrong_is_said_by_name_and_place(item: str, words: str) -> None:
    _, wrong, good = read(f"23, {item}, 5")
    assert sentence(wrong, wrong.wrong, among_sales=False) == words
    assert (good.number, good.item, good.wrong) == (5, 3, "")


def test_on_a_sheet_of_several_sales_the_place_names_the_sale() -> None:
    wrong = read("23 / 5, mug")[-1]
    assert sentence(wrong, "no", among_sales=True) == "mug: no (sale 2, item 2)"


def test_a_file_that_is_no_list_ends() -> None:
    items = read("5," * 9_999)
    assert len(items) == MOST_ITEMS + 1
    assert "at most 500 items" in items[-1].wrong


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("0123456789,;x*/ \n@.a٣") | st.characters(), max_size=60))
def test_whatever_is_typed_each_item_is_read_or_named(text: str) -> None:
    places = set()
    for each in read(text):
        places.add((each.sale, each.item))
        if each.wrong:
            words = sentence(each, each.wrong, among_sales=True)
            assert f"(sale {each.sale}, item {each.item})" in words
            assert words.startswith(each.text[:23] or "Nothing: ")
        else:
            assert 0 < each.number < 10**9
            assert 1 <= each.quantity <= MOST_PIECES
    assert len(places) == len(read(text))


item_lists = st.lists(
    st.lists(st.tuples(st.integers(1, MOST_PIECES), st.integers(1, 999_999)), min_size=1, max_size=6),
    max_size=5,
)


@settings(max_examples=50, deadline=None)
@given(item_lists, st.sampled_from([", ", ",", " ; ", ",  "]), st.sampled_from(["\n", " / ", "\r\n\n"]))
def test_a_list_in_any_hand_has_one_normal_form(
    sales: list[list[tuple[int, int]]], comma: str, end: str
) -> None:
    text = end.join(comma.join(f"{quantity} X {number}" for quantity, number in sale) for sale in sales)
    items = read(text)
    assert [(each.quantity, each.number) for each in items] == [each for sale in sales for each in sale]
    again = read(normal_text(items))
    assert [(each.sale, each.quantity, each.number) for each in again] == read_so(text)
    assert normal_text(again) == normal_text(items)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY, ""),
        (date(2026, 10, 22), ""),
        (date(2026, 10, 21), "This day is more than 31 days ago. Ask the accountant."),
        (date(2026, 11, 23), "This day is still to come."),
    ],
)
def test_a_day_is_today_or_up_to_31_days_ago(day: date, words: str) -> None:
    assert day_problem(day, TODAY) == words
