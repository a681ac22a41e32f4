"""Judges a disk state that a power cut may leave: is the file system repaired, is the till's file sound, is all there?

By the host's own e2fsck, which does what the card does at its start, and debugfs: nothing is mounted.
"""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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


def judge_books(file: Path) -> Judgement:
    """Open the till's file as the next start would, and check it as a whole."""
    if not file.exists():
        return Judgement((), "the till's file is not there")
    try:
        with closing(sqlite3.connect(file)) as books:
            sound = str(books.execute("PRAGMA integrity_check").fetchone()[0])
            strays = books.execute("PRAGMA foreign_key_check").fetchall()
            rows = books.execute("SELECT series, number FROM sale ORDER BY seq").fetchall()
            chain = books.execute("SELECT seq, previous_hash, hash FROM journal ORDER BY seq").fetchall()
    except sqlite3.Error as error:
        return Judgement((), f"SQLite: {error}")
    receipts = tuple(f"{series}-{number:06d}" for series, number in rows)
    wrong = "" if sound == "ok" else f"integrity_check: {sound}"
    wrong = wrong or (f"rows that point nowhere: {strays[:2]}" if strays else "")
    return Judgement(receipts, wrong or _break_in(chain))


def _break_in(chain: list[tuple[int, bytes, bytes]]) -> str:
    """Where an entry does not follow the one before it, "" nowhere."""
    for (_, _, before), (number, previous, _) in zip(chain, chain[1:], strict=False):
        if previous != before:
            return f"the journal's chain breaks at entry {number}"
    return ""
