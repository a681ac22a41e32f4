"""Counts and judges all schedules of a few faults without running each of them from its beginning.

A run is cut into rounds. What a round leaves behind (what is on disk, the shop, the requests under way, how long ago
all that was) decides everything that can come after it, so it is a *state*: a value that can be compared and put back.
Schedules that meet in one state go on alike, and are run on from there once; faults that do the same and differ in
their name alone are run once, and counted as many. The number of schedules is exact all the
same: of each state it is known how many schedules with 0, 1, 2 ... more faults begin there, and how they end.
tests/faults/test_upload_schedules compares both the number and the verdicts with running each one.
"""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, NamedTuple, TypeVar

from tests.faults.schedules import Choices, Explored, is_wrong

S = TypeVar("S", bound=Hashable)

MOST_ROUNDS: Final = 200


class Round(NamedTuple, Generic[S]):
    """What one round came to: the state after it, or, where all came to an end, what is wrong then."""

    after: S | None
    wrong: tuple[str, ...] = ()


@dataclass(slots=True)
class Ends:
    """How the schedules that begin in a state end, by how many more faults they have.

    Attributes:
        schedules, wrong_schedules: how many.
        wrong: how many with each complaint.
        first: choices and words of a wrong one, with the number of its faults.
    """

    schedules: list[int]
    wrong_schedules: list[int]
    wrong: list[Counter[str]]
    first: tuple[int, tuple[int, ...], tuple[str, ...]] | None = None


@dataclass(slots=True)
class Met:
    """How many schedules came to one thing in a round; choices and words of the first of them."""

    times: int
    choices: tuple[int, ...]
    words: tuple[str, ...]


@dataclass(slots=True)
class Paths(Generic[S]):
    """All schedules from one state.

    Args:
        go: plays one round from a state with a prefix of choices; what came of it, and the choices that it met.
        progress: called now and then with the runs and the states so far.
    """

    go: Callable[[S, tuple[int, ...]], tuple[Round[S], Choices]]
    progress: Callable[[int, int], None] | None = None
    runs: int = 0
    points: int = 0
    _ends: dict[tuple[S, int], Ends] = field(default_factory=dict)
    _under_way: set[tuple[S, int]] = field(default_factory=set)
    _states: set[S] = field(default_factory=set)

    def explore(self, start: S, faults: int) -> Explored:
        """Judge every schedule from here with up to so many faults."""
        began = time.monotonic()
        gc.disable()  # a million values and not one cycle: a sixth of the time
        try:
            ends = self.ends(start, faults)
        finally:
            gc.enable()
        found = Explored(
            schedules=sum(ends.schedules),
            points=self.points,
            seconds=time.monotonic() - began,
            runs=self.runs,
            states=len(self._states),
            wrong_schedules=sum(ends.wrong_schedules),
        )
        found.note(sum(ends.wrong, Counter()))
        if ends.first is not None:
            _, found.first_wrong, found.words = ends.first
        return found

    def ends(self, state: S, faults: int) -> Ends:
        """How the schedules end that begin in a state."""
        key = state, faults
        if key in self._ends:
            return self._ends[key]
        found = Ends([0] * (faults + 1), [0] * (faults + 1), [Counter() for _ in range(faults + 1)])
        if key in self._under_way or len(self._under_way) > MOST_ROUNDS:
            _add(found, 0, _last(("it never comes to an end",), faults), 1, (), ())
            return found
        self._under_way.add(key)
        self._states.add(state)
        self._play(state, faults, found)
        self._under_way.remove(key)
        self._ends[key] = found
        return found

    def _play(self, state: S, faults: int, found: Ends) -> None:
        """Play the round with every few faults in it; those that come to the same are gone on with once."""
        met: dict[tuple[int, Round[S]], Met] = {}
        stack: list[tuple[tuple[int, ...], int, int]] = [((), 0, 1)]
        while stack:
            prefix, used, times = stack.pop()
            came_to, choices = self.go(state, prefix)
            self.runs += 1
            self.points += len(choices.trace) - len(prefix)
            if self.progress is not None and not self.runs % 2_000:
                self.progress(self.runs, len(self._states))
            key = used, came_to
            same = met.get(key)
            if same is None:
                met[key] = Met(times, tuple(chosen for _, chosen in choices.trace), tuple(choices.words))
            else:
                same.times += times
            if used < faults:
                stack.extend(
                    (each, used + 1, times * alike) for each, alike in choices.next_unlike(len(prefix))
                )
        for (used, came_to), those in met.items():
            left = faults - used
            ends = _last(came_to.wrong, left) if came_to.after is None else self.ends(came_to.after, left)
            _add(found, used, ends, those.times, those.choices, those.words)


def _last(wrong: tuple[str, ...], faults: int) -> Ends:
    """The one schedule that ends here."""
    ends = Ends(
        [1] + [0] * faults, [int(is_wrong(wrong))] + [0] * faults, [Counter() for _ in range(faults + 1)]
    )
    ends.wrong[0].update(wrong)
    if is_wrong(wrong):
        ends.first = 0, (), ()
    return ends


def _add(
    found: Ends, used: int, ends: Ends, times: int, choices: tuple[int, ...], words: tuple[str, ...]
) -> None:
    for more, count in enumerate(ends.schedules):
        found.schedules[used + more] += times * count
        found.wrong_schedules[used + more] += times * ends.wrong_schedules[more]
        for complaint, of_it in ends.wrong[more].items():
            found.wrong[used + more][complaint] += times * of_it
    if ends.first is not None:
        more, later_choices, later_words = ends.first
        if found.first is None or used + more < found.first[0]:
            found.first = used + more, (*choices, *later_choices), (*words, *later_words)
