"""Completing a 5-line sale, against bare commits of the same rows and of the same bytes, in one run.

Four files on one disk, all with the till's pragmas and each connection's prepared statements, in turns that change:

- the till: ``Journal.record``, from a sale and its payment to "it is on the disk": its text, hash and signature too;
- bare rows: the same values into tables with the same columns and primary keys, but without any other index, rule,
  trigger or reference, one transaction: the hardest floor;
- the same tables: those values, given, into the till's own tables: as many bytes for the disk as the till writes, by a
  program that makes no text, no hash and no signature;
- bare bytes: all those values as one blob in one row, one transaction.

The draft of each sale is kept before, outside the clock, as at the till: each file deletes its own.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable, Sequence
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
TILL, ROWS, SAME, BYTES = (
    "Journal.record, 5 lines",
    "bare commit of the same rows",
    "the same rows into the till's own tables",
    "bare commit of the same bytes in one row",
)
KEEP_DRAFT = "INSERT OR REPLACE INTO draft VALUES (1, ?, ?)"
DROP_DRAFT = "DELETE FROM draft WHERE sale_id = ?"

Rows = dict[str, list[Row]]


def connect(path: Path) -> apsw.Connection:
    """A bare connection with the till's pragmas."""
    connection = apsw.Connection(str(path), statementcachesize=200)
    for name, value in PRAGMAS:
        connection.pragma(name, value)
    return connection


def columns_of(connection: apsw.Connection, table: str) -> list[str]:
    """The names of a table's columns."""
    return [str(row[1]) for row in connection.execute(f"PRAGMA table_info({table})").fetchall()]


def make_bare_tables(connection: apsw.Connection, like: apsw.Connection) -> None:
    """Tables with the till's columns, and no rule but the primary key."""
    for table in TABLES:
        columns = columns_of(like, table)
        if table in KEYS:
            rule = f"{', '.join(columns)}, PRIMARY KEY ({KEYS[table]})"
            connection.execute(f"CREATE TABLE {table} ({rule}) WITHOUT ROWID")
        else:
            rest = ", ".join(columns[1:])
            connection.execute(f"CREATE TABLE {table} ({columns[0]} INTEGER PRIMARY KEY, {rest})")
    connection.execute("CREATE TABLE draft (only_row INTEGER PRIMARY KEY, sale_id, body)")


class Rewriting:
    """Writes rows that were written elsewhere, in one transaction, and nothing else."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.inserts = {
            table: f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns_of(connection, table)))})"
            for table in TABLES
        }

    def commit(self, rows: Rows, sale_id: str) -> None:
        """Write all rows of one sale."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        for table, values in rows.items():
            if len(values) == 1:
                cursor.execute(self.inserts[table], values[0])
            else:
                cursor.executemany(self.inserts[table], values)
        cursor.execute(DROP_DRAFT, (sale_id,))
        cursor.execute("COMMIT")


def commit_bytes(connection: apsw.Connection, body: bytes) -> None:
    """Write one row."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO bytes (body) VALUES (?)", (body,))
    connection.execute("COMMIT")


def rows_of(reading: apsw.Connection, seq: int) -> Rows:
    """What the till wrote for one sale."""
    return {
        table: reading.execute(f"SELECT * FROM {table} WHERE seq = ?", (seq,)).fetchall() for table in TABLES
    }


class Ways:
    """The till and its three floors, each with its own file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.db, identity, self.person = fresh_till(folder / "till.db")
        self.journal, self.drafts = Journal(self.db, identity, seal=seal()), Drafts(self.db)
        self.reading = connect(folder / "till.db")
        fresh_till(folder / "same.db")[0].close()
        self.bare, self.same, self.bytes = (
            connect(folder / f"{name}.db") for name in ("bare", "same", "bytes")
        )
        make_bare_tables(self.bare, self.reading)
        self.bytes.execute("CREATE TABLE bytes (number INTEGER PRIMARY KEY, body BLOB)")
        self.rewriting = {ROWS: Rewriting(self.bare), SAME: Rewriting(self.same)}
        self.times_ms: dict[str, list[float]] = {name: [] for name in (TILL, ROWS, SAME, BYTES)}

    def sell(self, number: int) -> None:
        """Complete a sale, and rewrite the one before three ways; who comes first changes with each."""
        made = sale(number)
        payment = paid(made, 100)
        acts: list[tuple[str, Callable[[], object]]] = [
            (TILL, partial(self.journal.record, made, payment, self.person, NOON))
        ]
        if number:
            before = sale(number - 1).sale_id
            rows = rows_of(self.reading, number)
            acts += [(name, partial(floor.commit, rows, before)) for name, floor in self.rewriting.items()]
            acts.append((BYTES, partial(commit_bytes, self.bytes, repr(rows).encode())))
        for turn in range(len(acts)):
            name, write = acts[(turn + number) % len(acts)]
            if name == TILL:
                self.drafts.keep(made, None)
            elif name in self.rewriting:
                draft = (before, draft_to_text(made, None))
                self.rewriting[name].connection.execute(KEEP_DRAFT, draft)
            self.times_ms[name].append(milliseconds(write))

    def log_kilobytes(self, first: int) -> dict[str, float]:
        """What the till and the bare rows append to their logs per sale, without drafts."""
        self.reading.close()
        self.db.checkpoint()
        self.bare.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        for number in range(first, first + LOGGED):
            self.journal.record(sale(number), paid(sale(number)), self.person, NOON)
            rows = {
                table: self.db.rows(f"SELECT * FROM {table} WHERE seq = ?", (number + 1,)) for table in TABLES
            }
            self.rewriting[ROWS].commit(rows, sale(number).sale_id)
        sizes = {name: (self.folder / f"{name}.db-wal").stat().st_size for name in ("till", "bare")}
        return {name: round(size / LOGGED / 1000, 1) for name, size in sizes.items()}


def measure(folder: Path, rounds: int) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Sell ``rounds`` times each way, in turns."""
    ways = Ways(folder)
    gc.disable()
    for number in range(WARM_UP + rounds):
        ways.sell(number)
    gc.enable()
    logs = ways.log_kilobytes(WARM_UP + rounds)
    ways.db.close()
    return {name: times[WARM_UP:] for name, times in ways.times_ms.items()}, logs


def main(arguments: Sequence[str] | None = None) -> dict[str, list[float]]:
    """Measure and print."""
    chosen = options("Completing a 5-line sale against a bare commit.", 1000, arguments)
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        times_ms, logs = measure(Path(folder), chosen.rounds)
    till, rows, same, size = (figure(name, times) for name, times in times_ms.items())
    facts: dict[str, float | str] = {
        "p50: till / same rows": round(till.p50_ms / rows.p50_ms, 2),
        "p99: till / same rows": round(till.p99_ms / rows.p99_ms, 2),
        "p50: till / same tables": round(till.p50_ms / same.p50_ms, 2),
        "p99: till / same tables": round(till.p99_ms / same.p99_ms, 2),
        "p50: till / same bytes": round(till.p50_ms / size.p50_ms, 2),
        "log per sale, kB": logs["till"],
        "log per sale, bare rows, kB": logs["bare"],
    }
    report("Completing a sale", (till, rows, same, size), facts, chosen.json)
    return times_ms


if __name__ == "__main__":
    main()
