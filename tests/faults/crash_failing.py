"""A disk that fails at a write or a sync instead of losing its power: full (ENOSPC), or broken (EIO).

Each step of a day is tried with its first operation failing, then with its second, and so on until it is through: the
till must answer with its own error, keep all that it has promised and nothing else, and go on when the fault is gone.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.stick_disk import RealDisk
from tests.faults.crash_days import Day
from tests.faults.crash_explore import write_files
from tests.faults.crash_lived import Step, read_files
from tests.faults.crash_recorder import Fault, RecordingVfs, Trace
from tests.faults.crash_till import FILE, Parts, Till
from tests.faults.crash_world import broken_rules, differences, read_world

UNFAILED: Final = frozenset({"restart", "backup", "keep"})
"""Steps that are not failed here: :func:`fail_openings` fails the start; a backup says that it was not made."""
MOST: Final = 2_000


@dataclass(slots=True)
class Failed:
    """What came of it.

    Attributes:
        faults: operations that were failed.
        refused: how often the till answered with its own error.
        passed: steps that were done although an operation failed (folding the log in can wait).
        findings: what went wrong.
    """

    faults: int = 0
    refused: int = 0
    passed: int = 0
    findings: list[str] = field(default_factory=list)


def fail_day(
    folder: Path,
    name: str,
    steps: Sequence[Step],
    error: type[apsw.Error],
    *,
    lasting: bool,
    parts: Parts | None = None,
) -> Failed:
    """Live a day with every operation of every step failing once.

    Args:
        folder: empty.
        name: of the VFS, unique in the process.
        steps: the day.
        error: what the disk says.
        lasting: all operations after it fail too, until the till has answered.
        parts: builds the till.
    """
    fault, done = Fault(), Failed()
    day = Day(folder, parts or Parts(), name, fault=fault)
    for step in steps:
        if step[0] in UNFAILED:
            day.do(step)
            continue
        for at in range(1, MOST):
            if not _fail(day, step, at, error, lasting, done):
                break
        if done.findings:
            break
    _check(day.till.path, day, "at the end", done)
    day.give_up()
    return done


def _fail(day: Day, step: Step, at: int, error: type[apsw.Error], lasting: bool, done: Failed) -> bool:
    """Try a step with one operation failing; True if it is to be tried again."""
    fault, what = day.vfs.fault, f"{step} {error.__name__} at {at}{' and on' if lasting else ''}"
    before = _print(day.till.kiosk)
    fault.arm(at, error, lasting=lasting)
    try:
        day.do(step)
    except StorageError as refused:
        done.refused += 1
        if not fault.fired:
            done.findings.append(
                f"{what}: refused though nothing failed: {type(refused).__name__}: {refused}"
            )
    else:
        done.passed += bool(fault.fired)
        fired, fault.at = fault.fired, 0
        if fired:
            _check(day.till.path, day, what, done)
        done.faults += bool(fired)
        return False
    fault.at = 0
    done.faults += 1
    if _print(day.till.kiosk) != before:
        _check(day.till.path, day, what, done)
    return not done.findings


def _print(db: Database) -> int:
    """What tells one content of a file from another."""
    with db.transaction() as connection:
        return hash(connection.serialize("main"))


def _check(path: Path, day: Day, what: str, done: Failed) -> None:
    """Another connection, which has not failed, sees what the till has promised."""
    with Database.open(path, now=day.moments.now) as db:
        said = differences(read_world(db), day.world) + broken_rules(db)
    done.findings += [f"{what}: {each}" for each in said]


def fail_openings(folder: Path, name: str, error: type[apsw.Error]) -> Failed:
    """Start a till after a power cut, and end it, with every operation failing once; then it must be whole."""
    fault, done = Fault(), Failed()
    day = Day(folder / "day", Parts(), f"{name}-day")
    for step in (("scan", 0), ("pay", 0), ("scan", 1), ("keep", 0)):
        day.do(step)
    files = read_files(day.folder)  # as they are in the middle of the day
    day.give_up()
    vfs = RecordingVfs(name, Trace(folder), fault)
    for at in range(1, MOST):
        here = folder / str(at)
        write_files(here, files)
        fault.arm(at, error)
        try:
            Till(here, day.moments, Parts(), name, RealDisk()).close()
        except StorageError:
            done.refused += 1
        fired, fault.at = fault.fired, 0
        done.faults += bool(fired)
        _check(here / FILE, day, f"start {at}", done)
        if not fired or done.findings:
            break
    del vfs  # it had to live until here
    return done


def fold_without_room(folder: Path, name: str) -> Failed:
    """Sell while the main file cannot grow, so that folding the log in after a commit fails in the kernel itself.

    A fault made in Python does not serve here: SQLite forgets what a commit's own folding says, apsw would raise it.
    """
    done = Failed()
    day = Day(folder, _Folding(), name)
    most = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = day.till.path.stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, most[1]))
    try:
        for step in _SELL * 8:
            if day.till.kiosk.wal_bytes() > room // 2:  # nor could the log
                break
            done.passed += day.do(step)
            _check(day.till.path, day, f"{step} without room", done)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, most)
    ((pages, size),) = day.till.kiosk.rows(
        "SELECT p.page_count, s.page_size FROM pragma_page_count AS p, pragma_page_size AS s"
    )
    done.faults = int(day.till.path.stat().st_size == room < pages * size)
    day.end()
    _check(day.till.path, day, "at the end", done)
    return done


class _Folding(Parts):
    """Folds the log in after each commit, and writes to the disk without anybody between."""

    wal_frames = 1

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        return super().open(path, now, None)


_SELL: Final = (("scan", 0), ("scan", 3), ("pay", 0))
