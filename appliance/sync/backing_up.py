"""Backups without anybody asking: after each Z report, and every night.

A thread of its own with its own connection: a till that is switched off right after its Z report has no time to wait
for a slow shop, and an upload none to wait for a backup. Whether one is due costs one question to the file, and is
asked only after somebody wrote, or now and then.
"""

from __future__ import annotations

import json
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from appliance.domain.witness import ClockTrust, Witness
from appliance.storage.backup import BackupError, Backups, Made
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.instants import to_instant, to_text

FACT: Final = "backup"
"""The name of the shop fact that holds :class:`LastBackup` as JSON."""

LOOK_SECONDS: Final = 0.5
LOOK_ANYWAY_MS: Final = 60_000
FAILED_SECONDS: Final = 60.0
STOP_SECONDS: Final = 10.0
BEHIND: Final = 10
"""How far a backup stands behind the till's other work when both want the processor ("nice")."""

AGAIN_MS: Final = 30 * 60_000
"""When a backup that failed is tried again, unless another Z report is made before."""

DAY_MS: Final = 24 * 60 * 60_000
SETTLED_MS: Final = 60 * 60_000
"""A till without a clock that has run so long since it was switched on makes its daily backup."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LastBackup:
    """What came of the last one.

    Attributes:
        at: when (UTC, as text); boot, uptime_ms: the same without a clock.
        seq: the newest entry that the till had then; of the backup itself, if it is a good one.
        ok: it passed its test.
        file: its path, "" if there is none.
        words: what to tell a person.
    """

    at: str
    seq: int
    ok: bool
    file: str
    words: str
    boot: str
    uptime_ms: int


class BackingUp:
    """Makes the backups of one till, when they are due."""

    def __init__(
        self,
        database: Database,
        backups: Backups,
        second: Callable[[], Backups | None],
        witness: Callable[[], Witness],
        local: Callable[[datetime], datetime],
        hour: int,
    ) -> None:
        """Use a connection of the calling thread.

        Args:
            database: the connection; its clock is the wall clock.
            backups: the folder on the card.
            second: the folder on the second medium, None while it is not there.
            witness: how long the machine has run, and whether the clock can be trusted.
            local: an instant in the shop's time zone.
            hour: of the nightly backup, on the shop's clock.
        """
        self._db = database
        self._facts = ShopFacts(database)
        self._backups = backups
        self._second = second
        self._witness = witness
        self._local = local
        self._hour = hour
        self._seen: tuple[int, int] | None = None

    def look(self) -> LastBackup | None:
        """Make a backup if one is due; costs 10 microseconds while nothing happens."""
        witness = self._witness()
        seen = (self._db.version(), witness.uptime_ms // LOOK_ANYWAY_MS)
        if seen == self._seen:
            return None
        self._seen = seen
        return self.make() if self.is_due(witness) else None

    def is_due(self, witness: Witness) -> bool:
        """Whether one is due: a Z report is not in the last one, or the night has come."""
        head, z = self._db.rows(
            "SELECT coalesce(max(seq), 0) FROM journal UNION ALL SELECT coalesce(max(seq), 0) FROM z_report"
        )
        last = self.last()
        if last is None:
            return int(head[0]) > 0
        if int(z[0]) > last.seq:
            return True
        if not last.ok:
            return last.boot != witness.boot_id or witness.uptime_ms - last.uptime_ms >= AGAIN_MS
        return int(head[0]) > last.seq and self._is_night(last, witness)

    def last(self) -> LastBackup | None:
        """What came of the last one, None if there was none."""
        text = self._facts.get(FACT)
        return None if text is None else LastBackup(**json.loads(text))

    def make(self) -> LastBackup:
        """Make a backup now, copy it to the second medium, and note what came of it."""
        at, witness = self._db.now(), self._witness()
        (head,) = self._db.rows("SELECT coalesce(max(seq), 0) FROM journal")[0]
        fields: dict[str, Any] = {"at": to_text(at), "boot": witness.boot_id, "uptime_ms": witness.uptime_ms}
        try:
            made = self._backups.make(self._db)
        except StorageError as error:
            log.error("%s", error)
            last = LastBackup(seq=head, ok=False, file="", words=str(error), **fields)
        else:
            words = self._words(made)
            last = LastBackup(
                seq=made.file.seq, ok=not made.problem, file=str(made.file.path), words=words, **fields
            )
            (log.error if made.problem else log.info)("%s", words)
        self._facts.set(FACT, json.dumps(asdict(last)))
        return last

    def _words(self, made: Made) -> str:
        if made.problem:
            return f"The backup failed its test: {made.problem}. It is kept as {made.file.path.name}."
        words = f"Backup {made.file.path.name} was made and tested."
        try:
            second = self._second()
            if second is not None:
                copy: Path = second.take_copy(made.file)
                words += f" A copy is in {copy.parent}."
        except (BackupError, OSError) as error:  # asking a failing stick for its folders may fail as well
            words += f" It could not be copied: {error}"
        return words

    def _is_night(self, last: LastBackup, witness: Witness) -> bool:
        if witness.trust is not ClockTrust.SYNCED:
            same = last.boot == witness.boot_id
            return witness.uptime_ms >= (last.uptime_ms + DAY_MS if same else SETTLED_MS)
        now = self._db.now()
        here = self._local(now)
        night = here.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        if night > here:
            night -= timedelta(days=1)
        made_at = to_instant(last.at)
        return made_at < night or made_at > now + timedelta(hours=1)


@contextmanager
def beside(
    open_database: Callable[[], Database],
    build: Callable[[Database], BackingUp],
    look_seconds: float = LOOK_SECONDS,
) -> Iterator[None]:
    """Make backups on a thread of its own while the block runs."""
    stop = threading.Event()
    keeper = threading.Thread(
        target=_run, args=(open_database, build, look_seconds, stop), name="backing up", daemon=True
    )
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        keeper.join(STOP_SECONDS)  # what it is at may be cut off: half a backup has no name


def _run(
    open_database: Callable[[], Database],
    build: Callable[[Database], BackingUp],
    look_seconds: float,
    stop: threading.Event,
) -> None:
    with suppress(PermissionError):  # the card's unit forbids it, and puts the whole service behind
        os.setpriority(os.PRIO_PROCESS, 0, BEHIND)  # of this thread alone: that is what 0 means on Linux
    is_failing = False
    while not stop.is_set():
        try:
            with open_database() as database:
                backing_up = build(database)
                while not stop.wait(look_seconds):
                    backing_up.look()
                    is_failing = False
        except Exception as error:  # a file that cannot be used, or a fault of ours: it may pass
            if not is_failing:
                log.exception("Backups are not made: %s", error)
            is_failing = True
            stop.wait(FAILED_SECONDS)
