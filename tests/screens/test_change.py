"""After paying: the change, what to give, and what became of the receipt."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.devices import PaperState
from tests.screens.conftest import UI
from tests.screens.looks import (
    GOLDEN_MEAN,
    golden_difference,
    head,
    offer,
    sunk_keys,
    unlike_the_design,
    untidy,
)
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])
PICTURED_RECEIPT = {"T1-000123", "Receipt", "is out"}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def pay(ui: UI, till: Till, *numbers: tuple[int, int], given_minor: int = 0, slip: str = "") -> None:
    """Sell, pay, and show the change as the pay screen does."""
    till.sign_in()
    till.sell(*numbers) if numbers else till.scan_pictured_sale()
    tendering = till.counter.tendering
    due = tendering.begin().total_minor
    done = tendering.take_card(due, slip) if slip else tendering.take_cash(given_minor or due)
    offer(ui, till)
    head(ui, "14:33")
    ui.show("change", done=done)


def wait_for(ui: UI, sentence: str) -> None:
    """Until the print thread has come so far; the app would refresh the screen when it says so."""

    def look_again() -> None:
        ui.desk.refresh()
        ui.frames(1)

    until(lambda: sentence in " ".join(ui.texts()), look_again, lambda: str(ui.texts()))


def until(done: Callable[[], bool], step: Callable[[], object], why: Callable[[], str]) -> None:
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, why()
        time.sleep(0.01)
        step()


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_change_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, scheme: str) -> None:
    pay(ui, till, given_minor=20000)
    wait_for(ui, "Receipt T1-000001 is out")
    assert unlike_the_design(ui, "change", panel, PICTURED_RECEIPT) == []
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"change-{scheme}", panel) < GOLDEN_MEAN


def test_notes_and_coins_stand_in_the_order_of_giving(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    texts = ui.texts()
    first = texts.index("20")
    assert texts[first : first + 6] == ["20", "20", "5", "2", "1", "50c"]


def test_much_change_takes_two_rows_and_leaves_no_piece_out(ui: UI, till: Till, panel: str) -> None:
    pay(ui, till, (12, 1), given_minor=39000)
    # 389.98 is 200 100 50 20 10 5 2 2 50c 20c 20c 5c 2c 1c
    pieces = ["200", "100", "50", "20", "10", "5", "2", "2", "50c", "20c", "20c", "5c", "2c", "1c"]
    assert sorted(text for text in ui.texts() if text in set(pieces)) == sorted(pieces)
    assert not untidy(ui, panel)
    shown = [part for part in ui.screen.parts if part.is_shown and hasattr(part, "pieces")]
    frames = sum(type(mark).__name__ == "Frame" for part in shown for mark in part.marks())
    assert frames == len(pieces)


@pytest.mark.parametrize(
    ("given", "px7", "px10"), [(20000, 200, 320), (1_000_000, 150, 240), (99_999_900, 120, 190)]
)
def test_long_change_steps_down(ui: UI, till: Till, panel: str, given: int, px7: int, px10: int) -> None:
    pay(ui, till, given_minor=given)
    sizes = [row["px"] for row in ui.rows() if row.get("face") == "Display" and row["px"] >= 100]
    assert sizes == [px7 if panel == "7" else px10]


def test_a_card_sale_says_paid(ui: UI, till: Till, panel: str) -> None:
    pay(ui, till, slip="4711")
    assert {"Paid", "By card", "Card"} <= set(ui.texts())
    assert "Change" not in ui.texts()
    assert not untidy(ui, panel)
    assert golden_difference(ui, "change-card", panel) < GOLDEN_MEAN


def test_a_receipt_that_did_not_come_out_says_why_and_comes_when_there_is_paper(
    ui: UI, till: Till, panel: str
) -> None:
    till.printer.paper = PaperState.OUT
    pay(ui, till, given_minor=20000)
    wait_for(ui, "Receipt T1-000001 is not printed")
    wait_for(ui, "out of paper")
    assert not untidy(ui, panel)
    till.printer.paper = PaperState.OK
    wait_for(ui, "Receipt T1-000001 is out")
    assert len(till.printer.printed) == 1


@ONE_PANEL
def test_print_again_prints_a_copy(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    wait_for(ui, "is out")
    ui.tap("Print again")
    until(lambda: len(till.printer.printed) == 2, lambda: None, lambda: "no copy came")
    (clerk,) = till.counter.reporting.totals().clerks
    assert (clerk.name, clerk.reprints) == ("Marta", 1)


@ONE_PANEL
def test_a_receipt_that_did_not_come_out_yet_is_no_reprint(ui: UI, till: Till) -> None:
    till.printer.paper = PaperState.OUT
    pay(ui, till, given_minor=20000)
    wait_for(ui, "out of paper")
    ui.tap("Print again")
    till.printer.paper = PaperState.OK
    until(lambda: len(till.printer.printed) == 1, lambda: None, lambda: "no receipt came")
    (clerk,) = till.counter.reporting.totals().clerks
    assert clerk.reprints == 0


@ONE_PANEL
def test_nobody_signed_in_prints_no_copy(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    wait_for(ui, "is out")
    till.counter.selling.hand_over(None)
    ui.tap("Print again")
    assert "Sign in first." in ui.texts()


@ONE_PANEL
def test_cash_opens_the_drawer_and_a_card_does_not(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    wait_for(ui, "is out")
    assert till.drawer.openings == 1
    pay(ui, till, slip="4711")
    wait_for(ui, "T1-000002 is out")
    assert till.drawer.openings == 1


def test_a_drawer_that_stays_shut_is_said_first(ui: UI, till: Till, panel: str) -> None:
    till.printer.plugged = False
    pay(ui, till, given_minor=20000)
    wait_for(ui, "The drawer did not open")
    assert not untidy(ui, panel)


@ONE_PANEL
def test_any_scan_starts_the_next_sale(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    ui.desk.scan("331", "E0")
    assert ui.screen.name == "sell"
    assert till.counter.selling.sale is not None
    assert till.counter.selling.sale.total_minor == 2490


@ONE_PANEL
def test_next_sale_leads_to_selling(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    ui.tap("Next sale")
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_keys_of_later_versions_are_sunk(ui: UI, till: Till) -> None:
    pay(ui, till, given_minor=20000)
    assert sunk_keys(ui) == {"On a phone", "Not cash?"}


def test_rounding_and_split_tenders_stand_beside_the_total(ui: UI, tmp_path: Path, panel: str) -> None:
    with open_till(tmp_path, rounding_step_minor=5) as till:
        till.sign_in()
        till.sell((331, 1), (12, 1))
        till.counter.tendering.take_card(1000, "9")
        done = till.counter.tendering.take_cash(2000)
        offer(ui, till)
        ui.show("change", done=done)
        texts = ui.texts()
        assert texts[texts.index("Total") :][:6] == ["Total", "€24.92", "Card", "€10.00", "Cash", "€20.00"]
        if panel == "10":
            assert {"Rounded", "−€0.02"} <= set(texts)
        assert "5.10" in texts
        assert not untidy(ui, panel)


@ONE_PANEL
def test_without_a_sale_there_is_no_change_to_show(ui: UI, till: Till) -> None:
    offer(ui, till)
    ui.show("change")
    assert ui.screen.name == "sell"
