"""The printer-neutral document."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.document import Item, Pair, QrBeside, Rule, Style, Table, Text, clean


def test_a_product_name_cannot_carry_a_command() -> None:
    item = Item("Mug \x1bp\x00\x32\x32", "1.\x1b00", "A\x07", "2 \x90× 0.50")
    assert item == Item("Mug p22", "1.00", "A", "2 × 0.50")


def test_a_product_name_cannot_turn_the_line_around() -> None:
    assert Pair("to\u202etal\u2066", "\u200f1.00").left == "total"
    assert Pair("to\u202etal\u2066", "\u200f1.00").right == "1.00"


def test_a_break_in_a_name_becomes_a_blank() -> None:
    assert Text("two\nlines\tand\u2028more").text == "two lines and more"


def test_strings_inside_tables_and_beside_codes_are_cleaned_too() -> None:
    table = Table(("Ra\x00te", "Net"), (("A\x1b", "1\x07"),))
    assert (table.columns, table.rows) == (("Rate", "Net"), (("A", "1"),))
    assert QrBeside("a\x00b", (Text("c\x9b"),)) == QrBeside("ab", (Text("c"),))


def test_letters_of_all_scripts_and_their_joiners_stay() -> None:
    words = "Café ₹ متجر لا\u200cی 日本語 ½"
    assert clean(words) == words


@given(st.text())
def test_a_clean_text_is_printable_in_utf_8_and_stays_as_it_is(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert once.encode("utf-8").decode("utf-8") == once
    assert all(ord(c) >= 0x20 and not 0x7F <= ord(c) <= 0x9F for c in once)


def test_a_style_is_kept() -> None:
    assert Pair("a", "b", Style.BIG).style is Style.BIG


def test_elements_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Text("a").text = "b"  # type: ignore[misc]


def test_a_table_refuses_a_row_that_does_not_fit_its_heads() -> None:
    with pytest.raises(ValueError, match="one cell for each column"):
        Table(("Rate", "Net"), (("A",),))


@pytest.mark.parametrize("dots", [0, 9])
def test_a_rule_that_is_nothing_or_a_bar_is_refused(dots: int) -> None:
    with pytest.raises(ValueError, match="1 to 8 dots"):
        Rule(dots)
