"""What a power cut can leave on a card: every write to it is logged, and any state that may remain is built again.

QEMU's ``blklogwrites`` writes the log in the form of the kernel's dm-log-writes (Documentation/admin-guide/
device-mapper/log-writes.rst): a head of one sector, then for each write a sector that describes it and its data. A
flush is a write without data; what was written before it is on the card. Of what came after the last flush before the
cut, a card may have kept any part, in any order, and the last of them torn.
"""

from __future__ import annotations

import os
import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from image.machine.disk import Partition, run
from image.machine.errors import MachineError

_MAGIC: Final = 0x6A736677736872
_HEAD, _ENTRY = struct.Struct("<QQQI"), struct.Struct("<QQQQ")
_SECTOR: Final = 512
FLUSH, FUA, DISCARD, MARK = 1, 2, 4, 8
LOST, TORN = 0.5, 0.2
"""How likely a write after the last flush is lost, and one that is not, torn."""


@dataclass(frozen=True, slots=True)
class Write:
    """One entry of the log.

    Attributes:
        start_bytes, size_bytes: on the card.
        flags: FLUSH, FUA, DISCARD, MARK.
        at: where its data is in the log.
    """

    start_bytes: int
    size_bytes: int
    flags: int
    at: int

    @property
    def is_flush(self) -> bool:
        """Whether all that came before is on the card when this is done."""
        return bool(self.flags & FLUSH)

    @property
    def has_data(self) -> bool:
        """Whether it is a write at all."""
        return bool(self.size_bytes) and not self.flags & (DISCARD | MARK)

    def is_in(self, part: Partition) -> bool:
        """Whether it writes to this partition."""
        end = part.start_bytes + part.size_bytes
        return (
            bool(self.size_bytes)
            and self.start_bytes < end
            and self.start_bytes + self.size_bytes > part.start_bytes
        )


def count_entries(log: Path) -> int:
    """How many entries are in the log by now; cheap, and may be asked while it is written."""
    with log.open("rb") as file:
        head = file.read(_HEAD.size)
    return int(_HEAD.unpack(head)[2]) if len(head) == _HEAD.size else 0


def read_log(log: Path) -> list[Write]:
    """All entries, in order; none where the log was not even begun.

    Raises:
        MachineError: it is no such log.
    """
    with log.open("rb") as file:
        head = file.read(_HEAD.size)
        if not head:
            return []
        magic, _version, count, sector_bytes = _HEAD.unpack(head.ljust(_HEAD.size, b"\0"))
        if magic != _MAGIC:
            raise MachineError(f"{log.name} is no log of writes.")
        return list(_entries(file, count, sector_bytes))


def _entries(file: BinaryIO, count: int, sector_bytes: int) -> Iterator[Write]:
    at = sector_bytes
    for _ in range(count):
        file.seek(at)
        sector, sectors, flags, _length = _ENTRY.unpack(file.read(_ENTRY.size))
        at += sector_bytes
        yield Write(sector * sector_bytes, sectors * sector_bytes, flags, at)
        if not flags & DISCARD:
            at += sectors * sector_bytes


def kept_for_sure(writes: list[Write], cut: int, ignored_flushes: int = 0) -> int:
    """How many of the first ``cut`` writes are on the card whatever it is made of: all up to the last flush.

    A bad card says of a flush that it is done when it is not: so many of the last ones are ``ignored_flushes``.
    """
    ends = [number + 1 for number, write in enumerate(writes[:cut]) if write.is_flush]
    honest = ends[: len(ends) - ignored_flushes] if ignored_flushes < len(ends) else []
    return honest[-1] if honest else 0


def surviving(
    writes: list[Write], cut: int, chance: random.Random, ignored_flushes: int = 0
) -> list[tuple[Write, int]]:
    """One of the states that a cut after ``cut`` writes may leave: the writes to do, each with its bytes that last."""
    sure = kept_for_sure(writes, cut, ignored_flushes)
    kept = [(write, write.size_bytes) for write in writes[:sure]]
    later: list[tuple[Write, int]] = []
    for write in writes[sure:cut]:
        if write.flags & FUA:
            later.append((write, write.size_bytes))
        elif chance.random() >= LOST:
            is_torn = chance.random() < TORN and write.size_bytes > _SECTOR
            whole = write.size_bytes // _SECTOR
            later.append((write, chance.randrange(whole) * _SECTOR if is_torn else write.size_bytes))
    chance.shuffle(later)
    return [each for each in kept + later if each[0].has_data]


def build_state(log: Path, writes: list[tuple[Write, int]], before: Path, part: Partition, out: Path) -> None:
    """Write one partition's state to a file.

    Args:
        log: with the data.
        writes: as ``surviving`` chose them.
        before: the partition as it was when the log began.
        part: where it is on the card.
        out: the file to make.
    """
    out.unlink(missing_ok=True)
    run(["cp", "--sparse=always", before, out])
    with log.open("rb") as source, out.open("r+b") as target:
        for write, size_bytes in writes:
            place = write.start_bytes - part.start_bytes
            skip, room = max(0, -place), part.size_bytes - place
            length = min(size_bytes, room) - skip
            if write.is_in(part) and length > 0:
                data = os.pread(source.fileno(), length, write.at + skip)
                os.pwrite(target.fileno(), data, place + skip)
