"""Giving money back: by receipt, without one, in cash and to the card."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.boxes import differences
from tests.screens.conftest import UI
from tests.screens.giving_back import approve, refunds, say_why, scan, sell, sell_the_picture, show
from tests.screens.looks import (
    GOLDEN_MEAN,
    golden_difference,
    offer,
    sunk_keys,
    untidy,
)
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])

NOT_PICTURED = [
    "T1-000098",
    "18 Nov, 11:42",
    "Until",
    "18 December",
    "both given back on 19 November",
    "Wool blanket: where to?",
    "Exchange",
    "swap",
    "if asked",
]
"""The till's receipt has another number; nothing expires here; what goes the other way stands where Exchange did."""


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_giving_back_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, scheme: str) -> None:
    code = sell_the_picture(till)
    show(ui, till, receipt=code)
    ui.tap("Enamel mug, forest green")
    ui.tap("One less")
    ui.tap("One less")
    ui.tap("Wool blanket, moss")
    say_why(ui, "Changed mind")
    if panel == "7":
        ui.tap("The lines")
    if scheme == "dark":
        wrong = differences(ui.rows(), "return", panel, NOT_PICTURED)
        assert not wrong, "\n".join(wrong)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"return-{scheme}", panel) < GOLDEN_MEAN


def test_a_receipt_is_found_by_its_number_and_without_its_code_a_manager_is_asked(
    ui: UI, till: Till, panel: str
) -> None:
    sell(till, (331, 2))
    show(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, "return-find", panel) < GOLDEN_MEAN
    ui.tap("1")
    assert "T1-1" in ui.texts()
    ui.tap("Find")
    assert "Scan or type its code" in ui.texts()
    ui.tap("Claw hammer 450 g")
    say_why(ui, "Faulty")
    assert not untidy(ui, panel)
    assert "in cash, 2 items, manager" in ui.texts()
    ui.tap("Give back")
    assert "€49.80" in ui.texts()
    approve(ui)
    assert ui.screen.name == "returned"
    assert {"Hand out", "€49.80", "2 pieces go to the shelf."} <= set(ui.texts())
    assert not untidy(ui, panel)
    assert golden_difference(ui, "returned", panel) < GOLDEN_MEAN
    assert refunds(till) == [(4980, "cash", "Faulty")]
    ui.wait(lambda: till.drawer.openings == 2)


@ONE_PANEL
def test_the_code_on_the_receipt_needs_no_manager(ui: UI, till: Till) -> None:
    code = sell(till, (331, 2))
    show(ui, till)
    scan(ui, f"]Q1{code}")
    assert "Our receipt, code is genuine" in ui.texts()
    ui.tap("Claw hammer 450 g")
    ui.tap("One less")
    ui.tap("Damaged")
    assert "1 of 2 comes back · damaged" in ui.texts()
    say_why(ui, "Wrong size")
    ui.tap("Give back")
    assert ui.screen.name == "returned"
    assert "1 piece is damaged. Keep it apart." in ui.texts()
    assert refunds(till) == [(2490, "cash", "Wrong size")]
    assert till.db.rows("SELECT quantity, restock FROM refund_line") == [(1, 0)]
    ui.tap("Next sale")
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_the_code_can_be_typed_and_a_wrong_one_is_told(ui: UI, till: Till, panel: str) -> None:
    code = sell(till, (331, 1)).split(" ")[1]
    show(ui, till, receipt="T1-000001 000000000000")
    assert "That is not the code of this receipt." in " ".join(ui.texts())
    ui.tap("Not its code. Try again")
    assert not untidy(ui, panel)
    for sign in code:
        ui.tap(sign)
    ui.tap("Check")
    assert "Our receipt, code is genuine" in ui.texts()


def test_money_goes_back_to_the_card_once_the_terminal_says_so(ui: UI, till: Till, panel: str) -> None:
    code = sell(till, (331, 1), by_card=True)
    show(ui, till, receipt=code)
    ui.tap("All lines")
    say_why(ui, "A gift")
    ui.tap("Give back")
    assert "€24.90 back on the card terminal" in ui.texts()
    assert not untidy(ui, panel)
    assert golden_difference(ui, "return-card", panel) < GOLDEN_MEAN
    assert refunds(till) == []
    for digit in "42":
        ui.tap(digit)
    ui.tap("Give back")
    assert refunds(till) == [(2490, "card", "A gift")]
    assert "Back on the card" in ui.texts()
    assert till.drawer.openings == 0


@ONE_PANEL
def test_another_way_than_it_was_paid_needs_a_manager(ui: UI, till: Till) -> None:
    code = sell(till, (331, 1), by_card=True)
    show(ui, till, receipt=code)
    ui.tap("All lines")
    say_why(ui, "Faulty")
    ui.tap("In cash")
    assert "in cash, 1 item, manager" in ui.texts()
    ui.tap("Give back")
    ui.tap("back")
    assert ui.screen.name == "return"
    assert "in cash, 1 item, manager" in ui.texts()
    ui.tap("Give back")
    approve(ui, "Card is gone")
    assert refunds(till) == [(2490, "cash", "Faulty")]


def test_without_a_receipt_products_are_scanned_or_typed_and_a_manager_approves(
    ui: UI, till: Till, panel: str
) -> None:
    show(ui, till)
    scan(ui, "331")
    assert "Scan the receipt first, or go on without one." in " ".join(ui.texts())
    ui.tap("Without a receipt")
    assert not untidy(ui, panel)
    scan(ui, "331")
    scan(ui, "331")
    ui.tap("Number")
    for digit in "402":
        ui.tap(digit)
    assert "Wood screws 4 × 40 (200)" in ui.texts()
    ui.tap("Add")
    assert {"2 come back · to the shelf", "1 comes back · to the shelf"} <= set(ui.texts())
    say_why(ui, "Bought twice")
    assert not untidy(ui, panel)
    assert golden_difference(ui, "return-without", panel) < GOLDEN_MEAN
    ui.tap("Give back")
    approve(ui)
    assert refunds(till) == [(5855, "cash", "Bought twice")]


@ONE_PANEL
def test_a_scan_ticks_a_line_piece_by_piece(ui: UI, till: Till) -> None:
    code = sell(till, (331, 2), (402, 1))
    show(ui, till, receipt=code)
    scan(ui, "331")
    assert "1 of 2 comes back · to the shelf" in ui.texts()
    scan(ui, "331")
    assert "2 of 2 come back · to the shelf" in ui.texts()
    scan(ui, "331")
    assert "nothing more of it can come back" in " ".join(ui.texts())
    scan(ui, "no such code")
    assert "No product has this code." in " ".join(ui.texts())
    ui.tap("Claw hammer 450 g")
    assert "bought 2" in ui.texts()


@ONE_PANEL
def test_what_came_back_is_locked(ui: UI, till: Till) -> None:
    code = sell_the_picture(till)
    show(ui, till, receipt=code)
    ui.tap("All lines")
    assert "€131.65" in ui.texts()
    bulb = next(part for part in ui.screen.parts if "LED bulb E27 7 W" in part.words())
    ui.tap_at(*bulb.middle())
    assert "€131.65" in ui.texts()


@ONE_PANEL
def test_a_receipt_of_another_till_goes_without_one(ui: UI, till: Till) -> None:
    show(ui, till)
    scan(ui, "T9-000004 7F3A91C25D0E")
    assert "T9-000004 is another till's." in " ".join(ui.texts())
    ui.tap("7")
    ui.tap("Find")
    assert "This till has no such receipt." in " ".join(ui.texts())
    assert "Find" in {part.verb for part in ui.screen.parts if hasattr(part, "verb") and not part.is_lit}


@ONE_PANEL
def test_a_receipt_scanned_while_selling_leads_here(ui: UI, till: Till) -> None:
    code = sell(till, (331, 1))
    offer(ui, till)
    ui.show("sell")
    scan(ui, code)
    ui.tap("Give back")
    assert ui.screen.name == "return"
    assert "Our receipt, code is genuine" in ui.texts()


@ONE_PANEL
def test_nothing_is_given_without_something_ticked_and_a_reason(ui: UI, till: Till) -> None:
    code = sell(till, (331, 1))
    show(ui, till, receipt=code)
    lit = ui.screen.layout.lit
    assert (lit.is_lit, lit.note) == (False, "tick what comes back")
    assert {"To the shelf", "Damaged"} <= sunk_keys(ui)
    ui.tap("All lines")
    ui.tap("Give back")
    assert (lit.is_lit, lit.note) == (False, "then say why")
    ui.tap("The lines")
    assert "All lines" in sunk_keys(ui)
    assert refunds(till) == []


@ONE_PANEL
def test_nobody_signed_in_gives_nothing_back(ui: UI, till: Till) -> None:
    code = sell(till, (331, 1))
    show(ui, till, receipt=code)
    ui.tap("All lines")
    say_why(ui, "Faulty")
    till.counter.selling.hand_over(None)
    ui.tap("Give back")
    assert "Sign in first." in ui.texts()
    assert refunds(till) == []
