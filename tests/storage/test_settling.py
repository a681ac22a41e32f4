"""What a person decides about what the shop was to be told: settled by hand, or told again to a shop set back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from appliance.domain.stock import MoveKind
from appliance.storage.errors import NoSealError, NoSuchSaleError
from appliance.storage.outbox import Outbox
from appliance.storage.outbox_rows import PROBLEM_SETTLED
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.replaying import replay
from appliance.storage.set_back import NUMBER_TAKEN, SetBacks
from appliance.storage.stock_moves import StockMoveOutbox
from tests.storage.conftest import Till
from tests.storage.samples import NOON, product, sale
from tests.storage.test_outbox import ID, on_hand
from tests.storage.test_refund_outbox import SOLD, give_back
from tests.storage.test_replaying import new_card, through_lines
from tests.storage.test_stock_moves import move
from tests.storage.whole_day import rows_of

LATER = NOON + timedelta(minutes=20)


def told(till: Till, number: int, order_id: int) -> str:
    sale_id = sale(number).sale_id
    till.outbox.note_posted(sale_id, NOON)
    till.outbox.remember(sale_id, order_id)
    till.outbox.mark_sent(sale_id, NOON)
    till.outbox.mark_checked(sale_id, LATER)
    return sale_id


def test_a_sale_that_a_person_settled_is_told_no_more_and_the_journal_says_why(till: Till) -> None:
    till.learn(product(1))
    till.sell(0)
    outbox = Outbox(till.db, till.journal)
    outbox.park(ID, "The shop refused it: no such product.")
    outbox.settle(ID, till.person, "Typed into the shop by hand", NOON)
    entry = outbox.entry(ID)
    assert (entry.state, entry.is_settled, entry.order_id, entry.reason) == ("sent", True, None, "")
    assert (outbox.waiting(), outbox.unchecked(LATER), outbox.due(LATER, 9)) == ([], [], [])
    assert (outbox.counts().sent, on_hand(till, 1)) == (1, 50)
    ((person, body),) = till.db.rows("SELECT person_id, body FROM journal WHERE kind = 'settled'")
    assert person == till.person.person_id
    assert '"reason":"Typed into the shop by hand"' in body
    assert till.journal.verify() is None


def test_the_order_of_a_settled_sale_is_kept_where_one_is_known(till: Till) -> None:
    till.learn(product(1))
    till.sell(0)
    outbox = Outbox(till.db, till.journal)
    outbox.remember(ID, 900)
    outbox.park(ID, "The shop makes this sale 1.00.")
    outbox.settle(ID, till.person, "It is right so", NOON)
    assert (outbox.entry(ID).order_id, on_hand(till, 1)) == (900, 49)


def test_what_the_shop_has_cannot_be_settled_and_nothing_without_a_journal(till: Till) -> None:
    till.sell(0)
    told(till, 0, 900)
    with pytest.raises(NoSuchSaleError):
        Outbox(till.db, till.journal).settle(ID, till.person, "Why not", NOON)
    till.sell(1)
    with pytest.raises(NoSealError):
        till.outbox.settle(sale(1).sale_id, till.person, "Why not", NOON)
    assert till.db.rows("SELECT count(*) FROM journal") == [(2,)]


def test_what_a_shop_set_back_has_lost_is_due_again_when_a_person_says_so(till: Till) -> None:
    till.learn(product(1), product(2))
    till.sell(0)
    till.sell(40)
    move(till, MoveKind.COUNT, -3)
    give_back(till, {1: 1})
    lost = [told(till, number, 900 + number) for number in (0, 40)]
    moves, refunds = StockMoveOutbox(till.db), RefundOutbox(till.db)
    moves.remember("5" * 32, 950)
    moves.mark_sent("5" * 32, NOON)
    refunds.note_posted("e" * 32, NOON)
    refunds.mark_sent("e" * 32, 33, NOON)
    till.catalogue.set_stock({1: 50, 2: 50}, LATER)  # as it was
    backs = SetBacks(till.db, till.journal)
    assert backs.found() is None
    assert backs.note(lost, ["5" * 32], LATER)
    assert not backs.note(lost, ["5" * 32], LATER), "it is no news"
    found = backs.found()
    assert found is not None
    assert (found.count, found.sale_ids, found.found_at) == (3, tuple(lost), LATER)
    assert [till.outbox.entry(each).state for each in lost] == ["sent", "sent"]

    assert backs.tell_again(till.person, LATER) == 3
    assert (backs.found(), backs.tell_again(till.person, LATER)) == (None, 0)
    entries = till.outbox.due(LATER, 9)
    assert [(each.sale_id, each.order_id, each.times_lost) for each in entries] == [
        (i, None, 1) for i in lost
    ]
    assert all(each.posted_at == NOON and each.checked_at is None for each in entries), "looked for first"
    assert [each.times_lost for each in moves.due(LATER, 9)] == [1]
    assert refunds.waiting()[0].shop_refund_id is None
    assert on_hand(till, 1) == 50 - 1 - 1 - 3 + 1
    assert till.journal.verify() is None


def test_numbers_that_the_shop_uses_anew_are_in_nobodys_way(till: Till) -> None:
    till.sell(0)
    till.sell(1)
    lost = told(till, 0, 900)
    till.outbox.park(sale(1).sale_id, NUMBER_TAKEN)
    backs = SetBacks(till.db, till.journal)
    backs.note([lost], [], LATER)
    backs.tell_again(till.person, LATER)
    assert [entry.sale_id for entry in till.outbox.due(LATER, 9)] == [lost, sale(1).sale_id]
    till.outbox.remember(sale(1).sale_id, 900)
    till.outbox.remember(lost, 901)


def test_a_person_may_leave_it_as_it_is_and_is_not_asked_again(till: Till) -> None:
    till.sell(0)
    till.sell(1)
    first, second = told(till, 0, 900), told(till, 1, 901)
    backs = SetBacks(till.db, till.journal)
    backs.note([first], [], LATER)
    backs.leave(till.person, LATER)
    assert (backs.found(), till.outbox.entry(first).state) == (None, "sent")
    assert till.outbox.entry(first).is_settled
    assert [each.sale_id for each in till.outbox.newest_sent(2**62, 9)] == [second]


def test_a_till_that_is_rebuilt_knows_what_was_settled_and_lost(till: Till, tmp_path: Path) -> None:
    till.journal.introduce_key(NOON)
    till.learn(product(1), product(2))
    for number in (0, 40, 1, 2):
        till.sell(number)
    give_back(till, {1: 1})
    outbox = Outbox(till.db, till.journal)
    outbox.settle(SOLD, till.person, "By hand", NOON)
    give_back(till, {2: 1}, number=15)
    outbox.remember(sale(1).sale_id, 77)
    outbox.settle(sale(1).sale_id, till.person, "It is right so", NOON)
    move(till, MoveKind.COUNT, -3)
    StockMoveOutbox(till.db, till.journal).settle("5" * 32, till.person, "Put right", NOON)
    told(till, 2, 900)
    backs = SetBacks(till.db, till.journal)
    backs.note([sale(2).sale_id], [], LATER)
    backs.tell_again(till.person, LATER)
    with new_card(tmp_path) as new:
        replay(new, through_lines(till))
        assert rows_of(new) == rows_of(till.db)
        assert Outbox(new).entry(sale(1).sale_id).order_id == 77
        assert Outbox(new).entry(sale(2).sale_id).times_lost == 1
        new.check()


def test_a_refund_that_became_a_move_and_was_settled_does_not_stop_a_till_from_being_rebuilt(
    till: Till, tmp_path: Path
) -> None:
    till.journal.introduce_key(NOON)
    till.learn(product(1), product(2))
    till.sell(40)
    give_back(till, {1: 1})
    told(till, 40, 900)
    RefundOutbox(till.db).become_move("e" * 32, NOON)  # its order is gone: no entry says so
    moves = StockMoveOutbox(till.db, till.journal)
    moves.park("e" * 32, "The shop no longer has the product.")
    moves.settle("e" * 32, till.person, "Put right", NOON)
    with new_card(tmp_path) as new:
        replay(new, through_lines(till))
        assert StockMoveOutbox(new).entry("e" * 32).is_settled
        assert new.rows("SELECT * FROM untold_move") == till.db.rows("SELECT * FROM untold_move") == []
        assert RefundOutbox(new).waiting() == []


def test_another_card_may_hold_the_move_that_a_refund_becomes(till: Till) -> None:
    till.sell(40)
    give_back(till, {1: 1})
    till.outbox.inherit_all()
    Outbox(till.db, till.journal).settle(SOLD, till.person, "By hand", NOON)
    assert StockMoveOutbox(till.db).entry("e" * 32).inherited


def test_what_may_have_reached_the_shop_is_looked_for_after_it_was_settled(till: Till) -> None:
    till.sell(0)
    outbox = Outbox(till.db, till.journal)
    outbox.note_posted(ID, NOON)
    outbox.park(ID, "It does not go through.")
    outbox.settle(ID, till.person, "Typed into the shop by hand", NOON)
    assert [each.sale_id for each in outbox.unchecked(LATER)] == [ID]


def test_refunds_that_a_shop_set_back_lost_are_told_again_though_it_has_their_sale(till: Till) -> None:
    till.learn(product(1), product(2))
    till.sell(40)
    kept = told(till, 40, 900)
    give_back(till, {1: 1})
    refunds, later = RefundOutbox(till.db), NOON + timedelta(minutes=2)
    refunds.note_posted("e" * 32, NOON)
    refunds.mark_sent("e" * 32, 33, NOON + timedelta(minutes=1))
    till.sell(0)
    till.outbox.remember(ID, 901)
    till.outbox.mark_sent(ID, later)
    backs = SetBacks(till.db, till.journal)
    backs.note([ID], [], LATER)
    backs.tell_again(till.person, LATER)
    assert [each.refund_id for each in refunds.due(LATER, 9)] == ["e" * 32]
    assert (till.outbox.entry(kept).state, refunds.entry("e" * 32).posted_at) == ("sent", NOON)


def test_a_till_that_is_rebuilt_knows_what_a_person_left(till: Till, tmp_path: Path) -> None:
    till.journal.introduce_key(NOON)
    till.learn(product(1), product(2))
    till.sell(40)
    give_back(till, {1: 1})
    sale_id = told(till, 40, 900)
    move(till, MoveKind.HOLD, -3)
    moves = StockMoveOutbox(till.db)
    moves.remember("5" * 32, 950)
    moves.mark_sent("5" * 32, NOON)
    backs = SetBacks(till.db, till.journal)
    backs.note([sale_id], ["5" * 32], LATER)
    backs.leave(till.person, LATER)
    assert till.db.rows("SELECT * FROM held_back") == till.db.rows("SELECT * FROM untold_stock") == []
    assert StockMoveOutbox(till.db).entry("e" * 32).state == "due", "its pieces came back all the same"
    with new_card(tmp_path) as new:
        replay(new, through_lines(till))
        assert rows_of(new) == rows_of(till.db)
        assert (Outbox(new).entry(sale_id).is_settled, Outbox(new).waiting()) == (True, [])


def test_a_change_that_a_person_has_seen_to_is_not_looked_at_again_and_again(till: Till) -> None:
    for number in (0, 1):
        till.sell(number)
        order_id = 900 + number
        told(till, number, order_id)
        till.db.rows(
            "INSERT INTO web_order (order_id, number, status, sale_id, total_minor, created_at, modified_at, is_gone) "
            "VALUES (?, ?, 'completed', ?, 0, '', '', 1)",
            (order_id, str(order_id), sale(number).sale_id),
        )
    body = {
        "of": "sale",
        "id": ID,
        "reason": "it was a test",
        "problem": "Its order is no longer in the shop.",
    }
    till.journal.note(PROBLEM_SETTLED, till.person.person_id, LATER, body)
    assert till.outbox.look_again_at_changed() == 1
    assert [each.sale_id for each in till.outbox.unchecked(LATER)] == [sale(1).sale_id]
