"""Giving money back when something comes in between."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.tender import TenderKind
from tests.screens.conftest import UI
from tests.screens.looks import offer
from tests.screens.till import Till, open_till

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def sell(till: Till, *numbers: tuple[int, int], by_card: bool = False) -> str:
    """Sell; the text of the receipt's code."""
    completed = till.pay(*numbers, by_card=by_card).completed
    code = till.journal.chain_code(completed.sale.sale_id).replace(" ", "")
    return f"{completed.receipt_number} {code}"


def press_lit(ui: UI) -> None:
    ui.tap_at(*ui.screen.layout.lit.middle())


@ONE_PANEL
def test_what_costs_nothing_can_be_taken_off_again(ui: UI, till: Till) -> None:
    till.sign_in()
    offer(ui, till)
    ui.show("return", back="menu")
    for key in ("Without a receipt", "Number", "1", "3"):
        ui.tap(key)
    press_lit(ui)
    assert "A free leaflet costs nothing." in ui.texts()
    ui.tap("A free leaflet")
    assert "A free leaflet costs nothing." not in ui.texts()


@ONE_PANEL
def test_another_amount_is_asked_of_the_terminal_anew(ui: UI, till: Till) -> None:
    code = sell(till, (331, 2), (1209, 1), by_card=True)
    offer(ui, till)
    ui.show("return", receipt=code)
    ui.tap("Claw hammer 450 g")
    press_lit(ui)
    ui.tap("Faulty")
    press_lit(ui)
    ui.tap("4")
    ui.tap("Enamel mug, forest green")
    assert "€62.70 back on the card terminal" in ui.texts()
    assert "slip number first" in ui.texts()


@ONE_PANEL
def test_a_receipt_of_which_something_came_back_meanwhile_is_read_again(ui: UI, till: Till) -> None:
    code = sell(till, (331, 2))
    offer(ui, till)
    ui.show("return", receipt=code)
    refunding = till.counter.refunding
    plan = refunding.of_sale(refunding.find("1"), {1: 1})
    refunding.give_back(plan, TenderKind.CASH, "Faulty", code=code.split()[1])
    ui.desk.scan(code)
    assert [row.most for row in ui.screen.giving.rows()] == [1]
