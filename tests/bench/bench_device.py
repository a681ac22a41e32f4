"""What a 5-line sale writes to the card: kilobytes and flushes, of the journal alone and with the draft of each scan.

As root it is measured where the card is: an ext4 file system on a loop device of its own, and the kernel's count of
what that device was asked to write and to flush, what the file system adds and what a checkpoint folds in included.
Where no loop device can be made, what SQLite asks of the operating system is counted, and the table says so: that is
less than what reaches a device.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import apsw

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.sale import Sale
from appliance.domain.staff import Role
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from tests.bench.measuring import options, report
from tests.storage.samples import NOON, TILL_ID, paid, products, sale, seal, ticking

SECTOR = 512
DISK_BYTES = 512 * 1024 * 1024
PRODUCTS = 2_000
WARM_UP = 20
LIMIT_KILOBYTES, LIMIT_FLUSHES = 65, 2
SECTORS_WRITTEN, FLUSHES = 6, 15
"""Fields of /sys/block/*/stat."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written and flushed since the beginning."""

    bytes: int
    flushes: int


class LoopDisk:
    """A disk of its own: ext4 on a loop device."""

    how = "ext4 on a loop device, /sys/block"
    vfs: str | None = None

    def __init__(self, device: Path, folder: Path) -> None:
        self.folder = folder
        self._stat = Path("/sys/block", device.name, "stat")

    def written(self) -> Written:
        """Counted by the kernel, once all is on the device."""
        subprocess.run(["sync", "--file-system", str(self.folder)], check=True)
        fields = self._stat.read_text().split()
        return Written(int(fields[SECTORS_WRITTEN]) * SECTOR, int(fields[FLUSHES]))


class CountingVfs(apsw.VFS):
    """The operating system's files, counted."""

    how = "no loop device here: bytes and syncs that SQLite asks for"

    def __init__(self, folder: Path) -> None:
        self.vfs, self.folder = "counting", folder
        self.bytes = self.flushes = 0
        super().__init__(self.vfs, "")

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802
        """Open a file that counts."""
        return CountingFile(self, name, flags)

    def written(self) -> Written:
        """Counted so far."""
        return Written(self.bytes, self.flushes)


class CountingFile(apsw.VFSFile):
    """A file that counts what is written to it."""

    def __init__(self, counts: CountingVfs, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._counts = counts

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        """Write and count."""
        super().xWrite(data, offset)
        self._counts.bytes += len(data)

    def xSync(self, flags: int) -> None:  # noqa: N802
        """Sync and count."""
        super().xSync(flags)
        self._counts.flushes += 1


@contextmanager
def loop_disk(folder: Path) -> Iterator[LoopDisk]:
    """Make the disk, and take it away again.

    Raises:
        CalledProcessError, OSError: it cannot be made here.
    """
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir()
    with image.open("wb") as file:
        file.truncate(DISK_BYTES)
    device = _said("losetup", "--find", "--show", str(image))
    try:
        _said("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0", device)
        _said("mount", "-o", "noatime", device, str(mounted))
        try:
            yield LoopDisk(Path(device), mounted)
        finally:
            _said("umount", str(mounted))
    finally:
        _said("losetup", "--detach", device)


def _said(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@contextmanager
def disk(folder: Path) -> Iterator[LoopDisk | CountingVfs]:
    """A disk whose writes are counted, as near to the device as this computer lets us."""
    with ExitStack() as stack:
        made: LoopDisk | CountingVfs = CountingVfs(folder)
        if os.geteuid() == 0 and all(map(shutil.which, ("losetup", "mkfs.ext4", "mount"))) and _has_loops():
            with suppress(subprocess.CalledProcessError, OSError):  # another may just have taken the last one
                made = stack.enter_context(loop_disk(folder))
        yield made


def _has_loops() -> bool:
    return subprocess.run(["losetup", "--find"], capture_output=True, check=False).returncode == 0


def scans_of(whole: Sale) -> list[Sale]:
    """The sale as it was after each scan."""
    return [
        Sale(whole.sale_id, whole.opened_at, whole.tax, whole.lines[:count], (), count + 1)
        for count in range(1, len(whole.lines) + 1)
    ]


def measure(where: LoopDisk | CountingVfs, rounds: int) -> dict[str, float | str]:
    """Sell on it: the journal alone, the drafts alone, and both in turns as at the till."""
    with Database.open(where.folder / "till.db", now=ticking(), vfs=where.vfs) as db:
        identity = Identity(db).create(TILL_ID, "T1", "EUR")
        person = Staff(db).add("Mara", Role.CASHIER, "no hash")
        Catalogue(db, ticking()).apply(CatalogueChanges(products(PRODUCTS), read_at=NOON))
        journal, drafts = Journal(db, identity, seal=seal()), Drafts(db)

        def scan(number: int) -> None:
            for each in scans_of(sale(number)):
                drafts.keep(each, None)

        def complete(number: int) -> None:
            journal.record(sale(number), paid(sale(number), 100), person, NOON)

        def both(number: int) -> None:
            scan(number)
            complete(number)

        facts: dict[str, float | str] = {"measured at": where.how}
        first = 0
        for name, act in (
            ("journal alone", complete),
            ("five scans", scan),
            ("five scans and the journal", both),
        ):
            written = _each(where, db, act, first, rounds)
            first += WARM_UP + rounds
            facts[f"kB per sale, {name}"] = round(written.bytes / rounds / 1000, 1)
            facts[f"flushes per sale, {name}"] = round(written.flushes / rounds, 2)
    return facts


def _each(
    where: LoopDisk | CountingVfs, db: Database, act: Callable[[int], None], first: int, rounds: int
) -> Written:
    for number in range(first, first + WARM_UP):
        act(number)
    db.checkpoint()  # each part pays for what it logged, whenever that is folded in
    before = where.written()
    for number in range(first + WARM_UP, first + WARM_UP + rounds):
        act(number)
    db.checkpoint()
    after = where.written()
    return Written(after.bytes - before.bytes, after.flushes - before.flushes)


def main(arguments: Sequence[str] | None = None) -> dict[str, float | str]:
    """Measure and print."""
    chosen = options("What a 5-line sale writes to the card.", 300, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder, disk(Path(folder)) as where:
        facts = measure(where, chosen.rounds)
    limits = {"limit, kB, journal alone": LIMIT_KILOBYTES, "limit, flushes, journal alone": LIMIT_FLUSHES}
    report("What a sale writes", (), facts | limits, chosen.json)
    return facts


if __name__ == "__main__":
    main()
