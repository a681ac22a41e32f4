"""Going back to an older version of the till, after a newer one that was tried has brought the file up to date.

The newer one left a copy of the file as it was before (``migrating``: ``till.db.before-0005``). The older one takes
that copy, adds every journal entry that was written since, as a restore would (``replaying``: each one's hash, link
and rows are checked), and only if the journal then ends exactly where it ended does the copy become the till's file.
So no sale can be lost: either all of the journal comes along, or nothing is changed. The newer file stays beside it,
``till.db.newer-0005``. Whatever the shop was told meanwhile it is asked about again, since the copy does not know
(``inheriting``). The sale in progress comes along too, if this version can read it; else it is scanned again.

Nobody else may have the file open: the card does this before kiosk and sync service start. The power may go at any
step: until the last one the newer file is the till's.
"""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.backup_files import sync_folder
from appliance.storage.chain import ENTRIES, SALE, Entry, Link
from appliance.storage.codec import draft_from_text
from appliance.storage.condition import look, looking
from appliance.storage.database import Database, fetched
from appliance.storage.drafts import Drafts
from appliance.storage.errors import DatabaseBusyError, StorageError, translate
from appliance.storage.migrating import MIGRATIONS, migrations
from appliance.storage.outbox import Outbox
from appliance.storage.replaying import head_of, replay

PART: Final = ".going-back"
_LOG_FILES: Final = ("-wal", "-shm")

log = logging.getLogger(__name__)


class GoingBackError(StorageError):
    """The file stays as the newer version left it. The text says why."""


@dataclass(frozen=True, slots=True)
class Newer:
    """A file that a newer version has brought up to date.

    Attributes:
        version: its schema's.
        copy: the file as it was before, None if there is none that this version knows.
        sales, entries: written to the journal since that copy; -1 where that cannot be said.
    """

    version: int
    copy: Path | None
    sales: int
    entries: int


def newer(path: Path, folder: Path = MIGRATIONS) -> Newer | None:
    """What a newer version has made of the file; None if this version can use it as it is, or if there is none.

    Raises:
        StorageError: it cannot be read.
    """
    if not path.exists():
        return None
    with looking(path) as connection:
        version = int(connection.pragma("user_version"))
    newest = max(migrations(folder))
    if version <= newest:
        return None
    copy = _copy_for(path, newest)
    if copy is None:
        return Newer(version, None, -1, -1)
    try:
        since = _entries_after(path, look(copy).end)
    except StorageError:  # its journal is none that this version can read
        return Newer(version, copy, -1, -1)
    return Newer(version, copy, sum(entry.kind == SALE for entry in since), len(since))


def go_back(
    path: Path,
    now: Callable[[], datetime],
    folder: Path = MIGRATIONS,
    step: Callable[[str], object] = lambda _name: None,
) -> Link:
    """Put the copy in the place of the newer file, with all of its journal; return where the journal ends.

    Args:
        path: the till's file; nobody has it open.
        now: the clock.
        folder: the migrations that this version knows.
        step: told before each step; a test stops there, as a power cut would.

    Raises:
        GoingBackError: there is no copy, or the journal does not come along whole.
        StorageError: the disk refused; the till's file is still the newer one.
    """
    found = newer(path, folder)
    if found is None or found.copy is None:
        raise GoingBackError("There is no copy of the till's file from before the update.")
    part = path.with_name(path.name + PART)
    step("close")
    _be_alone(path)
    step("build")
    _clear(part)
    shutil.copyfile(found.copy, part)
    end = _bring_along(path, part, now, folder)
    _give_to_owner_of(path, part)
    step("keep")
    _keep_newer(path, found.version)
    step("put back")
    for name in _LOG_FILES:
        path.with_name(path.name + name).unlink(missing_ok=True)
    part.replace(path)
    step("sync")
    sync_folder(path.parent)
    return end


def _bring_along(path: Path, part: Path, now: Callable[[], datetime], folder: Path) -> Link:
    """Add to the copy what the journal holds since, and see that it ends where the newer file's does."""
    with Database.open(part, now=now, folder=folder) as db:
        replay(db, _entries_after(path, head_of(db)))
        Outbox(db).inherit_all()
        _bring_draft(path, Drafts(db))
        end = head_of(db)
        if end != look(path, folder).end:
            raise GoingBackError("The journal could not be taken along whole, so the till's file stays.")
        db.check()
        db.checkpoint()
    _clear(part, _LOG_FILES)
    with part.open("rb") as file:
        os.fsync(file.fileno())
    return end


def _bring_draft(path: Path, drafts: Drafts) -> None:
    """The copy's own may be paid meanwhile; it gives way in any case."""
    drafts.drop()
    with looking(path) as connection:
        try:
            for (body,) in fetched(connection.execute("SELECT body FROM draft")):
                drafts.keep(*draft_from_text(body))
        except (apsw.SQLError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("The sale in progress is the newer version's, and stays behind: %s", error)


def _copy_for(path: Path, newest: int) -> Path | None:
    """The copy that holds most of the journal, of those that this version can read."""
    found = []
    for copy in path.parent.glob(f"{path.name}.before-[0-9][0-9][0-9][0-9]"):
        try:
            condition = look(copy)
        except StorageError:
            continue
        if condition.version <= newest:
            found.append((condition.end.seq, copy))
    return max(found)[1] if found else None


def _entries_after(path: Path, end: Link) -> list[Entry]:
    with looking(path) as connection:
        rows = fetched(connection.execute(f"{ENTRIES} WHERE seq > ? ORDER BY seq", (end.seq,)))
    return [Entry(*row) for row in rows]


def _be_alone(path: Path) -> None:
    """Only who is alone can leave the write-ahead log; then all is in the one file, and nothing lies beside it."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            connection.set_busy_timeout(5_000)
            mode = connection.pragma("journal_mode", "delete")
        finally:
            connection.close()
    except apsw.BusyError as error:
        raise DatabaseBusyError("The till is still running. Stop it first.") from error
    except apsw.Error as error:
        raise translate(error) from error
    if mode != "delete":
        raise DatabaseBusyError("The till is still running. Stop it first.")


def _keep_newer(path: Path, version: int) -> None:
    """The newer file keeps a second name, by which it stays when the first is given to the copy."""
    kept = path.with_name(f"{path.name}.newer-{version:04d}")
    kept.unlink(missing_ok=True)
    os.link(path, kept)
    sync_folder(path.parent)


def _give_to_owner_of(path: Path, part: Path) -> None:
    like = path.stat()
    part.chmod(like.st_mode & 0o7777)
    if os.geteuid() == 0:
        os.chown(part, like.st_uid, like.st_gid)


def _clear(part: Path, names: tuple[str, ...] = ("", *_LOG_FILES)) -> None:
    for name in names:
        part.with_name(part.name + name).unlink(missing_ok=True)
