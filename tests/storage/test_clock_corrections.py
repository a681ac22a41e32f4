"""Putting the clock right: one appended entry, and from it the true time of what was written before."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.storage.corrections import Corrections
from tests.storage.turned_clock import START, Computer, turned_clock

DAY, YEAR = timedelta(days=1), timedelta(days=365)


@pytest.fixture
def computer(tmp_path: Path) -> Iterator[Computer]:
    with turned_clock(tmp_path / "till.db") as made:
        yield made


def last_body(computer: Computer) -> dict[str, object]:
    ((body,),) = computer.db.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 1")
    found: dict[str, object] = json.loads(body)
    return found


def test_a_morning_that_was_written_in_the_past_is_dated_when_the_clock_comes_right(
    computer: Computer,
) -> None:
    computer.boot(-3 * DAY)
    computer.pass_by(60)
    first = computer.sell(1)
    assert first.completed.completed_at == START + timedelta(seconds=60) - 3 * DAY
    computer.pass_by(600)
    computer.sell(2)
    rows = computer.entries()
    assert computer.corrections.true_at(1) is None
    computer.pass_by(60)
    computer.sync()
    assert computer.watch()

    assert computer.entries()[:2] == rows  # rows stay untouched
    assert last_body(computer) == {
        "boot": computer.boot_id,
        "first": 1,
        "last": 2,
        "offset_seconds": 3 * 86_400,
        "uptime_ms": 720_000,
        "wall": "2026-12-01T08:12:00.000000Z",
    }
    assert computer.corrections.true_at(1) == START + timedelta(seconds=60)
    assert computer.corrections.true_at(2) == START + timedelta(seconds=660)
    assert computer.corrections.true_time_of(first.completed.sale.sale_id) == START + timedelta(seconds=60)
    assert computer.journal.verify() is None


def test_one_correction_is_enough_for_both_programs_and_for_the_rest_of_the_day(computer: Computer) -> None:
    computer.note()
    computer.sync()
    other = Corrections(computer.db, computer.journal, computer.clock.now, computer.clock.witness)
    assert computer.watch()
    assert not other.watch()
    for _ in range(3):
        computer.pass_by(100)
        computer.note()
        assert not computer.watch()
        assert not other.watch()
    computer.start_program()
    assert not computer.watch()
    assert [kind for _, kind, *_ in computer.entries()].count("clock-corrected") == 1


def test_a_clock_that_was_right_from_the_first_entry_needs_no_correction(computer: Computer) -> None:
    assert not computer.watch()  # an empty journal
    computer.sync()
    assert not computer.watch()
    computer.note()
    assert not computer.watch()
    assert computer.corrections.last() is None
    assert computer.corrections.true_at(1) == START


def test_nothing_is_corrected_before_the_clock_is_right(computer: Computer) -> None:
    computer.note()
    computer.jump(3 * YEAR)
    computer.note()
    assert not computer.watch()
    assert len(computer.entries()) == 2


def test_a_day_that_never_knew_the_time_stays_unknown(computer: Computer) -> None:
    computer.boot(-2 * DAY)
    seq = computer.note()
    computer.pass_by(3_600)
    computer.boot(-1 * DAY)
    computer.note()
    computer.sync()
    assert computer.watch()
    assert computer.corrections.true_at(seq) is None
    assert computer.corrections.true_at(seq + 1) == computer.was_at[seq + 1]
    assert computer.corrections.true_at(99) is None


def test_a_clock_that_was_in_the_future_goes_back_with_the_correction_and_not_before(
    computer: Computer,
) -> None:
    computer.boot(73 * YEAR)
    far = computer.sell(1)
    computer.pass_by(3_600)
    computer.boot()  # the next morning, the clock is nearly right
    computer.pass_by(60)
    marked = computer.sell(2)
    assert marked.completed.completed_at == far.completed.completed_at
    assert not marked.completed.clock_is_set
    computer.pass_by(60)
    computer.sync()
    still = computer.sell(3)
    assert not still.completed.clock_is_set
    assert computer.watch()
    computer.pass_by(60)
    right = computer.sell(4)
    assert right.completed.completed_at == computer.truth
    assert right.completed.clock_is_set
    assert computer.corrections.true_at(1) is None
    assert [computer.corrections.true_at(seq) for seq in (2, 3, 5)] == [
        computer.was_at[seq] for seq in (2, 3, 5)
    ]


def test_a_journal_of_the_future_is_put_right_though_this_start_wrote_nothing_yet(computer: Computer) -> None:
    computer.boot(YEAR)
    computer.note()
    computer.pass_by(3_600)
    computer.boot()
    computer.sync()
    assert computer.watch()
    body = last_body(computer)
    assert (body["first"], body["last"]) == (0, 0)
    assert body["offset_seconds"] == 3_600 - 365 * 86_400
    assert not computer.watch()
    assert computer.sell(1).completed.completed_at == computer.truth


def test_a_head_that_is_less_than_a_minute_ahead_is_left_alone(computer: Computer) -> None:
    computer.sync()
    computer.note()
    computer.wall_off = timedelta(seconds=-59)
    assert not computer.watch()
    computer.wall_off = timedelta(seconds=-61)
    assert computer.watch()


def test_a_clock_that_steps_three_years_between_two_entries_dates_both(computer: Computer) -> None:
    computer.boot(-3 * YEAR)
    computer.note()
    computer.pass_by(5)
    computer.sync()
    receipt = computer.sell(1)
    assert receipt.completed.completed_at == computer.truth
    assert receipt.completed.clock_is_set
    assert computer.watch()
    assert computer.corrections.true_at(1) == START
    assert computer.corrections.true_at(2) == computer.was_at[2]


def test_a_clock_that_was_set_wrong_after_it_had_been_right_is_corrected_again(computer: Computer) -> None:
    computer.note()
    computer.sync()
    computer.watch()
    computer.pass_by(60)
    computer.jump(YEAR)
    wrong = computer.note()
    computer.pass_by(60)
    computer.sync()
    assert computer.watch()
    assert last_body(computer)["first"] == wrong
    assert last_body(computer)["offset_seconds"] == -365 * 86_400
    for seq, truth in computer.was_at.items():
        assert computer.corrections.true_at(seq) == truth


def test_a_time_service_that_lied_is_corrected_when_it_says_otherwise(computer: Computer) -> None:
    lie = computer.note()
    computer.wall_off, computer.is_synced = YEAR, True
    computer.watch()
    also = computer.note()
    assert computer.corrections.true_at(lie) == computer.was_at[lie] + YEAR
    computer.pass_by(60)
    computer.sync()
    assert computer.watch()
    for seq in (lie, also):
        assert computer.corrections.true_at(seq) == computer.was_at[seq]


def test_the_last_correction_can_be_told(computer: Computer) -> None:
    computer.boot(-DAY)
    computer.note()
    computer.sync()
    computer.watch()
    last = computer.corrections.last()
    assert last is not None
    assert (last.seq, last.wall, last.offset_seconds) == (2, computer.truth, 86_400)


def test_watching_costs_next_to_nothing_while_all_is_well(computer: Computer) -> None:
    computer.sync()
    with computer.db.transaction():
        for _ in range(5_000):
            computer.note()
    computer.watch()
    start = time.perf_counter()
    for _ in range(500):
        computer.watch()
    assert (time.perf_counter() - start) / 500 < 0.001
