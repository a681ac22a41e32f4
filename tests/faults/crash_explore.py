"""Explores a recorded day: makes its crash states, judges each, and crashes some a second time while they recover."""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.crash_days import Day
from tests.faults.crash_disk import Depth, Disk, Files, choices
from tests.faults.crash_lived import Recorded, Step
from tests.faults.crash_oracle import CHECKED, Oracle
from tests.faults.crash_till import Moments, Parts
from tests.faults.in_memory import memory

AFTER: tuple[Step, ...] = (("scan", 0), ("pay", 1))
"""What the till does after a power cut, before the next one: it goes on with its sale, or makes one."""


_SELDOM: Final = 16
"""What is written to a backup that has no name yet is looked at so seldom: nobody reads it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A state that breaks a promise, with what makes it again.

    Attributes:
        what: what is wrong with it.
        day: the day's name (``crash_tasks``).
        point: the operation of the trace after which the power went; nested: that of the second trace, -1 for none.
        kind: which pending writes were there.
        steps: what happened on that day.
    """

    what: tuple[str, ...]
    day: str
    point: int
    kind: str
    nested: int = -1
    steps: tuple[Step, ...] = ()


@dataclass(slots=True)
class Tally:
    """What was explored."""

    states: int = 0
    nested: int = 0
    opened: int = 0
    points: int = 0
    days: int = 0
    cpu_seconds: float = 0.0
    kinds: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Take another's figures in."""
        for name in ("states", "nested", "opened", "points", "days", "cpu_seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.kinds.update(other.kinds)
        self.findings += other.findings


@dataclass(frozen=True, slots=True)
class Plan:
    """How a day is explored.

    Attributes:
        depth: which states are made at each point; nested_depth: of a second crash.
        second: of so many states one is crashed a second time; 0 for none.
        first: stop at the first finding.
        part, parts: of the trace's points, only this part of so many.
        seed: of what is drawn by chance.
    """

    depth: Depth = Depth()
    nested_depth: Depth = Depth(subsets=4, single=6, drawn=2)
    second: int = 0
    first: bool = False
    part: int = 0
    parts: int = 1
    seed: int = 1


class Explorer:
    """Explores days with one oracle, in one process."""

    def __init__(self, scratch: Path | None = None, *, checked: int = CHECKED) -> None:
        """Work below a folder in memory; `checked` is the oracle's."""
        self._scratch = Path(tempfile.mkdtemp(prefix="crash-", dir=scratch or memory()))
        self.oracle = Oracle(self._folder(), checked=checked)
        self._days = 0

    def close(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self._scratch, ignore_errors=True)

    def live(self, steps: Sequence[Step], parts: Parts, initial: Files | None = None) -> Recorded:
        """Let a day happen and return its record."""
        folder = self._folder()
        write_files(folder, initial or {})
        try:
            self._days += 1
            return Day(folder, parts, f"day-{id(self)}-{self._days}").live(steps)
        finally:
            shutil.rmtree(folder)

    def explore(self, name: str, recorded: Recorded, plan: Plan, parts: Parts) -> Tally:
        """Judge a day's crash states."""
        began, opened = time.process_time(), self.oracle.opened
        tally, chance = Tally(), random.Random(plan.seed)
        for point, kind, files, number in _states(recorded, plan, tally):
            found = self.oracle.judge(files, recorded, number)
            tally.states += 1
            tally.kinds[kind] += 1
            if found:
                tally.findings.append(Finding(tuple(found), name, point, kind))
            elif plan.second and chance.randrange(plan.second) == 0:
                self._crash_again(Finding((), name, point, kind), files, recorded, number, plan, parts, tally)
            if plan.first and tally.findings:
                break
        tally.opened = self.oracle.opened - opened
        tally.days = int(plan.part == 0)
        tally.cpu_seconds = time.process_time() - began
        return tally

    def _crash_again(
        self,
        first: Finding,
        files: Files,
        before: Recorded,
        number: int,
        plan: Plan,
        parts: Parts,
        tally: Tally,
    ) -> None:
        """Let the till recover a state and go on selling on a watched disk, and cut the power again."""
        content = self.oracle.content(files)
        assert content.world is not None
        folder = self._folder()
        write_files(folder, files)
        self._days += 1
        day = Day(
            folder,
            parts,
            f"again-{id(self)}-{self._days}",
            moments=Moments(50_000 + first.point),
            world=content.world,
            copies={name: world for name, world in before.copies.items() if name in files},
        )
        try:
            recorded = day.live(AFTER)
        finally:
            shutil.rmtree(folder)
        for point, kind, state, again in _states(recorded, Plan(plan.nested_depth, seed=plan.seed), Tally()):
            found = self.oracle.judge(state, recorded, again)
            tally.nested += 1
            tally.kinds[f"second: {kind}"] += 1
            if found:
                what = tuple(found)
                tally.findings.append(
                    Finding(what, first.day, first.point, f"{first.kind}, then {kind}", point)
                )
                if plan.first:
                    return

    def _folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self._scratch))


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files below a folder."""
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def _states(recorded: Recorded, plan: Plan, tally: Tally) -> Iterator[tuple[int, str, Files, int]]:
    """Each crash state of a part of a trace once for each promise that it was met under."""
    disk, chance = Disk(recorded.initial), random.Random(plan.seed)
    ops = recorded.trace.ops
    begin, end = (len(ops) * part // plan.parts for part in (plan.part, plan.part + 1))
    seen: set[tuple[int, frozenset[tuple[str, int]]]] = set()
    number = 0
    for point, op in enumerate(ops[:end]):
        if op[0] == "promise":
            number = op[1]
        else:
            disk.step(op)
        if point < begin or (op[0] == "write" and ".part" in op[1] and point % _SELDOM):
            continue
        tally.points += 1
        for choice in choices(disk, plan.depth, chance):
            files = disk.build(choice)
            key = (number, frozenset((name, hash(data)) for name, data in files.items()))
            if key not in seen:
                seen.add(key)
                yield point, choice.kind, files, number
