"""A stick is plugged in: a support file where one is asked for, a token where there is one, and nothing else."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.card.credentials import CommandError, run_command
from appliance.card.places import Places
from appliance.card.stick import NO_STICK, PROMISE, Visit
from appliance.card.token import TokenError
from appliance.card.way_in import WayIn

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
NAME = "gapless-support-20261122-093000.zip"


class Door(WayIn):
    """Says which token it was shown."""

    def __init__(self, places: Places, refuses: str = "") -> None:
        super().__init__(places)
        self.shown: list[str] = []
        self._refuses = refuses

    def open(self, path: Path) -> str:
        self.shown.append(path.name)
        if self._refuses:
            raise TokenError(self._refuses)
        return "The technician is in."


class Card:
    """A card with a stick; `till support` is the real one."""

    def __init__(self, root: Path) -> None:
        self.places = Places(root)
        for folder in (self.places.run, self.places.wishes, self.places.stick, root / "data/till"):
            folder.mkdir(parents=True)
        self.places.settings.write_text(
            f'[till]\ndata = "{root}/data/till"\nkeys_file = "{root}/data/till/keys.toml"\n'
        )
        self.door = Door(self.places)
        self.is_there = True
        self.fails = ""

    def look(self) -> None:
        Visit(self.places, self.door, self._run, lambda: NOW, lambda _path: self.is_there).look()

    def _run(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        if self.fails:
            raise CommandError(self.fails)
        return run_command(command, typed, environment)

    def names(self) -> list[str]:
        return sorted(path.name for path in self.places.stick.iterdir())

    def said(self) -> tuple[str, bool]:
        found = json.loads(self.places.help.read_text())
        return found["words"], found["ok"]


@pytest.fixture
def card(folder: Path) -> Iterator[Card]:
    yield Card(folder / "card")


@pytest.mark.parametrize("name", ["support-please.txt", "Support-Please.TXT", "support-please.txt.txt"])
def test_a_file_that_asks_gets_a_support_file_once(card: Card, name: str) -> None:
    (card.places.stick / name).touch()
    card.look()
    assert card.names() == [NAME, "support-done.txt"]
    words, went_well = card.said()
    assert went_well
    assert words == f"{NAME} is on the stick. Send it to who helps you. {PROMISE}"
    assert (card.places.stick / "support-done.txt").read_text().strip() == words
    with zipfile.ZipFile(card.places.stick / NAME) as archive:
        assert {"contents.json", "settings.json", "versions.json"} <= set(archive.namelist())
    assert list(card.places.run.glob("*.zip")) == []
    card.look()
    assert card.names() == [NAME, "support-done.txt"], "the next start writes no other"


def test_a_touch_asks_as_well_and_is_answered_without_a_stick_too(card: Card) -> None:
    (card.places.wishes / "help").touch()
    card.is_there = False
    card.look()
    assert card.said() == (NO_STICK, False)
    assert card.names() == []
    assert not (card.places.wishes / "help").exists()
    card.is_there = True
    (card.places.wishes / "help").touch()
    card.look()
    assert card.names() == [NAME]


def test_a_stick_that_asks_for_nothing_is_left_alone(card: Card) -> None:
    (card.places.stick / "holiday.jpg").touch()
    (card.places.stick / "support-please.d").mkdir()
    card.look()
    assert card.names() == ["holiday.jpg", "support-please.d"]
    assert not card.places.help.exists()


def test_what_goes_wrong_is_said(card: Card) -> None:
    (card.places.stick / "support-please.txt").touch()
    card.fails = "python3: exit 1"
    card.look()
    assert card.said() == ("The support file could not be written onto the stick (python3: exit 1).", False)
    assert card.names() == ["support-please.txt"]


def test_a_link_on_a_stick_leads_nowhere(card: Card, folder: Path) -> None:
    precious = folder / "precious"
    precious.write_text("as it was")
    (card.places.stick / "support-please.txt").symlink_to(precious)
    (card.places.stick / "a.token").symlink_to(precious)
    card.look()
    assert card.door.shown == []
    assert not card.places.help.exists()
    (card.places.stick / "support-please.txt").unlink()
    (card.places.stick / "support-please.txt").touch()
    (card.places.stick / NAME).symlink_to(precious)
    (card.places.stick / "support-done.txt").symlink_to(precious)
    card.look()
    assert not card.said()[1]
    assert precious.read_text() == "as it was"


def test_one_token_is_judged_and_what_came_of_it_is_said(card: Card) -> None:
    for name in ("b.token", "a.token.txt", "c.tokens"):
        (card.places.stick / name).touch()
    card.look()
    assert card.door.shown == ["a.token.txt"]
    assert card.said() == ("The technician is in.", True)
    card.door = Door(card.places, refuses="The technician's token is for the till 1.")
    card.look()
    assert card.said() == ("The technician's token is for the till 1.", False)
