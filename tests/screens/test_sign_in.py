"""Signing in: a person and four digits."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.ui.screens.sign_in import SignIn
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
from tests.screens.till import PEOPLE, PICTURED, PIN, Till, open_till

PICTURED_PEOPLE = (
    {name for name, _ in PEOPLE} | {name[0] for name, _ in PEOPLE} | {"Saturdays", "Set-up only", "09:02"}
)
"""The picture's people stand in another order, and one has a line of her own."""
ONE_PANEL = pytest.mark.parametrize("panel", ["7"])


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


def show(ui: UI, till: Till) -> None:
    offer(ui, till)
    head(ui, "09:02")
    ui.show("sign-in")


def type_pin(ui: UI, pin: str) -> None:
    for digit in pin:
        ui.tap(digit)


def test_sign_in_stands_where_the_design_put_it(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Aoife")
    type_pin(ui, "12")
    without = (PICTURED_PEOPLE - {"09:02"}) | {"Marta, your PIN"}
    assert not unlike_the_design(ui, "sign-in", panel, without)
    assert not untidy(ui, panel)
    assert golden_difference(ui, "sign-in", panel) < GOLDEN_MEAN


def test_a_tile_and_four_digits_open_the_till(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Marta")
    assert "Marta, your PIN" in ui.texts()
    type_pin(ui, PIN)
    assert ui.screen.name == "sell"
    assert till.counter.selling.cashier == till.person("Marta")
    assert ui.desk.header.cashier == "Marta"


def test_the_pad_is_sunk_until_somebody_is_chosen(ui: UI, till: Till) -> None:
    show(ui, till)
    assert "Tap your name" in ui.texts()
    assert {"7", "0"} <= sunk_keys(ui)
    ui.tap("Marta")
    assert "7" not in sunk_keys(ui)


def test_keys_of_later_versions_are_sunk_in_their_places(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Marta")
    assert sunk_keys(ui) == {"Practise", "Price check", "English"}


@ONE_PANEL
def test_the_dots_fill_with_the_digits_and_backspace_empties_one(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Marta")
    type_pin(ui, "123")
    ui.tap("backspace")
    assert isinstance(ui.screen, SignIn)
    assert ui.screen.lit.dots == (2, 4)


def test_a_wrong_pin_is_said_in_words_and_the_dots_are_empty_again(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Marta")
    type_pin(ui, "9999")
    assert ui.screen.name == "sign-in"
    assert "Wrong PIN. 4 more tries." in ui.texts()
    assert ui.tones.played == ["refused"]
    assert not untidy(ui, panel)
    type_pin(ui, PIN)
    assert ui.screen.name == "sell"


def test_five_wrong_pins_lock_one_person_out_and_say_for_how_long(ui: UI, till: Till, panel: str) -> None:
    show(ui, till)
    ui.tap("Marta")
    for _ in range(5):
        type_pin(ui, "9999")
    assert "Try again in 30 seconds." in " ".join(ui.texts())
    assert not untidy(ui, panel)
    type_pin(ui, PIN)
    assert ui.screen.name == "sign-in"
    ui.tap("Aoife")
    type_pin(ui, PIN)
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_a_lock_ends_by_itself(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Marta")
    for _ in range(5):
        type_pin(ui, "9999")
    till.clock.pass_by(seconds=31)
    type_pin(ui, PIN)
    assert ui.screen.name == "sell"


@ONE_PANEL
def test_another_name_starts_the_pin_over(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.tap("Marta")
    type_pin(ui, PIN[:3])
    ui.tap("Nora")
    type_pin(ui, PIN[3])
    assert ui.screen.name == "sign-in"


@ONE_PANEL
def test_a_scan_before_anybody_signed_in_says_what_to_do(ui: UI, till: Till) -> None:
    show(ui, till)
    ui.desk.scan("331")
    assert "Sign in first, then scan." in ui.texts()
    assert ui.tones.played == ["refused"]
    assert till.counter.selling.sale is None


@ONE_PANEL
def test_a_sale_that_was_partly_paid_goes_on_where_it_was(ui: UI, till: Till) -> None:
    till.sign_in()
    till.scan_pictured_sale()
    till.counter.tendering.take_cash(5000)
    till.counter.selling.hand_over(None)
    show(ui, till)
    ui.tap("Nora")
    type_pin(ui, PIN)
    assert ui.screen.name == "pay"
    assert sum(quantity for _, quantity in PICTURED) == till.counter.selling.sale.items  # type: ignore[union-attr]


def test_more_people_than_keys_are_on_pages(ui: UI, tmp_path: Path, panel: str) -> None:
    with open_till(tmp_path, crowd=14) as till:
        show(ui, till)
        assert "Technician" not in ui.texts()
        assert not untidy(ui, panel)
        ui.tap("More people")
        assert "Technician" in ui.texts()
        ui.tap("More people")
        assert "Aoife" in ui.texts()


@ONE_PANEL
def test_who_works_alone_is_chosen_already(ui: UI, tmp_path: Path) -> None:
    with open_till(tmp_path, crowd=1) as till:
        show(ui, till)
        type_pin(ui, PIN)
        assert ui.screen.name == "sell"
