"""Money into the drawer and out of it without a sale."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import PIN, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
KINDS = ("float", "paid-in", "paid-out")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def show(ui: UI, till: Till, name: str = "cash") -> None:
    offer(ui, till)
    head(ui, "08:55")
    ui.show(name, back="menu") if name == "cash" else ui.show(name)


def type_amount(ui: UI, digits: str) -> None:
    for digit in digits:
        ui.tap(digit)


def moves(till: Till) -> list[tuple[str, dict[str, Any]]]:
    rows = till.db.rows("SELECT kind, body FROM journal WHERE kind IN (?, ?, ?) ORDER BY seq", KINDS)
    return [(kind, json.loads(body)) for kind, body in rows]


def lit(ui: UI) -> bool:
    return bool(ui.screen.lit.is_lit)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till)
    for way in ("Float", "Cash in", "Cash out"):
        ui.tap(way)
        assert not untidy(ui, panel)
        assert not [row["text"] for row in ui.rows() if str(row.get("text")).endswith("…")]
    ui.tap("Cash out")
    ui.tap("Small things bought")
    type_amount(ui, "1250")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"cash-{scheme}", panel) < GOLDEN_MEAN


@ONE_PANEL
def test_a_float_needs_only_an_amount_and_opens_the_drawer(ui: UI, till: Till) -> None:
    show(ui, till)
    assert not lit(ui)
    type_amount(ui, "150")
    ui.tap("00")
    assert "€150.00" in ui.texts()
    ui.tap("In the morning")
    ui.tap("Put in")
    assert moves(till) == [("float", {"amount_minor": 15000, "reason": "In the morning"})]
    assert "€150.00 is in the books" in ui.texts()
    assert ui.tones.played == ["done"]
    ui.wait(lambda: till.drawer.openings == 1)


@ONE_PANEL
def test_a_second_tap_books_nothing(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Cash in")
    type_amount(ui, "2000")
    place = ui.part("Put in").middle()
    ui.tap_at(*place)
    ui.tap_at(*place)
    assert moves(till) == [("paid-in", {"amount_minor": 2000, "reason": ""})]


@ONE_PANEL
def test_out_wants_a_reason_and_a_managers_word(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Cash out")
    type_amount(ui, "1250")
    assert not lit(ui)
    assert "say what it is for" in ui.texts()
    ui.tap("Post and parcels")
    ui.tap("Take out")
    assert ui.screen.name == "approve"
    assert "€12.50" in [row.get("text") for row in ui.rows()], "nobody approves an amount unseen"
    assert moves(till) == []
    ui.tap("Ciarán")
    ui.tap("I have seen the bill")
    type_amount(ui, PIN)
    ui.wait(lambda: ui.screen.name == "cash")
    ((kind, body),) = moves(till)
    assert (kind, body["amount_minor"], body["reason"]) == ("paid-out", 1250, "Post and parcels")
    assert body["approved"]["why"] == "I have seen the bill"
    assert "€12.50 out is in the books" in ui.texts()
    assert not lit(ui)
    ui.wait(lambda: till.drawer.openings == 1)


@ONE_PANEL
def test_back_from_the_manager_nothing_that_was_typed_is_lost(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Cash out")
    type_amount(ui, "1250")
    ui.tap("To the bank")
    ui.tap("Take out")
    ui.tap("back")
    assert ui.screen.name == "cash"
    assert lit(ui)
    assert "€12.50" in ui.texts()
    assert moves(till) == []


@ONE_PANEL
def test_a_manager_is_asked_only_why(ui: UI, till: Till) -> None:
    till.sign_in("Ciarán")
    show(ui, till)
    ui.tap("Cash out")
    assert "You are asked why." in " ".join(ui.texts())
    type_amount(ui, "500")
    ui.tap("To the bank")
    ui.tap("Take out")
    ui.tap("I take it myself")
    ui.tap("Approve")
    assert ui.screen.name == "cash"
    assert len(moves(till)) == 1


@ONE_PANEL
def test_another_way_forgets_the_reason_and_keeps_the_amount(ui: UI, till: Till) -> None:
    show(ui, till)
    type_amount(ui, "500")
    ui.tap("More change")
    ui.tap("Cash out")
    assert not lit(ui)
    assert "€5.00" in ui.texts()


def test_a_drawer_that_stays_shut_is_said(ui: UI, till: Till, panel: str) -> None:
    till.printer.plugged = False
    show(ui, till)
    type_amount(ui, "500")
    ui.tap("Put in")
    ui.wait(lambda: bool(till.printing.drawer_problem()))
    ui.desk.refresh()
    assert "The drawer did not open." in " ".join(ui.texts())
    assert len(moves(till)) == 1
    assert not untidy(ui, panel)


@ONE_PANEL
def test_nobody_signed_in_moves_nothing(ui: UI, till: Till) -> None:
    show(ui, till)
    type_amount(ui, "500")
    till.counter.selling.hand_over(None)
    ui.tap("Put in")
    assert "Sign in first." in ui.texts()
    assert moves(till) == []


@ONE_PANEL
@pytest.mark.parametrize("came_from", ["menu", "x-report", "close-day"])
def test_the_arrow_leads_back_where_one_was(ui: UI, till: Till, came_from: str) -> None:
    show(ui, till, came_from)
    ui.tap("Cash in, out")
    assert ui.screen.name == "cash"
    ui.tap("back")
    assert ui.screen.name == came_from


@ONE_PANEL
def test_no_amount_is_too_long_for_its_key(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    type_amount(ui, "9" * 14)
    assert not untidy(ui, panel)
    assert "€9,999,999.99" in ui.texts()
