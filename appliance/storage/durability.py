"""The settings that keep what was saved, as measured by pulling the plug at every write of a day.

WAL with synchronous FULL lost nothing in 5,503 crash states and is the cheapest mode that does not; NORMAL lost
acknowledged sales in 2,980 of them, and a rollback journal with FULL lost some as well.
"""

from __future__ import annotations

import errno
import os
import select
from contextlib import suppress
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.errors import DurabilityError, SqliteTooOldError

BUSY_TIMEOUT_SECONDS: Final = 5
LOOK_SECONDS, LATER_LOOK_SECONDS = 0.00025, 0.001
EARLY_LOOKS: Final = 400
OLDEST_SQLITE: Final = (3, 51, 3)
"""Below 3.51.3 two programs that write one WAL file can corrupt it (WAL-reset bug, found in March 2026)."""

PRAGMAS: Final = (
    ("page_size", 2048),  # a sale writes 42 kB; with 4096 it writes 70 kB and takes a quarter longer
    ("journal_mode", "wal"),
    ("synchronous", "full"),
    ("foreign_keys", 1),
    ("recursive_triggers", 1),  # or INSERT OR REPLACE would pass by the triggers that forbid deleting
    ("trusted_schema", 0),
    ("cell_size_check", 1),
    ("temp_store", "memory"),
    ("mmap_size", 0),
    ("cache_size", -8_000),
    ("journal_size_limit", 8 * 1024 * 1024),
    ("wal_autocheckpoint", 1_000),
)
_VERIFIED: Final = (
    ("journal_mode", "wal"),
    ("synchronous", 2),
    ("foreign_keys", 1),
    ("recursive_triggers", 1),
)


def is_locked(folder: Path) -> bool:
    """Whether the file system below has locked itself after an error, found out by a file without a name.

    Nothing less tells: ext4 with ``errors=remount-ro`` stays "rw" for who asks, since Linux 6.12, and answers each
    call with EIO (6.12) or EROFS (6.18, measured). It is well again once it was checked, at the next start.
    """
    try:
        os.close(os.open(folder, os.O_TMPFILE | os.O_WRONLY, 0o600))
    except OSError as error:
        return error.errno in (errno.EIO, errno.EROFS)
    return False


def sqlite_version() -> str:
    """The SQLite that this till brings, such as "3.54.1"."""
    return apsw.sqlite_lib_version()


def check_sqlite(version: str) -> None:
    """Refuse a SQLite that can corrupt the file.

    Raises:
        SqliteTooOldError: it is older than 3.51.3.
    """
    if tuple(int(part) for part in version.split(".")) < OLDEST_SQLITE:
        raise SqliteTooOldError(f"SQLite {version} is too old for this till. Call the technician.")


def steady_plans(connection: apsw.Connection) -> None:
    """Plan each statement once, whatever values it is run with.

    Otherwise SQLite plans a statement again when a value is bound that its plan looked at: measured, finding the
    next receipt number then costs 41 microseconds and not 4.
    """
    connection.config(apsw.SQLITE_DBCONFIG_ENABLE_QPSG, 1)


def wait_for_lock(tries: int) -> bool:
    """Wait a quarter of a millisecond for the other program's transaction, later a whole one, for about five seconds.

    SQLite's own waiting doubles up to 100 ms: a sale then sleeps through the short pauses that the sync service
    makes for it. Measured while a catalogue is applied, that cost 236 ms in one sale of a hundred.
    """
    # Not time.sleep: that waits until a moment of a clock, which refuses when the clock is turned meanwhile (met with
    # libfaketime); this waits for a time.
    select.select((), (), (), LOOK_SECONDS if tries < EARLY_LOOKS else LATER_LOOK_SECONDS)
    return tries < EARLY_LOOKS + BUSY_TIMEOUT_SECONDS / LATER_LOOK_SECONDS


def verify_durability(connection: apsw.Connection) -> None:
    """Ask the connection whether it does keep what it is told: settings of SQLite fail silently.

    Raises:
        DurabilityError: a setting that protects sales is not on.
    """
    for name, wanted in _VERIFIED:
        found = connection.pragma(name)
        if found != wanted:
            raise DurabilityError(
                f"The till's file cannot be written safely ({name} is {found}, not {wanted}). "
                "Call the technician."
            )


def make_file(path: Path) -> None:
    """Make the file if it is missing, so that its group may write it where the program's umask says so.

    SQLite makes files that only their owner may write; the kiosk and the sync service are two users of one group. A
    file that is there is not even opened: closing it would give up the locks of all other connections of this process.
    """
    if str(path) == ":memory:":  # SQLite's name for no file: it is refused later
        return
    with suppress(OSError):  # it is there; or SQLite will say what is wrong
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666))
