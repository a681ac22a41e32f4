"""The set-up's pages drawn here beside the card's: a finger goes where they say, and what does not arrive is seen."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from appliance.demo.hand import Hand
from image.machine.counter import Counter
from image.machine.errors import MachineError, SceneError
from image.machine.page import new_till
from image.machine.qmp import Qmp
from image.machine.report import Album
from image.machine.screen import Screen
from image.machine.shadow import Shadowed, press, shadow_of

REPORT = json.dumps(
    {
        "problems": [{"line": 0, "where": "shop.url", "words": "The shop's address is missing."}],
        "sells": "no",
        "screen": {"width": 800, "height": 480, "touch": "panel"},
        "typed": {"receipt": {"name": ""}},
    }
)
LETTERS = ("q", "w", "a", "ABC", "123", "áé", "Space")


class TillHere:
    """Another new till on this computer in the card's place: a screen and a panel."""

    def __init__(self, hand: Hand) -> None:
        self.hand, self.takes_fingers = hand, True

    def ask(self, _op: str, *, filename: str, format: str) -> None:  # noqa: A002  # QEMU's word
        assert format == "png"
        self.hand.screenshot(Path(filename))

    def tap(self, x: float, y: float) -> None:
        if self.takes_fingers:
            self.hand.ask("tap", x=x, y=y)


@pytest.fixture
def tills(tmp_path: Path) -> Iterator[tuple[TillHere, Shadowed]]:
    ours, cards = tmp_path / "shadow", tmp_path / "card"
    ours.mkdir()
    cards.mkdir()
    with new_till(REPORT, cards) as hand, shadow_of(REPORT, ours) as shadow:
        till = TillHere(hand)
        album = Album(tmp_path / "report", {})
        album.begin("set_up", "Set up")
        screen = Screen(lambda: cast(Qmp, till), cards)
        counter: Any = SimpleNamespace(screen=screen, panel=till, album=album)
        shadow.wait_for("set-up")
        yield till, Shadowed(cast(Counter, counter), shadow, step_seconds=3)


def test_the_card_follows_its_shadow_and_a_lost_letter_is_seen(tills: tuple[TillHere, Shadowed]) -> None:
    till, touch = tills
    touch.sees("that the till is new")
    touch.tap_to("Set up", "set-up-address")
    touch.type("a.ie")
    assert till.hand.sees("https://a.ie")
    assert touch.touches == 5
    till.takes_fingers = False
    with pytest.raises(SceneError, match="did not show what 'x' does"):
        touch.tap("x")


def test_a_letter_is_typed_by_the_keys_that_lead_to_it() -> None:
    shown, tapped = list(LETTERS), list[str]()

    def tap(key: str) -> None:
        tapped.append(key)
        pages = {"123": ["1", "abc"], "áé": ["á"], "ABC": ["Q", "ABC"], "abc": list(LETTERS)}
        shown[:] = pages.get(key, shown)

    for letter, keys in (("1", ["123", "1"]), ("w", ["abc", "w"]), (" ", ["Space"]), ("á", ["áé", "á"])):
        tapped.clear()
        press(letter, lambda: shown, tap)
        assert tapped == keys
    shown[:] = LETTERS
    with pytest.raises(MachineError, match="has no 'ß'"):
        press("ß", lambda: shown, tap)
