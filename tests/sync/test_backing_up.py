"""Backups without anybody asking: after each Z report and every night, whatever the clock says."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from appliance.domain.staff import Person
from appliance.domain.witness import ClockTrust, Witness
from appliance.storage.backup import Backups
from appliance.storage.backup_files import Keep
from appliance.storage.cashing_up import CashingUp
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import TillIdentity
from appliance.storage.journal import Journal
from appliance.sync.backing_up import BackingUp, LastBackup, beside
from tests.storage.samples import NOON, fresh_till, paid, sale, seal

KEEP = Keep(days=7, weeks=4, months=12)
GALWAY = timezone(timedelta(hours=1))


@dataclass
class Night:
    """A till, its clock, and what makes its backups."""

    path: Path
    at: datetime = NOON
    witnessed: Witness = Witness("b" * 32, 10_000_000, ClockTrust.SYNCED)
    stick: Backups | None = None
    sold: int = 0
    parts: tuple[Database, TillIdentity, Person] = field(init=False)

    def __post_init__(self) -> None:
        db, identity, person = fresh_till(self.path / "till.db")
        db.close()
        self.parts = (self.open(), identity, person)
        self.backups = Backups(self.path / "backups", KEEP)
        self.other = self.open()  # the sync service's connection: it sees what the kiosk writes
        self.backing_up = self.build(self.other)

    def open(self) -> Database:
        return Database.open(self.path / "till.db", now=lambda: self.at)

    def build(self, database: Database) -> BackingUp:
        return BackingUp(
            database,
            self.backups,
            lambda: self.stick,
            lambda: self.witnessed,
            lambda at: at.astimezone(GALWAY),
            hour=3,
        )

    @property
    def journal(self) -> Journal:
        return Journal(self.parts[0], self.parts[1], seal=seal())

    def sell(self) -> None:
        made = sale(self.sold)
        self.journal.record(made, paid(made), self.parts[2], self.at)
        self.sold += 1

    def close_day(self) -> None:
        self.journal.note("no-sale", 1, self.at)
        CashingUp(self.parts[0], self.journal).close_day(self.parts[2], self.at)

    def pass_by(self, **passed: float) -> None:
        span = timedelta(**passed)
        self.at += span
        uptime_ms = self.witnessed.uptime_ms + int(span.total_seconds() * 1000)
        self.witnessed = replace(self.witnessed, uptime_ms=uptime_ms)

    def restart(self, trust: ClockTrust, uptime_ms: int = 5_000) -> None:
        self.witnessed = Witness(f"{int(self.witnessed.boot_id, 16) + 1:032x}", uptime_ms, trust)

    def look(self) -> LastBackup | None:
        return self.backing_up.look()


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    night = Night(tmp_path)
    yield night
    night.other.close()
    night.parts[0].close()


@pytest.fixture
def backed_up(night: Night) -> Night:
    """A till whose first backup was made at noon."""
    night.sell()
    last = night.look()
    assert last is not None and last.ok, last
    return night


def test_a_z_report_is_backed_up_at_once(backed_up: Night) -> None:
    backed_up.pass_by(minutes=5)
    backed_up.sell()
    assert backed_up.look() is None
    backed_up.close_day()
    last = backed_up.look()

    assert last is not None
    assert (last.ok, last.seq) == (True, 4)
    assert Path(last.file).name == "till-20261121-120500-4.db"
    assert last.words == "Backup till-20261121-120500-4.db was made and tested."
    assert backed_up.look() is None


def test_the_screen_can_read_what_came_of_it(backed_up: Night) -> None:
    text = ShopFacts(backed_up.parts[0]).get("backup")
    assert text is not None
    body = json.loads(text)
    assert (body["at"], body["seq"], body["ok"]) == ("2026-11-21T12:00:00.000000Z", 1, True)
    assert set(body) >= {"file", "words"}


def test_a_night_is_backed_up_once_and_not_before_its_hour(backed_up: Night) -> None:
    backed_up.sell()
    backed_up.pass_by(hours=13, minutes=58)  # 02:58 in the shop
    assert backed_up.look() is None
    backed_up.pass_by(minutes=2)
    assert backed_up.look() is not None
    backed_up.sell()
    backed_up.pass_by(hours=23, minutes=58)
    assert backed_up.look() is None
    backed_up.pass_by(minutes=2)
    assert backed_up.look() is not None


def test_a_till_that_is_off_at_night_is_backed_up_in_the_morning(backed_up: Night) -> None:
    backed_up.sell()
    backed_up.pass_by(hours=20)
    backed_up.restart(ClockTrust.SYNCED)
    assert backed_up.look() is not None


def test_a_night_after_which_nothing_is_new_makes_no_backup(backed_up: Night) -> None:
    backed_up.pass_by(days=3)
    assert backed_up.look() is None


def test_without_a_clock_each_day_of_running_is_backed_up(backed_up: Night) -> None:
    backed_up.witnessed = replace(backed_up.witnessed, trust=ClockTrust.RESTORED)
    backed_up.sell()
    backed_up.pass_by(hours=23)
    assert backed_up.look() is None
    backed_up.pass_by(hours=1)
    assert backed_up.look() is not None


def test_without_a_clock_each_start_is_backed_up_after_an_hour(backed_up: Night) -> None:
    backed_up.restart(ClockTrust.UNSET)
    backed_up.sell()
    assert backed_up.look() is None
    backed_up.pass_by(hours=1)
    assert backed_up.look() is not None
    backed_up.sell()
    backed_up.pass_by(hours=2)
    assert backed_up.look() is None


def test_a_backup_that_was_made_in_the_future_does_not_stop_the_next(backed_up: Night) -> None:
    backed_up.sell()
    backed_up.pass_by(days=400)
    assert backed_up.look() is not None
    backed_up.sell()
    backed_up.pass_by(days=-400, hours=1)
    assert backed_up.look() is not None


def test_a_backup_that_fails_is_told_and_tried_again_but_not_at_once(backed_up: Night) -> None:
    good = backed_up.backups
    backed_up.backups = Backups(backed_up.path / "backups", KEEP, free=lambda _folder: 0)
    backed_up.backing_up = backed_up.build(backed_up.other)
    backed_up.close_day()
    last = backed_up.look()
    assert last is not None
    assert (last.ok, last.file) == (False, "")
    assert "no room for a backup" in last.words

    backed_up.backups = good
    backed_up.backing_up = backed_up.build(backed_up.other)
    backed_up.pass_by(minutes=29)
    assert backed_up.look() is None
    backed_up.pass_by(minutes=1)
    again = backed_up.look()
    assert again is not None and again.ok


def test_a_failure_after_a_z_report_is_tried_again_after_a_restart(backed_up: Night) -> None:
    backed_up.backups = Backups(backed_up.path / "backups", KEEP, free=lambda _folder: 0)
    backed_up.backing_up = backed_up.build(backed_up.other)
    backed_up.close_day()
    backed_up.look()
    backed_up.restart(ClockTrust.SYNCED)
    assert backed_up.look() is not None


def test_the_stick_gets_a_copy(backed_up: Night, tmp_path: Path) -> None:
    backed_up.stick = Backups(tmp_path / "stick" / "backups", Keep(1, 1, 1))
    backed_up.close_day()
    last = backed_up.look()

    assert last is not None
    assert [each.seq for each in backed_up.stick.all()] == [last.seq]
    assert last.words.endswith(f"A copy is in {tmp_path / 'stick' / 'backups'}.")


def test_a_stick_that_fails_is_told_and_the_backup_is_a_good_one(backed_up: Night, tmp_path: Path) -> None:
    (tmp_path / "stick").write_text("broken")
    backed_up.stick = Backups(tmp_path / "stick" / "backups", KEEP)
    backed_up.close_day()
    last = backed_up.look()

    assert last is not None and last.ok
    assert "It could not be copied: No backup can be written to" in last.words


def test_a_thread_of_its_own_sees_the_z_report(night: Night) -> None:
    with beside(night.open, night.build, look_seconds=0.02):
        night.sell()
        night.close_day()
        deadline = time.monotonic() + 10
        while not any(each.seq == 3 for each in night.backups.all()):
            assert time.monotonic() < deadline, "no backup was made"
            time.sleep(0.02)
    assert night.backing_up.last() is not None
