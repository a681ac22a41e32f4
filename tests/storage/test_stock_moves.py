"""Pieces that move without a sale: on the shelf at once, in the shop's count when it has heard."""

from __future__ import annotations

import pytest

from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.storage.errors import NoSuchMoveError, RuleBrokenError
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from tests.storage.conftest import Till
from tests.storage.samples import NOON, product
from tests.storage.test_outbox import on_hand

ID = "5" * 32


def move(till: Till, kind: MoveKind, quantity: int, move_id: str = ID) -> StockMove:
    lines = [StockMoveLine(1, None, 1, "Mug", quantity, "SKU-1", expected=50, counted=50 + quantity)]
    moves = StockMoves(till.db, till.journal)
    return moves.record(kind, lines, "Counted", till.person, NOON, move_id=move_id, approved_by=7)


def count_in_shop(till: Till) -> int:
    return int(till.db.rows("SELECT quantity FROM shop_stock WHERE stock_id = 1")[0][0])


def changes(till: Till) -> int:
    return int(till.db.rows("SELECT count(*) FROM stock_change")[0][0])


def test_a_move_is_an_entry_rows_and_something_to_tell(till: Till) -> None:
    till.journal.note("no-sale", 1, NOON)
    made = move(till, MoveKind.COUNT, -3)
    assert (made.label, made.kind, made.reason, made.moved_at) == ("T1-S2", MoveKind.COUNT, "Counted", NOON)
    assert (made.person_id, made.person_name, made.till_name, made.approved_by) == (
        till.person.person_id,
        "Mara",
        "Till at the door",
        7,
    )
    assert made.lines == (StockMoveLine(1, None, 1, "Mug", -3, "SKU-1", 50, 47),)
    moves = StockMoves(till.db, till.journal)
    assert moves.get(ID) == made
    assert moves.all_of(1) == [made]
    assert moves.all_of(2) == []
    assert [entry.receipt_number for entry in StockMoveOutbox(till.db).waiting()] == ["T1-S2"]
    assert till.journal.verify() is None


@pytest.mark.parametrize("quantity", [-3, 4])
def test_a_count_is_right_on_the_shelf_before_and_after_the_shop_has_heard(till: Till, quantity: int) -> None:
    till.learn(product(1))
    till.sell(0)
    before, outbox = changes(till), StockMoveOutbox(till.db)
    move(till, MoveKind.COUNT, quantity)
    assert (on_hand(till, 1), count_in_shop(till)) == (49 + quantity, 50)
    for _ in range(2):  # a step done twice counts once
        outbox.remember(ID, 900)
        assert (on_hand(till, 1), count_in_shop(till)) == (49 + quantity, 50 + quantity)
    for _ in range(2):
        outbox.forget_order(ID)
        assert (on_hand(till, 1), count_in_shop(till)) == (49 + quantity, 50)
    assert changes(till) == before, "what the till tells is no change that the shop made"


def test_what_is_held_back_stays_on_the_shelf_and_leaves_the_shops_count(till: Till) -> None:
    till.learn(product(1))
    outbox = StockMoveOutbox(till.db)
    move(till, MoveKind.HOLD, -5)
    assert (on_hand(till, 1), count_in_shop(till)) == (50, 50)
    for _ in range(2):
        outbox.remember(ID, 900)
        assert (on_hand(till, 1), count_in_shop(till)) == (50, 45)
        assert till.db.rows("SELECT * FROM held_back") == [(1, 5)]
    outbox.mark_sent(ID, NOON)
    move(till, MoveKind.HOLD, 2, "6" * 32)
    outbox.remember("6" * 32, 901)
    assert (on_hand(till, 1), till.db.rows("SELECT * FROM held_back")) == (50, [(1, 3)])
    for _ in range(2):
        outbox.forget_order("6" * 32)
        assert (on_hand(till, 1), till.db.rows("SELECT * FROM held_back")) == (50, [(1, 5)])
    move(till, MoveKind.HOLD, 5, "7" * 32)
    outbox.remember("7" * 32, 902)
    assert (on_hand(till, 1), count_in_shop(till), till.db.rows("SELECT * FROM held_back")) == (50, 50, [])


def test_a_move_that_a_person_settled_counts_no_more(till: Till) -> None:
    till.learn(product(1))
    outbox = StockMoveOutbox(till.db, till.journal)
    move(till, MoveKind.COUNT, -3)
    outbox.park(ID, "The shop refused it.")
    outbox.settle(ID, till.person, "Put right in the shop", NOON)
    entry = outbox.entry(ID)
    assert (entry.state, entry.is_settled, entry.order_id) == ("sent", True, None)
    assert on_hand(till, 1) == 50
    with pytest.raises(NoSuchMoveError):
        outbox.settle(ID, till.person, "Again", NOON)


def test_a_move_without_a_reason_or_of_nothing_is_refused_whole(till: Till) -> None:
    line = StockMoveLine(1, None, 1, "Mug", 1)
    moves = StockMoves(till.db, till.journal)
    for lines, reason in (([line], ""), ([StockMoveLine(1, None, 1, "Mug", 0)], "Counted")):
        with pytest.raises(RuleBrokenError):
            moves.record(MoveKind.COUNT, lines, reason, till.person, NOON, move_id=ID)
    assert till.db.rows("SELECT count(*) FROM journal") == [(0,)]
    with pytest.raises(NoSuchMoveError):
        moves.get(ID)
