"""Another price for a line, typed by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import PIN, Till, open_till, sale_of

ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "14:32")
    ui.show("sell")


def type_price(ui: UI, digits: str) -> None:
    """Ask for the price of the chosen line, and type it."""
    ui.tap("Line" if ui.look.is_large else "More")
    key = next(part for part in ui.screen.left.more.keys if part.text == "Price")
    ui.tap_at(*key.middle())
    for digit in digits:
        ui.tap(digit)


def changes(till: Till) -> list[dict[str, Any]]:
    rows = till.db.rows("SELECT body FROM journal WHERE kind = 'price-changed' ORDER BY seq")
    return [json.loads(row[0]) for row in rows]


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    till.scan_pictured_sale()
    till.counter.pricing.set_price(4, 1190)
    show(ui, till)
    type_price(ui, "600")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"sell-price-{scheme}", panel) < GOLDEN_MEAN


def test_a_little_less_is_the_cashiers_to_give_and_the_line_says_what_it_was(
    ui: UI, till: Till, panel: str
) -> None:
    till.sell((331, 1), (1209, 2))
    show(ui, till)
    type_price(ui, "1190")
    assert {"New price", "11.90"} <= set(ui.texts())
    ui.tap("Set")
    assert sale_of(till).lines[1].unit_price_minor == 1190
    assert any("was 12.90" in text for text in ui.texts())
    assert "€48.70" in ui.texts()
    assert [(each["from_minor"], each["to_minor"]) for each in changes(till)] == [(1290, 1190)]
    assert not untidy(ui, panel)


def test_much_less_needs_a_manager(ui: UI, till: Till) -> None:
    till.sell((331, 1), (1209, 1))
    show(ui, till)
    ui.tap("Claw hammer 450 g")
    type_price(ui, "1000")
    if not ui.look.is_large:
        assert "a manager is asked" in ui.texts()
    ui.tap("Set")
    assert ui.screen.name == "approve"
    assert "24.90 to 10.00" in [row.get("text") for row in ui.rows()]
    assert sale_of(till).lines[0].unit_price_minor == 2490
    ui.tap("Ciarán")
    ui.tap("Damaged goods")
    for digit in PIN:
        ui.tap(digit)
    ui.wait(lambda: ui.screen.name == "sell")
    line = sale_of(till).lines[0]
    assert (line.unit_price_minor, line.regular_unit_price_minor) == (1000, 2490)
    assert ui.screen.deeds.chosen == line.position
    assert changes(till)[0]["approved"]["why"] == "Damaged goods"
    assert any("was 24.90" in text for text in ui.texts())


@ONE_PANEL
def test_without_the_manager_the_price_stays(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    type_price(ui, "1000")
    ui.tap("Set")
    ui.tap("back")
    assert ui.screen.name == "sell"
    assert sale_of(till).lines[0].unit_price_minor == 2490
    assert changes(till) == []


def test_the_old_price_again_is_as_if_nothing_was_changed(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    till.counter.pricing.set_price(1, 2400)
    show(ui, till)
    assert any("was 24.90" in text for text in ui.texts())
    type_price(ui, "2490")
    ui.tap("Set")
    assert not any("was" in text for text in ui.texts())


@ONE_PANEL
def test_backspace_on_nothing_gives_up_the_new_price(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    type_price(ui, "1")
    ui.tap("backspace")
    assert "New price" in ui.texts()
    ui.tap("backspace")
    assert "New price" not in ui.texts()


@ONE_PANEL
def test_a_scan_while_a_price_is_typed_adds_the_product_at_its_own_price(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    type_price(ui, "24")
    ui.desk.scan("402")
    assert [line.unit_price_minor for line in sale_of(till).lines][0] == 2490
    assert changes(till) == []


@pytest.mark.parametrize("panel", ["10"])
def test_beside_the_pad_price_and_hold_are_sunk_without_a_line(ui: UI, till: Till) -> None:
    show(ui, till)
    assert {"Price", "Hold"} <= sunk_keys(ui)
    ui.desk.screen.deeds.selling.add_number(331)  # type: ignore[union-attr]
    ui.show("sell")
    assert not {"Price", "Hold"} & sunk_keys(ui)


def test_the_customer_pays_the_new_price(ui: UI, till: Till) -> None:
    till.sell((331, 1))
    show(ui, till)
    type_price(ui, "2400")
    ui.tap("Set")
    ui.tap("Pay")
    assert "€24.00" in ui.texts()
