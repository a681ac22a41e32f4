"""A till on a computer without a clock of its own: each start begins with whatever time, and a test turns it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from nacl.signing import SigningKey

from appliance.domain.staff import Person, Role
from appliance.domain.witness import Seal
from appliance.machine.clock import Clock
from appliance.storage.corrections import Corrections
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal, Recorded
from tests.storage.samples import TILL_ID, paid, sale

START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
KEY = SigningKey(b"k" * 32)
MARA = Person(1, "Mara", Role.CASHIER)


class Computer:
    """What is true, and what the computer believes.

    Attributes:
        truth: the time that it really is.
        wall_off: how far its wall clock is ahead of that.
        is_synced: what the kernel says.
        boots: how often it was started; when_booted is the truth at the last one.
        was_at: the truth of each entry that was written, by its number.
    """

    def __init__(self, path: Path) -> None:
        self.truth = self.when_booted = START
        self.wall_off = timedelta()
        self.is_synced = False
        self.boots = 0
        self.was_at: dict[int, datetime] = {}
        self.clock = Clock(
            lambda: self.truth + self.wall_off, lambda: self.is_synced, lambda: self.boot_id, self.uptime_ms
        )
        self.db = Database.open(path, now=self.clock.now)
        self.identity = Identity(self.db).create(TILL_ID, "T1", "EUR")
        self.boot()

    @property
    def boot_id(self) -> str:
        return f"{self.boots:032x}"

    def uptime_ms(self) -> int:
        return (self.truth - self.when_booted) // timedelta(milliseconds=1)

    def boot(self, wall_off: timedelta = timedelta()) -> None:
        self.boots += 1
        self.when_booted, self.is_synced, self.wall_off = self.truth, False, wall_off
        self.start_program()

    def start_program(self) -> None:
        seal = Seal(self.clock.witness, lambda message: KEY.sign(message).signature, bytes(KEY.verify_key))
        self.journal = Journal(self.db, self.identity, "Till 1", seal)
        self.corrections = Corrections(self.db, self.journal, self.clock.now, self.clock.witness)

    def pass_by(self, seconds: float) -> None:
        self.truth += timedelta(seconds=seconds)

    def jump(self, by: timedelta) -> None:
        """Somebody sets the clock: the kernel then counts as not synced."""
        self.wall_off += by
        self.is_synced = False

    def sync(self) -> None:
        self.wall_off, self.is_synced = timedelta(), True

    def watch(self) -> bool:
        wrote = self.corrections.watch()
        if wrote:
            self._note()
        return wrote

    def note(self) -> int:
        self.journal.note("no-sale", 1, self.clock.now())
        return self._note()

    def sell(self, number: int) -> Recorded:
        made = sale(number, 1, at=self.clock.now())
        recorded = self.journal.record(made, paid(made), MARA, self.clock.now())
        self._note()
        return recorded

    def entries(self) -> list[tuple[int, str, str, str, int, str]]:
        sql = "SELECT seq, kind, at, boot_id, uptime_ms, clock FROM journal ORDER BY seq"
        return [tuple(row) for row in self.db.rows(sql)]

    def _note(self) -> int:
        ((seq,),) = self.db.rows("SELECT max(seq) FROM journal")
        self.was_at[seq] = self.truth
        return int(seq)


@contextmanager
def turned_clock(path: Path) -> Iterator[Computer]:
    made = Computer(path)
    try:
        yield made
    finally:
        made.db.close()
