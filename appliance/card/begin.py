"""``begin``: the answer to the question on a new card's screen, carried out by the till's own user.

Either this is a new till, and nothing is done here; or it goes on for another, and its journal is made anew from the
stick (``storage.restoring``): every entry is checked, and the till's file is there whole or not at all. The stick is
mounted read-only for this program (till-begin.service). The wish comes from the kiosk, and so does the patience: how
far it is stands in a file that the page reads.

A power cut leaves a card without books, or with unused ones, and the question is asked again.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from appliance.card.places import Places
from appliance.machine.keyring import Keyring, KeyringError
from appliance.machine.signatures import is_signed_by
from appliance.settings import Settings, SettingsError, load
from appliance.storage.emergency import EMERGENCY_FILE
from appliance.storage.errors import StorageError
from appliance.storage.restoring import Restore, RestoreError, Source, put_away, sources_in
from appliance.storage.stick_errors import stick_error

WISH: Final = "begin"
NEW: Final = "new"
FROM_STICK: Final = "stick"
_COPY: Final = ".from-stick"
_MOST_BYTES: Final = 4096
_SAY_SECONDS: Final = 0.3
_LOG_FILES: Final = ("", "-wal")

log = logging.getLogger("appliance.card")


class Beginning:
    """One wish, carried out."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._said_at = 0.0

    def run(self) -> bool:
        """Do as was wished; False if it did not work, and the page says why."""
        wish = self._take_wish()
        try:
            settings = load(self._places.settings)
            if wish.get(NEW) is True:
                self._say(done=NEW)
            else:
                self._from_stick(settings, str(wish.get("till", "")))
        except OSError as error:
            return self._failed(str(stick_error(error)))
        except (StorageError, SettingsError, KeyringError) as error:
            return self._failed(str(error))
        return True

    def put_away(self) -> None:
        """Give the books that the dead till sold from on the stick itself another name; for one who may write there."""
        folder = _read(self._places.begun).get("folder")
        books = None if folder is None else self._places.stick / Path(str(folder)).name / EMERGENCY_FILE
        if books is not None and books.is_file():
            put_away(books)

    def _take_wish(self) -> dict[str, Any]:
        """Read it and take it away, so that it is carried out once."""
        path = self._places.wishes / WISH
        wish = _read(path)
        path.unlink(missing_ok=True)
        return wish

    def _from_stick(self, settings: Settings, till: str) -> None:
        source = self._chosen(settings, till)
        log.info(
            "Begins from the stick: %s, receipts %s, %s",
            source.owner.name,
            source.owner.series,
            source.folder.name,
        )
        copy = settings.till.data / _COPY
        try:
            with Restore(settings.database, _now) as restore:
                replayed = restore.build(_readable(source, copy), is_signed_by, self._progress)
                if not settings.till.keys_file.exists():
                    Keyring.make(settings.till.keys_file)
                self._say(
                    done=FROM_STICK,
                    entries=replayed.entries,
                    folder=source.folder.name,
                    name=source.owner.name,
                )
                restore.finish()
        finally:
            shutil.rmtree(copy, ignore_errors=True)
        log.info("%d entries and %d sales came back, each checked.", replayed.entries, replayed.sales)

    def _chosen(self, settings: Settings, till: str) -> Source:
        found = [each for each in sources_in(self._places.stick) if each.owner.till_id == till]
        if not found:
            raise RestoreError("The stick that was shown is not plugged in any more.")
        source = found[0]
        if source.owner.currency != settings.money.currency:
            words = f"{source.owner.name} takes {source.owner.currency}, till.toml says {settings.money.currency}."
            raise RestoreError(f"{words} Write the same currency there.")
        return source

    def _progress(self, entries: int) -> None:
        if time.monotonic() - self._said_at > _SAY_SECONDS:
            self._said_at = time.monotonic()
            self._say(entries=entries)

    def _failed(self, words: str) -> bool:
        log.warning("It did not begin from the stick: %s", words)
        self._say(failed=words)
        return False

    def _say(self, **what: object) -> None:
        """For the page, and for root; it need not outlive a power cut."""
        path = self._places.begun
        new = path.with_name(path.name + ".new")
        new.write_text(json.dumps(what), "utf-8")
        new.replace(path)


def _readable(source: Source, copy: Path) -> Source:
    """Where the dead till sold from the stick itself, its books are opened as a copy: SQLite writes beside a file."""
    if source.emergency is None:
        return source
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir(0o700)
    for ending in _LOG_FILES:
        file = source.folder / f"{EMERGENCY_FILE}{ending}"
        if file.is_file():
            shutil.copyfile(file, copy / file.name)
    return replace(source, folder=copy)


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _now() -> datetime:
    return datetime.now(UTC)


def main(arguments: list[str]) -> int:
    """Carry out what was wished; 1 if it did not work."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    parser = argparse.ArgumentParser(prog="python -m appliance.card begin")
    parser.add_argument("what", nargs="?", choices=("put-away",), help="after it: tidy the stick up")
    parser.add_argument("--root", type=Path, default=Path("/"), help="where the card's folders are: tests")
    asked = parser.parse_args(arguments)
    beginning = Beginning(Places(asked.root))
    if asked.what:
        beginning.put_away()
        return 0
    return 0 if beginning.run() else 1
