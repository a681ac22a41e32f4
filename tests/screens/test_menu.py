"""The page behind the menu key."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.ui.screens.menu import PLACES, Menu
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def show(ui: UI, till: Till) -> None:
    till.sign_in()
    offer(ui, till)
    head(ui, "14:32")
    ui.show("menu")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_menu_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"menu-{scheme}", panel) < GOLDEN_MEAN


@pytest.mark.parametrize(
    ("label", "screen"),
    [
        ("Waiting sales", "waiting"),
        ("X report", "x-report"),
        ("Close the day", "close-day"),
        ("Cash in, out", "cash"),
        ("Hold", "held"),
        ("Give back", "return"),
        ("From paper", "book"),
        ("Stock", "stock"),
        ("Count the shelf", "stock-count"),
        ("Back to selling", "sell"),
        ("Sale", "sell"),
    ],
)
def test_each_key_leads_where_it_says(ui: UI, till: Till, label: str, screen: str) -> None:
    show(ui, till)
    ui.tap(label)
    assert ui.screen.name == screen


def test_every_key_either_works_or_is_sunk(ui: UI, till: Till) -> None:
    show(ui, till)
    later = {ui.desk.say(name) for _, name, screen in PLACES if not screen}
    assert sunk_keys(ui) == later | {"Open the drawer", "Devices"}, "no drawer and no help on this till"


@ONE_PANEL
def test_locking_signs_the_cashier_out_and_keeps_the_sale(ui: UI, till: Till) -> None:
    show(ui, till)
    till.scan_pictured_sale()
    ui.tap("Lock, change cashier")
    assert ui.screen.name == "sign-in"
    assert till.counter.selling.cashier is None
    assert till.counter.selling.sale is not None
    assert ui.desk.header.cashier == ""


@ONE_PANEL
def test_the_drawer_opens_where_the_program_says_how(ui: UI, till: Till) -> None:
    opened = []
    counter = replace(till.counter, open_drawer=lambda _word: opened.append(True))
    till.sign_in()
    ui.offer(menu=lambda desk: Menu(desk, counter))
    ui.show("menu")
    ui.tap("Open the drawer")
    assert opened == [True]


def test_what_waits_is_counted_on_its_key(ui: UI, till: Till) -> None:
    show(ui, till)
    assert "none" in ui.texts()
    sale_id = till.pay((331, 1)).completed.sale.sale_id
    ui.desk.refresh()
    assert "1 waits" in ui.texts()
    till.outbox.park(sale_id, "The shop refused it.")
    ui.desk.refresh()
    assert "1 needs you" in ui.texts()
