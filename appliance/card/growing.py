"""The last partition, grown to the end of the card.

The image is small, so that it is flashed quickly; the card is not. The partition table of a card is one sector, which
is written whole or not at all; the file system is grown while it is mounted, which its own journal protects. So a cut
anywhere leaves the old size or the new one, and the next boot goes on from there. What was done is noted with the size
in the note: a card that was copied to a larger one grows again. An encrypted partition grows before it is opened
(``opening``), and here only its file system.
"""

from __future__ import annotations

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.card.credentials import Run
from appliance.card.disk import Disk, keep, read

SECTORS_OF_A_MIB: Final = 2048
WORTH_IT_SECTORS: Final = 16 * SECTORS_OF_A_MIB
"""Less room than 16 MiB behind it is left alone."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition as the kernel sees it, in sectors of 512 bytes."""

    name: str
    number: int
    disk: str
    start: int
    size: int
    disk_size: int
    mapped: str = ""
    """What lies on it if it is encrypted, such as "dm-0"; its size follows when it is opened."""

    @property
    def free_behind(self) -> int:
        """Sectors between its end and the end of the disk."""
        return self.disk_size - self.start - self.size


def partition_of(mount: Path, root: Path = Path("/")) -> Partition | None:
    """The partition that is mounted there; None if it is none, such as in a container or on a whole disk.

    Args:
        mount: as the kernel lists it, such as "/data".
        root: where ``/proc`` and ``/sys`` are, for a test.
    """
    numbers = _mounted(mount, root)
    if not numbers:
        return None
    folder = (root / "sys/dev/block" / numbers).resolve()
    below = sorted((folder / "slaves").glob("*"))
    return _partition(below[0].resolve(), folder.name) if below else _partition(folder)


def partition_at(device: str, root: Path = Path("/")) -> Partition | None:
    """The partition of that name, such as "/dev/mmcblk0p4", mounted or not."""
    return _partition((root / "sys/class/block" / Path(device).name).resolve())


def _partition(folder: Path, mapped: str = "") -> Partition | None:
    try:
        number, start, size = (int((folder / name).read_text()) for name in ("partition", "start", "size"))
        disk_size = int((folder.parent / "size").read_text())
    except (OSError, ValueError):
        return None
    return Partition(folder.name, number, folder.parent.name, start, size, disk_size, mapped)


def grow(mount: Path, note: Path, disk: Disk, run: Run, root: Path = Path("/")) -> bool:
    """Grow the partition and what is on it, unless that was done; True if something was grown.

    Raises:
        CommandError: a program failed; what is there is as sound as before.
        OSError: the note cannot be written.
    """
    found = partition_of(mount, root)
    if found is None:
        return False
    is_whole = bool(found.mapped) or found.free_behind < WORTH_IT_SECTORS
    if read(note) == _noted(found) and is_whole:
        return False
    if not is_whole:
        use_room(found, run, root)
        found = partition_of(mount, root) or found
    run(["resize2fs", f"/dev/{found.mapped or found.name}"], b"", {})
    keep(disk, note, _noted(found))
    return True


def use_room(found: Partition, run: Run, root: Path = Path("/")) -> None:
    """Let a partition reach to the end of the card, in whole MiB, if that is worth it.

    Raises:
        CommandError: a program failed; the partition is as large as before, or as it is to be.
        OSError: the card is not there.
    """
    if found.free_behind < WORTH_IT_SECTORS:
        return
    whole = f"/dev/{found.disk}"
    size = (found.disk_size - found.start) // SECTORS_OF_A_MIB * SECTORS_OF_A_MIB
    asked = f",{size}\n".encode()
    with _unjudged(root / "dev" / found.disk):
        run(["sfdisk", "--no-reread", "--force", "--quiet", "-N", str(found.number), whole], asked, {})
        run(["partx", "--update", "--nr", str(found.number), whole], b"", {})


@contextmanager
def _unjudged(disk: Path) -> Iterator[None]:
    """Keep udev from judging a disk meanwhile, by the lock that it heeds (systemd.io/BLOCK_DEVICE_LOCKING).

    It looks at all partitions anew when the table was written. One that has another size there than the kernel knows is
    none to it: its names go, and systemd unmounts what has lost them and stops all that is on it.
    """
    with disk.open("rb") as held:  # not to write: that too it would take for a change
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _noted(found: Partition) -> bytes:
    return f"{found.size} sectors\n".encode()


def _mounted(mount: Path, root: Path) -> str:
    """Major and minor number of what is mounted there, "" for nothing."""
    try:
        lines = (root / "proc/self/mountinfo").read_text().splitlines()
    except OSError:
        return ""
    found = ""
    for line in lines:
        fields = line.split(" ")
        if len(fields) > 4 and _plain(fields[4]) == str(mount):
            found = fields[2]  # the last one lies on top
    return found


def _plain(text: str) -> str:
    r"""A path of the list of mounts, whose blanks are written as \040."""
    return re.sub(r"\\(\d{3})", lambda each: chr(int(each[1], 8)), text)
