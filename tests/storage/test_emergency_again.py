"""What an earlier try left on the stick, a stick and a card that fail, and books that came back to the card."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from appliance.storage.binding import Bindings, Why
from appliance.storage.database import Database
from appliance.storage.emergency import EmergencyError, StickNeededError, file_in_use, move_to_stick
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.restoring import Restore, RestoreError, sources_in
from tests.storage.conftest import Till
from tests.storage.samples import NOON, seal, ticking
from tests.storage.sticks import entries_of, stick_in
from tests.storage.test_emergency import KEY, as_it_is, everything, stick_of

HARDWARE = "ab" * 32


def trusting(_key: bytes, _message: bytes, _signature: bytes) -> bool:
    return True


def silent(_seq: int) -> None:
    pass


def test_the_log_of_a_try_that_was_cut_off_is_not_read_into_the_next_copy(till: Till, tmp_path: Path) -> None:
    till.sell(1)
    backup = tmp_path / "backup.db"
    till.db.rows("VACUUM INTO ?", (str(backup),))
    folder = stick_of(tmp_path)
    log = tmp_path / "log"

    def cut_off(copy: Path, _folder: Path) -> None:
        with Database.open(copy, now=ticking()) as db:
            Journal(db, till.identity, seal=seal()).note("no-sale", 1, NOON)
            shutil.copyfile(f"{copy}-wal", log)
        shutil.copyfile(log, f"{copy}-wal")  # as a power cut leaves it
        raise OSError(5, "the power went")

    with pytest.raises(EmergencyError):
        move_to_stick(tmp_path / "gone.db", [backup], folder, cut_off)
    shutil.copyfile(log, folder / "emergency.db-wal")
    file = move_to_stick(tmp_path / "gone.db", [backup], folder, as_it_is)
    assert everything(file) == everything(backup)


def test_a_stick_that_cannot_be_read_is_as_good_as_none(till: Till, tmp_path: Path) -> None:
    folder = stick_of(tmp_path)
    move_to_stick(till.db.path, (), folder, as_it_is)

    class Failing(type(folder)):  # type: ignore[misc]
        """The system's answer of a stick that fails."""

        def glob(self, _pattern: str) -> list[Path]:
            raise OSError(5, "Input/output error")

    failing = Failing(folder.parent)
    till.db.path.with_name("till.db.on-stick").unlink()  # as on a card that took no note
    assert file_in_use(till.db.path, failing, KEY) == till.db.path
    file_in_use(till.db.path, folder.parent, KEY)  # the card learns that its books have stopped
    with pytest.raises(StickNeededError):
        file_in_use(till.db.path, failing, KEY)


def kept_on_stick(till: Till, stick: Path) -> None:
    medium = stick_in(stick)
    medium.open()
    medium.append(entries_of(till.db)[medium.head.seq :])
    medium.close()


def test_books_that_came_back_to_a_repaired_card_are_the_till_again_after_one_confirmation(
    till: Till, tmp_path: Path
) -> None:
    """The same computer and card: nothing but the restore itself says that numbers may have been printed since."""
    Bindings(till.db).begin(till.journal, HARDWARE, NOON)
    till.sell(1)
    stick = tmp_path / "stick"
    kept_on_stick(till, stick)
    till.sell(2)  # printed T1-000002, and neither the stick nor the shop knows
    target = tmp_path / "card" / "till.db"
    target.parent.mkdir()
    target.with_name("till.db.on-stick").touch()
    with Restore(target, ticking()) as restore:
        restore.build(sources_in(stick)[0], trusting, silent)
        restore.finish()
    assert file_in_use(target, stick, KEY) == target
    with Database.open(target, now=ticking()) as db:
        bindings = Bindings(db)
        assert bindings.moved(HARDWARE) is Why.RESTORED
        assert not bindings.may_upload(HARDWARE)
        journal = Journal(db, Identity(db).get(), seal=seal())
        bindings.rebind(journal, HARDWARE, NOON, (1, "Mara"), "e" * 32)
        assert bindings.moved(HARDWARE) is None and bindings.may_upload(HARDWARE)
        assert journal.series == "T1B"


def test_books_in_which_somebody_still_sells_are_not_put_away(till: Till, tmp_path: Path) -> None:
    Bindings(till.db).begin(till.journal, HARDWARE, NOON)
    till.sell(1)
    stick = tmp_path / "stick"
    kept_on_stick(till, stick)
    (folder,) = stick.iterdir()
    file = move_to_stick(till.db.path, (), folder, as_it_is)
    target = tmp_path / "card.db"
    with Database.open(file, now=ticking()) as selling, Restore(target, ticking()) as restore:
        selling.rows("SELECT 1 FROM journal")
        with pytest.raises(RestoreError, match="Stop it first"):
            restore.build(sources_in(stick)[0], trusting, silent)
    assert file.is_file() and not target.exists()
    with Restore(target, ticking()) as restore:
        restore.build(sources_in(stick)[0], trusting, silent)
        restore.finish()
    assert target.is_file() and not file.exists()


def test_the_card_stops_with_the_copy_and_not_only_at_the_next_start(till: Till, tmp_path: Path) -> None:
    folder = stick_of(tmp_path)
    move_to_stick(till.db.path, (), folder, as_it_is)
    with pytest.raises(StickNeededError):
        file_in_use(till.db.path, None, KEY)


def test_a_stick_whose_lines_are_damaged_still_gives_the_books_that_the_till_went_on_in(
    till: Till, tmp_path: Path
) -> None:
    till.sell(1)
    till.sell(2)
    stick = tmp_path / "stick"
    kept_on_stick(till, stick)
    (folder,) = stick.glob("gapless-*")
    lines = folder / "journal.jsonl"
    lines.write_bytes(b"\0" * 40 + lines.read_bytes()[40:])
    with pytest.raises(RestoreError, match="no till's journal"):
        sources_in(stick)
    move_to_stick(till.db.path, (), folder, as_it_is)
    (source,) = sources_in(stick)
    assert source.emergency is not None
    assert source.first_hash == entries_of(till.db)[0].hash
