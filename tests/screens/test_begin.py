"""The page of a new card with another till's stick in it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance.till.beginning import DeadTill
from appliance.ui.screens.begin import BeginKeys, BeginScreen
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, untidy

FIRST = DeadTill("0" * 32, "Till 1", "T1", 1204, datetime(2026, 11, 21, 17, 42, tzinfo=UTC), "T1-000389")
SECOND = DeadTill("1" * 32, "Front counter", "T2")


class Hands:
    """What the keys did, and the tills that are on the stick."""

    def __init__(self, *tills: DeadTill) -> None:
        self.tills, self.did = tills, list[str]()

    def show(self, ui: UI) -> BeginScreen:
        keys = BeginKeys(
            lambda: self.tills,
            lambda till: self.did.append(till.name),
            lambda: self.did.append("new"),
            lambda: self.did.append("off"),
        )
        ui.offer(begin=lambda desk: BeginScreen(desk, keys))
        head(ui, "14:32")
        screen: BeginScreen = ui.show("begin")
        return screen


@pytest.mark.parametrize(("name", "tills"), [("asks", (FIRST,)), ("gone", ())])
def test_the_question_fits_its_page(ui: UI, panel: str, name: str, tills: tuple[DeadTill, ...]) -> None:
    Hands(*tills).show(ui)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"begin-{name}", panel) < GOLDEN_MEAN


def test_every_sentence_is_on_the_glass_and_says_whose_books_these_are(ui: UI) -> None:
    Hands(FIRST).show(ui)
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    for sentence in (
        *FIRST.told,
        *FIRST.steps,
        "Its last receipt is T1-000389.",
        "21 November 2026 at 17:42",
    ):
        assert sentence in drawn


def test_the_lit_key_begins_once_and_nothing_else_works_while_the_books_are_read(ui: UI) -> None:
    hands = Hands(FIRST)
    screen = hands.show(ui)
    ui.tap("Go on as Till 1")
    ui.tap_at(*screen.lit.middle())
    for key in ("A new till", "Another", "Switch off"):
        ui.tap(key)
    assert hands.did == ["Till 1"]
    screen.follow(500)
    assert "500 of 1,204 entries read and checked." in ui.texts()
    assert "Leave the stick in and the power on." in ui.texts()


def test_a_stick_that_does_not_do_says_why_and_asks_again(ui: UI) -> None:
    hands = Hands(FIRST)
    screen = hands.show(ui)
    ui.tap("Go on as Till 1")
    screen.failed("The stick's journal is damaged after entry 9.")
    assert "The stick's journal is damaged after entry 9." in " ".join(ui.texts())
    ui.seconds.now += 10
    ui.tap("A new till")
    assert hands.did == ["Till 1", "new"]


def test_of_several_tills_the_next_is_a_touch_away(ui: UI) -> None:
    hands = Hands(FIRST, SECOND)
    hands.show(ui)
    ui.tap("Another")
    assert "Go on as Front counter?" in ui.texts()
    ui.tap_at(*ui.screen.lit.middle())
    assert hands.did == ["Front counter"]


def test_a_stick_that_was_pulled_out_is_looked_for_again(ui: UI) -> None:
    hands = Hands(FIRST)
    hands.show(ui)
    hands.tills = ()
    ui.tap("Another")
    assert "The stick is gone" in ui.texts()
    hands.tills = (SECOND,)
    ui.tap("Look again")
    assert "Go on as Front counter?" in ui.texts()
    ui.tap("Switch off")
    assert hands.did == ["off"]


def test_a_stick_that_is_plugged_in_again_is_seen_by_itself(ui: UI) -> None:
    hands = Hands()
    screen = hands.show(ui)
    assert "The stick is gone" in ui.texts()
    screen.refresh()
    assert "The stick is gone" in ui.texts()
    hands.tills = (FIRST,)
    screen.refresh()
    assert "Go on as Till 1?" in ui.texts()
    hands.tills = (SECOND,)
    screen.refresh()
    assert "Go on as Till 1?" in ui.texts(), "a till is changed by a touch alone"
    screen.failed("The stick's journal is damaged after entry 9.")
    screen.refresh()
    assert "The stick's journal is damaged after entry 9." in " ".join(ui.texts())
