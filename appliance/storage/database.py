"""The connection to the till's file: opened with every protection on, used by one thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import apsw
from peewee import Query
from playhouse.apsw_ext import APSWDatabase

from appliance.storage.durability import (
    BUSY_TIMEOUT_SECONDS,
    PRAGMAS,
    check_sqlite,
    is_locked,
    make_file,
    steady_plans,
    verify_durability,
    wait_for_lock,
)
from appliance.storage.errors import (
    DatabaseCorruptError,
    StorageError,
    WrongThreadError,
    translate,
    translated,
)
from appliance.storage.migrating import MIGRATIONS, migrate

STATEMENTS_KEPT: Final = 200
Row = tuple[Any, ...]


class Database:
    """One connection to the till's file, for the thread that opened it; another thread opens its own.

    Writes happen in :meth:`transaction`. Every read fetches all of its rows: a cursor that is left open
    keeps the write-ahead log from being folded in (measured: 4 MB became 66 MB in 1,500 sales).
    """

    def __init__(
        self, opened: APSWDatabase, path: Path, now: Callable[[], datetime], is_locked: Callable[[], bool]
    ) -> None:
        """Take over an open connection; use :meth:`open`."""
        self.path, self.now = path, now
        self._opened, self._is_locked = opened, is_locked
        self._connection: apsw.Connection = opened.connection()
        self._thread = threading.get_ident()
        self._depth = 0
        self.failure: StorageError | None = None
        """The last error of the file itself, None once it has been written again."""

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        now: Callable[[], datetime],
        vfs: str | None = None,
        folder: Path = MIGRATIONS,
        is_locked: Callable[[Path], bool] = is_locked,
    ) -> Database:
        """Open the file, make it if it is missing, and bring its schema up to date.

        Args:
            path: the file; its folder must exist.
            now: the clock.
            vfs: name of a registered apsw VFS, for tests that watch or fail the disk.
            folder: the migrations.
            is_locked: whether the file system of a folder has locked itself.

        Raises:
            StorageError: a sentence that says why it cannot be used (see ``errors``).
        """
        check_sqlite(apsw.sqlite_lib_version())
        asked = partial(is_locked, (path := Path(path)).parent)
        options: dict[str, Any] = {"statementcachesize": STATEMENTS_KEPT} | ({"vfs": vfs} if vfs else {})
        if vfs is None:
            make_file(path)
        opened = APSWDatabase(
            str(path),
            pragmas=PRAGMAS,
            timeout=BUSY_TIMEOUT_SECONDS,
            thread_safe=False,
            autoconnect=False,
            **options,
        )
        with translated(asked):
            opened.connect()
        try:
            with translated(asked):
                steady_plans(opened.connection())
                opened.connection().set_busy_handler(wait_for_lock)
                verify_durability(opened.connection())
                migrate(opened.connection(), path, folder)
        except BaseException:
            opened.close()
            raise
        return cls(opened, path, now, asked)

    def close(self) -> None:
        """Close the connection; the last one folds the write-ahead log in."""
        self._check_thread()
        with translated(self._is_locked):
            self._opened.close()

    def __enter__(self) -> Database:
        """Enter a block that closes the connection at its end."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connection."""
        self.close()

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        self._check_thread()
        try:
            return self._connection.execute(sql, values).fetchall()
        except (apsw.Error, UnicodeDecodeError) as error:
            self.failure = translate(error, self._is_locked)
            raise self.failure from error

    def one(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query, None if there is none."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def ask(self, query: Query) -> list[Row]:
        """Run a query that peewee wrote (see ``tables``) and fetch all of its rows."""
        sql, values = query.sql()
        return self.rows(sql, values)

    def write(self, query: Query) -> int:
        """Run a change that peewee wrote, in its own transaction or the one around; return rows changed."""
        sql, values = query.sql()
        with self.transaction() as connection:
            connection.execute(sql, values)
            return int(connection.changes())

    def transaction(self) -> AbstractContextManager[apsw.Connection]:
        """A transaction: all of the block is on the disk when it ends, or nothing of it.

        It takes the write lock at once (BEGIN IMMEDIATE: a read that turns into a write would fail without
        waiting). Inside another transaction it becomes part of that one.

        Raises:
            StorageError: SQLite refused; nothing of the block was kept.
        """
        return _Transaction(self)

    def version(self) -> int:
        """A number that changes when another connection has committed (10 microseconds)."""
        return int(self.rows("PRAGMA data_version")[0][0])

    def checkpoint(self) -> bool:
        """Fold the write-ahead log into the file and cut it to nothing; the sync service does so when idle.

        The kiosk does so at its start: a commit that a power cut tore would come back whole if a second cut tore the
        next commit, written over it, at the same place (found by ``tests/faults``). It was never acknowledged, but a
        sale that nobody sees any more must not come back.

        Returns:
            False if somebody was reading or writing: then the next time will do.
        """
        busy, _, _ = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        return not busy

    def wal_bytes(self) -> int:
        """Size of the write-ahead log; far above 8 MB somebody holds a read open."""
        wal = self.path.with_name(self.path.name + "-wal")
        return wal.stat().st_size if wal.exists() else 0

    def check(self) -> None:
        """Read the whole file and its rules (130 ms for 20,000 sales).

        Raises:
            DatabaseCorruptError: the file is damaged.
        """
        problems = [row[0] for row in self.rows("PRAGMA quick_check") if row[0] != "ok"]
        broken = self.rows("PRAGMA foreign_key_check")
        if problems or broken:
            error = DatabaseCorruptError(
                "The till's file is damaged. Call the technician; do not switch off."
            )
            error.add_note(f"{problems} {broken}")
            raise error

    def _check_thread(self) -> None:
        if threading.get_ident() != self._thread:
            raise WrongThreadError("This connection belongs to another thread; open one for this thread.")


def fetched(cursor: apsw.Cursor) -> list[Row]:
    """All rows of a statement that was run on the connection of a transaction."""
    return cursor.fetchall()


class _Transaction:
    """See :meth:`Database.transaction`. A class, since a generator costs a sale several microseconds more."""

    __slots__ = ("_connection", "_db", "_inner")

    def __init__(self, db: Database) -> None:
        self._db = db
        self._connection = db._connection
        self._inner = False

    def __enter__(self) -> apsw.Connection:
        self._db._check_thread()
        self._inner = self._db._depth > 0
        try:
            self._connection.execute("SAVEPOINT inner" if self._inner else "BEGIN IMMEDIATE")
        except apsw.Error as error:
            raise self._failed(error) from error
        self._db._depth += 1
        return self._connection

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._db._depth -= 1
        try:
            if error is None:
                self._connection.execute("RELEASE inner" if self._inner else "COMMIT")
                self._db.failure = None
                return
        except BaseException as refused:
            self._undo()
            if isinstance(refused, apsw.Error):
                raise self._failed(refused) from refused
            raise
        self._undo()
        if isinstance(error, apsw.Error):
            raise self._failed(error) from error

    def _undo(self) -> None:
        if self._connection.in_transaction:  # after a full disk SQLite has rolled back by itself
            self._connection.execute("ROLLBACK TO inner; RELEASE inner" if self._inner else "ROLLBACK")

    def _failed(self, error: apsw.Error) -> StorageError:
        self._db.failure = translate(error, self._db._is_locked)
        return self._db.failure
