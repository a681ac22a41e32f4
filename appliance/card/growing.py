"""The last partition, grown to the end of the card.

The image is small, so that it is flashed quickly; the card is not. The partition table of a card is one sector, which
is written whole or not at all; the file system is grown while it is mounted, which its own journal protects. So a cut
anywhere leaves the old size or the new one, and the next boot goes on from there. What was done is noted with the size
in the note: a card that was copied to a larger one grows again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.card.credentials import Run
from appliance.card.disk import Disk, keep, read

SECTOR_BYTES: Final = 512
WORTH_IT_SECTORS: Final = 16 * 2048
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
    try:
        number, start, size = (int((folder / name).read_text()) for name in ("partition", "start", "size"))
        disk_size = int((folder.parent / "size").read_text())
    except (OSError, ValueError):
        return None
    return Partition(folder.name, number, folder.parent.name, start, size, disk_size)


def grow(mount: Path, note: Path, disk: Disk, run: Run, root: Path = Path("/")) -> bool:
    """Grow the partition and what is on it, unless that was done; True if something was grown.

    Raises:
        CommandError: a program failed; what is there is as sound as before.
        OSError: the note cannot be written.
    """
    found = partition_of(mount, root)
    if found is None:
        return False
    if read(note) == _noted(found) and found.free_behind < WORTH_IT_SECTORS:
        return False
    device, whole = f"/dev/{found.name}", f"/dev/{found.disk}"
    if found.free_behind >= WORTH_IT_SECTORS:
        run(["sfdisk", "--no-reread", "--force", "--quiet", "-N", str(found.number), whole], b",+\n", {})
        run(["partx", "--update", "--nr", str(found.number), whole], b"", {})
        found = partition_of(mount, root) or found
    run(["resize2fs", device], b"", {})
    keep(disk, note, _noted(found))
    return True


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
