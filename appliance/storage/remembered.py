"""What was made of the things that were asked for last: a sale and its lines are written again and again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")
Made = TypeVar("Made")


class Remembered(Generic[Thing, Made]):
    """A function of immutable things that remembers what it made of the last ones.

    A line stays the same object from scan to payment, so a thing is known by its identity: comparing fifteen fields
    would cost half as much as making it again.
    """

    def __init__(self, make: Callable[[Thing], Made], size: int) -> None:
        """Remember up to ``size`` things; the thing itself is held, so that its identity cannot become another's."""
        self._make = make
        self._size = size
        self._made: dict[int, tuple[Thing, Made]] = {}

    def __call__(self, thing: Thing) -> Made:
        """What is made of it."""
        known = self._made.get(id(thing))
        if known is not None:
            return known[1]
        made = self._make(thing)
        if len(self._made) >= self._size:
            self._made.clear()
        self._made[id(thing)] = (thing, made)
        return made
