"""Tills that are built wrong in one place each (``defects`` lists them).

Most are the till's own code on a connection that ends its transaction too early (:class:`Apart`), with a setting
changed, or on a disk whose sync goes astray.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import apsw
from playhouse.apsw_ext import APSWDatabase

from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.domain.tender import Payment
from appliance.domain.witness import Seal
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.durability import PRAGMAS, steady_plans
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal, Recorded
from appliance.storage.outbox import Outbox
from tests.faults.crash_till import Parts, Till


class _Splitting:
    """A connection that commits before (or after) a certain statement, and goes on in a transaction of its own."""

    def __init__(self, runs: Any, db: _SplitDatabase) -> None:
        self._runs, self._db = runs, db

    def execute(self, sql: str, *values: Any, **more: Any) -> Any:
        return self._around(sql, lambda: self._runs.execute(sql, *values, **more))

    def executemany(self, sql: str, *values: Any, **more: Any) -> Any:
        return self._around(sql, lambda: self._runs.executemany(sql, *values, **more))

    def cursor(self) -> _Splitting:
        return _Splitting(self._runs.cursor(), self._db)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._runs, name)

    def _around(self, sql: str, act: Callable[[], Any]) -> Any:
        if self._db.before and sql.startswith(self._db.before):
            self._db.commit_now()
        done = act()
        if self._db.after and sql.startswith(self._db.after):
            self._db.commit_now()
        return done


class _SplitDatabase(Database):
    """The till's connection, with its transactions in two."""

    before = after = ""

    @contextmanager
    def transaction(self) -> Iterator[apsw.Connection]:
        with super().transaction() as connection:
            yield _Splitting(connection, self)  # type: ignore[misc]

    def commit_now(self) -> None:
        """End the transaction too early, and begin another."""
        again = "SAVEPOINT inner;" * (self._depth - 1)
        self._connection.execute(f"COMMIT; BEGIN IMMEDIATE; {again}").fetchall()


class Apart(Parts):
    """What belongs together is written in two transactions."""

    def __init__(self, *, before: str = "", after: str = "") -> None:
        """Split where a statement begins so."""
        self._made = type("Split", (_SplitDatabase,), {"before": before, "after": after})

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        return self._made.open(path, now=now, vfs=vfs)  # type: ignore[attr-defined,no-any-return]


class Settings(Parts):
    """The connection has other settings; ``only`` names the program that has them."""

    def __init__(self, only: str = "", **changed: str) -> None:
        self._changed, self._only, self._opened = changed, only, 0

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        self._opened += 1
        if self._only and (self._opened % 2 == 1) != (self._only == "kiosk"):
            return super().open(path, now, vfs)
        pragmas = [(name, self._changed.get(name, value)) for name, value in PRAGMAS]
        options = {} if vfs is None else {"vfs": vfs}
        opened = APSWDatabase(
            str(path), pragmas=pragmas, timeout=5, thread_safe=False, autoconnect=False, **options
        )
        opened.connect()
        steady_plans(opened.connection())
        return Database(opened, path, now, lambda: False)


class _UndoError(Exception):
    """Take it back."""


class _LateJournal(Journal):
    """Says that the sale is done, and writes it when there is time."""

    late: Callable[[], object] | None = None

    def record(
        self,
        sale: Sale,
        payment: Payment,
        person: Person,
        at: datetime,
        *,
        print_receipt: bool = True,
        sold_at: datetime | None = None,
    ) -> Recorded:
        done = None
        try:
            with self._db.transaction():
                done = super().record(sale, payment, person, at, print_receipt=print_receipt, sold_at=sold_at)
                raise _UndoError
        except _UndoError:
            self.late = lambda: Journal.record(
                self, sale, payment, person, at, print_receipt=print_receipt, sold_at=sold_at
            )
        assert done is not None
        return done


class AcknowledgedEarly(Parts):
    """The sale is said to be done before it is committed."""

    def journal(self, db: Database, till_name: str, seal: Seal) -> Journal:
        return _LateJournal(db, Identity(db).get(), till_name, seal)

    def afterwards(self, till: Till) -> None:
        journal = till.journal
        if isinstance(journal, _LateJournal) and journal.late is not None:
            journal.late()
            journal.late = None


class _LateDrafts(Drafts):
    late: tuple[Sale, Payment | None] | None = None

    def keep(self, sale: Sale, payment: Payment | None, also: Callable[[], object] = lambda: None) -> None:
        self.late = (sale, payment)


class DraftKeptLate(Parts):
    """The sale in progress is written after the screen has shown it."""

    def drafts(self, db: Database) -> Drafts:
        return _LateDrafts(db)

    def afterwards(self, till: Till) -> None:
        drafts = till.drafts
        if isinstance(drafts, _LateDrafts) and drafts.late is not None:
            if till.selling.sale is not None:
                Drafts.keep(drafts, *drafts.late)
            drafts.late = None


class _HastyDrafts(Drafts):
    def keep(self, sale: Sale, payment: Payment | None, also: Callable[[], object] = lambda: None) -> None:
        self._db.rows("PRAGMA synchronous = normal")
        super().keep(sale, payment, also)
        self._db.rows("PRAGMA synchronous = full")


class DraftsUnsynced(Parts):
    """A scan is not synced, to be faster."""

    def drafts(self, db: Database) -> Drafts:
        return _HastyDrafts(db)


class _QuietOutbox(Outbox):
    def note_posted(self, sale_id: str, at: datetime) -> None:
        """Forgotten: the request leaves all the same."""

    def remember(self, sale_id: str, order_id: int) -> None:
        super().note_posted(sale_id, self._db.now())
        super().remember(sale_id, order_id)


class PostedNotedLate(Parts):
    """That a request may be on its way is noted when its answer is there."""

    def outbox(self, db: Database) -> Outbox:
        return _QuietOutbox(db)


class SyncSwallowed(Parts):
    """Syncs of one of the files never reach the disk."""

    def __init__(self, ending: str) -> None:
        self._ending = ending

    def keeps_sync(self, file: str) -> bool:
        return not file.endswith(self._ending)


class CheckpointUnsynced(Parts):
    """The log is folded in by a connection that does not sync."""

    def checkpoint(self, db: Database) -> bool:
        db.rows("PRAGMA synchronous = off")
        done = db.checkpoint()
        db.rows("PRAGMA synchronous = full")
        return done


class LogThrownAway(Parts):
    """The start removes "left over" files beside the database."""

    def open(self, path: Path, now: Callable[[], datetime], vfs: str | None) -> Database:
        log = path.with_name(f"{path.name}-wal")
        if log.exists() and not path.with_name(f"{path.name}-shm").exists():
            log.unlink()
        return super().open(path, now, vfs)
