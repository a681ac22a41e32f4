"""Every state of the sell and search screens: labels fit, targets are large enough, and the pictures stay."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges
from appliance.ui.screens.search import Search
from appliance.ui.screens.sell import Sell
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, untidy
from tests.screens.shelf import fill_shelf, numbered, sell, sell_the_picture, set_left
from tests.screens.till import Till, open_till

LONG = "Hand-forged wrought-iron garden gate hinge, left-handed, 450 mm, galvanised, with 8 coach screws"


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as opened:
        yield fill_shelf(opened)


def show(ui: UI, till: Till, first: int | None = None) -> None:
    counter = replace(till.counter, products_at_first=lambda: first)
    ui.offer(sell=lambda desk: Sell(desk, counter), search=lambda desk: Search(desk, counter))
    head(ui, "14:32")
    ui.show("sell")


def picture(ui: UI, till: Till) -> None:
    sell_the_picture(till)
    show(ui, till)


def empty(ui: UI, till: Till) -> None:
    show(ui, till, 2418)


def unknown(ui: UI, till: Till) -> None:
    picture(ui, till)
    ui.desk.scan("5390123456789")


def offline_and_last(ui: UI, till: Till) -> None:
    set_left(till, 707, 1)
    sell(till, 331, 707)
    show(ui, till)
    head(ui, "14:32", "offline", "Offline · 12 sales waiting")


def more_line(ui: UI, till: Till) -> None:
    picture(ui, till)
    ui.tap("Line" if ui.look.is_large else "More")


def more_sale(ui: UI, till: Till) -> None:
    more_line(ui, till)
    ui.tap("This sale")


def keys(ui: UI, till: Till) -> None:
    picture(ui, till)
    if not ui.look.is_large:
        ui.tap("Keys")
    for digit in "612":
        ui.tap(digit)


def folders(ui: UI, till: Till) -> None:
    picture(ui, till)
    ui.tap("Tiles")


def taken_off(ui: UI, till: Till) -> None:
    more_line(ui, till)
    ui.tap("Take off")


def long_and_dear(ui: UI, till: Till) -> None:
    """Names and amounts that nobody designed for."""
    gate = replace(numbered(till, 23), name=LONG, tile_name=LONG, price_minor=123_456_789, sku="123456")
    till.catalogue.apply(CatalogueChanges((gate,)))
    for _ in range(14):
        till.counter.selling.add_product(gate.product_id)
        till.counter.selling.add_number(55)
    show(ui, till)
    head(ui, "14:32", "needs_you", "2 sales need you, 1 unit was sold twice")


def search(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.show("search", text="en")


STATES: tuple[Callable[[UI, Till], None], ...] = (
    picture,
    empty,
    unknown,
    offline_and_last,
    more_line,
    more_sale,
    keys,
    folders,
    taken_off,
    long_and_dear,
    search,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_it_is_tidy_and_looks_as_it_did(
    ui: UI, till: Till, panel: str, state: Callable[[UI, Till], None]
) -> None:
    state(ui, till)
    ui.frames()
    wrong = untidy(ui, panel)
    assert not wrong, "\n".join(wrong)
    assert golden_difference(ui, f"sell-{state.__name__.replace('_', '-')}", panel) < GOLDEN_MEAN


@pytest.mark.parametrize("scheme", ["light"])
def test_the_light_scheme_looks_as_it_did(ui: UI, till: Till, panel: str, scheme: str) -> None:
    picture(ui, till)
    assert golden_difference(ui, f"sell-{scheme}", panel) < GOLDEN_MEAN
