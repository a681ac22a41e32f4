"""A stick that fails while a backup is copied to it: the backup on the card is made, noted, and not made again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from appliance.domain.witness import ClockTrust, Witness
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.sync.backing_up import BackingUp
from tests.storage.samples import NOON, fresh_till, paid, sale, seal


def failing() -> Backups | None:
    raise OSError(5, "Input/output error")


def test_a_stick_that_cannot_even_be_looked_at_does_not_undo_the_backup(tmp_path: Path) -> None:
    database, identity, person = fresh_till(tmp_path / "till.db")
    Journal(database, identity, seal=seal()).record(sale(1), paid(sale(1)), person, NOON)
    witness = Witness("b" * 32, 10_000_000, ClockTrust.SYNCED)
    backups = Backups(tmp_path / "backups", Keep(7, 4, 12))
    backing_up = BackingUp(database, backups, failing, lambda: witness, lambda at: at, hour=3)
    made = backing_up.make()
    assert made.ok and "could not be copied" in made.words
    assert backing_up.last() == made
    assert not backing_up.is_due(witness)
    database.close()


def test_a_sale_that_slips_into_a_backup_is_claimed_like_the_others(tmp_path: Path) -> None:
    """Between the mark and the copy the till sells on: the copy holds that sale too, and so may another card."""
    path = tmp_path / "till.db"
    kiosk, identity, person = fresh_till(path)
    journal = Journal(kiosk, identity, seal=seal())
    journal.record(sale(1), paid(sale(1)), person, NOON)

    class Between(Database):
        """The sync service's connection; the kiosk sells just before the copy is made."""

        def rows(self, sql: str, values: object = ()) -> list[tuple[object, ...]]:
            if sql.startswith("VACUUM INTO"):
                journal.record(sale(2), paid(sale(2)), person, NOON + timedelta(seconds=1))
            return super().rows(sql, values)  # type: ignore[arg-type]

    with Between.open(path, now=lambda: NOON) as database:
        made = Backups(tmp_path / "backups", Keep(7, 4, 12)).make(database)
    assert made.file.seq == 2 and not made.problem
    assert all(entry.inherited for entry in Outbox(kiosk).due(NOON, 9))
    kiosk.close()
