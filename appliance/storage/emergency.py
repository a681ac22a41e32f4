"""The whole till on the stick, for when its card fails: a copy of its file, that both programs then use.

The copy is taken from the card as long as that can be read, else from the newest copy that was kept, brought up to
date from the journal's lines on the stick. Once ``emergency.db`` is there, it is the till: the card's file has stopped,
also when the card works again, until a technician has brought the books back to a card (``till restore``). Otherwise
two files would go on from the same sales.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.lasting import rename, sync_path
from appliance.storage.stick_lines import JOURNAL_FILE

EMERGENCY_FILE: Final = "emergency.db"
_STOPPED: Final = ".on-stick"
"""Ends the name of an empty file beside the card's: the till went on from the stick, and needs it."""
_OWNER_FILE: Final = "till.json"
_READABLE: Final = ("mode=ro", "immutable=1")
"""How a card's file is read: as it is; and, where nothing at all can be written beside it, without its log."""

CatchUp = Callable[[Path, Path], None]
"""Brings a copy (first) up to date from the lines in a till's folder on the stick (second), before it is the till."""


class StickNeededError(StorageError):
    """The till went on from the stick, which is not plugged in; the card's books have stopped."""


class EmergencyError(StorageError):
    """The till cannot go on from the stick. The text is a sentence for the person at the till."""


def folder_on(stick: Path, public_key: str) -> Path | None:
    """This till's folder on a stick, by the key that it signs with; None if there is none.

    A till that moved has one for each id that it had: then it is the one that it went on in, else the longest journal.
    """
    with suppress(OSError):  # a stick that fails is as good as none
        return max(_folders_of(stick, public_key), key=_how_far, default=None)
    return None


def _folders_of(stick: Path, public_key: str) -> list[Path]:
    found: list[Path] = []
    for owner in sorted(stick.glob(f"gapless-*/{_OWNER_FILE}")):
        with suppress(OSError, ValueError, TypeError, KeyError):
            if json.loads(owner.read_bytes())["public_key"] == public_key:
                found.append(owner.parent)
    return found


def _how_far(folder: Path) -> tuple[bool, int]:
    journal = folder / JOURNAL_FILE
    return (folder / EMERGENCY_FILE).is_file(), journal.stat().st_size if journal.is_file() else 0


def file_in_use(card: Path, stick: Path | None, public_key: str) -> Path:
    """The file that the till's programs work on: the card's, unless the till went on from the stick.

    Raises:
        StickNeededError: it did, and the stick is not there. Two files must not go on from the same sales.
    """
    file = _on_stick(stick, public_key)
    if file is not None:
        _stop(card)
        return file
    if os.path.exists(_stopped(card)):  # noqa: PTH110 - of a card that fails, Path.exists raises
        raise StickNeededError("The till went on from the stick. Plug it in again.")
    return card


def _on_stick(stick: Path | None, public_key: str) -> Path | None:
    """The file that the till went on in; a stick that cannot be read is as good as none."""
    with suppress(OSError):
        folder = None if stick is None else folder_on(stick, public_key)
        if folder is not None and (folder / EMERGENCY_FILE).is_file():
            return folder / EMERGENCY_FILE
    return None


def move_to_stick(card: Path, backups: Iterable[Path], folder: Path, catch_up: CatchUp) -> Path:
    """Make the till's copy on the stick, whole or not at all.

    Args:
        card: the file on the card.
        backups: copies that were kept, newest first.
        folder: the till's folder on the stick.
        catch_up: see :data:`CatchUp`.

    Returns:
        The file to work on from now on.

    Raises:
        EmergencyError: nothing that can be read is left, or the stick does not take it.
    """
    target = folder / EMERGENCY_FILE
    if target.is_file():
        return target
    part = folder / f"{EMERGENCY_FILE}.part"
    try:
        for make in (_from_card(card), *map(_from_backup, backups)):
            _clear(part)
            if make(part) and _is_sound(part):
                break
        else:
            raise EmergencyError("Neither the card nor a copy of it can be read. Call the technician.")
        catch_up(part, folder)
        sync_path(part)
        _clear(target)  # a log of books that were here before would be read into these
        rename(part, target)
        sync_path(folder)
        _stop(card)  # at once: pulled out now, the stick must not leave a card that sells on beside it
    except OSError as error:
        raise EmergencyError(f"The stick does not take the till's books ({error.strerror}).") from error
    return target


def _clear(file: Path) -> None:
    """Take away what an earlier try left, the log too: it would be read into the next file of that name."""
    for ending in ("", "-wal", "-shm"):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def _stopped(card: Path) -> Path:
    return card.with_name(card.name + _STOPPED)


def take_over(card: Path) -> None:
    """The card's books go on: a technician has brought them back (``till restore``)."""
    _stopped(card).unlink(missing_ok=True)
    sync_path(card.parent)


def _stop(card: Path) -> None:
    """Note on the card that its books have stopped, as far as it still takes a note; after the stick has them."""
    with suppress(OSError):
        if not _stopped(card).exists():
            _stopped(card).touch()
            sync_path(card.parent)


def _from_card(card: Path) -> Callable[[Path], bool]:
    def make(part: Path) -> bool:
        if not card.is_file():
            return False
        for how in _READABLE:
            part.unlink(missing_ok=True)
            with suppress(apsw.Error):
                flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
                connection = apsw.Connection(f"{card.absolute().as_uri()}?{how}", flags=flags)
                try:
                    connection.execute("VACUUM INTO ?", (str(part),))
                finally:
                    connection.close()
                return True
        return False

    return make


def _from_backup(backup: Path) -> Callable[[Path], bool]:
    def make(part: Path) -> bool:
        try:
            shutil.copyfile(backup, part)
        except OSError:
            return False
        return True

    return make


def _is_sound(part: Path) -> bool:
    """Whether the till would go on in it: its check at the start reads every entry too, and must not end here again."""
    try:
        with Database.open(part, now=lambda: datetime.now(UTC)) as db:
            is_whole = db.rows("PRAGMA integrity_check") == [("ok",)]
            return is_whole and Journal(db, Identity(db).get()).verify() is None
    except StorageError:
        return False


def first_hash(file: Path) -> bytes | None:
    """The hash of a journal's first entry, the same for one till for ever; None if the file cannot be read."""
    with suppress(apsw.Error):
        connection = apsw.Connection(str(file), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            rows = connection.execute("SELECT hash FROM journal WHERE seq = 1").fetchall()
        finally:
            connection.close()
        found = rows[0][0] if rows else None
        return found if isinstance(found, bytes) else None
    return None
