"""``stick``: what a person wants who plugs a stick in, or who touched the key for help.

* A file ``support-please.txt`` on it: the support file is written onto it (``till support``), and the file is called
  ``support-done.txt`` from then on, so that the next start does not write another.
* A file that ends in ``.token``: the technician's way in (:mod:`appliance.card.way_in`).

What came of it stands in a file that the kiosk shows, and in the log that lasts. What is on a stick was written by
others: nothing but these names is looked at, links are not followed, and little is read.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from appliance.card.credentials import CommandError, Run, run_command
from appliance.card.disk import Disk
from appliance.card.places import Places
from appliance.card.records import keep_record
from appliance.card.token import TokenError
from appliance.card.way_in import WayIn

HELP: Final = "help"
"""What the kiosk leaves where somebody touched the key."""
DONE: Final = "support-done.txt"
_PLEASE: Final = re.compile(r"support-please(\.txt)*", re.IGNORECASE)
_TOKEN: Final = re.compile(r"[\w .-]{1,60}\.token(\.txt)?", re.IGNORECASE)
WAIT_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.2
_MOST: Final = 200
"""So many names at the top of a stick are looked at."""
PROMISE: Final = "It holds no name of a person, no sale, no key and no PIN."
NO_STICK: Final = "There is no stick in the till. Plug one in and touch the key again."
CLI: Final = (sys.executable, "-P", "-m", "appliance.cli")

log = logging.getLogger("appliance.card")


class Visit:
    """One look at the stick."""

    def __init__(
        self,
        places: Places,
        way_in: WayIn,
        run: Run = run_command,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_there: Callable[[Path], bool] = Path.is_mount,
    ) -> None:
        self._places, self._way_in, self._run, self._now = places, way_in, run, now
        self._is_there = is_there

    def look(self) -> None:
        """Do what is asked for, and say what came of it."""
        wish = self._places.wishes / HELP
        is_touched = wish.exists()
        wish.unlink(missing_ok=True)
        if not self._wait_for_stick(0 if is_touched else WAIT_SECONDS):
            if is_touched:
                self._say(NO_STICK, ok=False)
            return
        names = self._names()
        please = [name for name in names if _PLEASE.fullmatch(name)]
        if is_touched or please:
            self._support(please)
        for name in [name for name in names if _TOKEN.fullmatch(name)][:1]:
            self._let_in(self._places.stick / name)

    def _wait_for_stick(self, seconds: float) -> bool:
        """The unit starts together with the mount."""
        end = time.monotonic() + seconds
        while not (is_there := self._is_there(self._places.stick)) and time.monotonic() < end:
            time.sleep(_LOOK_SECONDS)
        return is_there

    def _names(self) -> list[str]:
        """What lies at the top of the stick, files alone."""
        found = []
        with os.scandir(self._places.stick) as entries:
            for count, entry in enumerate(entries):
                if count >= _MOST:
                    break
                if entry.is_file(follow_symlinks=False):
                    found.append(entry.name)
        return sorted(found)

    def _support(self, please: list[str]) -> None:
        name = f"gapless-support-{self._now():%Y%m%d-%H%M%S}.zip"
        made = self._places.run / name
        settings = ("--settings", str(self._places.settings))
        try:
            self._run([*CLI, *settings, "support", str(made)], b"", {})
            _put(self._places.stick / name, made.read_bytes())
            words = f"{name} is on the stick. Send it to who helps you. {PROMISE}"
            for each in please:
                (self._places.stick / each).unlink()
                _put(self._places.stick / DONE, f"{words}\r\n".encode(), is_new=False)
            _sync(self._places.stick)
        except (CommandError, OSError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else error
            self._say(f"The support file could not be written onto the stick ({reason}).", ok=False)
        else:
            self._say(words, ok=True)
        finally:
            made.unlink(missing_ok=True)

    def _let_in(self, path: Path) -> None:
        try:
            words = self._way_in.open(path)
        except TokenError as error:
            self._say(str(error), ok=False)
        except (CommandError, OSError) as error:
            self._say(f"The technician's token cannot be used ({error}).", ok=False)
        else:
            self._say(words, ok=True)

    def _say(self, words: str, *, ok: bool) -> None:
        """On the screen, and in the log that lasts."""
        (log.info if ok else log.warning)("%s", words)
        at = self._now().isoformat(timespec="milliseconds")
        keep_record(Disk(), self._places.help, {"at": at, "words": words, "ok": ok}, 0o644)


def _put(path: Path, content: bytes, *, is_new: bool = True) -> None:
    """Write a file of ours, never through a link."""
    if not is_new:
        path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o640)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def main(arguments: list[str]) -> int:
    """Look at the stick once."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    if arguments:
        sys.stderr.write("usage: python -m appliance.card stick\n")
        return 2
    places = Places()
    Visit(places, WayIn(places)).look()
    return 0
