"""A day of a till on a watched disk: what each step promises, and the record of what it did.

A step says before it acts that something is under way, and after it what holds from then on. A power cut in between may
leave the world before it or the one after it, and nothing else; where a step is two transactions, it names the world
in between.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.crash_recorder import Fault, RecordingVfs, Trace, Watched
from tests.faults.crash_stick import STICK, RecordingDisk
from tests.faults.crash_till import FILE, Moments, Parts, Till
from tests.faults.crash_world import World, read_world

Step = tuple[str, int]
"""A step's name, and a number that says which of its ways it goes."""

_SERIALS: Final = itertools.count()


@dataclass(slots=True)
class Promise:
    """What holds at a stretch of the trace.

    Attributes:
        step: what the till was doing.
        allowed: worlds that a power cut may leave; the last is the newest.
        stick: so many entries are on the second medium.
        copies: names of backups that are there.
        serial: tells promises apart.
    """

    step: str
    allowed: list[World]
    stick: int = 0
    copies: frozenset[str] = frozenset()
    serial: int = field(default_factory=lambda: next(_SERIALS))


@dataclass(slots=True)
class Recorded:
    """A day that was lived on a watched disk.

    Attributes:
        initial: the files as it began.
        trace: what happened to them.
        promises: by the numbers that the trace names.
        copies: what each backup holds that was ever made.
    """

    initial: dict[str, bytes]
    trace: Trace
    promises: list[Promise] = field(default_factory=list)
    copies: dict[str, World] = field(default_factory=dict)


def read_files(folder: Path) -> dict[str, bytes]:
    """All files below a folder but the index of the write-ahead log, which does not outlive the power."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in files if not path.name.endswith("-shm")
    }


class Lived:
    """The till of a day, and what it has promised so far."""

    def __init__(
        self,
        folder: Path,
        parts: Parts,
        name: str,
        *,
        moments: Moments | None = None,
        fault: Fault | None = None,
        world: World | None = None,
        stick: int = 0,
        copies: Mapping[str, World] | None = None,
    ) -> None:
        """Begin.

        Args:
            folder: holds the till's file already, or nothing: then a till is set up there, unwatched.
            parts: builds the till.
            name: of the VFS, unique in the process.
            moments: the clock and what else changes.
            fault: makes the disk fail.
            world: what the file holds; None reads it from a copy, which trusts it.
            stick: so many entries are on the stick already.
            copies: the backups that are there already.
        """
        self.parts, self.moments, self.folder = parts, moments or Moments(), folder
        folder.mkdir(exist_ok=True)
        if not any(folder.iterdir()):
            Till(folder, self.moments, Parts()).close()
        (folder / STICK).mkdir(exist_ok=True)
        self.recorded = Recorded(read_files(folder), Trace(folder), copies=dict(copies or {}))
        self.world = world or _world_of_copy(folder, self.recorded.initial, self.moments)
        self.stick, self.orders = stick, 5_000
        self.copies = frozenset(self.recorded.copies)
        self.untold: dict[str, dict[int, int]] = {}
        self.vfs = RecordingVfs(name, self.recorded.trace, fault, parts.keeps_sync)
        self.vfs_name = name
        self.disk = RecordingDisk(self.recorded.trace)
        self.is_opened = False
        self.till = self._open()

    def end(self) -> None:
        """The shop closes: both programs end."""
        self._begin("closing")
        self.till.close()
        self._acknowledge(self.world)

    def give_up(self) -> None:
        """End a day that went wrong, without promises."""
        self.till.close()

    def _open(self) -> Till:
        self._begin("opening")
        version = int.from_bytes(self.recorded.initial[FILE][60:64]) if FILE in self.recorded.initial else 0
        if version == 1 and not self.is_opened:  # brought up to date: the file as it was stays beside it
            copy = f"{FILE}.before-0002"
            self.recorded.copies.setdefault(copy, self.world)
            with self.watched():
                till = self._build()
            self.copies |= {copy}
        else:
            till = self._build()
        self.is_opened = True
        till.selling.resume()
        if self.parts.keep(till):
            self.stick = len(self.world.kinds)
        self.till = till
        self._acknowledge(self.world)
        return till

    def _build(self) -> Till:
        return Till(self.folder, self.moments, self.parts, self.vfs_name, self.disk)

    def watched(self) -> Watched:
        """Within it, what Python does to copies and backups is recorded too."""
        return Watched(self.recorded.trace, lambda name: ".part" not in name)

    def _begin(self, step: str) -> None:
        self._promise(step, [self.world])

    def _promise(self, step: str, allowed: list[World]) -> None:
        self.recorded.promises.append(Promise(step, allowed, self.stick, self.copies))
        self.recorded.trace.add("promise", len(self.recorded.promises) - 1)

    def _acknowledge(self, after: World, *between: World) -> bool:
        """The step is done: until here the world before, or one between, or the one after; from here the last."""
        promise = self.recorded.promises[-1]
        promise.allowed += [*between, after]
        self.world = after
        self._promise(f"after {promise.step}", [after])
        self.parts.afterwards(self.till)
        return True

    def _did(self, step: str, act: Callable[[], object], after: Callable[[], World]) -> bool:
        self._begin(step)
        act()
        return self._acknowledge(after())


def _world_of_copy(folder: Path, files: Mapping[str, bytes], moments: Moments) -> World:
    copy = folder.with_name(f"{folder.name}-copy")
    copy.mkdir()
    try:
        for name, data in files.items():
            if name.startswith(FILE):
                (copy / name).write_bytes(data)
        with Parts().open(copy / FILE, moments.now, None) as db:
            return read_world(db)
    finally:
        for path in copy.iterdir():
            path.unlink()
        copy.rmdir()
