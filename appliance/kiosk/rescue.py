"""What the kiosk does when its file cannot be used: a page that says so, and the way on from the stick."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

from appliance.domain.staff import Person
from appliance.kiosk.panel import read_panel
from appliance.machine.computer import Computer
from appliance.machine.notify import ALIVE, Supervisor
from appliance.settings import Settings
from appliance.storage.backup import copies
from appliance.storage.binding import Bindings
from appliance.storage.database import Database
from appliance.storage.emergency import EmergencyError, file_in_use, folder_on, move_to_stick
from appliance.storage.errors import StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.replaying import catch_up
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import last_receipt
from appliance.till.trouble import Stick, Trouble, trouble_of
from appliance.ui.guard import UNWATCHED, Watcher
from appliance.ui.screens.trouble import TroubleKeys
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan

FOLD_TRIES: Final = 20
FOLD_WAIT_SECONDS: Final = 0.05
AGAIN: Final = 75
"""The window closes and the program begins anew, in the same process."""
_POWER_OFF: Final = ("systemctl", "poweroff")
_ASK_BY_FILE: Final = "GAPLESS_POWER_OFF"
"""Names a file that root looks for (till-off.path): on the card the kiosk itself may switch nothing off."""

log = logging.getLogger("appliance.kiosk")


class Rescue:
    """Looks at what is left and goes on from there."""

    def __init__(self, settings: Settings, computer: Computer, watcher: Watcher = UNWATCHED) -> None:
        self.settings, self.watcher = settings, watcher
        self._computer = computer
        self._told = ""
        self._error: StorageError | None = None

    def can_open(self) -> bool:
        """Whether the file can be used again."""
        try:
            self.open().close()
        except StorageError as error:
            self._error = error
            return False
        return True

    def look(self) -> Trouble | None:
        """What kept the file from being opened the last time, with the stick as it is now."""
        return self.words(self._error)

    def open(self) -> Database:
        """Open the file that the till is to work on.

        Raises:
            StorageError: it cannot be read, is no till's yet, or takes nothing new: a card that can only be read
                still opens.
        """
        place, key = self.settings.second.place, self._computer.public_key
        database = Database.open(
            file_in_use(self.settings.database, place, key), now=self._computer.clock.now
        )
        try:
            Identity(database).get()
            fold(database)
            write(database)
        except StorageError:
            with suppress(StorageError):
                database.close()
            raise
        return database

    def stick(self) -> Stick | None:
        """What the second medium holds, None if it is not there."""
        place = self.settings.second.place
        if place is None or not RealDisk().is_there(place, is_mount=self.settings.second.is_mount):
            return None
        folder = folder_on(place, self._computer.public_key)
        if folder is None:
            return None
        return Stick(last_receipt(RealDisk(), folder), can_sell=os.access(folder, os.W_OK))

    def words(self, error: StorageError | None) -> Trouble | None:
        """What a person must do about an error, None for nothing; logged once."""
        is_trouble = error is not None and trouble_of(error, None) is not None  # before the stick is read
        trouble = trouble_of(error, self.stick()) if error is not None and is_trouble else None
        if trouble is not None and trouble.title != self._told:
            log.error("%s: %s %s", trouble.title, error, getattr(error, "__notes__", ""))
        self._told = "" if trouble is None else trouble.title
        return trouble

    def go_to_stick(self, person: Person | None) -> None:
        """Make the till's books on the stick, under the next receipt series.

        Raises:
            StorageError: a sentence that says why it cannot be.
        """
        place, key = self.settings.second.place, self._computer.public_key
        folder = None if place is None else folder_on(place, key)
        if folder is None:
            raise EmergencyError("The stick is not plugged in.")
        who = (0, "") if person is None else (person.person_id, person.name)

        def go_on(copy: Path, lines: Path) -> None:
            catch_up(copy, lines)
            self._rename(copy, self._computer.with_journal_in(lines).hardware_id, who)

        file = move_to_stick(self.settings.database, self._copies(folder), folder, go_on)
        log.warning("The till goes on from the stick: %s", file)

    def _copies(self, folder: Path) -> list[Path]:
        """The backups, newest first: the card's, as far as it can be read, then the stick's own."""
        found: list[Path] = []
        for place in (self.settings.backups, folder / "backups"):
            with suppress(OSError):
                found += copies(place)
        return found

    def _rename(self, copy: Path, hardware: str, who: tuple[int, str]) -> None:
        """Give the copy the next receipt series before it is the till: a power cut leaves both or neither."""
        now = self._computer.clock.now
        with Database.open(copy, now=now) as database:
            journal = Journal(database, Identity(database).get(), seal=self._computer.seal)
            journal.introduce_key(now())
            Bindings(database).rebind(journal, hardware, now(), who, uuid.uuid4().hex)

    def keys(
        self,
        again: Callable[[], bool],
        stop: Callable[[int], None],
        person: Callable[[], Person | None],
        look: Callable[[], Trouble | None],
    ) -> TroubleKeys:
        """The keys of the page.

        Args:
            again: tries once more.
            stop: ends the window with an exit code.
            person: who is signed in.
            look: what is wrong now.
        """

        def on_stick() -> None:
            self.go_to_stick(person())
            stop(AGAIN)

        def off() -> None:
            if self.settings.screen.touch == "panel":
                power_off(os.environ)
            stop(0)

        return TroubleKeys(again, on_stick, off, (StorageError,), look)


def show_trouble(rescue: Rescue, trouble: Trouble, plan: WindowPlan, remote: Path | None) -> int:
    """The page alone, for a till that cannot even start; returns its exit code, :data:`AGAIN` to begin anew."""
    from appliance.ui.frame import Frame  # noqa: PLC0415  # opens the window, so not before configure
    from appliance.ui.screens.trouble import TroubleScreen  # noqa: PLC0415

    settings = rescue.settings
    frame = Frame(plan, settings.screen.theme, Sounds(settings.sound.volume), remote, rescue.watcher)

    def again() -> bool:
        if rescue.can_open():
            frame.stop(AGAIN)
            return True
        return False

    keys = rescue.keys(again, frame.stop, lambda: None, rescue.look)
    frame.offer({"trouble": lambda desk: TroubleScreen(desk, keys, trouble)})
    with ExitStack() as stack:
        return frame.run_from("trouble", lambda: read_panel(settings, frame.fingers, stack))


def power_off(environment: Mapping[str, str]) -> None:
    """Switch the machine off, or ask who may."""
    wish = environment.get(_ASK_BY_FILE)
    if wish:
        Path(wish).touch()
    else:
        subprocess.run(_POWER_OFF, check=False, timeout=30)


def begin_anew() -> None:
    """The same program with the same words, from its start; its watcher has the whole of its patience for that."""
    Supervisor.of(os.environ, os.getpid()).tell(ALIVE)
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def fold(database: Database) -> None:
    """Fold the log in before anything is written; the sync service may be reading, but never for long."""
    for _ in range(FOLD_TRIES):
        if database.checkpoint():
            return
        time.sleep(FOLD_WAIT_SECONDS)
    log.warning("The log could not be folded in at the start.")


def try_to_write(database: Database) -> bool:
    """Whether the file takes something again."""
    try:
        write(database)
    except StorageError:
        return False
    return True


def write(database: Database) -> None:
    """Write something that changes nothing.

    Raises:
        StorageError: the file does not take it.
    """
    with database.transaction() as connection:
        connection.execute("UPDATE draft SET body = body")
        connection.execute(
            "INSERT INTO shop_fact VALUES ('probe', '') ON CONFLICT DO UPDATE SET value = value || '.'"
        )
        connection.execute("DELETE FROM shop_fact WHERE name = 'probe'")
