"""Restoring a till of many sales from its stick, against a bare insert of the same rows in the same run.

- the stick: every line read, its hash and link checked;
- the restore, ``Restore.build`` and ``finish``: that, and signatures, all rows with every rule, the file checked;
- bare rows: the same values into tables without index, rule, trigger or reference, 500 entries a transaction.

The till that was restored is compared with the one that sold: the rows of every table, the chain, the X report.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from appliance.machine.signatures import is_signed_by
from appliance.storage.database import Database
from appliance.storage.journal import Journal
from appliance.storage.restoring import Restore, sources_in
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import read_all
from tests.bench.bench_sale import KEYS, connect
from tests.bench.measuring import figure, milliseconds, options, report
from tests.storage.samples import NOON, fresh_till, paid, sale, seal
from tests.storage.sticks import entries_of, journal_of, stick_of
from tests.storage.whole_day import figures_of, rows_of

TABLES = ("journal", "sale", "sale_line", "sale_tender", "untold_stock", "outbox")
AT_ONCE = 500


def sell(folder: Path, count: int) -> tuple[Database, int]:
    """A till with so many sales, all of them on the stick; the stick's bytes."""
    db, identity, person = fresh_till(folder / "till.db")
    journal = Journal(db, identity, seal=seal())
    with db.transaction():
        journal.introduce_key(NOON)
        for number in range(count):
            made = sale(number)
            journal.record(made, paid(made, 5), person, NOON, print_receipt=False)
    (folder / "stick").mkdir()
    medium = stick_of(folder / "stick", db)
    medium.open()
    medium.append(entries_of(db))
    medium.close()
    return db, journal_of(folder / "stick").stat().st_size


def read(folder: Path) -> None:
    """Every line of the stick."""
    with closing(RealDisk().open(journal_of(folder / "stick"), read_only=True)) as file:
        for _ in read_all(file):
            pass


def restore(folder: Path, target: Path, now: datetime = NOON) -> None:
    """As ``till restore`` does without the shop."""
    with Restore(target, lambda: now) as work:
        work.build(sources_in(folder / "stick")[0], is_signed_by, lambda _seq: None)
        work.finish()


def insert_bare(db: Database, path: Path) -> float:
    """The same rows without rules; the rows are read outside the clock."""
    bare = connect(path)
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for table in TABLES:
        rows[table] = db.rows(f"SELECT * FROM {table} ORDER BY seq")
        columns = [row[1] for row in db.rows(f"PRAGMA table_info({table})")]
        key = KEYS.get(table, columns[0])
        rowid = " WITHOUT ROWID" if table in KEYS else ""
        bare.execute(f"CREATE TABLE {table} ({', '.join(columns)}, PRIMARY KEY ({key})){rowid}")
    ends = dict.fromkeys(TABLES, 0)

    def insert() -> None:
        last = rows["journal"][-1][0]
        for first in range(1, last + 1, AT_ONCE):
            bare.execute("BEGIN IMMEDIATE")
            for table, values in rows.items():
                start = end = ends[table]
                place = 1 if table == "untold_stock" else 0
                while end < len(values) and values[end][place] < first + AT_ONCE:
                    end += 1
                ends[table] = end
                if end > start:
                    marks = ", ".join("?" * len(values[0]))
                    bare.executemany(f"INSERT INTO {table} VALUES ({marks})", values[start:end])
            bare.execute("COMMIT")

    took = milliseconds(insert)
    bare.close()
    return took


def main(arguments: Sequence[str] | None = None) -> dict[str, float | str]:
    """Measure and print."""
    chosen = options("Restoring a till from its stick against a bare insert of its rows.", 20_000, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
        folder = Path(name)
        db, size = sell(folder, chosen.rounds)
        gc.collect()
        reading = milliseconds(lambda: read(folder))
        bare = insert_bare(db, folder / "bare.db")
        restoring = milliseconds(lambda: restore(folder, folder / "new.db"))
        with Database.open(folder / "new.db", now=lambda: NOON) as new:
            is_same = rows_of(new) == rows_of(db) and figures_of(new) == figures_of(db)
        db.close()
    figures = [
        figure("read and check every line of the stick", [reading]),
        figure("restore", [restoring]),
        figure("bare insert of the same rows", [bare]),
    ]
    facts: dict[str, float | str] = {
        "sales": chosen.rounds,
        "restore, s": round(restoring / 1000, 2),
        "restore / bare rows": round(restoring / bare, 2),
        "stick, MB": round(size / 1e6, 1),
        "rows, figures and chain are the same": "yes" if is_same else "NO",
    }
    report("Restoring a till from its stick", figures, facts, chosen.json)
    return facts


if __name__ == "__main__":
    main()
