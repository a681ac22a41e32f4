"""Sticks for tests: folders, and disks that watch what is synced, fail, or lose their power."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from appliance.storage.chain import ENTRIES, Entry
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_disk import Disk, DiskFile, RealDisk
from appliance.storage.stick_lines import JOURNAL_FILE
from appliance.storage.stick_owner import Owner
from tests.storage.samples import TILL_ID, seal

OWNER = Owner(TILL_ID, "T1", "EUR", seal().public_key.hex(), "Till 1")


def stick_in(folder: Path, owner: Owner = OWNER, disk: Disk | None = None) -> SecondMedium:
    """The till's folder on a stick that is a plain folder."""
    folder.mkdir(exist_ok=True)
    return SecondMedium(folder, owner, is_mount=False, disk=disk)


def stick_of(folder: Path, database: Database, disk: Disk | None = None) -> SecondMedium:
    """The stick of the till that a file is."""
    who = Identity(database).get()
    owner = Owner(*who, public_key=seal().public_key.hex(), name="Till 1")
    return SecondMedium(folder, owner, is_mount=False, disk=disk)


def entries_of(database: Database) -> list[Entry]:
    """All entries of a journal."""
    return [Entry(*row) for row in database.rows(f"{ENTRIES} ORDER BY seq")]


class OddFile:
    """A file of an :class:`OddDisk`."""

    def __init__(self, disk: OddDisk, path: Path, real: DiskFile) -> None:
        self._disk, self._path, self._real = disk, path, real

    def size(self) -> int:
        return self._real.size()

    def read(self, offset: int, size: int) -> bytes:
        self._disk.step("read")
        return self._real.read(offset, size)

    def append(self, data: bytes) -> None:
        half = self._disk.step("append")
        if half:
            self._real.append(data[: len(data) // 2])
            raise half
        self._real.append(data)

    def truncate(self, size: int) -> None:
        self._disk.step("truncate")
        self._real.truncate(size)

    def sync(self) -> None:
        error = self._disk.step("sync")
        if error:
            raise error
        self._real.sync()
        self._disk.synced[self._path.name] = self._real.size()

    def is_there(self) -> bool:
        return self._real.is_there()

    def close(self) -> None:
        self._real.close()


class OddDisk(RealDisk):
    """The real disk, watched; ``fails`` makes calls of that name fail, an append after half of its bytes.

    Attributes:
        calls: what was done, in order.
        synced: bytes of each file that a power cut would leave.
        synced_folders: folders whose names it would leave.
        hangs: an object whose ``wait`` each append calls first.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.synced: dict[str, int] = {}
        self.synced_folders: list[str] = []
        self.fails: dict[str, int] = {}
        self.wait: Callable[[], object] = lambda: None

    def step(self, name: str) -> OSError | None:
        self.calls.append(name)
        if name == "append":
            self.wait()
        number = self.fails.get(name)
        error = OSError(number, errno.errorcode[number]) if number else None
        if error and name not in ("append", "sync"):
            raise error
        return error

    def open(self, path: Path, *, read_only: bool = False) -> DiskFile:
        self.step("open")
        return OddFile(self, path, super().open(path, read_only=read_only))

    def rename(self, old: Path, new: Path) -> None:
        self.step("rename")
        super().rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        self.step("sync_folder")
        super().sync_folder(folder)
        self.synced_folders.append(folder.name)


def journal_of(folder: Path) -> Path:
    """The one journal on a stick."""
    (found,) = folder.glob(f"gapless-*/{JOURNAL_FILE}")
    return found
