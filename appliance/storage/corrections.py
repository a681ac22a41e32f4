"""What the true time of an entry was, where the clock was not right: told by entries that put the clock right.

The till has no clock that runs without power, so entries of a morning may be dated years ago. They are never changed.
When the clock becomes right, one entry ("clock-corrected") says what the time is at which uptime; from that, all
entries of the same start of the machine can be dated. An earlier start that never knew the time stays unknown.

Also after this entry alone the time may go back: a clock that was years ahead, and came right, would otherwise leave
all receipts with the wrong date for those years (``chain.Stamp``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import apsw

from appliance.domain.witness import ClockTrust, Witness
from appliance.storage import chain
from appliance.storage.codec import canonical
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant
from appliance.storage.journal import Journal

AHEAD: Final = timedelta(seconds=60)
"""A newest entry that is further ahead of a right clock than this was dated by a wrong one."""

SHOP_CLOCK: Final = "shop_clock"
"""Fact: how the shop's clock compares with the till's, measured by the sync service (``machine.clock`` reads it)."""

_KIND: Final = "kind <> 'sale' AND kind = 'clock-corrected'"
_HEAD: Final = "SELECT seq, at, boot_id FROM journal ORDER BY seq DESC LIMIT 1"
_DOUBTED: Final = "SELECT min(seq), max(seq) FROM journal WHERE seq > ? AND boot_id = ? AND clock <> 'synced'"
_BEFORE_BOOT: Final = "SELECT seq FROM journal WHERE seq > ? AND boot_id <> ? ORDER BY seq DESC LIMIT 1"
"""A start's entries stand together at the journal's end. Measured: without this, the first look of a program reads all
of it, 300 MB for 100,000 sales, while the screen stands still."""
_BODY: Final = (
    "body ->> '$.wall', body ->> '$.uptime_ms', body ->> '$.boot', seq, body ->> '$.offset_seconds'"
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One time that the clock was put right.

    Attributes:
        seq: the entry that says so.
        wall, uptime_ms, boot_id: the right time, and the moment of that start of the machine.
        offset_seconds: the right time less what the newest entry in doubt was dated; negative if it was ahead.
    """

    wall: datetime
    uptime_ms: int
    boot_id: str
    seq: int
    offset_seconds: int


class Corrections:
    """Writes them and reads them. Both programs may watch: the second finds that it is done."""

    def __init__(
        self, db: Database, journal: Journal, now: Callable[[], datetime], witness: Callable[[], Witness]
    ) -> None:
        """Use a connection of the calling thread.

        Args:
            db: the connection.
            journal: writes; with the same witness in its seal.
            now: the wall clock.
            witness: how far it can be trusted.
        """
        self._db, self._journal = db, journal
        self._now, self._witness = now, witness
        self._looked_at = 0

    def watch(self) -> bool:
        """Append a correction if the clock is right now and entries say otherwise; True if one was written.

        Cheap while there is nothing to do (a witness and one row), so it may be asked each second.
        """
        witness = self._witness()
        if witness.trust is not ClockTrust.SYNCED or self._needed(witness, self._now()) is None:
            return False
        with self._db.transaction() as connection:
            return self._append(connection)

    def true_at(self, seq: int) -> datetime | None:
        """When an entry was really written; None if that start of the machine never knew, or there is no such entry.

        The newest correction in the same start is believed before the entry's own date: it may have known better.
        """
        row = self._db.one("SELECT at, clock, boot_id, uptime_ms FROM journal WHERE seq = ?", (seq,))
        if row is None:
            return None
        at, clock, boot, uptime_ms = row
        found = self._last_of(boot)
        if found is None:
            # Entries of the first version knew no better than their own date.
            return to_instant(at) if clock in ("", ClockTrust.SYNCED) else None
        return found.wall - timedelta(milliseconds=found.uptime_ms - uptime_ms)

    def true_time_of(self, sale_id: str) -> datetime | None:
        """When a sale was really made, see :meth:`true_at`."""
        row = self._db.one("SELECT seq FROM sale WHERE sale_id = ?", (sale_id,))
        return None if row is None else self.true_at(row[0])

    def last(self) -> Correction | None:
        """The newest correction."""
        return self._one(f"{_KIND} ORDER BY seq DESC LIMIT 1", ())

    def newest_entry_at(self) -> datetime | None:
        """What the newest entry is dated; None in an empty journal."""
        row = self._db.one(_HEAD)
        return None if row is None else to_instant(row[1])

    def _append(self, connection: apsw.Connection) -> bool:
        now = self._now()
        stamp = self._journal.stamp(connection, now, chain.CLOCK_CORRECTED)
        doubted = self._needed(stamp.witness, now)
        if stamp.clock is not ClockTrust.SYNCED or doubted is None:
            return False
        first, last = doubted
        body = {
            "boot": stamp.witness.boot_id,
            "first": first,
            "last": last,
            "offset_seconds": round(self._off(stamp, now, last).total_seconds()),
            "uptime_ms": stamp.witness.uptime_ms,
            "wall": stamp.at,
        }
        stamp.append(connection, chain.CLOCK_CORRECTED, 0, canonical(body))
        return True

    def _needed(self, witness: Witness, now: datetime) -> tuple[int, int] | None:
        """First and last entry of this boot that are in doubt, (0, 0) if there is none and the head is ahead."""
        row = self._db.one(_HEAD)
        if row is None:
            return None
        seq, at, boot = row
        if boot == witness.boot_id and seq > self._looked_at:
            corrected = self._last_of(boot)
            start = max(self._looked_at, corrected.seq if corrected else 0)
            before = self._db.one(_BEFORE_BOOT, (start, boot))
            start = before[0] if before else start
            first, last = self._db.rows(_DOUBTED, (start, boot))[0]
            if first is not None:
                return first, last
            self._looked_at = seq
        return (0, 0) if to_instant(at) - now > AHEAD else None

    def _last_of(self, boot: str) -> Correction | None:
        return self._one(f"{_KIND} AND body ->> '$.boot' = ? ORDER BY seq DESC LIMIT 1", (boot,))

    def _off(self, stamp: chain.Stamp, now: datetime, last: int) -> timedelta:
        if not last:
            return now - to_instant(stamp.before.at)
        at, uptime_ms = self._db.rows("SELECT at, uptime_ms FROM journal WHERE seq = ?", (last,))[0]
        return now - timedelta(milliseconds=stamp.witness.uptime_ms - uptime_ms) - to_instant(at)

    def _one(self, condition: str, values: tuple[object, ...]) -> Correction | None:
        row: Row | None = self._db.one(f"SELECT {_BODY} FROM journal WHERE {condition}", values)
        return None if row is None else Correction(to_instant(row[0]), *row[1:])
