"""One service for a till, on the file that the till uses now."""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from appliance.settings import Settings
from appliance.storage.database import Database
from appliance.storage.emergency import folder_on
from appliance.storage.replaying import head_of
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import look

ASKED_EVERY_SECONDS: Final = 0.5
WAITS: Final = 600
"""So often the kiosk is waited for: five minutes."""

log = logging.getLogger("appliance.syncd")


class AlreadyRunningError(Exception):
    """Another sync service holds this till's lock. Two uploaders of one till would tell a sale twice."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the till's upload lock; the kernel drops it when the program ends, however it ends.

    Raises:
        AlreadyRunningError: another sync service of this till runs.
    """
    lock = os.open(
        folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    )  # the folder itself: a full card has it too
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(f"Another sync service already works on {folder}.") from None
        yield
    finally:
        os.close(lock)


def let_the_kiosk_join(
    settings: Settings, public_key: str, database: Database, ended: threading.Event
) -> None:
    """Wait while the stick holds entries that the card has lost.

    The kiosk brings them back; an entry that this service wrote before would take their place. A kiosk that does not
    for so long cannot: then the sales that are here must not wait for it.
    """
    place, disk, waits = settings.second.place, RealDisk(), 0
    if place is None or not disk.is_there(place, is_mount=settings.second.is_mount):
        return
    while (folder := folder_on(place, public_key)) is not None and waits < WAITS and not ended.is_set():
        link, ours = look(disk, folder), head_of(database).seq
        if link is None or link.seq <= ours:
            return
        if not waits:
            log.warning("The stick is %s entries ahead of the card; waiting for the kiosk.", link.seq - ours)
        waits += 1
        ended.wait(ASKED_EVERY_SECONDS)


class Stop(threading.Event):
    """An event that the service's loop rests on; each time it does, who watches it hears that the loop turns.

    Args:
        alive: called by the thread that rests, before it rests.
    """

    def __init__(self, alive: Callable[[], object]) -> None:
        super().__init__()
        self.alive = alive

    def wait(self, timeout: float | None = None) -> bool:
        """Rest until it is set, or the time (seconds) is over; True if it is set."""
        self.alive()
        return super().wait(timeout)


@contextmanager
def ended_when(
    is_over: Callable[[], bool], ended: threading.Event | None = None
) -> Iterator[threading.Event]:
    """An event that is set once something is so; asked twice a second, on a thread of its own.

    Args:
        is_over: what is asked.
        ended: the event itself, a new one if there is none.
    """
    ended, left = ended or threading.Event(), threading.Event()

    def watch() -> None:
        try:
            while not left.wait(ASKED_EVERY_SECONDS) and not is_over():
                pass
        finally:
            ended.set()  # who cannot tell any more must not leave the others at work for ever

    watcher = threading.Thread(target=watch, name="file in use", daemon=True)
    watcher.start()
    try:
        yield ended
    finally:
        left.set()
        watcher.join()
