"""Many days on all cores: which days are explored how deeply, and what came of it.

Days are made by hand (``SCRIPTED``), and by Hypothesis from a seed: the same seed gives the same days.
"""

from __future__ import annotations

import functools
import itertools
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.faults.crash_days import SCRIPTED
from tests.faults.crash_disk import Depth
from tests.faults.crash_explore import Explorer, Plan, Tally
from tests.faults.crash_lived import Step
from tests.faults.crash_oracle import CHECKED
from tests.faults.crash_till import FILE, Parts
from tests.faults.crash_version1 import make_version_1
from tests.faults.in_memory import memory

DEEP: Final = Depth(subsets=7, single=80, drawn=16, torn=3)
BRIEF: Final = Depth(subsets=3, single=4, drawn=1, torn=1)
USUAL: Final = Depth(subsets=5, single=40, drawn=6, torn=1)


@dataclass(frozen=True, slots=True)
class Task:
    """A day, or a part of one, to be explored.

    Attributes:
        day: its name; with the seed it makes the day again.
        steps: what happens on it.
        plan: how it is explored.
        from_version_1: it begins with a file of the first version.
    """

    day: str
    steps: tuple[Step, ...]
    plan: Plan
    from_version_1: bool = False


def scripted(plan: Plan, parts: int = 1) -> list[Task]:
    """The scripted day, in parts so that all cores have work."""
    return [Task("scripted", SCRIPTED, replace(plan, part=part, parts=parts)) for part in range(parts)]


def migrated(plan: Plan) -> list[Task]:
    """A day that begins with a file of the first version. Its first states cost ten times as much as others."""
    steps: tuple[Step, ...] = (("pay", 0), ("upload", 3), ("refund", 0), ("close_day", 0))
    return [Task("migrated", steps, replace(plan, depth=BRIEF), from_version_1=True)]


def by_chance(number: int, count: int, plan: Plan) -> list[Task]:
    """Days that Hypothesis makes from a seed, no two with the same steps in the same order."""
    made: dict[tuple[str, ...], tuple[Step, ...]] = {}

    @seed(number)
    @settings(max_examples=6 * count, database=None, deadline=None, phases=[Phase.generate],
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(_DAYS)
    def collect(day: list[list[Step]]) -> None:
        steps = tuple(step for part in day for step in part)
        made.setdefault(tuple(name for name, _ in steps), steps)

    collect()
    chosen = itertools.islice(made.values(), count)
    return [
        Task(f"seed {number} day {n}", steps, replace(plan, seed=1_000 * number + n))
        for n, steps in enumerate(chosen)
    ]


def _step(*names: str) -> st.SearchStrategy[Step]:
    return st.tuples(st.sampled_from(names), st.integers(0, 999))


_SCANS: Final = st.lists(_step("scan", "scan", "scan", "more", "void_line", "undo"), min_size=1, max_size=4)
_SALE: Final = st.builds(
    lambda scans, pay: [("scan", scans[0][1]), *scans, *pay],
    _SCANS,
    st.lists(
        _step("pay", "pay", "pay", "part", "give_back", "hold", "restart", "void_sale"),
        min_size=1,
        max_size=3,
    ),
)
_QUIET: Final = st.lists(
    _step(
        *(
            "upload",
            "upload",
            "upload",
            "print",
            "print",
            "park",
            "apply",
            "checkpoint",
            "restart",
            "no_sale",
        ),
        *("hold", "recall", "recall", "refund", "refund", "cash", "close_day", "backup", "keep"),
    ),
    min_size=1,
    max_size=4,
)
_DAYS: Final = st.lists(st.one_of(_SALE, _SALE, _QUIET), min_size=5, max_size=12)


class Campaign:
    """Runs tasks on all cores."""

    def __init__(self, workers: int | None = None, *, checked: int = CHECKED) -> None:
        """Use so many processes; as many as there are cores without a number.

        Args:
            workers: so many.
            checked: of so many states whose content was met before, the till opens one all the same.
        """
        self.workers = workers or os.cpu_count() or 1
        self.checked = checked

    def run(
        self, tasks: Iterable[Task], tell: Callable[[Tally, float], None], until: float = float("inf")
    ) -> Tally:
        """Explore all tasks.

        Args:
            tasks: taken as they are needed.
            tell: hears how far it has come, about once in a few seconds, with the seconds so far.
            until: no further task is begun after so many seconds.
        """
        preloaded = os.environ.pop("LD_PRELOAD", None)  # the workers need no virtual devices (see ``memory``)
        scratch = tempfile.mkdtemp(prefix="crash-", dir=memory())
        began = time.monotonic()
        total, told = Tally(), 0.0

        def wanted() -> Iterator[Task]:
            for task in tasks:
                if time.monotonic() - began > until:
                    return
                yield task

        try:
            spawn = multiprocessing.get_context("spawn")
            arguments = (scratch, self.checked)
            with ProcessPoolExecutor(self.workers, spawn, _begin, arguments) as pool:
                for tally in _in_turn(pool, wanted(), 2 * self.workers):
                    total.add(tally)
                    passed = time.monotonic() - began
                    if passed - told > 5:
                        told = passed
                        tell(total, passed)
            tell(total, time.monotonic() - began)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            if preloaded is not None:
                os.environ["LD_PRELOAD"] = preloaded
        return total


def _in_turn(pool: ProcessPoolExecutor, tasks: Iterator[Task], ahead: int) -> Iterator[Tally]:
    """Results as they come, with few tasks waiting: an endless row of them must not be taken in at once."""
    running = {pool.submit(_explore, task) for task in itertools.islice(tasks, ahead)}
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for each in done:
            yield each.result()
        running |= {pool.submit(_explore, task) for task in itertools.islice(tasks, len(done))}


_OURS: list[Explorer] = []
"""This worker's explorer: a worker has nothing else to keep it in."""


def _begin(scratch: str, checked: int) -> None:
    _OURS.append(Explorer(Path(scratch), checked=checked))


def _explore(task: Task) -> Tally:
    return explore_with(_OURS[0], task, Parts())


def explore_with(explorer: Explorer, task: Task, parts: Parts) -> Tally:
    """Live a task's day and judge its states."""
    recorded = explorer.live(task.steps, parts, _version_1() if task.from_version_1 else None)
    tally = explorer.explore(task.day, recorded, task.plan, parts)
    tally.findings = [replace(each, steps=task.steps) for each in tally.findings]
    return tally


@functools.cache
def _version_1() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory(dir=memory()) as folder:
        make_version_1(Path(folder) / FILE)
        return {FILE: (Path(folder) / FILE).read_bytes()}
