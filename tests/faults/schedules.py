"""Schedules: a list of choices that a run is given, and the walk through all of them that differ in a few.

A run replays a prefix of choices and takes none afterwards (0); it tells how many there were at each point. From that
the next schedules are made.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path


class Choices:
    """Replays a prefix of choices, then takes 0; remembers how many there were at each point."""

    def __init__(self, prefix: tuple[int, ...]) -> None:
        self._prefix = prefix
        self.trace: list[tuple[int, int]] = []

    def __call__(self, kinds: int) -> int:
        place = len(self.trace)
        chosen = self._prefix[place] if place < len(self._prefix) else 0
        self.trace.append((kinds, chosen))
        return chosen


@dataclass(slots=True)
class Explored:
    """What an exploration met: schedules, and points in all of them where a choice was made."""

    schedules: int = 0
    points: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    first_wrong: tuple[int, ...] | None = None
    seconds: float = 0.0


Run = Callable[[tuple[int, ...]], tuple[list[str], Choices]]
"""Runs one schedule from the beginning; returns what is wrong at its end, and the choices that it met."""


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder in memory where there is one."""
    home = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="gapless-uploads-", dir=home) as name:
        yield Path(name)


def walk(
    run_one: Run, faults: int, sample: int | None = None, seed: int = 1, until_wrong: bool = False
) -> Explored:
    """Run all schedules that differ from the quiet one in up to so many choices, or until one ends wrong."""
    found, start, chance = Explored(), time.monotonic(), random.Random(seed)
    stack: list[tuple[tuple[int, ...], int]] = [((), 0)]
    while stack:
        prefix, used = stack.pop()
        wrong, choices = run_one(prefix)
        found.schedules += 1
        found.points += len(choices.trace)
        found.wrong.update(set(wrong))
        if wrong and found.first_wrong is None:
            found.first_wrong = prefix
        if wrong and until_wrong:
            break
        if used < faults:
            stack.extend(_next(prefix, used, choices))
        if sample is not None and found.schedules >= sample:
            break
        if sample is not None or until_wrong:
            chance.shuffle(stack)
    found.seconds = time.monotonic() - start
    return found


def _next(prefix: tuple[int, ...], used: int, choices: Choices) -> list[tuple[tuple[int, ...], int]]:
    taken = tuple(chosen for _, chosen in choices.trace)
    return [
        ((*taken[:place], chosen), used + 1)
        for place in range(len(prefix), len(taken))
        for chosen in range(1, choices.trace[place][0])
    ]


def command(words: str, explorer: Callable[[int, int | None], Explored]) -> int:
    """Run an explorer as a command."""
    parser = argparse.ArgumentParser(description=words)
    parser.add_argument("--faults", type=int, default=1)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    found = explorer(arguments.faults, arguments.sample)
    print(f"up to {arguments.faults} faults: {found.schedules} schedules in {found.seconds:.0f} s")
    print(f"wrong: {dict(found.wrong)}")
    if found.first_wrong is not None:
        print("first:", found.first_wrong)
    if arguments.json:
        figures = {"schedules": found.schedules, "points": found.points, "wrong": found.wrong}
        arguments.json.write_text(json.dumps(figures))
    return 1 if found.wrong else 0
