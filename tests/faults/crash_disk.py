"""An honest disk that loses its power: which files may be there afterwards, with which bytes.

The model: a sync makes all earlier writes of that file durable, and (the first time) its entry in the folder. Writes
since then may each be there, be missing, or be torn at 512 or at 4,096 bytes, in any combination: the disk orders
nothing. Entries of folders (made, deleted, renamed) come in their order, and are durable when the folder was synced;
SQLite syncs the folder itself when it first syncs a new -wal or -journal.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from tests.faults.crash_recorder import Op, folder_of

SECTORS: Final = (512, 4096)
Files = dict[str, bytes]
Unit = tuple[int, int]
"""A pending write: its inode's number, and which of its pending ones."""


@dataclass(slots=True, eq=False)
class Inode:
    """A file's bytes, whatever it is called."""

    number: int
    durable: bytes = b""
    generation: int = 0
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, bytes), or (size, None) for a truncation."""
    first: int = 0
    """How many were pending before these: numbers of pending writes are never used twice."""


Entry = tuple[str, str, str, Inode]
"""("create" or "delete" or "rename", name, new name, inode)."""


@dataclass(frozen=True, slots=True)
class Torn:
    """Which sectors of one pending write are there."""

    unit: Unit
    sector: int
    kept: frozenset[int]


@dataclass(frozen=True, slots=True)
class Choice:
    """What is there after the power cut, beside what is durable."""

    kind: str
    units: frozenset[Unit]
    torn: Torn | None = None
    entries: int = -1
    """How many of the pending folder entries; -1 for all."""


@dataclass(frozen=True, slots=True)
class Depth:
    """How many states are made at each point.

    Attributes:
        subsets: up to this many pending writes, all subsets of them.
        single: of more, the newest that are left out or are alone there.
        drawn: of more, subsets drawn by chance.
        torn: the newest writes that are torn.
    """

    subsets: int = 5
    single: int = 40
    drawn: int = 6
    torn: int = 1


class Disk:
    """The files as the trace goes on."""

    def __init__(self, initial: Mapping[str, bytes]) -> None:
        """Begin with files that are durable."""
        self._numbers = itertools.count()
        self.durable = {name: Inode(next(self._numbers), data) for name, data in initial.items()}
        self.live = dict(self.durable)
        self.entries: list[Entry] = []
        """Pending changes of folders, in their order."""
        self._built: dict[tuple[object, ...], bytes] = {}

    def step(self, op: Op) -> None:
        """Let an operation happen."""
        match op:
            case ("create", name):
                self._create(name)
            case ("write", name, offset, data):
                self._inode(name).pending.append((offset, data))
            case ("truncate", name, size):
                self._inode(name).pending.append((size, None))
            case ("sync", name):
                self._sync(name)
            case ("delete", name) if name in self.live:
                self.entries.append(("delete", name, "", self.live.pop(name)))
            case ("rename", name, new) if name in self.live:
                inode = self.live.pop(name)
                self.live[new] = inode
                self.entries.append(("rename", name, new, inode))
            case ("sync-folder", folder):
                self._sync_folder(folder)

    def units(self) -> list[Unit]:
        """The pending writes, those of each file in their order."""
        known = {inode.number: inode for inode in (*self.durable.values(), *self.live.values())}
        known.update({entry[3].number: entry[3] for entry in self.entries})
        return [(n, inode.first + i) for n, inode in sorted(known.items()) for i in range(len(inode.pending))]

    def build(self, choice: Choice) -> Files:
        """The files of a crash state."""
        count = len(self.entries) if choice.entries < 0 else choice.entries
        return {name: self._bytes(inode, choice) for name, inode in self._listing(count).items()}

    def everything(self) -> Files:
        """The files as the running program sees them."""
        return self.build(Choice("all", frozenset(self.units())))

    def sectors(self, unit: Unit, size: int) -> int:
        """Over how many sectors a pending write goes; 0 for a truncation."""
        offset, data = self._pending(unit)
        return 0 if not data else (offset + len(data) - 1) // size - offset // size + 1

    def _create(self, name: str) -> None:
        inode = Inode(next(self._numbers))
        self.live[name] = inode
        self.entries.append(("create", name, "", inode))

    def _inode(self, name: str) -> Inode:
        if name not in self.live:
            self._create(name)
        return self.live[name]

    def _sync(self, name: str) -> None:
        inode = self._inode(name)
        if inode.pending:
            inode.durable = _applied(inode.durable, inode.pending)
            inode.first += len(inode.pending)
            inode.pending = []
            inode.generation += 1
            self._built.clear()
        if any(what == "create" and new is inode for what, _, _, new in self.entries):
            if name.endswith(("-wal", "-journal")):
                self._sync_folder(folder_of(name))
            else:
                self._keep_entries(lambda entry: entry[0] == "create" and entry[3] is inode)

    def _sync_folder(self, folder: str) -> None:
        self._keep_entries(lambda entry: folder_of(entry[1]) == folder)

    def _keep_entries(self, are_durable: Callable[[Entry], bool]) -> None:
        pending = self.entries
        self.entries = [entry for entry in pending if are_durable(entry)]
        self.durable = self._listing(len(self.entries))
        self.entries = [entry for entry in pending if not are_durable(entry)]

    def _listing(self, count: int) -> dict[str, Inode]:
        found = dict(self.durable)
        for what, name, new, inode in self.entries[:count]:
            if what == "create":
                found[name] = inode
            elif found.get(name) is inode:
                del found[name]
            if what == "rename":
                found[new] = inode
        return found

    def _pending(self, unit: Unit) -> tuple[int, bytes | None]:
        number, index = unit
        for inode in (*self.live.values(), *self.durable.values(), *(each[3] for each in self.entries)):
            if inode.number == number:
                return inode.pending[index - inode.first]
        raise KeyError(unit)

    def _bytes(self, inode: Inode, choice: Choice) -> bytes:
        if not inode.pending:
            return inode.durable
        torn = choice.torn if choice.torn is not None and choice.torn.unit[0] == inode.number else None
        chosen = tuple(
            i for i in range(len(inode.pending)) if (inode.number, inode.first + i) in choice.units
        )
        key = (inode.number, inode.generation, chosen, torn)
        if key not in self._built:
            writes: list[tuple[int, bytes | None]] = [inode.pending[i] for i in chosen]
            if torn is not None:
                writes += _pieces(*inode.pending[torn.unit[1] - inode.first], torn)
            if len(self._built) > 64:
                self._built.clear()
            self._built[key] = _applied(inode.durable, writes) if writes else inode.durable
        return self._built[key]


def _applied(durable: bytes, writes: list[tuple[int, bytes | None]]) -> bytes:
    data = bytearray(durable)
    for offset, written in writes:
        if len(data) < offset:
            data.extend(bytes(offset - len(data)))
        if written is None:
            del data[offset:]
        else:
            data[offset : offset + len(written)] = written
    return bytes(data)


def _pieces(offset: int, data: bytes | None, torn: Torn) -> list[tuple[int, bytes | None]]:
    """The kept sectors of a write; sectors are those of the file, not of the write."""
    assert data is not None
    pieces: list[tuple[int, bytes | None]] = []
    at = number = 0
    while at < len(data):
        end = min(len(data), ((offset + at) // torn.sector + 1) * torn.sector - offset)
        if number in torn.kept:
            pieces.append((offset + at, data[at:end]))
        at, number = end, number + 1
    return pieces


def choices(disk: Disk, depth: Depth, chance: random.Random) -> Iterator[Choice]:
    """What may be there if the power goes now."""
    units = disk.units()
    everything, nothing = frozenset(units), frozenset[Unit]()
    for entries in range(len(disk.entries), -1, -1):
        mark = "" if entries == len(disk.entries) else " undone"
        yield Choice("all" + mark, everything, None, entries)
        if not units:
            continue
        yield Choice("none" + mark, nothing, None, entries)
        for kind, chosen in _subsets(units, everything, depth, chance):
            yield Choice(kind + mark, chosen, None, entries)
        for unit in _newest(units, depth.torn):
            for torn in _tears(disk, unit, chance):
                yield Choice(f"torn {torn.sector}{mark}", everything - {unit}, torn, entries)
                yield Choice(f"torn {torn.sector} alone{mark}", nothing, torn, entries)


def _subsets(
    units: list[Unit], everything: frozenset[Unit], depth: Depth, chance: random.Random
) -> Iterator[tuple[str, frozenset[Unit]]]:
    if len(units) <= depth.subsets:
        for size in range(1, len(units)):
            for chosen in itertools.combinations(units, size):
                yield "subset", frozenset(chosen)
        return
    for unit in _newest(units, depth.single):
        yield "all but one", everything - {unit}
        yield "only one", frozenset({unit})
    for _ in range(depth.drawn):
        share = chance.random()
        yield "drawn", frozenset(unit for unit in units if chance.random() < share)


def _newest(units: list[Unit], count: int) -> list[Unit]:
    return units[max(0, len(units) - count) :]


def _tears(disk: Disk, unit: Unit, chance: random.Random) -> Iterator[Torn]:
    for sector in SECTORS:
        count = disk.sectors(unit, sector)
        for cut in range(1, count):
            yield Torn(unit, sector, frozenset(range(cut)))
            yield Torn(unit, sector, frozenset(range(cut, count)))
        if count > 2:
            yield Torn(unit, sector, frozenset(each for each in range(count) if chance.random() < 0.5))
