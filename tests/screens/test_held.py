"""Setting a sale aside, and taking it up again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import PICTURED, Till, lines, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def show(ui: UI, till: Till, name: str) -> None:
    offer(ui, till)
    head(ui, "14:32")
    ui.show(name)


def hold(till: Till, *numbers: tuple[int, int]) -> None:
    till.sell(*numbers)
    till.counter.holding.hold()
    till.clock.pass_by(minutes=3)


def open_sale_keys(ui: UI) -> None:
    ui.tap("Sale" if ui.look.is_large else "More")
    if not ui.look.is_large:
        ui.tap("This sale")


def tap_hold(ui: UI) -> None:
    """The key for the sale; the large panel has one beside the pad too."""
    key = next(part for part in ui.screen.left.more.keys if part.text == "Hold")
    ui.tap_at(*key.middle())


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    hold(till, *PICTURED)
    till.sign_in("Aoife")
    hold(till, (902, 1))
    till.sell((55, 2))
    show(ui, till, "held")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"held-{scheme}", panel) < GOLDEN_MEAN


def test_each_held_sale_says_when_who_what_and_how_much(ui: UI, till: Till) -> None:
    hold(till, *PICTURED)
    till.sign_in("Aoife")
    hold(till, (902, 1))
    show(ui, till, "held")
    texts = ui.texts()
    assert {"14:32 · Marta", "Claw hammer 450 g and 5 more", "151.50", "9"} <= set(texts)
    assert {"14:35 · Aoife", "Furniture oil 500 ml", "17.90"} <= set(texts)
    assert "Hold this sale" in sunk_keys(ui)


def test_with_nothing_held_it_says_what_holding_is_for(ui: UI, till: Till, panel: str) -> None:
    show(ui, till, "held")
    assert "Nothing is held." in ui.texts()
    assert not untidy(ui, panel)


def test_hold_sets_the_sale_aside_and_one_tap_takes_it_up_again(ui: UI, till: Till, panel: str) -> None:
    till.scan_pictured_sale()
    before = lines(till)
    show(ui, till, "sell")
    open_sale_keys(ui)
    tap_hold(ui)
    assert till.counter.selling.sale is None
    assert "9 items are held" in ui.texts()
    assert not untidy(ui, panel)
    ui.tap("Take it up again")
    assert lines(till) == before
    assert till.counter.holding.all() == []


@ONE_PANEL
def test_the_band_goes_by_itself(ui: UI, till: Till) -> None:
    till.scan_pictured_sale()
    show(ui, till, "sell")
    ui.screen.deeds.undo_seconds = 0.2
    open_sale_keys(ui)
    tap_hold(ui)
    ui.wait(lambda: "9 items are held" not in ui.texts())


def test_hold_without_a_sale_leads_to_what_is_held(ui: UI, till: Till, panel: str) -> None:
    hold(till, *PICTURED)
    show(ui, till, "sell")
    open_sale_keys(ui)
    assert "1 held" in ui.texts()
    assert not untidy(ui, panel)
    tap_hold(ui)
    assert ui.screen.name == "held"


def test_with_nothing_at_all_hold_is_sunk(ui: UI, till: Till) -> None:
    show(ui, till, "sell")
    open_sale_keys(ui)
    assert {"Hold", "Take all off"} <= sunk_keys(ui)


@ONE_PANEL
def test_a_tap_recalls_the_sale_and_shows_it(ui: UI, till: Till) -> None:
    hold(till, (331, 1))
    hold(till, (902, 2))
    show(ui, till, "menu")
    assert "2 held" in ui.texts()
    ui.tap("Hold 2 held")
    ui.tap("Furniture oil 500 ml")
    assert ui.screen.name == "sell"
    assert lines(till) == [(902, 2)]
    assert [each.sale.items for each in till.counter.holding.all()] == [1]


@ONE_PANEL
def test_an_open_sale_is_not_lost_by_a_recall(ui: UI, till: Till, panel: str) -> None:
    hold(till, (331, 1))
    till.sell((902, 2))
    show(ui, till, "held")
    ui.tap("Claw hammer 450 g")
    assert ui.screen.name == "held"
    assert "Finish the open sale first, or set it aside." in " ".join(ui.texts())
    assert not untidy(ui, panel)
    assert lines(till) == [(902, 2)]
    ui.tap("Hold this sale")
    assert len(till.counter.holding.all()) == 2
    ui.tap("Claw hammer 450 g")
    assert lines(till) == [(331, 1)]


@ONE_PANEL
def test_a_sale_that_is_partly_paid_is_not_held(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    till.counter.tendering.take_cash(500)
    show(ui, till, "sell")
    open_sale_keys(ui)
    tap_hold(ui)
    assert "Something is already paid." in " ".join(ui.texts())
    assert lines(till) == [(331, 1)]


def test_more_held_sales_than_rows_are_paged(ui: UI, till: Till, panel: str) -> None:
    for _ in range(12):
        hold(till, (331, 1))
    show(ui, till, "held")
    assert not untidy(ui, panel)
    ui.tap(next(text for text in ui.texts() if text.endswith("more above")))
    assert "14:32 · Marta" in ui.texts()


@ONE_PANEL
def test_the_arrow_leads_back_to_the_menu(ui: UI, till: Till) -> None:
    show(ui, till, "menu")
    ui.tap("Hold")
    ui.tap("back")
    assert ui.screen.name == "menu"
