"""What a build shows: its steps as they are done, and how long the rest took the last time."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

UNKNOWN_SECONDS = 20.0


def span(seconds: float) -> str:
    """A span in words: `0.4 s`, `48 s`, `2 min 05 s`."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


class Progress:
    """Prints one line for each step, and keeps their times for the next build."""

    def __init__(
        self, steps: list[str], kept: Path, out: TextIO, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._steps = steps
        self._kept = kept
        self._out = out
        self._clock = clock
        self._begun = clock()
        self._known: dict[str, float] = _read(kept)
        self._taken: dict[str, float] = {}
        self._cached: set[str] = set()
        self._number = 0

    @contextmanager
    def step(self, name: str) -> Iterator[Callable[[str], None]]:
        """A step: what it yields says in a word what came of it (`from the cache`)."""
        self._number += 1
        said: list[str] = []
        self._show(f"{self._number:2d}/{len(self._steps)}  {name:<34}", end="")
        begun = self._clock()
        try:
            yield said.append
        except BaseException:
            self._show("FAILED")
            raise
        taken = self._clock() - begun
        self._taken[name] = taken
        if not said:  # what came from the cache says nothing of how long the step takes
            self._known[name] = taken
        left = self.left()
        rest = f"   {span(left)} left" if left and left > 1 else ""
        self._show(f"{span(taken):>12}  {' '.join(said):<16}{rest}".rstrip())

    def expect_cached(self, name: str) -> None:
        """A step that will be over at once."""
        self._cached.add(name)

    def left(self) -> float:
        """Seconds until the end, as far as the last build tells; a step that was never done counts for some."""
        rest = [name for name in self._steps[self._number :] if name not in self._cached]
        return sum(self._known.get(name, UNKNOWN_SECONDS) for name in rest)

    def finish(self) -> None:
        """Say how long it took, and keep the times."""
        self._kept.write_text(json.dumps(self._known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        self._show(f"Done in {span(self._clock() - self._begun)}")

    def table(self) -> dict[str, float]:
        """Seconds by step, for `--json`."""
        return {name: round(seconds, 2) for name, seconds in self._taken.items()}

    def _show(self, text: str, end: str = "\n") -> None:
        self._out.write(text + end)
        self._out.flush()


def _read(kept: Path) -> dict[str, float]:
    try:
        read = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(name): float(seconds) for name, seconds in read.items()} if isinstance(read, dict) else {}
