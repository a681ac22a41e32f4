"""A byte that the card changed where SQLite does not look: it is found, said, and not taken along."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appliance.kiosk.checkup import Checkup
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.emergency import move_to_stick
from appliance.storage.errors import DatabaseCorruptError
from tests.storage.conftest import Till
from tests.storage.samples import ticking
from tests.storage.test_emergency import as_it_is, everything, stick_of

NO_UTF_8, OTHER_LETTER = 0xFF, ord("?")


def garble(path: Path, byte: int) -> None:
    """Change a letter of the cashier's name in the journal: the file's structure stays whole."""
    data = path.read_bytes()
    assert b'"name":"Mara"' in data
    path.write_bytes(data.replace(b'"name":"Mara"', b'"name":"M' + bytes([byte]) + b'ra"'))


@pytest.fixture
def card(till: Till, tmp_path: Path) -> Path:
    """A card's file with three sales."""
    for number in range(3):
        till.sell(number)
    till.db.checkpoint()
    return Path(shutil.copyfile(till.db.path, tmp_path / "card.db"))


@pytest.mark.parametrize("byte", [NO_UTF_8, OTHER_LETTER])
def test_the_check_at_the_start_finds_it(card: Path, byte: int) -> None:
    garble(card, byte)
    with Checkup(card, ticking()) as checkup:
        pass
    assert isinstance(checkup.failure, DatabaseCorruptError)


@pytest.mark.parametrize("byte", [NO_UTF_8, OTHER_LETTER])
def test_a_backup_of_it_fails_its_test(card: Path, tmp_path: Path, byte: int) -> None:
    garble(card, byte)
    with Database.open(card, now=ticking()) as db:
        made = Backups(tmp_path / "backups", Keep(7, 4, 12)).make(db)
    assert made.problem and made.file.path.name.endswith(".bad")


@pytest.mark.parametrize("byte", [NO_UTF_8, OTHER_LETTER])
def test_the_till_does_not_go_on_from_the_stick_in_a_copy_of_it(
    till: Till, card: Path, tmp_path: Path, byte: int
) -> None:
    """It would find the same damage at its next start, with no way on."""
    garble(card, byte)
    backup = tmp_path / "backup.db"
    till.db.rows("VACUUM INTO ?", (str(backup),))
    file = move_to_stick(card, [backup], stick_of(tmp_path), as_it_is)
    assert everything(file) == everything(till.db.path)
