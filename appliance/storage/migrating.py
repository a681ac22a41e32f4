"""Bringing a file's schema up to date: numbered SQL files, each in one transaction with its number.

A migration is never changed once it has landed. SQLite's own ``user_version`` holds the number of the last
one, and it is written in the transaction of the migration itself: half a migration cannot exist.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.errors import DatabaseCorruptError, DatabaseTooNewError, MigrationError

APPLICATION_ID: Final = 0x4741504C
"""SQLite's ``application_id`` of a till's file: "GAPL". Another program's file is refused, not migrated."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"


_NOT_UPDATED: Final = (
    "The till's file could not be brought up to date. Nothing was changed. Call the technician."
)


def migrate(connection: apsw.Connection, path: Path, folder: Path = MIGRATIONS) -> None:
    """Apply what is missing. An existing file is copied first, to ``<name>.before-0002`` beside it.

    Raises:
        DatabaseTooNewError: the file was written by a newer version.
        DatabaseCorruptError: the file belongs to another program.
        MigrationError: a migration does not fit the file, which is as it was.
        apsw.Error: SQLite refused; the file is as it was.
    """
    steps = migrations(folder)
    newest = max(steps)
    version = check_file(connection, newest)
    if 0 < version < newest:
        _keep_copy(connection, path, version + 1)
    for number in sorted(steps):
        if number > version:
            _apply(connection, number, steps[number].read_text("utf-8"))


def migrations(folder: Path) -> dict[int, Path]:
    """The migrations by their number."""
    return {int(file.name[:4]): file for file in folder.glob("[0-9][0-9][0-9][0-9]_*.sql")}


def check_file(connection: apsw.Connection, newest: int) -> int:
    """Refuse a file that is not ours or too new; return its version, 0 for an empty one."""
    version, application = int(connection.pragma("user_version")), int(connection.pragma("application_id"))
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchall()[0][0]
    if application != APPLICATION_ID and (application or version or tables):
        raise DatabaseCorruptError("This file does not belong to a till. Call the technician.")
    if version > newest:
        raise DatabaseTooNewError(
            f"The till's file was written by a newer version ({version}; this one knows {newest}). "
            "Nothing was changed. Call the technician."
        )
    return version


def _apply(connection: apsw.Connection, number: int, sql: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        if int(connection.pragma("user_version")) < number:  # the other program may have been faster
            connection.execute(sql)
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise MigrationError(_NOT_UPDATED)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        if isinstance(
            error, (apsw.SQLError, apsw.ConstraintError)
        ):  # the script does not fit; the disk is well
            raise MigrationError(_NOT_UPDATED) from error
        raise


def _keep_copy(connection: apsw.Connection, path: Path, number: int) -> None:
    target = path.with_name(f"{path.name}.before-{number:04d}")
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    connection.execute("VACUUM INTO ?", (str(part),))
    with part.open("rb") as file:
        os.fsync(file.fileno())
    part.replace(target)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
