"""Restoring: a till's file is made anew from its folder on a stick, whole or not at all.

It is built under another name and gets its own when it is complete and on the disk: a restore that is cut short leaves
nothing that looks like a till, and is begun again. Where the till went on from the stick itself (``emergency``), the
books there are the till, and come back whole; on the stick they are put away, so that nobody goes on in them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as one_after_another
from itertools import count, islice
from pathlib import Path
from typing import Final

from appliance.storage.binding import BOUND, RESTORED
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.emergency import EMERGENCY_FILE, first_hash, take_over
from appliance.storage.errors import DatabaseBusyError, StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.instants import to_text
from appliance.storage.journal import Journal
from appliance.storage.lasting import rename, sync_path
from appliance.storage.outbox import Outbox
from appliance.storage.replaying import Replayed, ReplayError, Verify, head_of, replay
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_errors import DamagedStickError, stick_error
from appliance.storage.stick_lines import JOURNAL_FILE, read_all
from appliance.storage.stick_owner import OWNER_FILE, Owner
from appliance.storage.unused import is_unused

PART: Final = ".restoring"
_LOG_FILES: Final = ("-wal", "-shm")
_FIRST_ENTRIES: Final = 20
"""Among these the till says whose journal it is: it is bound before it sells."""


class RestoreError(StorageError):
    """The till cannot be restored. The text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A till's folder on a stick: whose it is, its first hash (the same for one till under any id), its size."""

    folder: Path
    owner: Owner
    first_hash: bytes
    size: int

    @property
    def emergency(self) -> Path | None:
        """The file that the till went on in, if it sold from the stick."""
        file = self.folder / EMERGENCY_FILE
        return file if file.is_file() else None


def sources_in(stick: Path) -> list[Source]:
    """The folders of tills on a stick, or the one that was named itself: first where a till went on in, then by length.

    Raises:
        RestoreError: there is none.
    """
    disk, found = RealDisk(), []
    folders = [stick] if (stick / OWNER_FILE).is_file() else sorted(stick.glob("gapless-*"))
    for folder in folders:
        data = disk.read(folder / OWNER_FILE)
        owner = None if data is None else Owner.from_json(data)
        journal = folder / JOURNAL_FILE
        if owner is None or not journal.is_file():
            continue
        with closing(disk.open(journal, read_only=True)) as file:
            try:
                first = next((entry.hash for entry in read_all(file)), None)
            except DamagedStickError:  # the books that the till went on in may be whole
                first = first_hash(folder / EMERGENCY_FILE)
            if first is not None:
                found.append(Source(folder, owner, first, file.size()))
    if not found:
        raise RestoreError(f"There is no till's journal in {stick}.")
    return sorted(found, key=lambda source: (source.emergency is not None, source.size), reverse=True)


class Restore:
    """One restore: :meth:`build` the new file, work on it, then :meth:`finish`; or leave, and there is none."""

    def __init__(self, target: Path, now: Callable[[], datetime]) -> None:
        """Say where the till's file is to be.

        Raises:
            RestoreError: there is a till's journal already.
        """
        self._target, self._now = target, now
        self._part = target.with_name(target.name + PART)
        self._people = _people_of_empty(target, now)
        self._db: Database | None = None
        self._used: Path | None = None

    @property
    def db(self) -> Database:
        """The new file, while it is being built."""
        if self._db is None:
            raise RestoreError("Nothing was rebuilt.")
        return self._db

    def __enter__(self) -> Restore:
        """Begin; what an earlier try left is removed."""
        self._clear()
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing behind that was not finished."""
        if self._db is not None:
            self._db.close()
            self._db = None
        self._clear()

    def build(self, source: Source, verify: Verify, progress: Callable[[int], None]) -> Replayed:
        """Rebuild all rows; what the shop has not heard counts as sold on other hardware.

        Raises:
            StorageError: the journal is not as the till wrote it, the stick or the card fails.
        """
        if source.emergency is not None:
            return self._take_along(source.emergency)
        self._db = Database.open(self._part, now=self._now)
        try:
            with closing(RealDisk().open(source.folder / JOURNAL_FILE, read_only=True)) as file:
                entries = read_all(file)
                first = list(islice(entries, _FIRST_ENTRIES))
                Identity(self._db).create(*_first_name(first, source.owner), source.owner.currency)
                replayed = replay(self._db, one_after_another(first, entries), verify, progress)
        except OSError as error:
            raise stick_error(error) from error
        with self._db.transaction() as connection:
            connection.executemany(_INSERT_PERSON, self._people)
        Outbox(self._db).inherit_all()
        return replayed

    def finish(self) -> None:
        """Give the file its name; from here on it is the till."""
        ShopFacts(self.db).set(RESTORED, to_text(self._now()))
        self.db.check()
        self.db.checkpoint()
        self.db.close()
        self._db = None
        for name in _LOG_FILES:
            self._target.with_name(self._target.name + name).unlink(missing_ok=True)
        sync_path(self._part)
        self._part.replace(self._target)
        take_over(self._target)
        if self._used is not None:
            put_away(self._used)

    def _take_along(self, emergency: Path) -> Replayed:
        """The whole file, people and what the shop was told included; its chain must be as it was written."""
        with Database.open(emergency, now=self._now) as books:
            _check_alone(books)
            books.rows("VACUUM INTO ?", (str(self._part),))
        self._db, self._used = Database.open(self._part, now=self._now), emergency
        broken = Journal(self._db, Identity(self._db).get()).verify()
        if broken is not None:
            raise ReplayError(f"Entry {broken} of the till's books on the stick was changed.")
        Outbox(self._db).inherit_all()
        ((entries, sales),) = self._db.rows(
            "SELECT (SELECT count(*) FROM journal), (SELECT count(*) FROM sale)"
        )
        return Replayed(entries, sales, head_of(self._db))

    def _clear(self) -> None:
        for name in ("", *_LOG_FILES):
            self._part.with_name(self._part.name + name).unlink(missing_ok=True)


def mark_told(db: Database, orders: Iterable[tuple[int, int]], at: datetime) -> None:
    """The shop holds these sales, whole: pairs of entry and order, many in one transaction."""
    text = to_text(at)
    with db.transaction() as connection:
        connection.executemany(_TOLD, [(order_id, text, text, seq) for seq, order_id in orders])


def forget_told(db: Database) -> None:
    """After :func:`mark_told`: the shop has taken the pieces of all that it holds."""
    with db.transaction() as connection:
        for statement in _FORGET_TOLD:
            connection.execute(statement)


_TOLD: Final = (
    "UPDATE outbox SET state = 'sent', order_id = ?, sent_at = ?, checked_at = ?, next_try_at = NULL, reason = '' "
    "WHERE seq = ? AND state <> 'sent'"
)
_FORGET_TOLD: Final = (
    "UPDATE shop_stock SET quantity = shop_stock.quantity - told.pieces FROM (SELECT u.stock_id AS id, "
    "sum(u.quantity) AS pieces FROM untold_stock AS u JOIN outbox AS o USING (seq) WHERE o.state = 'sent' "
    "GROUP BY u.stock_id) AS told WHERE told.id = shop_stock.stock_id",
    "DELETE FROM untold_stock WHERE seq IN (SELECT seq FROM outbox WHERE state = 'sent')",
)
_PERSON: Final = ("person_id", "name", "role", "pin_hash", "active", "failures", "locked_until")
_INSERT_PERSON: Final = f"INSERT INTO person ({', '.join(_PERSON)}) VALUES (?, ?, ?, ?, ?, ?, ?)"


def _people_of_empty(target: Path, now: Callable[[], datetime]) -> list[tuple[object, ...]]:
    """Who may sign in already, of a file that was never worked with; they are taken along."""
    if not target.exists():
        return []
    if not is_unused(target):
        sentence = "is the journal of a till already, and is not written over. Restore on a new card."
        raise RestoreError(f"{target} {sentence}")
    with Database.open(target, now=now) as db:
        return db.rows(f"SELECT {', '.join(_PERSON)} FROM person")


def _first_name(entries: list[Entry], owner: Owner) -> tuple[str, str]:
    """Id and series that the till was set up with: what it was first bound as, or bound away from."""
    bound: Iterator[Entry] = (entry for entry in entries if entry.kind == BOUND)
    for entry in bound:
        body = json.loads(entry.body)
        body = body.get("was", body)
        return body["till_id"], body["series"]
    return owner.till_id, owner.series


def _check_alone(books: Database) -> None:
    """Nobody may sell in books that are about to be put away: only who is alone can leave the write-ahead log."""
    try:
        books.rows("PRAGMA journal_mode = delete")
    except DatabaseBusyError:
        raise RestoreError("The till is still running on the stick. Stop it first.") from None


def put_away(emergency: Path) -> None:
    """Give the books that came back another name: nobody sells from it; its bytes stay."""
    names = (emergency.with_name(f"restored-{number}.db") for number in count(1))
    rename(emergency, next(name for name in names if not name.exists()))
    sync_path(emergency.parent)
