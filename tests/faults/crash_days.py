"""Days of a till: lists of steps, one made by hand, others by chance, and how they are lived."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from tests.faults.crash_lived import Lived, Promise, Recorded, Step
from tests.faults.crash_office import Office

__all__ = ["SCRIPTED", "Day", "Lived", "Promise", "Recorded", "Step"]


class Day(Office):
    """Lives steps one after another. A step that makes no sense just now is passed over."""

    def live(self, steps: Sequence[Step]) -> Recorded:
        """Live all steps, close, and return what was seen."""
        try:
            for step in steps:
                self.do(step)
        except BaseException:
            self.give_up()
            raise
        self.end()
        return self.recorded

    def do(self, step: Step) -> bool:
        """Live one step; False if it made no sense."""
        name, way = step
        act: Callable[[int], bool] = getattr(self, f"_do_{name}")
        return act(way)


SCRIPTED: Final[tuple[Step, ...]] = (
    *(("cash", 0), ("scan", 0), ("scan", 1), ("scan", 9), ("pay", 1), ("print", 0), ("upload", 3)),
    *(("scan", 2), ("scan", 3), ("void_line", 0), ("undo", 0), ("void_line", 1), ("pay", 2), ("upload", 0)),
    *(("scan", 4), ("scan", 5), ("part", 0), ("more", 0), ("pay", 0), ("print", 2), ("upload", 1)),
    *(
        ("apply", 3),
        ("checkpoint", 0),
        ("scan", 1),
        ("hold", 1),
        ("scan", 0),
        ("void_sale", 0),
        ("no_sale", 0),
    ),
    *(
        ("recall", 0),
        ("scan", 1),
        ("scan", 2),
        ("scan", 3),
        ("scan", 4),
        ("pay", 1),
        ("upload", 2),
        ("upload", 3),
    ),
    *(("refund", 0), ("print", 1), ("cash", 2), ("scan", 3), ("part", 1), ("give_back", 0), ("restart", 0)),
    *(("more", 0), ("hold", 0), ("recall", 4), ("scan", 0), ("pay", 0), ("park", 0), ("park", 1)),
    *(("close_day", 0), ("backup", 0), ("cash", 1), ("scan", 8), ("restart", 0), ("pay", 1), ("apply", 8)),
    *(("refund", 2), ("keep", 0), ("upload", 3), ("close_day", 0), ("checkpoint", 0)),
)
"""A day that does everything once."""
