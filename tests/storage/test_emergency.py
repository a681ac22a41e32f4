"""Going on from the stick when the card fails: the whole till, or nothing."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import apsw
import pytest

from appliance.storage.database import Database
from appliance.storage.emergency import (
    EmergencyError,
    StickNeededError,
    file_in_use,
    folder_on,
    move_to_stick,
)
from appliance.storage.journal import Journal
from tests.storage.conftest import Till
from tests.storage.samples import product, sale, seal, ticking

KEY = seal().public_key.hex()


def as_it_is(_copy: Path, _folder: Path) -> None:
    """Nothing to catch up on."""


def stick_of(tmp_path: Path, name: str = "gapless-01234567", key: str = KEY) -> Path:
    folder = tmp_path / "stick" / name
    folder.mkdir(parents=True)
    (folder / "till.json").write_text(json.dumps({"public_key": key}))
    return folder


def everything(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All rows of all tables."""
    with Database.open(path, now=ticking()) as db:
        db.check()
        tables = [row[0] for row in db.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: db.rows(f'SELECT * FROM "{name}"') for name in tables}


def test_the_whole_till_goes_to_the_stick_with_the_sale_in_progress(till: Till, tmp_path: Path) -> None:
    till.learn(*(product(number) for number in range(1, 30)))
    for number in range(3):
        till.sell(number)
    till.drafts.keep(sale(9), None)
    folder = stick_of(tmp_path)
    file = move_to_stick(till.db.path, (), folder, as_it_is)
    assert file == folder / "emergency.db"
    assert everything(file) == everything(till.db.path)
    assert sorted(each.name for each in folder.iterdir()) == ["emergency.db", "till.json"]


def test_once_it_is_there_it_is_the_till(till: Till, tmp_path: Path) -> None:
    folder, card = stick_of(tmp_path), till.db.path
    stick = folder.parent
    assert file_in_use(card, None, KEY) == card
    assert file_in_use(card, stick, KEY) == card
    file = move_to_stick(card, (), folder, as_it_is)
    before = file.read_bytes()
    till.sell(1)
    assert move_to_stick(card, (), folder, as_it_is) == file
    assert file.read_bytes() == before  # what was sold on it since is not written over
    assert file_in_use(card, stick, KEY) == file
    file.rename(tmp_path / "pulled.db")
    for place in (
        stick,
        None,
    ):  # the card must not go on beside it, under numbers and sales that the stick has too
        with pytest.raises(StickNeededError, match="Plug it in again"):
            file_in_use(card, place, KEY)


def test_the_stick_of_another_till_is_not_ours(till: Till, tmp_path: Path) -> None:
    other = stick_of(tmp_path, "gapless-aaaaaaaa", key="ab" * 32)
    (other / "emergency.db").write_bytes(b"")
    (tmp_path / "stick" / "gapless-broken").mkdir()
    (tmp_path / "stick" / "gapless-broken" / "till.json").write_text("{")
    assert folder_on(tmp_path / "stick", KEY) is None
    assert file_in_use(till.db.path, tmp_path / "stick", KEY) == till.db.path
    mine = stick_of(tmp_path)
    assert folder_on(tmp_path / "stick", KEY) == mine


def test_a_card_that_is_locked_can_still_be_taken_along(till: Till, tmp_path: Path) -> None:
    """Its folder takes nothing: not even the shared memory that reading the log needs."""
    till.sell(1)
    till.db.checkpoint()
    card = tmp_path / "card"
    card.mkdir()
    shutil.copyfile(till.db.path, card / "till.db")
    card.chmod(0o500)
    (card / "till.db").chmod(0o400)
    try:
        file = move_to_stick(card / "till.db", (), stick_of(tmp_path), as_it_is)
    finally:
        card.chmod(0o700)
    assert everything(file)["sale"] == everything(till.db.path)["sale"]


def damage(path: Path) -> None:
    """Overwrite the page that holds a sale, as a dying card does."""
    at = path.read_bytes().rindex(b"T1-000002") // 2048 * 2048
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(4096))


def test_a_damaged_card_gives_way_to_the_newest_copy_that_is_sound(till: Till, tmp_path: Path) -> None:
    copies = []
    for number in range(3):
        till.sell(number)
        copies.append(tmp_path / f"backup-{number}.db")
        till.db.rows(f"VACUUM INTO '{copies[-1]}'")
    till.sell(3)
    till.db.checkpoint()
    damaged = tmp_path / "damaged.db"
    shutil.copyfile(till.db.path, damaged)
    damage(damaged)
    damage(copies[2])
    caught: list[tuple[str, str]] = []

    def catch_up(copy: Path, folder: Path) -> None:
        caught.append((copy.name, folder.name))

    file = move_to_stick(damaged, (tmp_path / "gone.db", *reversed(copies)), stick_of(tmp_path), catch_up)
    assert caught == [("emergency.db.part", "gapless-01234567")]
    with Database.open(file, now=ticking()) as db:
        assert [each.receipt_number for each in Journal(db, till.identity).last(9)] == [
            "T1-000002",
            "T1-000001",
        ]


def test_where_nothing_is_left_the_till_says_so_and_leaves_nothing_half_done(tmp_path: Path) -> None:
    folder = stick_of(tmp_path)
    (tmp_path / "junk.db").write_bytes(b"no database" * 1000)
    with pytest.raises(EmergencyError, match="Neither the card nor a copy"):
        move_to_stick(tmp_path / "junk.db", (tmp_path / "gone.db",), folder, as_it_is)
    assert not (folder / "emergency.db").exists()


def test_a_stick_that_takes_nothing_is_said_in_a_sentence(till: Till, tmp_path: Path) -> None:
    folder = stick_of(tmp_path)
    (folder / "emergency.db.part").mkdir()
    with pytest.raises(EmergencyError, match="does not take the till's books"):
        move_to_stick(till.db.path, (), folder, as_it_is)


def test_a_copy_that_was_cut_off_by_a_power_cut_is_made_again(till: Till, tmp_path: Path) -> None:
    till.sell(1)
    folder = stick_of(tmp_path)
    (folder / "emergency.db.part").write_bytes(b"SQLite format 3\0 half")
    assert file_in_use(till.db.path, folder.parent, KEY) == till.db.path
    file = move_to_stick(till.db.path, (), folder, as_it_is)
    assert apsw.Connection(str(file)).execute("SELECT count(*) FROM sale").fetchall() == [(1,)]
