"""The page for a file that cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from appliance.storage.emergency import StickNeededError
from appliance.storage.errors import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DatabaseTooNewError,
    DatabaseUnreadableError,
    DiskFailedError,
    DiskFullError,
    IdentityError,
    MigrationError,
    ReadOnlyError,
    RuleBrokenError,
    SqliteTooOldError,
    StorageError,
)
from appliance.till.trouble import Stick, TroubleKind, trouble_of
from appliance.ui.screens.trouble import TroubleKeys, TroubleScreen
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, untidy

STICK = Stick("T1-000231", can_sell=True)
ERRORS: dict[type[StorageError], TroubleKind] = {
    DiskFullError: TroubleKind.FULL,
    ReadOnlyError: TroubleKind.READ_ONLY,
    DiskFailedError: TroubleKind.FAILED,
    DatabaseCorruptError: TroubleKind.DAMAGED,
    DatabaseUnreadableError: TroubleKind.UNREADABLE,
    DatabaseTooNewError: TroubleKind.TOO_NEW,
    MigrationError: TroubleKind.NOT_UPDATED,
    SqliteTooOldError: TroubleKind.PROGRAM,
    IdentityError: TroubleKind.NOT_SET_UP,
    StickNeededError: TroubleKind.NO_STICK,
}


class Hand:
    """What the keys did."""

    def __init__(self) -> None:
        self.did: list[str] = []
        self.is_well = False
        self.stick_refuses = ""

    def again(self) -> bool:
        self.did.append("again")
        return self.is_well

    def on_stick(self) -> None:
        self.did.append("stick")
        if self.stick_refuses:
            raise StorageError(self.stick_refuses)

    def keys(self) -> TroubleKeys:
        return TroubleKeys(self.again, self.on_stick, lambda: self.did.append("off"), (StorageError,))


def show(ui: UI, hand: Hand, error: StorageError, stick: Stick | None) -> None:
    ui.offer(trouble=lambda desk: TroubleScreen(desk, hand.keys()))
    head(ui, "14:32")
    ui.show("trouble", trouble=trouble_of(error, stick))


@pytest.mark.parametrize("error", [DiskFullError, ReadOnlyError, DatabaseCorruptError, MigrationError])
@pytest.mark.parametrize("stick", [STICK, None], ids=["stick", "none"])
@pytest.mark.parametrize("scheme", ["dark"])
def test_a_trouble_fits_its_page(
    ui: UI, panel: str, scheme: str, error: type[StorageError], stick: Stick | None
) -> None:
    show(ui, Hand(), error(""), stick)
    assert not untidy(ui, panel)
    name = f"trouble-{ERRORS[error]}-{'stick' if stick else 'none'}"
    assert golden_difference(ui, name, panel) < GOLDEN_MEAN


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
@pytest.mark.parametrize("stick", [STICK, Stick("", can_sell=True), Stick("T1-000009", can_sell=False), None])
def test_every_sentence_of_every_trouble_is_on_the_glass(
    ui: UI, error: type[StorageError], stick: Stick | None
) -> None:
    show(ui, Hand(), error(""), stick)
    trouble = trouble_of(error(""), stick)
    assert trouble is not None
    assert trouble.kind is ERRORS[error]
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    for sentence in (trouble.title, trouble.happened, *trouble.safe, *trouble.steps):
        assert sentence in drawn


def test_what_passes_by_itself_is_no_trouble() -> None:
    for error in (DatabaseBusyError("busy"), RuleBrokenError("a rule"), StorageError("something")):
        assert trouble_of(error, STICK) is None


@pytest.mark.parametrize(
    ("error", "stick", "verb"),
    [
        (DiskFullError, STICK, "Sell from the stick"),
        (DiskFullError, None, "Try again"),
        (DiskFullError, Stick("T1-000009", can_sell=False), "Try again"),
        (MigrationError, STICK, "Try again"),  # a stick does not make an update fit
        (ReadOnlyError, STICK, "Switch off"),  # most likely the next start mends it
        (ReadOnlyError, None, "Switch off"),
        (DatabaseUnreadableError, Stick("T1-000009", can_sell=False), "Switch off"),
    ],
)
def test_the_lit_key_is_the_best_way_on(
    ui: UI, error: type[StorageError], stick: Stick | None, verb: str
) -> None:
    hand = Hand()
    show(ui, hand, error(""), stick)
    assert ui.screen.lit.verb == verb
    ui.tap_at(*ui.screen.lit.middle())
    assert hand.did == [{"Sell from the stick": "stick", "Switch off": "off"}.get(verb, "again")]


def test_a_card_that_is_locked_even_after_another_start_leads_to_the_stick(ui: UI) -> None:
    hand = Hand()
    show(ui, hand, ReadOnlyError(""), STICK)
    assert [key.text for key in ui.screen.keys] == ["Try again", "Sell from the stick"]
    ui.tap("Sell from the stick")
    assert hand.did == ["stick"]
    ui.show("trouble", trouble=trouble_of(ReadOnlyError(""), None))
    assert [key.text for key in ui.screen.keys] == ["Try again", "Switch off"]
    ui.tap_at(*ui.screen.keys[1].middle())
    assert hand.did == ["stick", "off"]


def test_a_file_that_works_again_leads_back_to_selling(ui: UI) -> None:
    hand, shown = Hand(), []
    show(ui, hand, DiskFullError(""), None)

    def sell(desk: object) -> TroubleScreen:
        shown.append("sell")
        return TroubleScreen(ui.desk, hand.keys())

    maker: Callable[[object], TroubleScreen] = sell
    ui.offer(sell=maker)
    ui.tap("Try again")
    assert "It is still so." in ui.texts()
    assert not shown
    hand.is_well = True
    ui.tap_at(*ui.screen.keys[0].middle())
    assert shown == ["sell"]


def test_a_stick_that_refuses_is_said_and_nothing_can_be_scanned_meanwhile(ui: UI) -> None:
    hand = Hand()
    hand.stick_refuses = "The stick is full."
    show(ui, hand, DiskFullError(""), STICK)
    ui.tap("Sell from the stick")
    assert "The stick is full." in ui.texts()
    ui.desk.scan("5012345678900")
    assert ui.screen.name == "trouble"
    assert ui.tones.played[-1] == "refused"
    ui.tap("Switch off")
    assert hand.did == ["stick", "off"]


def test_a_stick_that_is_plugged_in_now_offers_its_key_after_another_try(ui: UI) -> None:
    hand = Hand()
    keys = replace(hand.keys(), look=lambda: trouble_of(DiskFullError(""), STICK))
    ui.offer(trouble=lambda desk: TroubleScreen(desk, keys))
    head(ui, "14:32")
    ui.show("trouble", trouble=trouble_of(DiskFullError(""), None))
    assert "Sell from the stick" not in ui.texts()
    place = ui.screen.lit.middle()
    ui.tap_at(*place)
    assert {"It is still so.", "Sell from the stick"} <= set(ui.texts())
    ui.tap_at(*place, hasty=True)
    assert hand.did == ["again"], "the second half of a double tap moves no books"
    ui.tap("Sell from the stick")
    assert hand.did == ["again", "stick"]


@pytest.mark.parametrize(("cashier", "after"), [("Marta", "sell"), ("", "sign-in")])
def test_after_a_trouble_nobody_sells_without_a_name(ui: UI, cashier: str, after: str) -> None:
    hand = Hand()
    hand.is_well = True
    show(ui, hand, DiskFullError(""), None)
    ui.desk.set_header(replace(ui.desk.header, cashier=cashier))
    ui.offer(**{name: lambda desk: TroubleScreen(desk, hand.keys()) for name in ("sell", "sign-in")})
    ui.tap_at(*ui.screen.keys[0].middle())
    assert ui.screen.name == after
