"""Closing the day: what it asks, the one Z report that it makes, and what became of the paper."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.devices import PaperState
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, untidy
from tests.screens.till import PICTURED, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "18:06")
    ui.show("close-day")


def sell_a_day(till: Till) -> None:
    till.pay(*PICTURED)
    till.pay((331, 2), by_card=True)
    till.sell((402, 3))
    till.counter.holding.hold()
    wait_until(lambda: len(till.printer.printed) == 2)


def wait_until(done: Callable[[], object], step: Callable[[], object] = lambda: None) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)
        step()


def wait_to_read(ui: UI, sentence: str) -> None:
    wait_until(lambda: sentence in ui.texts(), ui.desk.refresh)


def z_reports(till: Till) -> int:
    row = till.db.one("SELECT count(*) FROM z_report")
    assert row is not None
    return int(row[0])


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy_before_and_after(ui: UI, till: Till, panel: str, scheme: str) -> None:
    sell_a_day(till)
    show(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"close-{scheme}", panel) < GOLDEN_MEAN
    ui.tap("Close the day")
    wait_to_read(ui, "Z 1 is on paper")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"closed-{scheme}", panel) < GOLDEN_MEAN


def test_it_says_what_will_happen_before_it_does(ui: UI, till: Till) -> None:
    sell_a_day(till)
    show(ui, till)
    assert {
        "Turnover 201.30",
        "Z report 1 is made and printed. The next sale belongs to the next day.",
        "2 receipts are not yet at the shop. They go there by themselves.",
        "1 sale is held. It stays, and is not in these figures.",
        "By the books the drawer holds €151.50.",
        "Z 1",
    } <= set(ui.texts())
    assert z_reports(till) == 0


def test_all_that_it_says_can_be_read_on_the_panel(ui: UI, till: Till) -> None:
    sell_a_day(till)
    show(ui, till)
    drawn = " ".join(str(row.get("text", "")) for row in ui.rows())
    for point in ui.screen.points.points:
        assert point.text in drawn


@ONE_PANEL
def test_it_closes_the_day_and_the_paper_comes_out(ui: UI, till: Till) -> None:
    sell_a_day(till)
    show(ui, till)
    ui.tap("Close the day")
    wait_to_read(ui, "Z 1 is on paper")
    assert z_reports(till) == 1
    assert ui.tones.played == ["done"]
    assert len(till.printer.printed) == 3
    ui.tap("Back to selling")
    assert ui.screen.name == "sell"
    ui.show("close-day")
    assert {"Turnover 0.00", "Nothing was sold since the last Z report.", "Z 2", "since Z 1"} <= set(
        ui.texts()
    )


@ONE_PANEL
def test_a_second_tap_makes_no_second_z(ui: UI, till: Till) -> None:
    sell_a_day(till)
    show(ui, till)
    place = ui.part("Close the day").middle()
    ui.tap_at(*place)
    ui.tap_at(*place, hasty=True)
    assert ui.screen.name == "close-day"
    assert z_reports(till) == 1


@ONE_PANEL
def test_a_sale_in_progress_keeps_the_day_open(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    ui.tap("Close the day")
    said = " ".join(ui.texts())
    assert "A sale is in progress." in said
    assert z_reports(till) == 0
    assert ui.tones.played == ["refused"]


@ONE_PANEL
def test_a_sale_without_lines_does_not_stand_in_the_way(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    till.counter.selling.void(1)
    show(ui, till)
    ui.tap("Close the day")
    assert z_reports(till) == 1
    assert till.counter.selling.sale is None


def test_without_paper_it_says_that_the_report_waits(ui: UI, till: Till, panel: str) -> None:
    sell_a_day(till)
    till.printer.paper = PaperState.OUT
    show(ui, till)
    ui.tap("Close the day")
    wait_to_read(ui, "Z 1 waits for the printer")
    assert any("out of paper" in text for text in ui.texts())
    assert not untidy(ui, panel)
    assert z_reports(till) == 1
    till.printer.paper = PaperState.OK
    wait_to_read(ui, "Z 1 is on paper")


@ONE_PANEL
def test_print_again_makes_a_copy_and_no_other_report(ui: UI, till: Till) -> None:
    show(ui, till)
    assert ui.screen.again.is_off
    ui.tap("Close the day")
    wait_to_read(ui, "Z 1 is on paper")
    ui.tap("Print again")
    wait_until(lambda: len(till.printer.printed) == 2)
    assert z_reports(till) == 1
    ui.show("close-day")
    ui.tap("Print Z 1")
    wait_until(lambda: len(till.printer.printed) == 3)
    assert z_reports(till) == 1


@ONE_PANEL
def test_nobody_signed_in_closes_nothing(ui: UI, till: Till) -> None:
    show(ui, till)
    till.counter.selling.hand_over(None)
    ui.tap("Close the day")
    assert "Sign in first." in ui.texts()
    assert z_reports(till) == 0


@ONE_PANEL
def test_a_clock_that_is_not_set_is_said(ui: UI, till: Till) -> None:
    class Wrong:
        def words(self) -> str:
            return "Clock not set"

    till.counter = replace(till.counter, timekeeping=Wrong())  # type: ignore[arg-type]
    show(ui, till)
    assert "Clock not set: the report may carry the wrong time." in ui.texts()


@ONE_PANEL
def test_the_x_report_leads_here(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.show("x-report")
    ui.tap("Close the day")
    assert ui.screen.name == "close-day"
