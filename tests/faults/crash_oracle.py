"""Judges a crash state: puts its files down, opens them with the till's own code, and compares with what was promised.

A state's database is recovered by the till's own SQLite; only one whose files are byte for byte those of a state before
(another stick, another promise) is not recovered again. Each content that comes of it and was not met before is put
down again as the power cut left it and opened by the real ``Database.open``, and what the till then finds is read once:
the same bytes say the same. One in ``CHECKED`` of the others is opened by it all the same, and must be what was met:
reading the till's schema is two thirds of an opening, and most of the states of a moment come to the same content.
The long exploration takes that time and opens every one of them (``EVERY``).
The stick is opened by the real ``SecondMedium``, and each backup by the real ``Database.open``, each content once.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

import apsw

from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.stick_owner import Owner
from tests.faults.crash_disk import Files
from tests.faults.crash_lived import Promise, Recorded
from tests.faults.crash_stick import StickReader
from tests.faults.crash_till import FILE, OPENS_AT, WHO, Moments
from tests.faults.crash_world import World, broken_rules, differences, read_world

MOST_CONTENTS: Final = 4_000
CHECKED: Final = 16
EVERY: Final = 1
OWNER: Final = Owner(*WHO, Moments().seal.public_key.hex(), "Till 1")
_DATABASE: Final = (FILE, f"{FILE}-wal", f"{FILE}-journal")


@dataclass(frozen=True, slots=True)
class Content:
    """What a recovered file says.

    Attributes:
        number: its name among those met so far.
        world: what it says; None if it cannot be read.
        chain: the hashes of its journal.
        broken: rules that it breaks by itself.
    """

    number: int
    world: World | None
    chain: tuple[bytes, ...]
    broken: tuple[str, ...]


class Oracle:
    """Opens states in a folder of its own, one after another.

    Attributes:
        opened: how many the till's own code opened so far.
    """

    def __init__(
        self, folder: Path, now: Callable[[], datetime] = lambda: OPENS_AT, *, checked: int = CHECKED
    ) -> None:
        """Judge in this folder, which should be in memory.

        Args:
            folder: of the states.
            now: the till's clock.
            checked: of so many states whose content was met before, the till opens one all the same.
        """
        self._now, self._checked = now, checked
        self.opened = 0
        self._card, self._copy = folder / "card", folder / "copy"
        self._card.mkdir()
        self._copy.mkdir()
        self._sticks = StickReader(folder / "stick")
        self._there: dict[str, tuple[int, int]] = {}
        """What was put down under each name: the bytes' hash, and the time that the file bears while untouched."""
        self._numbers = itertools.count()
        self._contents: dict[int, Content] = {}
        self._recovered: dict[int, Content] = {}
        """What the till said of each content to which SQLite recovered a state."""
        self._again = itertools.count(1)
        self._opened: dict[frozenset[tuple[str, int]], Content] = {}
        self._judged: dict[tuple[int, int, int], list[str]] = {}
        self._copies: dict[int, Content] = {}

    def judge(self, files: Files, recorded: Recorded, number: int) -> list[str]:
        """What is wrong with a state under a promise of its day; nothing if it holds what was promised."""
        promise, content = recorded.promises[number], self.content(files)
        rest = frozenset((name, hash(data)) for name, data in files.items() if name not in _DATABASE)
        key = (content.number, promise.serial, hash(rest))
        if key not in self._judged:
            if len(self._judged) > 50_000:
                self._judged.clear()
            said = _findings(content, promise) + self._of_stick(files, content, promise)
            said += self._of_copies(files, recorded, promise)
            self._judged[key] = [f"{promise.step}: {each}" for each in said]
        return self._judged[key]

    def content(self, files: Files) -> Content:
        """Open a state with the till's own code and say what is in it."""
        ours = {name: files[name] for name in _DATABASE if name in files}
        key = frozenset((name, hash(data)) for name, data in ours.items())
        if key not in self._opened:
            if len(self._opened) > MOST_CONTENTS:
                self._opened.clear()
            self._opened[key] = self._open(ours)
        return self._opened[key]

    def _open(self, files: Mapping[str, bytes]) -> Content:
        """What the till says of these files, unless SQLite makes of them what the till was asked about before."""
        self._put(files)
        key = _recover(self._card / FILE)
        known = None if key is None else self._recovered.get(key)
        if known is not None and next(self._again) % self._checked:
            return known
        found = self._open_as_till(files)
        if known is not None and replace(found, number=known.number) != known:
            return replace(
                found, broken=(*found.broken, "the till opens it otherwise than another of this content")
            )
        if key is not None:
            if len(self._recovered) > MOST_CONTENTS:
                self._recovered.clear()
            self._recovered[key] = found
        return found

    def _open_as_till(self, files: Mapping[str, bytes]) -> Content:
        self._put(files)
        self.opened += 1
        try:
            with Database.open(self._card / FILE, now=self._now) as db, db.transaction() as connection:
                # Nothing more is to be written: the next state differs in a few bytes only.
                connection.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
                key = hash(connection.serialize("main"))
                if key not in self._contents:
                    if len(self._contents) > MOST_CONTENTS:
                        self._contents.clear()
                    self._contents[key] = self._read(db)
                return self._contents[key]
        except StorageError as error:
            return Content(-1, None, (), (f"the till does not open: {type(error).__name__}: {error}",))

    def _read(self, db: Database) -> Content:
        broken = tuple(broken_rules(db))
        chain = tuple(row[0] for row in db.rows("SELECT hash FROM journal ORDER BY seq"))
        return Content(next(self._numbers), read_world(db), chain, broken)

    def _of_stick(self, files: Files, content: Content, promise: Promise) -> list[str]:
        """A stick may hold more than was promised, never less; and on an honest card nothing that the card has not."""
        found = self._sticks.hashes(files, OWNER)
        if isinstance(found, str):
            return [found]
        if len(found) < promise.stick:
            return [f"the stick holds {len(found)} entries; paper was let out for {promise.stick}"]
        if found != content.chain[: len(found)]:
            return ["the stick has what the card has not"]
        return []

    def _of_copies(self, files: Files, recorded: Recorded, promise: Promise) -> list[str]:
        said = [f"backup {name} is lost" for name in promise.copies if name not in files]
        for name, world in recorded.copies.items():
            if name in files:
                content = self._of_copy(files[name])
                if content.broken or content.world != world:
                    said.append(f"backup {name} is not what was backed up: {content.broken[:2]}")
        return said

    def _of_copy(self, data: bytes) -> Content:
        key = hash(data)
        if key not in self._copies:
            if len(self._copies) > MOST_CONTENTS:
                self._copies.clear()
            for path in self._copy.iterdir():
                path.unlink()
            (self._copy / FILE).write_bytes(data)
            try:
                with Database.open(self._copy / FILE, now=self._now) as db:
                    self._copies[key] = self._read(db)
            except StorageError as error:
                self._copies[key] = Content(-1, None, (), (str(error),))
        return self._copies[key]

    def _put(self, files: Mapping[str, bytes]) -> None:
        """Write what is not there yet. The index of the write-ahead log is never there after a power cut."""
        for path in self._card.iterdir():
            if path.name not in files:
                path.unlink()
                self._there.pop(path.name, None)
        for name, data in files.items():
            path, key = self._card / name, hash(data)
            if self._there.get(name) == (key, _touched(path)):
                continue
            with path.open("wb", buffering=0) as file:
                file.write(data)
            os.utime(path, ns=(0, 0))
            self._there[name] = (key, 0)

    def close(self) -> None:
        """Take the folders away."""
        shutil.rmtree(self._card.parent, ignore_errors=True)


def _recover(path: Path) -> int | None:
    """What SQLite recovers a file to, as a hash of its bytes; None if it cannot. The log stays as it is."""
    try:
        with contextlib.closing(apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)) as file:
            file.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
            with contextlib.closing(apsw.Connection("recovered", vfs="memdb")) as memory:
                with memory.backup("main", file, "main") as backup:  # a copy of its pages reads no schema
                    backup.step()
                return hash(memory.serialize("main"))
    except apsw.Error:
        return None


def _touched(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return -1


def _findings(content: Content, promise: Promise) -> list[str]:
    said = list(content.broken)
    if content.world is not None and content.world not in promise.allowed:
        wrong = [differences(content.world, each) for each in reversed(promise.allowed)]
        nearest = min(wrong, key=len)
        said += nearest
    return said
