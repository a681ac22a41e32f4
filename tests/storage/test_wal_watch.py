"""The watchdog on the write-ahead log's size, with a program that holds a read open."""

from __future__ import annotations

import logging
from pathlib import Path

import apsw
import pytest

from appliance.storage.facts import ShopFacts
from appliance.storage.wal_watch import TOO_LARGE_BYTES, WalWatch
from tests.storage.conftest import Till


def test_a_read_that_is_held_open_is_said_once_and_once_when_it_is_over(
    till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    watch, facts = WalWatch(till.db), ShopFacts(till.db)
    till.sell(1)
    watch.look()
    assert caplog.messages == []

    reader = apsw.Connection(str(till.db.path))
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM journal").fetchall()
    number = 0
    while till.db.wal_bytes() <= TOO_LARGE_BYTES:
        number += 1
        facts.set("filler", f"{number}" * 1_000_000)
    for _ in range(3):
        watch.look()
    assert len(caplog.messages) == 1
    assert "holds a read" in caplog.messages[0]

    reader.close()
    assert till.db.checkpoint()
    for _ in range(3):
        watch.look()
    assert caplog.messages[1:] == ["The write-ahead log is small again."]


def test_a_days_work_is_far_below_the_limit(till: Till, tmp_path: Path) -> None:
    for number in range(300):
        till.sell(number)
    assert till.db.wal_bytes() < TOO_LARGE_BYTES / 2
