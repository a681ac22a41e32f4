"""A backup of a till with many sales: how long it takes, and what a sale notices of it.

The floor is the same sale while nothing else happens. The backup runs in a process of its own, as the sync service
does, and is made and tested again and again while the other one sells.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.database import Database
from appliance.storage.journal import Journal
from appliance.sync.backing_up import BEHIND
from tests.bench.measuring import Figure, figure, milliseconds, options, report
from tests.storage.samples import NOON, fresh_till, paid, sale, seal, ticking

SELLER = Path(__file__).resolve().parents[1] / "storage" / "seller.py"
KEEP = Keep(days=1, weeks=1, months=1)


def fill(path: Path, sales: int) -> None:
    """A till that has sold a lot."""
    db, identity, person = fresh_till(path)
    journal = Journal(db, identity, seal=seal())
    db.rows("PRAGMA synchronous = off")
    for number in range(sales):
        made = sale(number)
        journal.record(made, paid(made), person, NOON)
    db.close()


def selling(path: Path, seconds: float) -> subprocess.Popen[str]:
    """A cashier who sells as fast as the till can."""
    command = [sys.executable, str(SELLER), str(path), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def figure_of(name: str, said: str) -> Figure:
    """What the cashier's sales took."""
    return figure(name, [float(line.split()[4]) for line in said.splitlines() if line.startswith("sold")])


def meanwhile(path: Path, seconds: float) -> tuple[str, list[float]]:
    """Sell in one process and back up in another; what was sold, and how long each backup took."""
    code = (
        "import sys, time; sys.path.insert(0, sys.argv[3]); from tests.bench import bench_backup as b; "
        "b.back_up_for(b.Path(sys.argv[1]), float(sys.argv[2]))"
    )
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-c", code, str(path), str(seconds), root]
    backing_up = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    cashier = selling(path, seconds)
    said, _ = cashier.communicate()
    took, _ = backing_up.communicate()
    return said, [float(line) for line in took.split()]


def back_up_for(path: Path, seconds: float) -> None:
    """Back up until the time is over, and print how long each took; as little in the way as the sync service is."""
    os.nice(BEHIND)
    with Database.open(path, now=ticking()) as db:
        backups, until = Backups(path.parent / "backups", KEEP), time.monotonic() + seconds
        while time.monotonic() < until:
            print(milliseconds(lambda: backups.make(db)), flush=True)


def measure(folder: Path, sales: int, seconds: float) -> tuple[list[Figure], dict[str, float | str]]:
    """Fill a till, then measure."""
    path = folder / "till.db"
    fill(path, sales)
    with Database.open(path, now=ticking()) as db:
        backups = Backups(folder / "quiet", KEEP)
        alone = [milliseconds(lambda: backups.make(db)) for _ in range(5)]
        copied = [
            milliseconds(partial(db.rows, "VACUUM INTO ?", (str(folder / f"{n}.db"),))) for n in range(5)
        ]
    quiet, _ = selling(path, seconds).communicate()
    busy, took = meanwhile(path, seconds)
    figures = [
        figure("VACUUM INTO alone, no sync, no test", copied),
        figure("a backup with its test, alone", alone),
        figure("a backup with its test, while selling", took),
        figure_of("5-line sale, quiet", quiet),
        figure_of("5-line sale, while backups are made", busy),
    ]
    facts: dict[str, float | str] = {
        "file of the till, MB": round(path.stat().st_size / 1e6, 1),
        "backup, MB": round(backups.all()[0].path.stat().st_size / 1e6, 1),
        "p99 of a sale: backing up / quiet": round(figures[-1].p99_ms / figures[-2].p99_ms, 2),
    }
    return figures, facts


def main(arguments: Sequence[str] | None = None, seconds: float = 12.0) -> list[Figure]:
    """Measure and print."""
    chosen = options(
        "Backup of a till that has sold a lot; --rounds is the number of sales.", 20_000, arguments
    )
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        figures, facts = measure(Path(folder), chosen.rounds, seconds)
    report(f"Backing up {chosen.rounds:,} sales", figures, facts, chosen.json)
    return figures


if __name__ == "__main__":
    main()
