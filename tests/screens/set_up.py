"""A new till's set-up by touch, on the desk of a test: what it is given, and what was done outside of the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from appliance.machine.countries import read_countries
from appliance.settings import known_keys
from appliance.settings.of_the_card import SECRETS, WANTED, wrong_in
from appliance.till.mistakes import Mistakes
from appliance.till.setting_up import Around, FoundPrinter, Sections, SettingUp
from appliance.ui.screens.set_up import Hands, Walk, set_up_screens
from tests.screens.conftest import UI
from tests.screens.looks import head

SHOP = "https://holmandash.ie"
KEY = "ck_0123456789abcdef0123456789abcdef01234567"
SECRET = "cs_89abcdef0123456789abcdef0123456789abcdef"
PRINTERS = (FoundPrinter("EPSON TM-T20III", "X5NF021533"),)
TWO = (*PRINTERS, FoundPrinter("Receipt printer", "1-1.4"))


@dataclass
class NewTill:
    """One wizard, and what came of it."""

    ui: UI
    walk: Walk
    did: list[str]
    kept: list[Sections]
    given: list[Sections]
    printed: list[Callable[[str], None]]
    outcome: Mistakes | None = None
    printers: tuple[FoundPrinter, ...] = PRINTERS
    has_cable: bool = False
    has_scanner: bool = True
    wifis: tuple[str, ...] = ()
    listened: int = 0

    @property
    def setting_up(self) -> SettingUp:
        return self.walk.setting_up

    def type(self, text: str) -> None:
        """By the keys on the screen, turning them as a person would."""
        for letter in text:
            self.press(letter)

    def press(self, letter: str) -> None:
        ui = self.ui
        if letter == " ":
            ui.tap("Space")
            return
        for turn in ("", "abc", "ABC", "123", "#+=", "[]{}", "abc", "áé", "ABC", "ABC", "áé"):
            if turn and ui.screen.find(turn) is not None:
                ui.tap(turn)
            if ui.screen.find(letter) is not None:
                ui.tap(letter)
                return
        raise AssertionError(f"no key types {letter!r}")


def new_till(ui: UI, **around: Any) -> NewTill:
    did: list[str] = []
    kept: list[Sections] = []
    given: list[Sections] = []
    printed: list[Callable[[str], None]] = []

    def done(what: str) -> Callable[..., None]:
        return lambda *told: did.append(" ".join([what, *map(str, told)]))

    def turn() -> int:
        rotation = 180 - made.setting_up.rotation
        did.append(f"turn {rotation}")
        return rotation

    def listen() -> None:
        made.listened += 1

    stands_on = Around(
        wrong=wrong_in,
        secrets=SECRETS,
        wanted=frozenset(WANTED),
        defaults=known_keys(),
        keep=kept.append,
        give=given.append,
        outcome=lambda: made.outcome,
        countries=read_countries(),
        **around,
    )
    hands = Hands(
        printers=lambda: made.printers,
        has_cable=lambda: made.has_cable,
        has_scanner=lambda: made.has_scanner,
        listen=listen,
        wifis=lambda: made.wifis,
        test_print=printed.append,
        turn=turn,
        on_a_pc=done("pc"),
        off=done("off"),
        done=done("done"),
    )
    made = NewTill(ui, Walk(SettingUp(stands_on), hands), did, kept, given, printed)
    ui.desk.offer(set_up_screens(made.walk))
    head(ui, "")
    return made


def to_the_key(till: NewTill) -> None:
    till.ui.show("set-up")
    till.ui.tap("Set up")
    till.type("holmandash.ie")
    till.ui.tap("Next")


def to_the_names(till: NewTill) -> None:
    to_the_key(till)
    till.ui.desk.scan(f"{KEY}|{SECRET}")
    till.ui.tap("Next")


def to_the_place(till: NewTill) -> None:
    to_the_names(till)
    till.type("Holm & Ash")
    till.ui.tap("Next")
    till.ui.tap("Next")


def to_the_manager(till: NewTill) -> None:
    to_the_place(till)
    for _page in ("place", "network", "printer"):
        till.ui.tap("Next")


def to_the_end(till: NewTill) -> None:
    to_the_manager(till)
    till.type("Marta")
    till.ui.tap("Next")
    till.type("2580")
    till.ui.tap("Next")


def answer(till: NewTill, *texts: str) -> None:
    """Type what a page asks for and go on, page after page."""
    for text in texts:
        till.type(text)
        till.ui.tap("Next")
