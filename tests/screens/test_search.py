"""Searching: where it stands, what each key does, and that a scan still works there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.ui.screens.search import Search
from appliance.ui.screens.sell import Sell
from appliance.ui.widgets.header import HeaderText
from tests.screens.boxes import differences
from tests.screens.conftest import UI
from tests.screens.shelf import fill_shelf
from tests.screens.till import Till, open_till

MOVED = [
    "Enamel",
    "mug, forest green",
    "plate 26 cm, white",
    "jug 1 l, blue rim",
    "mug, oat",
    "paint, black 125 ml",
]
"""The till lists names in their own order; the pictures list them by hand."""
HITS = [
    "12.90",
    "15.50",
    "34.00",
    "8.40",
    "14 left",
    "6 left",
    "1 left",
    "9 left",
    "11 left",
    "933 · Paint",
    "warn",
]
NUMBERS = ["1209 · Kitchen", "1215 · Kitchen", "1217 · Kitchen", "1210 · Kitchen"]
SUNK = [(10, 682)]
"""A sentence, no key: it lies on the panel."""
BEST = ["Enamel mug, green", "€12.90"]


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as opened:
        yield fill_shelf(opened)


@pytest.fixture
def search(ui: UI, till: Till) -> UI:
    ui.offer(search=lambda desk: Search(desk, till.counter), sell=lambda desk: Sell(desk, till.counter))
    ui.desk.set_header(HeaderText("Till 1", "Marta", "online", "Online", "14:32"))
    ui.show("search")
    return ui


def type_word(ui: UI, letters: str) -> None:
    for letter in letters:
        ui.tap("Space" if letter == " " else letter)


def test_it_stands_where_the_design_put_it(search: UI, panel: str) -> None:
    type_word(search, "enamel")
    wrong = differences(search.rows(), "search", panel, [*MOVED, *HITS, *NUMBERS, *BEST, "5 found"], SUNK)
    assert not wrong, "\n".join(wrong)


def test_every_letter_is_typed(search: UI, panel: str) -> None:
    letters = ("1234567890" if panel == "10" else "") + "qwertyuiopasdfghjklzxcvbnm&-."
    for letter in letters:
        search.tap("Clear") if search.screen.find("Clear") else None
        search.tap(letter)
        assert letter in search.texts()


@pytest.mark.parametrize("panel", ["7"])
def test_the_small_keyboard_has_a_second_page_with_figures(search: UI) -> None:
    search.tap("123")
    type_word(search, "1209")
    assert "€12.90" in search.texts()
    search.tap("abc")
    assert search.screen.find("q") is not None


def test_hits_show_from_the_second_letter_with_the_best_on_the_lit_key(search: UI) -> None:
    search.tap("e")
    assert "two letters or more" in search.texts()
    search.tap("n")
    assert "4 found" in search.texts()
    assert "€34.00" in search.texts(), "the first in the list is on the lit key"


def test_the_last_letter_is_taken_back_and_the_cross_takes_all(search: UI) -> None:
    type_word(search, "enx")
    search.tap("backspace")
    assert "en" in search.texts()
    search.tap("Clear")
    assert "en" not in search.texts()
    assert search.screen.find("Clear") is None


def test_nothing_found_says_so_and_leaves_the_key_unlit(search: UI) -> None:
    type_word(search, "qqq")
    assert {"0 found", "Nothing found"} <= set(search.texts())
    assert search.screen.find("Add") is None


def test_the_lit_key_adds_the_hit_and_goes_back_to_the_sale(search: UI, till: Till) -> None:
    type_word(search, "enamel plate")
    search.tap("Add")
    assert search.screen.name == "sell"
    sale = till.counter.selling.sale
    assert sale is not None
    assert [line.number for line in sale.lines] == [1215]


def test_a_row_goes_on_the_lit_key_and_a_second_tap_adds_it(search: UI, till: Till) -> None:
    type_word(search, "enamel")
    search.tap("Enamel mug, oat")
    assert "€12.90" in search.texts()
    search.tap("Enamel mug, oat")
    sale = till.counter.selling.sale
    assert sale is not None
    assert [line.number for line in sale.lines] == [1210]


def test_a_scan_is_taken_here_too(search: UI, till: Till) -> None:
    search.desk.scan("4006381333931")
    search.frames()
    assert search.screen.name == "sell"
    assert "Claw hammer 450 g" in search.texts()


def test_looking_up_comes_with_the_text_typed(search: UI) -> None:
    search.show("search", text="Masking tape")
    assert {"Masking tape", "€3.95"} <= set(search.texts())


def test_the_arrow_leads_back_to_the_sale(search: UI) -> None:
    search.tap("back")
    assert search.screen.name == "sell"
