"""The sell screen stands where the design put it, box by box, on both panels."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.ui.screens.sell import Sell
from appliance.ui.widgets.header import HeaderText
from tests.screens.boxes import differences
from tests.screens.conftest import UI
from tests.screens.shelf import fill_shelf, sell, sell_the_picture, set_left
from tests.screens.till import Till, open_till

ONLINE = HeaderText("Till 1", "Marta", "online", "Online", "14:32")
LATER = {
    "Collect",
    "Discount",
    "Hold",
    "Customer",
    "Price",
    "Drawer",
    "bag",
    "percent",
    "hold",
    "user",
    "drawer",
    "Add",
    "enter",
}
"""Drawn sunk: what they do comes with later versions; Add, because nothing is typed."""
PRICE_AND_HOLD = [(586, 496), (498, 589)]
"""Beside the large pad: without a line there is nothing to be done with them."""
SUNK = [(330, 62), (674, 496), (586, 589), (674, 589), (498, 682)]
DISCOUNT = {"902 · 2.00 off, dented tin", "17.90"}


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as opened:
        yield fill_shelf(opened)


def show_sell(ui: UI, till: Till, header: HeaderText = ONLINE, first: int | None = None) -> None:
    counter = replace(till.counter, products_at_first=lambda: first)
    ui.offer(sell=lambda desk: Sell(desk, counter))
    ui.desk.set_header(header)
    ui.show("sell")


def test_the_sale_stands_where_the_design_put_it(ui: UI, till: Till, panel: str, tmp_path: Path) -> None:
    sell_the_picture(till)
    show_sell(ui, till)
    wrong = differences(ui.rows(), "sell", panel, DISCOUNT | LATER | {"note"}, SUNK)
    assert not wrong, "\n".join(wrong)


def test_the_first_start_stands_where_the_design_put_it(ui: UI, till: Till, panel: str) -> None:
    show_sell(ui, till, replace(ONLINE, clock="09:03"), first=2418)
    sunk = [*SUNK, *PRICE_AND_HOLD, (352, 350), (770, 620)]
    later = LATER | {"note", "practice", "New here? Practise first", "not in the books"}
    wrong = differences(ui.rows(), "sell-empty", panel, later, sunk)
    assert not wrong, "\n".join(wrong)


def test_offline_and_the_last_one_stand_where_the_design_put_them(ui: UI, till: Till, panel: str) -> None:
    set_left(till, 707, 1)
    sell(till, 331, 402, 402, 1209, 1209, 1209, 902, 55, 707)
    show_sell(ui, till, replace(ONLINE, state="offline", words="Offline · 12 sales waiting"))
    wrong = differences(ui.rows(), "sell-offline", panel, DISCOUNT | LATER | {"note", "€151.50"}, SUNK)
    assert not wrong, "\n".join(wrong)


def test_an_unknown_barcode_stands_where_the_design_put_it(ui: UI, till: Till, panel: str) -> None:
    sell(till, 331, 402, 402, 707, 1209, 1209, 1209)
    show_sell(ui, till)
    ui.desk.scan("5390123456789")
    ui.seconds.now += 1
    ui.frames()
    later = LATER | {"note", "Sell at a price", "Scan on. Or sell it now, the owner names it later."}
    wrong = differences(ui.rows(), "sell-unknown", panel, later, [*SUNK, (352, 350), (770, 620)])
    assert not wrong, "\n".join(wrong)


def test_what_can_be_done_stands_where_the_design_put_it(ui: UI, till: Till, panel: str) -> None:
    sell_the_picture(till)
    show_sell(ui, till)
    ui.tap("Line" if panel == "10" else "More")
    sunk = [*SUNK, (177, 100), (6, 200), (250, 124), (10, 310)]
    words = {"up to 10 %", "4 left in all", "on the receipt", "Note", "now 6.50", "coins", "note", "Line"}
    wrong = differences(ui.rows(), "sell-more", panel, DISCOUNT | LATER | words, sunk)
    assert not wrong, "\n".join(wrong)
