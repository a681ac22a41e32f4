"""Going on from the stick: the copy is the next till before it is a till at all, from whatever can be read."""

from __future__ import annotations

import shutil
from pathlib import Path

import apsw
import pytest

from appliance.domain.staff import Person, Role
from appliance.kiosk.rescue import Rescue
from appliance.machine.computer import Computer
from appliance.machine.keyring import Keyring
from appliance.settings import load
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.binding import Bindings
from appliance.storage.database import Database
from appliance.storage.emergency import EmergencyError, file_in_use
from appliance.storage.errors import DatabaseBusyError, DatabaseCorruptError, StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_owner import Owner
from tests.storage.samples import NOON, fresh_till, paid, sale, ticking
from tests.storage.sticks import entries_of

MARA = Person(1, "Mara", Role.CASHIER)


class Card:
    """A till with one sale, its stick, and its rescue."""

    def __init__(self, folder: Path) -> None:
        (folder / "data").mkdir()
        (folder / "stick").mkdir()
        Keyring.make(folder / "keys.toml")
        settings = folder / "till.toml"
        settings.write_text(
            f'[till]\ndata = "{folder}/data"\nkeys_file = "{folder}/keys.toml"\n'
            f'[second]\nfolder = "{folder}/stick"\nis_mount = false\n'
        )
        self.settings = load(settings)
        self.computer = Computer.of(folder / "keys.toml", folder / "data")
        self.rescue = Rescue(self.settings, self.computer)
        db, identity, person = fresh_till(self.settings.database)
        self.journal = Journal(db, identity, seal=self.computer.seal)
        Bindings(db).begin(self.journal, self.computer.hardware_id, NOON)
        self.journal.record(sale(1), paid(sale(1)), person, NOON)
        owner = Owner(*identity, self.computer.public_key, "Till 1")
        medium = SecondMedium(folder / "stick", owner, is_mount=False)
        medium.open()
        medium.append(entries_of(db))
        medium.close()
        (self.lines,) = (folder / "stick").iterdir()
        self.db = db

    def in_use(self) -> Path:
        return file_in_use(self.settings.database, self.settings.second.place, self.computer.public_key)


@pytest.fixture
def card(tmp_path: Path) -> Card:
    return Card(tmp_path)


def series_of(file: Path) -> str:
    with Database.open(file, now=ticking()) as db:
        return Identity(db).get().series


def test_the_books_on_the_stick_have_their_own_series_from_the_first_moment(card: Card) -> None:
    """A power cut between the copy and its new series would leave two tills that print the same numbers."""
    seen: list[str] = []

    class Watched(Rescue):
        """Looks at the stick as soon as the copy has its series, where a power cut could come."""

        def _rename(self, copy: Path, hardware: str, who: tuple[int, str]) -> None:
            super()._rename(copy, hardware, who)
            seen.append(f"{series_of(copy)} {(card.lines / 'emergency.db').exists()}")

    Watched(card.settings, card.computer).go_to_stick(MARA)
    assert seen == ["T1B False"]
    assert series_of(card.in_use()) == "T1B"


def test_a_key_pressed_twice_makes_one_till(card: Card) -> None:
    card.rescue.go_to_stick(MARA)
    before = card.in_use().read_bytes()
    card.rescue.go_to_stick(MARA)
    assert card.in_use().read_bytes() == before


def test_where_it_cannot_be_given_its_series_there_is_no_till_on_the_stick(card: Card) -> None:
    """What the copy lacks is seen before it has its name."""
    card.db.close()
    copy = apsw.Connection(str(card.settings.database))
    copy.execute("DROP TABLE binding")
    copy.close()
    with pytest.raises(StorageError):
        card.rescue.go_to_stick(MARA)
    assert not (card.lines / "emergency.db").exists()
    assert card.in_use() == card.settings.database


def test_the_sticks_own_backups_serve_where_the_card_cannot_be_read_at_all(card: Card) -> None:
    made = Backups(card.settings.backups, Keep(1, 1, 1)).make(card.db)
    Backups(card.lines / "backups", Keep(1, 1, 1)).take_copy(made.file)
    card.db.close()
    shutil.rmtree(card.settings.till.data)
    card.rescue.go_to_stick(None)
    assert series_of(card.in_use()) == "T1B"


def test_without_any_copy_it_says_so(card: Card) -> None:
    card.db.close()
    shutil.rmtree(card.settings.till.data)
    with pytest.raises(EmergencyError, match="Neither the card nor a copy"):
        card.rescue.go_to_stick(None)


def test_the_stick_is_not_read_for_an_error_that_passes_by_itself(card: Card) -> None:
    class Watched(Rescue):
        """Counts how often the stick is read."""

        looks = 0

        def stick(self) -> None:
            self.looks += 1

    rescue = Watched(card.settings, card.computer)
    assert rescue.words(DatabaseBusyError("busy")) is None and rescue.looks == 0
    assert rescue.words(DatabaseCorruptError("damaged")) is not None and rescue.looks == 1
