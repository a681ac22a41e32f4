"""What can go wrong with the till's file. The text of each error is a sentence for the person at the till."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import apsw
from peewee import PeeweeException


class StorageError(Exception):
    """Base of everything that storage refuses or fails at."""


class SqliteTooOldError(StorageError):
    """The SQLite that is loaded can corrupt a file that two programs write (fixed in 3.51.3)."""


class DatabaseTooNewError(StorageError):
    """The file was written by a newer version of the till."""


class MigrationError(StorageError):
    """The file could not be brought up to date; it is as it was."""


class DatabaseCorruptError(StorageError):
    """The file is damaged, or is no file of a till."""


class DatabaseUnreadableError(StorageError):
    """The file or its folder cannot be opened."""


class ReadOnlyError(StorageError):
    """The card or the folder does not allow writing."""


class DiskFullError(StorageError):
    """There is no room left."""


class DiskFailedError(StorageError):
    """Reading or writing failed in the card itself."""


class DatabaseBusyError(StorageError):
    """The other program held the file for longer than anybody waits."""


class DurabilityError(StorageError):
    """The file does not keep what it is told: a setting that protects sales could not be switched on."""


class WrongThreadError(StorageError):
    """A connection was used from a thread that did not open it: a bug in the till."""


class RuleBrokenError(StorageError):
    """The file's own rules refused a row: a bug in the till. Nothing was written."""


class NoSealError(StorageError):
    """Something was to be written by a program that only reads: a bug in the till."""


class SaleExistsError(StorageError):
    """The sale was completed before; nothing was written twice."""


class NoSuchSaleError(StorageError):
    """The till has no such sale."""


class NoSuchMoveError(StorageError):
    """The till has no such move of stock."""


class NoSuchRefundError(StorageError):
    """The till has no such refund."""


class DraftUnreadableError(StorageError):
    """The sale in progress was written by another version, and cannot be taken up; ``body`` is its text."""

    def __init__(self, sentence: str, body: str) -> None:
        super().__init__(sentence)
        self.body = body


class IdentityError(StorageError):
    """The till has no identity yet, or has one already."""


class StaffError(StorageError):
    """The name is taken, or there is no such person."""


_SENTENCES: dict[int, tuple[type[StorageError], str]] = {
    apsw.SQLITE_FULL: (
        DiskFullError,
        "The till's memory card is full. Nothing was lost; call the technician.",
    ),
    apsw.SQLITE_READONLY: (ReadOnlyError, "The till cannot write to its memory card. Call the technician."),
    apsw.SQLITE_CORRUPT: (
        DatabaseCorruptError,
        "The till's file is damaged. Call the technician; do not switch off.",
    ),
    apsw.SQLITE_NOTADB: (
        DatabaseCorruptError,
        "The till's file is damaged. Call the technician; do not switch off.",
    ),
    apsw.SQLITE_IOERR: (
        DiskFailedError,
        "The till's memory card failed. Call the technician; do not switch off.",
    ),
    apsw.SQLITE_CANTOPEN: (DatabaseUnreadableError, "The till's file cannot be opened. Call the technician."),
    apsw.SQLITE_PERM: (DatabaseUnreadableError, "The till's file cannot be opened. Call the technician."),
    apsw.SQLITE_BUSY: (DatabaseBusyError, "The till is busy saving something else. Try again."),
    apsw.SQLITE_LOCKED: (DatabaseBusyError, "The till is busy saving something else. Try again."),
    apsw.SQLITE_CONSTRAINT: (
        RuleBrokenError,
        "The till refused to save this: a rule was broken. Nothing was saved.",
    ),
}


_OF_THE_DISK: Final = (apsw.SQLITE_IOERR, apsw.SQLITE_CANTOPEN, apsw.SQLITE_CORRUPT)


def translate(
    error: apsw.Error | UnicodeDecodeError, is_locked: Callable[[], bool] = lambda: False
) -> StorageError:
    """Turn SQLite's error into ours, by its result code; its own text stays in ``__notes__`` for the log.

    A text that is no UTF-8 was not written by the till: the card changed it, where SQLite itself does not look.

    Args:
        is_locked: whether the file system has locked itself (``durability``). All that SQLite meets then is EIO, which
            it calls a failed write, a file that does not open, or, on reading, a damaged one.
    """
    is_garbled = isinstance(error, UnicodeDecodeError)
    code = apsw.SQLITE_CORRUPT if is_garbled else getattr(error, "result", 0) & 0xFF
    if code in _OF_THE_DISK and is_locked():
        code = apsw.SQLITE_READONLY
    kind, sentence = _SENTENCES.get(code, (StorageError, "The till could not save or read something."))
    ours = kind(sentence)
    ours.add_note(f"{type(error).__name__}: {error}")
    return ours


@contextmanager
def translated(is_locked: Callable[[], bool]) -> Iterator[None]:
    """Within this block, what SQLite or peewee says becomes ours."""
    try:
        yield
    except (apsw.Error, PeeweeException) as error:
        cause = error if isinstance(error, apsw.Error) else error.__cause__ or error.__context__
        if not isinstance(cause, apsw.Error):
            raise StorageError(str(error)) from error
        raise translate(cause, is_locked) from error
