"""Tills that are wrong about the second medium, their backups or their migration (``defects`` lists them)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw

from appliance.domain.witness import Seal
from appliance.storage.backup_files import name_of, sync_folder
from appliance.storage.chain import SALE, Link, Stamp
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.migrating import APPLICATION_ID, MIGRATIONS, migrations
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_disk import Disk, DiskFile
from appliance.storage.stick_owner import Owner
from tests.faults.crash_till import Parts, Till


class _Unsynced:
    """The stick's disk, or a file on it, without sync."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def open(self, path: Path, *, read_only: bool = False) -> DiskFile:
        return _Unsynced(self._real.open(path, read_only=read_only))

    def sync(self) -> None:
        """Nothing."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


class StickUnsynced(Parts):
    """What is written to the stick is not synced."""

    def medium(self, place: Path, owner: Owner, disk: Disk) -> SecondMedium:
        return super().medium(place, owner, _Unsynced(disk))


class PaperFirst(Parts):
    """Paper comes out, and then the stick is written."""

    def keep(self, till: Till) -> bool:
        return True

    def afterwards(self, till: Till) -> None:
        super().keep(till)


class _Trusting(SecondMedium):
    def _cut(self, file: DiskFile, end: int) -> None:
        """Nothing: the next line goes behind whatever is there."""


class TornLineKept(Parts):
    """A line of which a part is there stays, and the next one is written behind it."""

    def medium(self, place: Path, owner: Owner, disk: Disk) -> SecondMedium:
        return _Trusting(place, owner, is_mount=False, disk=disk)


class BackupOfTheFile(Parts):
    """A backup is a copy of the main file."""

    def back_up(self, db: Database, folder: Path) -> Path:
        return _copied(db, folder, db.path, is_synced=True)


class BackupUnsynced(Parts):
    """A backup gets its name before it is on the disk."""

    def back_up(self, db: Database, folder: Path) -> Path:
        whole = super().back_up(db, folder)
        return _copied(db, folder, whole, is_synced=False)


class BackupNameUnsynced(Parts):
    """A backup's name is not on the disk when it is said to be made."""

    def back_up(self, db: Database, folder: Path) -> Path:
        part, path = folder / "till.db.part", folder / name_of(db.now(), 99)
        db.rows("VACUUM INTO ?", (str(part),))
        return part.replace(path)


class BackupUnderItsName(Parts):
    """A backup is written under the name that says that it is whole."""

    def back_up(self, db: Database, folder: Path) -> Path:
        path = folder / name_of(db.now(), 99)
        db.rows("VACUUM INTO ?", (str(path),))
        sync_folder(folder)
        return path


def _copied(db: Database, folder: Path, source: Path, *, is_synced: bool) -> Path:
    part, path = folder / "till.db.part", folder / name_of(db.now(), 98)
    shutil.copyfile(source, part)
    if is_synced:
        with part.open("rb") as file:
            os.fsync(file.fileno())
    part.replace(path)
    sync_folder(folder)
    return path


class _Migrated(Parts):
    """Brings a file of the first version up to date by itself."""

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        connection = apsw.Connection(str(path), vfs=vfs or "unix")
        if int(connection.pragma("user_version")) == 1:
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            self._migrate(connection, path)
        db = super().open(path, now, vfs)
        connection.close()
        return db

    def _migrate(self, connection: apsw.Connection, path: Path) -> None:
        raise NotImplementedError


class MigratedWithoutTransaction(_Migrated):
    """Each statement of the migration is a transaction of its own."""

    def _migrate(self, connection: apsw.Connection, path: Path) -> None:
        connection.execute(migrations(MIGRATIONS)[2].read_text("utf-8")).fetchall()
        connection.execute(f"PRAGMA user_version = 2; PRAGMA application_id = {APPLICATION_ID}")


class VersionApart(_Migrated):
    """The version's number is written after the migration was committed."""

    def _migrate(self, connection: apsw.Connection, path: Path) -> None:
        connection.execute(
            f"BEGIN IMMEDIATE; {migrations(MIGRATIONS)[2].read_text('utf-8')}; COMMIT"
        ).fetchall()
        connection.execute("PRAGMA user_version = 2")


class MigratedWithoutCopy(_Migrated):
    """The file as it was is not kept."""

    def _migrate(self, connection: apsw.Connection, path: Path) -> None:
        connection.execute(
            f"BEGIN IMMEDIATE; {migrations(MIGRATIONS)[2].read_text('utf-8')}; PRAGMA user_version = 2; COMMIT"
        ).fetchall()


class _CachingStamp(Stamp):
    """Remembers the chain's head, and does not forget it when its transaction is rolled back."""

    journal: _CachingJournal

    def append(self, connection: apsw.Connection, kind: str, person_id: int, body: str) -> Link:
        link = super().append(connection, kind, person_id, body)
        self.journal.head = link
        return link


class _CachingJournal(Journal):
    head: Link | None = None

    def stamp(self, connection: apsw.Connection, at: datetime, kind: str = SALE) -> Stamp:
        assert self._seal is not None
        stamp = _CachingStamp(connection, at, self._seal, kind)
        stamp.journal = self
        if self.head is not None:
            stamp.before = self.head
        return stamp


class HeadCached(Parts):
    """The chain's head is kept in memory, also where its entry was rolled back."""

    def journal(self, db: Database, till_name: str, seal: Seal) -> Journal:
        return _CachingJournal(db, Identity(db).get(), till_name, seal)
