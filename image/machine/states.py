"""Judges a disk state that a power cut may leave: is the file system repaired, is the till's file sound, is all there?

The file system by the host's own e2fsck, which does what the card does at its start, and debugfs: nothing is mounted.
The till's file by the till's own code: it is opened as the next start opens it, and every rule of a backup is asked.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.migrating import MIGRATIONS
from appliance.storage.proving import broken_rule
from image.machine.disk import run
from image.machine.errors import MachineError

REPAIRED: Final = (0, 1)
"""Exit codes of e2fsck after which the card goes on starting: nothing to do, and errors corrected."""
JOURNAL_FOLDER: Final = "/till"
"""On the data partition."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found; ``wrong`` is "" for a state in which a till sells on.

    Attributes:
        receipts: the numbers of the sales that are there.
        wrong: the first thing that is not as it must be.
    """

    receipts: tuple[str, ...]
    wrong: str = ""


def judge(state: Path, folder: Path) -> Judgement:
    """Look at one state of the data partition.

    Args:
        state: the partition as a file; it is repaired in place.
        folder: for what is copied out of it; emptied first.
    """
    command = ["e2fsck", "-p", str(state)]
    repaired = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if repaired.returncode not in REPAIRED:
        words = (repaired.stdout + repaired.stderr).strip()[-300:]
        return Judgement((), f"e2fsck needs a person ({repaired.returncode}): {words}")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        run(["debugfs", "-R", f"rdump {JOURNAL_FOLDER} {folder}", state])
    except MachineError as error:
        return Judgement((), str(error))
    return judge_books(folder / JOURNAL_FOLDER.strip("/") / "till.db")


def judge_books(file: Path, folder: Path = MIGRATIONS) -> Judgement:
    """Open the till's file as the next start of a system with these migrations would, and check it as a whole."""
    if not file.exists():
        return Judgement((), "the till's file is not there")
    try:
        with Database.open(file, now=lambda: datetime.now(UTC), folder=folder) as books:
            books.checkpoint()  # as the kiosk does first of all
            return _checked(books)
    except StorageError as error:
        return Judgement((), f"{error} {' '.join(getattr(error, '__notes__', ()))}".strip())


def _checked(books: Database) -> Judgement:
    rows = books.rows("SELECT series, number FROM sale ORDER BY seq")
    receipts = tuple(f"{series}-{number:06d}" for series, number in rows)
    books.check()
    if words := broken_rule(books):
        return Judgement(receipts, words)
    entry = Journal(books, Identity(books).get()).verify()
    return Judgement(
        receipts, "" if entry is None else f"entry {entry} of the journal is not as it was written"
    )
