"""The backups in a folder: their names, and which of them are kept.

What is newest goes by the number of the last entry, never by a clock.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

PART: Final = ".part"
BAD: Final = ".bad"
_NAME: Final = re.compile(r"till-(\d{8}-\d{6})-(\d{1,18})\.db")
_STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Keep:
    """How many backups are kept: the newest one of each of the last days, ISO weeks and months that have one.

    Days are counted by the backups that there are, not back from today: a clock that is years off deletes nothing.

    Attributes:
        newest: so many are never deleted, whatever their age and however full the disk is.
    """

    days: int
    weeks: int
    months: int
    newest: int = 2


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup that passed its test.

    Attributes:
        path: till-20261121-180500-1234.db.
        made_at: by the clock of that moment (UTC).
        seq: the newest journal entry in it.
    """

    path: Path
    made_at: datetime
    seq: int


def name_of(made_at: datetime, seq: int) -> str:
    """What a backup is called."""
    return f"till-{made_at.astimezone(UTC).strftime(_STAMP)}-{seq}.db"


def backups_in(folder: Path) -> list[BackupFile]:
    """The backups in a folder, newest first; other files are passed over."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and path.is_file():
            found.append(BackupFile(path, _time_of(match[1]), int(match[2])))
    return sorted(found, key=lambda each: (each.seq, each.made_at), reverse=True)


def to_keep(backups: Iterable[BackupFile], keep: Keep) -> set[BackupFile]:
    """The backups that stay; given newest first."""
    ordered = list(backups)
    kept = set(ordered[: keep.newest])
    periods: tuple[tuple[int, Callable[[datetime], object]], ...] = (
        (keep.days, lambda at: at.date()),
        (keep.weeks, lambda at: at.isocalendar()[:2]),
        (keep.months, lambda at: (at.year, at.month)),
    )
    for how_many, period in periods:
        newest_of: dict[object, BackupFile] = {}
        for each in ordered:
            newest_of.setdefault(period(each.made_at), each)
        last = sorted(newest_of.values(), key=lambda each: each.made_at, reverse=True)[:how_many]
        kept.update(last)
    return kept


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _time_of(text: str) -> datetime:
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC)
    except ValueError:  # a day that there is not: old, but never passed over
        return datetime.min.replace(tzinfo=UTC)
