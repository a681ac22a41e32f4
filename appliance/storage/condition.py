"""A look at the till's file by who only looks on: it is neither made, nor migrated, nor written.

The card's own programs run as root, beside the till and before it: they must not be the ones that bring a file up to
date, or who own what SQLite puts beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.chain import Link, head
from appliance.storage.database import fetched
from appliance.storage.durability import wait_for_lock
from appliance.storage.errors import DatabaseUnreadableError, translate
from appliance.storage.migrating import APPLICATION_ID, MIGRATIONS, migrations

_UNSENT: Final = (
    "SELECT count(*), coalesce(max(seq), 0) FROM (SELECT seq FROM outbox WHERE state <> 'sent' "
    "UNION ALL SELECT seq FROM refund_outbox WHERE state <> 'sent' "
    "UNION ALL SELECT seq FROM stock_move_outbox WHERE state <> 'sent')"
)
_SALES: Final = "SELECT (SELECT count(*) FROM sale), (SELECT count(*) FROM draft)"


@dataclass(frozen=True, slots=True)
class Condition:
    """How the till's file is.

    Attributes:
        version: of its schema; ``is_newer`` than this program knows.
        end: the journal's newest entry.
        sales: how many there are.
        unsent: sales, refunds and stock moves that the shop has not heard of; ``last_unsent`` is the newest's entry.
        is_selling: a sale is in progress.
    """

    version: int
    is_newer: bool
    end: Link
    sales: int
    unsent: int
    last_unsent: int
    is_selling: bool


@contextmanager
def looking(path: Path) -> Iterator[apsw.Connection]:
    """A connection that only reads, while a block lasts.

    Raises:
        StorageError: the file is missing, is no till's, or cannot be read.
    """
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
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
        is_newer = version > max(migrations(folder))
        return Condition(version, is_newer, head(connection), sales, unsent, last, bool(drafts))


def quick_check(path: Path) -> str:
    """Read the whole file: what is damaged, "" if nothing is (about 130 ms for 20,000 sales on a PC).

    Raises:
        StorageError: it cannot be read.
    """
    with looking(path) as connection:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check").fetchall()]
        found += [f"{row[0]}: a link leads nowhere" for row in connection.execute("PRAGMA foreign_key_check")]
    return "; ".join(each for each in found if each != "ok")
