"""A look at the till's file by who only looks on: it is neither made, nor migrated, nor written.

The card's own programs run as root, beside the till and before it: they must not be the ones that bring a file up to
date, or who own what SQLite puts beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.chain import Link, head
from appliance.storage.database import fetched
from appliance.storage.durability import wait_for_lock
from appliance.storage.errors import DatabaseUnreadableError, translate
from appliance.storage.instants import to_instant
from appliance.storage.migrating import APPLICATION_ID, MIGRATIONS, migrations

_UNSENT: Final = (
    "SELECT count(*), coalesce(max(seq), 0) FROM (SELECT seq FROM outbox WHERE state <> 'sent' "
    "UNION ALL SELECT seq FROM refund_outbox WHERE state <> 'sent' "
    "UNION ALL SELECT seq FROM stock_move_outbox WHERE state <> 'sent')"
)
_SALES: Final = "SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM draft)"
_UNPAID: Final = "SELECT body ->> '$.sale.opened_at' FROM draft WHERE body ->> '$.payment' IS NULL"


@dataclass(frozen=True, slots=True)
class Condition:
    """How the till's file is.

    Attributes:
        version: of its schema; ``is_newer`` than this program knows.
        end: the journal's newest entry.
        sales: how many there are.
        unsent: sales, refunds and stock moves that the shop has not heard of; ``last_unsent`` is the newest's entry.
        is_selling: a sale is in progress.
        unpaid_since: when that was opened (UTC); None where there is none, or paying has begun.
    """

    version: int
    is_newer: bool
    end: Link
    sales: int
    unsent: int
    last_unsent: int
    is_selling: bool
    unpaid_since: datetime | None


@contextmanager
def looking(path: Path, *, is_still: bool = False) -> Iterator[apsw.Connection]:
    """A connection that only reads, while a block lasts.

    Args:
        is_still: nobody has the file open. Then it can be read by who may write nothing at all, not even the file that
            readers and writers share (``-shm``).

    Raises:
        StorageError: the file is missing, is no till's, or cannot be read.
    """
    name = f"{path.absolute().as_uri()}{'?immutable=1' if is_still else ''}"
    try:
        connection = apsw.Connection(name, flags=apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)
    except apsw.Error as error:
        raise translate(error) from error
    try:
        connection.set_busy_handler(wait_for_lock)
        if connection.pragma("application_id") != APPLICATION_ID:
            raise DatabaseUnreadableError("This file does not belong to a till.")
        yield connection
    except apsw.Error as error:
        raise translate(error) from error
    finally:
        connection.close()


def look(path: Path, folder: Path = MIGRATIONS) -> Condition:
    """How the file is, at one moment.

    A newer file may say less: what this program does not know of its tables counts as nothing.

    Raises:
        StorageError: it cannot be read.
    """
    with looking(path) as connection:
        connection.execute("BEGIN")
        version = int(connection.pragma("user_version"))
        ((unsent, last),) = fetched(connection.execute(_UNSENT))
        ((sales, drafts),) = fetched(connection.execute(_SALES))
        opened = [_instant(row[0]) for row in fetched(connection.execute(_UNPAID))]
        is_newer, since = version > max(migrations(folder)), opened[0] if opened else None
        return Condition(version, is_newer, head(connection), sales, unsent, last, bool(drafts), since)


def _instant(text: object) -> datetime | None:
    try:
        return to_instant(str(text))
    except ValueError:  # a newer version may write it in another way
        return None


def quick_check(path: Path) -> str:
    """Read the whole file: what is damaged, "" if nothing is (about 130 ms for 20,000 sales on a PC).

    Raises:
        StorageError: it cannot be read.
    """
    with looking(path) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check").fetchall()]
        found += [f"{row[0]}: a link leads nowhere" for row in connection.execute("PRAGMA foreign_key_check")]
    return "; ".join(each for each in found if each != "ok")
