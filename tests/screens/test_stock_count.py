"""Counting the shelf on the glass: scans, typed numbers, a sale in between, the comparison, a manager's word."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from appliance.domain.catalogue import CatalogueChanges
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import FRIDAY, PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
ON_HAND = {331: 8, 402: 40, 707: 1, 1209: 12, 902: 6, 347: 30, 12: 200}
HAMMER, SCREWS, RAIL, MUG, OIL, TAPE = 10_331, 10_402, 10_707, 11_209, 10_902, 10_347


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        found = [made.catalogue.get(10_000 + number) for number in ON_HAND]
        counted = [
            replace(each, manages_stock=True, on_hand=ON_HAND[each.number or 0]) for each in found if each
        ]
        made.catalogue.apply(CatalogueChanges(tuple(counted), read_at=FRIDAY - timedelta(minutes=27)))
        made.sign_in()
        yield made


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "14:32")
    ui.show("stock-count", back="menu")


def scan(ui: UI, *numbers: int) -> None:
    for number in numbers:
        ui.desk.scan(str(number))
    ui.frames()


def type_digits(ui: UI, digits: str) -> None:
    for digit in digits:
        ui.tap(digit)


def set_count(ui: UI, digits: str) -> None:
    type_digits(ui, digits)
    ui.tap("Set")


def counted(till: Till) -> dict[int, int]:
    assert till.counter.counting is not None
    return {line.stock_id: line.counted for line in till.counter.counting.lines()}


def variances(till: Till) -> dict[int, int]:
    assert till.counter.counting is not None
    return {line.stock_id: line.variance for line in till.counter.counting.lines()}


def entries(till: Till, kind: str) -> list[Any]:
    rows = till.db.rows("SELECT body FROM journal WHERE kind = ? ORDER BY seq", (kind,))
    return [json.loads(row[0]) for row in rows]


def count_some(ui: UI) -> None:
    """A count as in the pictures: most are right, three differ."""
    for number, digits in ((331, "8"), (402, "38"), (1209, "13"), (902, "6"), (347, "29")):
        scan(ui, number)
        set_count(ui, digits)
    scan(ui, 707)


def test_the_page_of_a_count_is_tidy_and_blind(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    assert not untidy(ui, panel)
    count_some(ui)
    type_digits(ui, "12")
    assert not untidy(ui, panel)
    assert golden_difference(ui, "stock-count-dark", panel) < GOLDEN_MEAN
    assert "40" not in ui.texts(), "what is expected stays hidden"
    assert "shop's count as of 14:05" in [row.get("text") for row in ui.rows()]


def test_the_comparison_is_tidy_and_shows_what_differs_first(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    count_some(ui)
    ui.tap("Compare")
    assert not untidy(ui, panel)
    assert golden_difference(ui, "stock-compare-dark", panel) < GOLDEN_MEAN
    amounts = [row.text.amount for row in ui.screen.list.rows if row.text is not None]
    assert amounts[:3] == ["−2", "+1", "−1"]
    assert not [row["text"] for row in ui.rows() if str(row.get("text")).endswith("…")]


@ONE_PANEL
def test_each_scan_counts_a_piece_and_a_typed_number_all_of_them(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    scan(ui, 331, 331, 402)
    set_count(ui, "38")
    assert counted(till) == {HAMMER: 2, SCREWS: 38}
    ui.tap("Claw hammer 450 g")
    ui.tap("One less")
    assert counted(till) == {SCREWS: 38, HAMMER: 1}
    assert ui.tones.played == ["scanned"] * 3


@ONE_PANEL
def test_a_shelf_can_be_empty(ui: UI, till: Till) -> None:
    show(ui, till)
    scan(ui, 707)
    ui.tap("One less")
    assert variances(till) == {RAIL: -1}
    assert ui.screen.find("One less") is None, "less than none is none"


@ONE_PANEL
def test_a_product_without_a_barcode_is_counted_by_its_number(ui: UI, till: Till) -> None:
    show(ui, till)
    type_digits(ui, "1209")
    ui.tap("Number")
    set_count(ui, "12")
    assert variances(till) == {MUG: 0}


def test_what_cannot_be_counted_is_said_and_the_next_scan_works(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    scan(ui, 55)
    assert "Kindling, 3 kg net is not counted." in " ".join(ui.texts())
    scan(ui, 99_999_999)
    assert any("Unknown barcode" in text for text in ui.texts())
    scan(ui, 331)
    assert counted(till) == {HAMMER: 1}
    assert ui.tones.played == ["refused", "unknown", "scanned"]
    assert not untidy(ui, panel)


def test_a_sale_in_the_middle_leaves_the_count_alone_and_is_not_disturbed(
    ui: UI, till: Till, panel: str
) -> None:
    show(ui, till)
    scan(ui, *[1209] * 5)
    ui.show("sell")
    till.pay((1209, 1))
    ui.show("stock-count")
    assert "1 sold meanwhile" in ui.texts(), "said as soon as one is back"
    scan(ui, *[1209] * 6)
    assert variances(till) == {MUG: 0}, "the sold piece was not counted yet"
    assert "1 sold meanwhile" in ui.texts()
    ui.tap("One less")
    assert "1 sold meanwhile" not in ui.texts()
    assert not untidy(ui, panel)


@ONE_PANEL
def test_a_manager_approves_and_the_shop_will_hear_the_difference(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    count_some(ui)
    ui.tap("Compare")
    till.pay((402, 3))
    ui.tap("Approve")
    assert ui.screen.name == "approve"
    assert "−3 +1" in [row.get("text") for row in ui.rows()], "nobody approves what was not said"
    ui.tap("Ciarán")
    ui.tap("Counted twice")
    type_digits(ui, PIN)
    ui.wait(lambda: ui.screen.name == "stock-count")
    ui.frames()
    assert "6 products were counted" in ui.texts()
    assert not untidy(ui, panel)
    assert counted(till) == {}
    (entry,) = entries(till, "stock-counted")
    assert len(entry["lines"]) == 6
    assert entry["approved"]["why"] == "Counted twice"
    (move,) = entries(till, "stock-move")
    moved = {line["stock_id"]: line["quantity"] for line in move["lines"]}
    assert moved == {SCREWS: -2, MUG: 1, TAPE: -1}
    screws = till.catalogue.get(SCREWS)
    assert screws is not None
    assert screws.on_hand == 38 - 3


@ONE_PANEL
def test_without_the_managers_word_nothing_is_lost(ui: UI, till: Till) -> None:
    show(ui, till)
    count_some(ui)
    ui.tap("Compare")
    ui.tap("Approve")
    ui.tap("back")
    assert ui.screen.name == "stock-compare"
    assert entries(till, "stock-move") == []
    assert len(counted(till)) == 6


@ONE_PANEL
def test_a_tap_on_a_difference_counts_that_product_again(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    count_some(ui)
    ui.tap("Compare")
    ui.tap("Wood screws 4 × 40 (200)")
    assert ui.screen.name == "stock-count"
    set_count(ui, "40")
    assert variances(till)[SCREWS] == 0
    (compared,) = entries(till, "count-compared")
    assert {line["stock_id"]: line["counted"] for line in compared["lines"]}[SCREWS] == 38, (
        "what was said first stays"
    )


def test_giving_up_asks_first(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    count_some(ui)
    ui.tap("Compare")
    ui.tap("Give up")
    assert not untidy(ui, panel)
    ui.tap("Keep it")
    assert len(counted(till)) == 6
    ui.tap("Give up")
    ui.tap("Forget it")
    assert ui.screen.name == "stock-count"
    assert counted(till) == {}
    assert len(entries(till, "count-given-up")) == 1
    assert entries(till, "stock-move") == []


@ONE_PANEL
def test_a_scan_while_comparing_goes_on_counting(ui: UI, till: Till) -> None:
    show(ui, till)
    scan(ui, 331)
    ui.tap("Compare")
    scan(ui, 331)
    assert ui.screen.name == "stock-count"
    assert counted(till) == {HAMMER: 2}


@ONE_PANEL
def test_many_products_turn_their_pages(ui: UI, till: Till) -> None:
    show(ui, till)
    for number in ON_HAND:
        scan(ui, number)
    ui.tap("Compare")
    shown = [row.text.name for row in ui.screen.list.rows if row.text is not None]
    ui.tap("2 more")
    shown += [row.text.name for row in ui.screen.list.rows if row.text is not None]
    assert len(set(shown)) == len(ON_HAND)
    ui.tap("Back to the top")
    assert "One screw" in ui.texts()
