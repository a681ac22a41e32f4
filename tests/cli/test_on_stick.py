"""Commands on a till that went on from its stick: they work on the books that the till sells in."""

from __future__ import annotations

import argparse
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.cli import export, setup, staff, stick, verify
from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.emergency import StickNeededError, move_to_stick
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_owner import Owner
from appliance.till.joining import LOST
from tests.storage.samples import seal


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A till that was set up, and has gone on from the stick with one entry more."""
    (tmp_path / "stick").mkdir()
    (tmp_path / "till.toml").write_text(
        f'[till]\ndata = "{tmp_path}/data"\nkeys_file = "{tmp_path}/keys.toml"\n'
        f'[second]\nfolder = "{tmp_path}/stick"\nis_mount = false\n'
    )
    setup.run(given(tmp_path))
    card = tmp_path / "data/till.db"
    with Database.open(card, now=now) as db:
        key = Keyring.load(tmp_path / "keys.toml").public_key.hex()
        medium = SecondMedium(tmp_path / "stick", Owner(*Identity(db).get(), key, "Till 1"), is_mount=False)
    medium.open()
    medium.close()
    (lines,) = (tmp_path / "stick").iterdir()
    file = move_to_stick(card, (), lines, lambda _copy, _lines: None)
    with Database.open(file, now=now) as db:
        Journal(db, Identity(db).get(), seal=seal()).introduce_key(now())
        ShopFacts(db).set(LOST, "The card lost 1 entry.")
    return tmp_path


def given(folder: Path, /, **more: object) -> argparse.Namespace:
    return argparse.Namespace(settings=folder / "till.toml", **more)


def test_an_export_holds_what_was_sold_from_the_stick(folder: Path) -> None:
    assert export.run(given(folder, folder=folder / "out")) == 0
    lines = (folder / "out/journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["entry"]["kind"] for line in lines] == ["keyed", "bound", "keyed"]


def test_the_tills_own_journal_is_the_sticks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.run(given(folder, paths=[], anchor=[], anchors=None, key=[])) == 0
    assert "3 entries" in capsys.readouterr().out


def test_what_is_to_be_seen_to_stands_in_the_same_books(folder: Path) -> None:
    assert stick.run(given(folder, seen=False)) == 1


def test_nobody_is_added_to_books_that_have_stopped(folder: Path) -> None:
    export.run(given(folder, folder=folder / "out"))  # the card learns that its books have stopped
    shutil.rmtree(folder / "stick")
    with pytest.raises(StickNeededError):
        staff.run(given(folder, add=None, pin=None))
