"""A glance at the till's file, by who may write nothing."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.storage.errors import StorageError
from appliance.storage.glance import Glance, glance
from tests.screens.till import open_till

AT = datetime(2025, 11, 21, 14, 30, tzinfo=UTC)


def test_it_counts_what_waits_beside_the_till_that_sells(tmp_path: Path) -> None:
    with open_till(tmp_path) as till:
        assert glance(till.path, till.clock()) == Glance(False, None, 0, 0, 0, "")
        till.pay((331, 1))
        till.pay((402, 1))
        till.facts.note_contact(True, AT)
        found = glance(till.path, till.clock())
        assert (found.reachable, found.last_contact_at, found.unsent, found.parked) == (True, AT, 2, 0)


def test_a_till_that_stands_still_is_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    with open_till(tmp_path) as till:
        till.pay((331, 1))
    path = tmp_path / "till.db"
    path.with_name("till.db-shm").symlink_to(
        "nowhere"
    )  # so nobody can make the file of that name, root included
    assert glance(path, AT).unsent == 1


def test_a_file_that_may_have_a_writer_is_not_read_behind_its_back(tmp_path: Path) -> None:
    with open_till(tmp_path) as till:
        till.pay((331, 1))
    path = tmp_path / "till.db"
    path.with_name("till.db-shm").symlink_to("nowhere")
    path.with_name("till.db-wal").write_bytes(b"\0" * 64)
    with pytest.raises(StorageError):
        glance(path, AT)


def test_what_is_no_tills_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    with pytest.raises(StorageError):
        glance(path, AT)
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(StorageError):
        glance(path, AT)
    assert [each.name for each in tmp_path.iterdir()] == ["till.db"]


def test_a_paper_that_is_just_coming_is_no_trouble_and_one_that_stays_away_is(tmp_path: Path) -> None:
    with open_till(tmp_path) as till:
        till.printing.stop()
        till.pay((331, 1))
        sold = till.clock()
        assert glance(till.path, sold + timedelta(seconds=20)).unprinted == 0
        assert glance(till.path, sold + timedelta(minutes=1)).unprinted == 1
        assert (
            glance(till.path, sold - timedelta(hours=1)).unprinted == 1
        )  # a clock that was wrong hides nothing
        with sqlite3.connect(till.path) as other:
            other.execute("UPDATE print_job SET state = 'failed', reason = 'The printer is out of paper.'")
        other.close()
        found = glance(till.path, sold)
        assert (found.unprinted, found.unprinted_why) == (1, "The printer is out of paper.")
