"""What the sync service asks of an outbox: of sales, of stock moves, and the one in the explorer's memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.storage.errors import NoSuchMoveError, NoSuchSaleError, RuleBrokenError
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from appliance.storage.told import Told
from tests.faults.memory_outbox import MemoryOutbox, fresh
from tests.storage.samples import NOON, fresh_till, paid, sale, seal

FIRST, SECOND, THIRD = IDS = tuple(f"{number:032x}" for number in (1, 2, 3))
LATER = NOON + timedelta(minutes=5)
LONG_AFTER = NOON + timedelta(days=2)


def of_sales(path: Path) -> tuple[Told, Callable[[], None]]:
    db, identity, person = fresh_till(path)
    journal = Journal(db, identity, seal=seal())
    for number in (1, 2, 3):
        made = sale(number)
        journal.record(made, paid(made), person, NOON)
    return Outbox(db), db.close


def of_moves(path: Path) -> tuple[Told, Callable[[], None]]:
    db, identity, person = fresh_till(path)
    moves = StockMoves(db, Journal(db, identity, seal=seal()))
    for told_id in IDS:
        moves.record(
            MoveKind.COUNT, [StockMoveLine(1, None, 1, "Mug", -1)], "Counted", person, NOON, move_id=told_id
        )
    return StockMoveOutbox(db), db.close


def in_memory(_path: Path) -> tuple[Told, Callable[[], None]]:
    return MemoryOutbox(fresh(told_id) for told_id in IDS), lambda: None


@pytest.fixture(params=[of_sales, of_moves, in_memory])
def told(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Told]:
    outbox, close = request.param(tmp_path / "till.db")
    yield outbox
    close()


def due(told: Told, at: object = NOON) -> list[str]:
    return [entry.sale_id for entry in told.due(at, 9)]  # type: ignore[arg-type]


def test_all_is_due_oldest_first_and_no_more_than_asked_for(told: Told) -> None:
    assert due(told) == list(IDS)
    assert [entry.sale_id for entry in told.due(NOON, 2)] == [FIRST, SECOND]


def test_what_was_put_off_waits_its_time_and_no_longer_than_any(told: Told) -> None:
    told.note_attempt(FIRST, LATER)
    told.note_attempt(SECOND, NOON + timedelta(days=900))  # by a clock that was years ahead
    assert due(told) == [SECOND, THIRD]
    assert due(told, LATER) == list(IDS)
    assert told.next_try_at(NOON) == LATER
    assert told.entry(FIRST).attempts == 1
    told.hurry()
    assert due(told) == list(IDS)
    assert told.next_try_at(NOON) is None


def test_each_step_is_kept_and_the_first_time_stays(told: Told) -> None:
    for at in (NOON, LATER):
        told.note_posted(FIRST, at)
    assert told.entry(FIRST).posted_at == NOON
    told.remember(FIRST, 900)
    for at in (NOON, LATER):
        told.note_committing(FIRST, at)
    entry = told.entry(FIRST)
    assert (entry.state, entry.order_id, entry.committing_at) == ("reserved", 900, NOON)
    told.mark_sent(FIRST, LATER)
    assert (told.entry(FIRST).state, told.entry(FIRST).sent_at) == ("sent", LATER)
    assert due(told) == [SECOND, THIRD]


def test_one_order_is_one_thing(told: Told) -> None:
    told.remember(FIRST, 900)
    with pytest.raises(RuleBrokenError):
        told.remember(SECOND, 900)
    with pytest.raises(RuleBrokenError):
        told.adopt_sent(SECOND, 900, NOON)
    assert (told.entry(SECOND).state, told.entry(SECOND).order_id) == ("due", None)


def test_an_order_that_is_gone_is_forgotten_with_its_claim(told: Told) -> None:
    told.note_posted(FIRST, NOON)
    told.hold_claim(FIRST, 5, 900)
    told.note_committing(FIRST, NOON)
    told.forget_order(FIRST)
    entry = told.entry(FIRST)
    assert (entry.state, entry.order_id, entry.claim_id, entry.committing_at) == ("due", None, None, None)
    assert entry.posted_at == NOON
    told.remember(SECOND, 900)


def test_what_is_parked_waits_for_a_person_and_goes_on_where_it_was(told: Told) -> None:
    told.remember(SECOND, 900)
    for told_id in (FIRST, SECOND):
        told.note_attempt(told_id, LATER)
        told.park(told_id, "The shop refused it.")
    told.forget_order(SECOND)
    told.remember(SECOND, 901)
    told.park(SECOND, "Again.")
    assert due(told) == [THIRD]
    for told_id in IDS:
        told.unpark(told_id)
    assert [(each.state, each.attempts, each.reason) for each in map(told.entry, IDS)] == [
        ("due", 0, ""),
        ("reserved", 0, ""),
        ("due", 0, ""),
    ]


def test_what_another_card_told_is_adopted(told: Told) -> None:
    told.adopt_sent(FIRST, 900, NOON)
    entry = told.entry(FIRST)
    assert (entry.state, entry.order_id, entry.sent_at) == ("sent", 900, NOON)


def test_the_late_look_sees_what_is_old_enough_once_and_what_a_wrong_clock_told(told: Told) -> None:
    for told_id, order_id, at in ((SECOND, 2, NOON), (FIRST, 1, LATER), (THIRD, 3, LONG_AFTER)):
        told.remember(told_id, order_id)
        told.mark_sent(told_id, at)
    assert [each.sale_id for each in told.unchecked(NOON)] == [SECOND]
    assert [each.sale_id for each in told.unchecked(LATER)] == [SECOND, FIRST]
    assert [each.sale_id for each in told.unchecked(NOON, LATER)] == [SECOND, THIRD]
    told.mark_checked(SECOND, LATER, "The shop took one piece twice.")
    told.mark_checked(FIRST, LATER)
    assert told.unchecked(LATER) == []
    assert [told.entry(each).reason for each in IDS[:2]] == ["", "The shop took one piece twice."]


def test_a_claim_is_kept_until_all_was_found_right_for_long_enough(told: Told) -> None:
    for order_id, told_id in enumerate(IDS, 1):
        told.hold_claim(told_id, 50 + order_id, order_id)
        told.mark_sent(told_id, NOON)
    told.mark_checked(FIRST, NOON)
    told.mark_checked(SECOND, NOON, "It is there twice.")
    assert [(each.sale_id, each.claim_id) for each in told.claimed(NOON)] == [(FIRST, 51)]
    told.note_claim_dropped(FIRST)
    assert told.claimed(LATER) == []


def test_each_has_its_place_in_the_journal(told: Told) -> None:
    assert [told.anchor(each)[0] for each in IDS] == [1, 2, 3]
    assert len(told.anchor(FIRST)[1]) == 32


def test_what_is_not_here_is_refused(told: Told) -> None:
    for ask in (
        lambda: told.entry("f" * 32),
        lambda: told.remember("f" * 32, 1),
        lambda: told.anchor("f" * 32),
    ):
        with pytest.raises((NoSuchSaleError, NoSuchMoveError)):
            ask()
