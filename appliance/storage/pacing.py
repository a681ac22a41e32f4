"""Writing much without keeping a sale waiting: in short transactions, with a pause after each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Final, TypeVar

import apsw

from appliance.storage.database import Database

Sleep = Callable[[float], None]
Item = TypeVar("Item")
Write = Callable[[apsw.Connection], None]

FIRST_ROWS: Final = 20
FEWEST_ROWS, MOST_ROWS = 5, 50
LEAST_SECONDS, MOST_SECONDS = 0.001, 0.005
PAUSE_SECONDS: Final = 0.001
"""Enough for a program that waits for the lock to see that it is free (``durability.wait_for_lock``)."""
SALE_PAUSE_SECONDS: Final = 0.05
"""While a sale is open, the lock is free for nineteen parts in twenty of the time: few scans meet a chunk at all."""
_COMMITS_LOOKED_AT: Final = 3


class Pace:
    """How many rows the next chunk has.

    They are written within about the time that their commit takes anyway: with fewer there would be more commits
    than a card bears, with more a sale would wait longer than it must.
    """

    def __init__(self) -> None:
        """Begin with a few."""
        self.rows = FIRST_ROWS
        self._commits: deque[float] = deque(maxlen=_COMMITS_LOOKED_AT)

    def note(self, rows: int, writing_seconds: float, commit_seconds: float) -> None:
        """Take in how long a chunk took; a commit that waited for a checkpoint is passed over."""
        self._commits.append(commit_seconds)
        aim = min(max(min(self._commits), LEAST_SECONDS), MOST_SECONDS)
        fitting = min(int(rows * aim / max(writing_seconds, 1e-9)), 2 * self.rows)
        self.rows = min(max(fitting, FEWEST_ROWS), MOST_ROWS)


def in_chunks(
    db: Database,
    items: Iterable[Item],
    prepare: Callable[[Sequence[Item]], Write | None],
    sleep: Sleep | None,
) -> None:
    """Write items by the chunk, each in a transaction of its own, with a pause after each.

    Args:
        db: the connection of this thread.
        items: what is to be written.
        prepare: makes of some items what writes them, None if they are written already. It works before the lock is
            taken: all that can be made or read beforehand is. What it reads must be written by this thread alone.
        sleep: waits so many seconds; None does not wait.
    """
    source, pace = iter(items), Pace()
    while chunk := list(islice(source, pace.rows)):
        write = prepare(chunk)
        if write is None:
            continue
        with db.transaction() as connection:
            began = time.perf_counter()
            write(connection)
            written = time.perf_counter()
        pace.note(len(chunk), written - began, time.perf_counter() - written)
        if sleep is not None:
            sleep(SALE_PAUSE_SECONDS if db.one("SELECT 1 FROM draft") else PAUSE_SECONDS)
