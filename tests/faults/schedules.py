"""Schedules: a list of choices that a run is given, and the walk through all of them that differ in a few.

A run replays a prefix of choices and takes none afterwards (0); it tells how many there were at each point. From that
the next schedules are made. :mod:`tests.faults.model_paths` counts the same schedules without running each to its end.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tests.faults.in_memory import memory

KNOWN = "known: "
"""Begins what is not as it should be and a person is told of: no complaint."""


def is_wrong(complaints: Iterable[str]) -> bool:
    """Whether there is something that nobody is told of."""
    return any(not each.startswith(KNOWN) for each in complaints)


class Choices:
    """Replays a prefix of choices, then takes 0; remembers how many there were at each point, and what they were."""

    def __init__(self, prefix: tuple[int, ...]) -> None:
        self._prefix = prefix
        self.trace: list[tuple[int, int]] = []
        self.kinds: list[tuple[object, ...] | None] = []
        self.words: list[str] = []

    def __call__(self, kinds: int) -> int:
        place = len(self.trace)
        chosen = self._prefix[place] if place < len(self._prefix) else 0
        self.trace.append((kinds, chosen))
        self.kinds.append(None)
        return chosen

    def of(self, kinds: tuple[object, ...]) -> int:
        """Choose one of these; a fault's name is remembered."""
        chosen = self(len(kinds))
        self.kinds[-1] = kinds
        return self.named(kinds, chosen)

    def named(self, kinds: tuple[object, ...], chosen: int) -> int:
        """Remember the name of what was chosen."""
        if chosen:
            self.words.append(str(getattr(kinds[chosen], "name", kinds[chosen])))
        return chosen

    def next(self, prefix_length: int) -> list[tuple[int, ...]]:
        """The prefixes that differ from this run in one more choice, made after the prefix."""
        taken = tuple(chosen for _, chosen in self.trace)
        return [
            (*taken[:place], chosen)
            for place in range(prefix_length, len(taken))
            for chosen in range(1, self.trace[place][0])
        ]

    def next_unlike(self, prefix_length: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """The same, but choices that do the same once, with their number."""
        taken = tuple(chosen for _, chosen in self.trace)
        for place in range(prefix_length, len(taken)):
            for chosen, times in _unlike(self.kinds[place], self.trace[place][0]):
                yield (*taken[:place], chosen), times


def _unlike(kinds: tuple[object, ...] | None, count: int) -> Iterable[tuple[int, int]]:
    """Of the choices after 0 the first of each that do the same, and how many they are."""
    if kinds is None:
        return [(chosen, 1) for chosen in range(1, count)]
    if id(kinds) not in _UNLIKE:
        found: dict[object, list[int]] = {}
        for chosen, kind in enumerate(kinds[1:], 1):
            found.setdefault(getattr(kind, "effect", kind), []).append(chosen)
        _UNLIKE[id(kinds)] = kinds, [(alike[0], len(alike)) for alike in found.values()]
    return _UNLIKE[id(kinds)][1]


_UNLIKE: Final[dict[int, tuple[object, list[tuple[int, int]]]]] = {}
"""By the identity of the kinds, which are kept with it: to hash two dozen of them costs more than a run."""


@dataclass(slots=True)
class Explored:
    """What an exploration met.

    Attributes:
        schedules: how many were judged; points: moments in all of them where a choice was made.
        runs: how many pieces of code were run for that, None where each schedule was run from its beginning.
        wrong: of how many schedules each complaint was made; wrong_schedules: in how many there was any.
        known: of how many a person is told of something, by what it is.
        first_wrong: the choices of the first of them; words: the same for a person.
    """

    schedules: int = 0
    points: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    first_wrong: tuple[int, ...] | None = None
    seconds: float = 0.0
    runs: int | None = None
    states: int | None = None
    wrong_schedules: int = 0
    known: Counter[str] = field(default_factory=Counter)
    words: tuple[str, ...] = ()

    def note(self, complaints: Counter[str]) -> None:
        """Count complaints, and what is known apart from them."""
        for complaint, count in complaints.items():
            (self.known if complaint.startswith(KNOWN) else self.wrong)[complaint] += count


Run = Callable[[tuple[int, ...]], tuple[list[str], Choices]]
"""Runs one schedule from the beginning; returns what is wrong at its end, and the choices that it met."""


@contextmanager
def working_folder() -> Iterator[Path]:
    """A folder in memory where there is one."""
    with tempfile.TemporaryDirectory(prefix="gapless-uploads-", dir=memory()) as name:
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
        found.note(Counter(set(wrong)))
        found.wrong_schedules += is_wrong(wrong)
        if is_wrong(wrong) and found.first_wrong is None:
            found.first_wrong, found.words = prefix, tuple(choices.words)
        if until_wrong and found.wrong:
            break
        if used < faults:
            stack.extend((each, used + 1) for each in choices.next(len(prefix)))
        if sample is not None and found.schedules >= sample:
            break
        if stack and (
            sample is not None or until_wrong
        ):  # any of them comes next; to shuffle all costs more than to run one
            drawn = chance.randrange(len(stack))
            stack[drawn], stack[-1] = stack[-1], stack[drawn]
    found.seconds = time.monotonic() - start
    return found


def parser(words: str) -> argparse.ArgumentParser:
    """The words that every explorer understands."""
    found = argparse.ArgumentParser(description=words, formatter_class=argparse.RawDescriptionHelpFormatter)
    found.add_argument("--faults", type=int, default=1)
    found.add_argument("--sample", type=int, help="so many, chosen by chance, instead of all")
    found.add_argument("--json", type=Path)
    return found


def tell(name: str, found: Explored, path: Path | None = None) -> int:
    """Print what came of it, and write it down; 1 if any schedule ended wrong."""
    how = "" if found.runs is None else f" by {found.runs:,} runs between {found.states:,} states"
    print(
        f"{name}: {found.schedules:,} schedules{how} in {found.seconds:.0f} s, {found.wrong_schedules:,} wrong"
    )
    for complaint, count in found.wrong.most_common():
        print(f"  {count:,} x {complaint}")
    for what, count in found.known.most_common():
        print(f"  {count:,} x {what}")
    if found.first_wrong is not None:
        print("  first:", ", then ".join(found.words) or "without a fault", found.first_wrong)
    if path is not None:
        figures = {
            "schedules": found.schedules,
            "points": found.points,
            "runs": found.runs,
            "states": found.states,
            "seconds": round(found.seconds, 1),
            "wrong": found.wrong,
            "known": found.known,
        }
        path.write_text(json.dumps(figures, indent=1))
    return 1 if found.wrong else 0


def command(words: str, explorer: Callable[[int, int | None], Explored]) -> int:
    """Run an explorer as a command."""
    arguments = parser(words).parse_args()
    found = explorer(arguments.faults, arguments.sample)
    return tell(f"up to {arguments.faults} faults", found, arguments.json)
