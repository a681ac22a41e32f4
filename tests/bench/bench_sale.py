"""Completing a 5-line sale, against bare commits of the same rows and of the same bytes, in one run.

Three files on one disk, all with the till's pragmas, take turns:

- the till: ``Journal.record``, from a sale and its payment to "it is on the disk";
- bare rows: the same values into tables with the same columns and primary keys, but without any other index, rule,
  trigger or reference, one transaction, the connection's prepared statements;
- bare bytes: all those values as one blob in one row, one transaction.

The draft of each sale is kept before, outside the clock, as at the till; the bare rows delete theirs too.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import apsw

from appliance.storage.codec import draft_to_text
from appliance.storage.database import Row
from appliance.storage.drafts import Drafts
from appliance.storage.durability import PRAGMAS
from appliance.storage.journal import Journal
from tests.bench.measuring import figure, milliseconds, options, report
from tests.storage.samples import NOON, fresh_till, paid, sale, seal

WARM_UP = 50
LOGGED = 20
TABLES = ("journal", "sale", "sale_line", "sale_tender", "untold_stock", "outbox", "print_job")
KEYS = {"sale_line": "seq, position", "sale_tender": "seq, position", "untold_stock": "stock_id, seq"}

Rows = dict[str, list[Row]]


class BareRows:
    """The same rows without the till: no rule but the primary key."""

    def __init__(self, path: Path, like: apsw.Connection) -> None:
        self.connection = connect(path)
        self.inserts: dict[str, str] = {}
        for table in TABLES:
            columns = [row[1] for row in like.execute(f"PRAGMA table_info({table})").fetchall()]
            key = KEYS.get(table, str(columns[0]))
            rowid = " WITHOUT ROWID" if table in KEYS else ""
            single = key == columns[0]
            named = [
                f"{each} INTEGER PRIMARY KEY" if single and each == key else str(each) for each in columns
            ]
            rule = "" if single else f", PRIMARY KEY ({key})"
            self.connection.execute(f"CREATE TABLE {table} ({', '.join(named)}{rule}){rowid}")
            self.inserts[table] = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns))})"
        self.connection.execute("CREATE TABLE draft (only_row INTEGER PRIMARY KEY, sale_id, body)")

    def keep_draft(self, sale_id: str, body: str) -> None:
        """Keep the draft, as the till does before."""
        self.connection.execute("INSERT OR REPLACE INTO draft VALUES (1, ?, ?)", (sale_id, body))

    def commit(self, rows: Rows, sale_id: str) -> None:
        """Write all rows of one sale in one transaction."""
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            if len(values) == 1:
                connection.execute(self.inserts[table], values[0])
            else:
                connection.executemany(self.inserts[table], values)
        connection.execute("DELETE FROM draft WHERE sale_id = ?", (sale_id,))
        connection.execute("COMMIT")


class BareBytes:
    """As many bytes as the rows hold, in one row."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path)
        self.connection.execute("CREATE TABLE bytes (number INTEGER PRIMARY KEY, body BLOB)")

    def commit(self, body: bytes) -> None:
        """Write one row."""
        self.connection.execute("BEGIN IMMEDIATE")
        self.connection.execute("INSERT INTO bytes (body) VALUES (?)", (body,))
        self.connection.execute("COMMIT")


def connect(path: Path) -> apsw.Connection:
    """A bare connection with the till's pragmas."""
    connection = apsw.Connection(str(path), statementcachesize=200)
    for name, value in PRAGMAS:
        connection.pragma(name, value)
    return connection


def rows_of(reading: apsw.Connection, seq: int) -> Rows:
    """What the till wrote for one sale."""
    return {
        table: reading.execute(f"SELECT * FROM {table} WHERE seq = ?", (seq,)).fetchall() for table in TABLES
    }


@dataclass
class Result:
    """Milliseconds of each way, and what the till appends to its log per sale."""

    till_ms: list[float] = field(default_factory=list)
    rows_ms: list[float] = field(default_factory=list)
    bytes_ms: list[float] = field(default_factory=list)
    log_kilobytes: float = 0.0


def measure(folder: Path, rounds: int) -> Result:
    """Sell ``rounds`` times three ways, in turns."""
    db, identity, person = fresh_till(folder / "till.db")
    journal, drafts, result = Journal(db, identity, seal=seal()), Drafts(db), Result()
    reading = connect(folder / "till.db")
    bare_rows, bare_bytes = BareRows(folder / "rows.db", reading), BareBytes(folder / "bytes.db")
    gc.disable()
    for number in range(WARM_UP + rounds):
        made = sale(number)
        payment = paid(made, 100)
        drafts.keep(made, payment)
        result.till_ms.append(milliseconds(partial(journal.record, made, payment, person, NOON)))
        rows = rows_of(reading, number + 1)
        bare_rows.keep_draft(made.sale_id, draft_to_text(made, payment))
        result.rows_ms.append(milliseconds(partial(bare_rows.commit, rows, made.sale_id)))
        result.bytes_ms.append(milliseconds(partial(bare_bytes.commit, repr(rows).encode())))
    gc.enable()
    reading.close()
    db.checkpoint()
    for number in range(WARM_UP + rounds, WARM_UP + rounds + LOGGED):
        journal.record(sale(number), paid(sale(number)), person, NOON)
    result.log_kilobytes = db.wal_bytes() / LOGGED / 1000
    db.close()
    return result


def main(arguments: Sequence[str] | None = None) -> Result:
    """Measure and print."""
    chosen = options("Completing a 5-line sale against a bare commit.", 1000, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        result = measure(Path(folder), chosen.rounds)
    till, rows, size = (
        figure(name, times[WARM_UP:])
        for name, times in (
            ("Journal.record, 5 lines", result.till_ms),
            ("bare commit of the same rows", result.rows_ms),
            ("bare commit of the same bytes in one row", result.bytes_ms),
        )
    )
    facts: dict[str, float | str] = {
        "p50: till / same rows": round(till.p50_ms / rows.p50_ms, 2),
        "p99: till / same rows": round(till.p99_ms / rows.p99_ms, 2),
        "p50: till / same bytes": round(till.p50_ms / size.p50_ms, 2),
        "log per sale, kB": round(result.log_kilobytes, 1),
    }
    report("Completing a sale", (till, rows, size), facts, chosen.json)
    return result


if __name__ == "__main__":
    main()
