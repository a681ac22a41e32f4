"""The X report: the day so far."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.devices import PaperState
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import PICTURED, Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def show(ui: UI, till: Till) -> None:
    till.sign_in()
    offer(ui, till)
    head(ui, "14:32")
    ui.show("x-report")


def sell_a_day(till: Till) -> None:
    """Two cash sales and one by card; a line voided."""
    till.pay(*PICTURED)
    till.pay((331, 2), by_card=True)
    till.sell((55, 1), (707, 1))
    till.counter.selling.void(2)
    till.pay()
    till.clock.pass_by(minutes=5)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_report_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    till.sign_in()
    sell_a_day(till)
    show(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"report-{scheme}", panel) < GOLDEN_MEAN


def test_the_report_says_what_was_sold_and_how_it_was_paid(ui: UI, till: Till) -> None:
    till.sign_in()
    sell_a_day(till)
    show(ui, till)
    assert {
        "Friday 21 November",
        "Sales 12 items · 3",
        "Turnover 207.80",
        "VAT 23 % 36.43",
        "VAT 13.5 % 1.54",
        "Voids 1 · 46.00",
        "Receipts T1-000001 – 000003",
        "Cash 2 158.00",
        "Card 1 49.80",
        "Waits for the shop 3",
        "€207.80",
    } <= set(ui.texts())


def test_a_day_without_sales_is_all_noughts(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    assert {"Sales 0 items · 0", "Turnover 0.00", "Cash 0 0.00"} <= set(ui.texts())
    assert not untidy(ui, panel)


def test_print_x_prints_and_says_so(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Print X")
    assert "The X report is on its way to the printer" in ui.texts()
    assert not untidy(ui, panel)
    end = time.monotonic() + 10
    while not till.printer.printed:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert ui.tones.played == ["done"]


def test_without_paper_the_report_waits_and_says_so(ui: UI, till: Till, panel: str) -> None:
    till.printer.paper = PaperState.OUT
    till.pay((331, 1))
    end = time.monotonic() + 10
    while not till.printing.problem():
        assert time.monotonic() < end
        time.sleep(0.01)
    show(ui, till)
    ui.tap("Print X")
    assert till.printing.problem() in ui.texts()
    assert "It waits with the receipts that are not printed." in ui.texts()
    assert not untidy(ui, panel)


@ONE_PANEL
def test_nobody_signed_in_prints_nothing(ui: UI, till: Till) -> None:
    show(ui, till)
    till.counter.selling.hand_over(None)
    ui.tap("Print X")
    assert "Sign in first." in ui.texts()
    assert ui.tones.played == ["refused"]


def test_what_the_day_has_later_is_sunk(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    assert sunk_keys(ui) == ({"Count the cash"} if panel == "10" else set())


@ONE_PANEL
def test_the_arrow_leads_to_the_menu(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Menu")
    assert ui.screen.name == "menu"


def test_rounding_has_a_row_of_its_own_where_cash_is_rounded(ui: UI, tmp_path: Path, panel: str) -> None:
    with open_till(tmp_path, rounding_step_minor=5) as till:
        till.sign_in()
        till.sell((331, 1), (12, 1))
        till.counter.tendering.take_cash(till.counter.tendering.payment.cash_due_minor)
        show(ui, till)
        assert "Rounding −0.02" in ui.texts()
        assert not untidy(ui, panel)
