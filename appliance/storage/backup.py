"""Backups of the till's file: one whole file that the till itself could go on with, and that has proved it.

``VACUUM INTO`` reads one moment of the file while the till goes on selling. A copy of the file with its log beside it
would look right and lose sales silently (measured: 62 of them). A file gets its name only after it was restored and
tested, so every file of that name is a good one, whenever the power went.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.backup_files import (
    BAD,
    PART,
    BackupFile,
    Keep,
    backups_in,
    name_of,
    sync_folder,
    to_keep,
)
from appliance.storage.database import Database
from appliance.storage.emergency import folder_on
from appliance.storage.errors import StorageError
from appliance.storage.lasting import rename
from appliance.storage.outbox import Outbox
from appliance.storage.proving import head_of, prove

SPARE: Final = 1.1
"""Room that is left over after a backup, as a part of it."""

ON_STICK: Final = 2
"""So many are kept on the second medium, which holds the journal itself as well."""

_TEST: Final = "testing"
_BLOCK: Final = 1024 * 1024
_BAD_KEPT: Final = 2


class BackupError(StorageError):
    """No backup was made. The text says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a backup.

    Attributes:
        file: the backup; under a name that ends in ".bad" if it failed its test.
        problem: what is wrong with it, "" if it passed.
        deleted: older backups that made room.
    """

    file: BackupFile
    problem: str
    deleted: tuple[Path, ...]


def copies(folder: Path) -> list[Path]:
    """The backups in a folder that passed their test, newest first."""
    return [each.path for each in backups_in(folder)]


def backups_on_stick(place: Path | None, public_key: str, *, is_mount: bool) -> Backups | None:
    """Where backups are kept on the second medium, None while it is not there or is another till's.

    Args:
        place: the folder at which sticks are mounted, None where there is no second medium.
        public_key: what this till signs with.
        is_mount: whether a folder at which nothing is mounted counts as no stick.
    """
    if place is None or not place.is_dir() or (is_mount and not place.is_mount()):
        return None
    folder = folder_on(place, public_key)
    return None if folder is None else Backups(folder / "backups", Keep(1, 1, 1, newest=ON_STICK))


class Backups:
    """The backups in one folder."""

    def __init__(
        self,
        folder: Path,
        keep: Keep,
        free: Callable[[Path], int] = lambda at: shutil.disk_usage(at).free,
        copy: Callable[[Path, Path], object] = shutil.copyfile,
    ) -> None:
        """Say where; the folder is made when it is needed.

        Args:
            folder: holds nothing but backups.
            keep: which of them stay.
            free, copy: bytes that are free at a place, and how a file is copied there; the system's unless a
                test watches.
        """
        self.folder = folder
        self._keep = keep
        self._free = free
        self._copy = copy

    def all(self) -> list[BackupFile]:
        """Those that passed their test, newest first."""
        return backups_in(self.folder)

    def make(self, database: Database) -> Made:
        """Make a backup, test it, and delete what is no longer wanted. The till may sell meanwhile.

        Raises:
            BackupError: there is no room, or the folder cannot be written.
            StorageError: the till's file cannot be read.
        """
        with self._alone():
            deleted = self._make_room(2 * _size_of(database))  # the backup, and the copy that is restored
            part = self.folder / f"till.db{PART}"
            at_least = _head(database)
            # Whoever restores this may find the same unsent sales on the card: both must then claim them (sync.steps).
            Outbox(database).inherit_all()
            database.rows("VACUUM INTO ?", (str(part),))
            Outbox(database).inherit_all()  # those too that were sold between the two, and are in it
            try:
                link = head_of(part)
            except apsw.Error as error:
                raise BackupError(f"The backup cannot be read: {error}.") from error
            made_at = database.now().replace(microsecond=0)
            path = self.folder / name_of(made_at, link.seq)
            shutil.copymode(database.path, part)
            _sync_file(part)
            problem = self._test(part, database, at_least)
            if problem:
                path = path.with_name(path.name + BAD)
            rename(part, path)
            sync_folder(self.folder)
            file = BackupFile(path, made_at, link.seq)
            return Made(file, problem, (*deleted, *self._prune(path)))

    def take_copy(self, backup: BackupFile) -> Path:
        """Put a tested backup into this folder too, byte for byte: what is read back must be the same.

        Raises:
            BackupError: there is no room, the medium cannot be written, or it does not keep what it is given.
        """
        with self._alone():
            self._make_room(backup.path.stat().st_size)
            part, path = self.folder / f"till.db{PART}", self.folder / backup.path.name
            self._copy(backup.path, part)
            _sync_file(part)
            if _digest(part) != _digest(backup.path):
                raise BackupError(f"{self.folder} does not keep what is written to it.")
            rename(part, path)
            sync_folder(self.folder)
            self._prune(path)
            return path

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Work in the folder alone; what a crash left there is removed."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with (self.folder / ".lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                self._tidy()
                try:
                    yield
                finally:
                    self._tidy()  # half a backup must not fill the rest of a full card
        except OSError as error:
            raise BackupError(f"No backup can be written to {self.folder}: {error.strerror}.") from error

    def _tidy(self) -> None:
        shutil.rmtree(self.folder / _TEST, ignore_errors=True)
        for path in self.folder.glob(f"till*{PART}*"):
            path.unlink()

    def _make_room(self, wanted: int) -> list[Path]:
        """Delete the oldest backups beyond the fewest that are kept, while there is no room for another."""
        deleted = []
        spare = self.all()[self._keep.newest :]
        while (free := self._free(self.folder)) < wanted * SPARE:
            if not spare:
                raise BackupError(
                    f"There is no room for a backup in {self.folder}: it takes {_mb(wanted * SPARE)}, "
                    f"{_mb(free)} are free."
                )
            deleted.append(spare.pop().path)
            deleted[-1].unlink()
        return deleted

    def _test(self, part: Path, database: Database, at_least: int) -> str:
        folder = self.folder / _TEST
        folder.mkdir()
        try:
            copy = Path(shutil.copyfile(part, folder / "till.db"))
            return prove(copy, database, at_least)
        finally:
            shutil.rmtree(folder)

    def _prune(self, just_made: Path) -> list[Path]:
        found = self.all()
        # What was just made stays, though a till that lived on elsewhere may have left later entries here.
        kept = {each.path for each in to_keep(found, self._keep)} | {just_made}
        bad = sorted(self.folder.glob(f"till-*{BAD}"), key=lambda path: path.name, reverse=True)
        gone = [each.path for each in found if each.path not in kept]
        gone += [path for path in bad[_BAD_KEPT:] if path != just_made]
        for path in gone:
            path.unlink()
        return gone


def _head(database: Database) -> int:
    row = database.one("SELECT max(seq) FROM journal")
    return int(row[0] or 0) if row else 0


def _size_of(database: Database) -> int:
    return database.path.stat().st_size + database.wal_bytes()


def _sync_file(path: Path) -> None:
    """Put a file on the disk, and forget what is remembered of it: whoever reads it now reads the disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _digest(path: Path) -> bytes:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.digest()


def _mb(size: float) -> str:
    return f"{size / 1_000_000:.1f} MB"
