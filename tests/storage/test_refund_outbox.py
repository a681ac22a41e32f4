"""What the shop has yet to hear of refunds, and what the pieces count meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund import Refund
from appliance.domain.refund_planning import of_sale
from appliance.domain.stock import MoveKind
from appliance.domain.tender import TenderKind
from appliance.storage.errors import NoSuchRefundError
from appliance.storage.outbox import Outbox
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.refunds import Refunds
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from tests.storage.conftest import Till
from tests.storage.samples import NOON, product, sale
from tests.storage.test_outbox import on_hand
from tests.storage.test_stock_moves import count_in_shop

ID = "e" * 32
SOLD = sale(40).sale_id
"""One piece of product 1, two of product 2."""
LATER = NOON + timedelta(minutes=20)
WORD = Approval(2, "Séan", Guarded.REFUND_WITHOUT_RECEIPT, "known", NOON)


@pytest.fixture
def refunds(till: Till) -> RefundOutbox:
    till.learn(product(1), product(2))
    till.sell(40)
    return RefundOutbox(till.db, till.journal)


def tell_sale(till: Till, order_id: int = 900) -> None:
    till.outbox.remember(SOLD, order_id)
    till.outbox.mark_sent(SOLD, NOON)


def give_back(
    till: Till, quantities: dict[int, int], damaged: tuple[int, ...] = (), number: int = 14
) -> None:
    records = Refunds(till.db, till.journal)
    plan = of_sale(f"{number:x}" * 32, records.refundable(SOLD), quantities, damaged)
    records.record(plan, TenderKind.CASH, "Faulty", till.person, NOON)


def give_back_without_receipt(till: Till) -> None:
    records = Refunds(till.db, till.journal)
    plan = of_sale(ID, records.refundable(SOLD), {1: 1, 2: 2}, (1,))
    lines = tuple(replace(line, of_position=None) for line in plan.lines)
    records.record(Refund(ID, lines), TenderKind.CASH, "Faulty", till.person, NOON, approval=WORD)


def test_a_refund_waits_until_the_shop_has_its_sale(till: Till, refunds: RefundOutbox) -> None:
    give_back(till, {1: 1})
    assert refunds.due(NOON, 9) == []
    (entry,) = refunds.waiting()
    assert (entry.sale_state, entry.sale_receipt, entry.receipt_number) == ("due", "T1-000001", "T1-000002")
    till.outbox.park(SOLD, "The shop refused it.")
    assert refunds.waiting()[0].sale_state == "parked"
    till.outbox.unpark(SOLD)
    tell_sale(till)
    (entry,) = refunds.due(NOON, 9)
    assert (entry.order_id, entry.sale_id, entry.key) == (900, SOLD, ID)


def test_pieces_are_on_the_shelf_at_once_and_damaged_ones_never(till: Till, refunds: RefundOutbox) -> None:
    assert (on_hand(till, 1), on_hand(till, 2)) == (49, 48)
    give_back(till, {1: 1, 2: 2}, damaged=(2,))
    assert (on_hand(till, 1), on_hand(till, 2)) == (50, 48)
    tell_sale(till)
    refunds.note_posted(ID, NOON)
    refunds.mark_sent(ID, 33, LATER)
    assert (on_hand(till, 1), on_hand(till, 2), count_in_shop(till)) == (50, 48, 50)
    entry = refunds.entry(ID)
    assert (entry.state, entry.shop_refund_id, entry.sent_at, refunds.due(LATER, 9)) == (
        "sent",
        33,
        LATER,
        [],
    )


def test_a_refund_without_a_receipt_is_a_move_of_what_goes_back_to_the_shelf(
    till: Till, refunds: RefundOutbox
) -> None:
    give_back_without_receipt(till)
    assert refunds.waiting() == []
    made = StockMoves(till.db, till.journal).get(ID)
    assert (made.kind, made.reason, made.approved_by, made.label) == (MoveKind.RETURN, "Faulty", 2, "T1-S2")
    assert [(line.product_id, line.quantity) for line in made.lines] == [(2, 2)]
    assert (on_hand(till, 1), on_hand(till, 2)) == (49, 50)
    StockMoveOutbox(till.db).remember(ID, 900)
    assert on_hand(till, 2) == 50
    assert till.db.rows("SELECT * FROM untold_move") == []


@pytest.mark.parametrize("is_first", [True, False])
def test_a_refund_of_a_sale_that_was_settled_by_hand_becomes_a_move(
    till: Till, refunds: RefundOutbox, is_first: bool
) -> None:
    if is_first:
        give_back(till, {1: 1})
    Outbox(till.db, till.journal).settle(SOLD, till.person, "Typed into the shop", NOON)
    if not is_first:
        give_back(till, {1: 1})
    assert refunds.waiting() == []
    assert [entry.sale_id for entry in StockMoveOutbox(till.db).waiting()] == [ID]
    assert on_hand(till, 1) == 51, "the person took the sold piece off the shop's count"
    assert Refunds(till.db, till.journal).get(ID).refund.of_sale_id == SOLD


def test_a_refund_whose_order_is_gone_becomes_a_move(till: Till, refunds: RefundOutbox) -> None:
    give_back(till, {1: 1})
    tell_sale(till)
    refunds.become_move(ID, LATER)
    assert (refunds.waiting(), refunds.unchecked(LATER)) == ([], [])
    assert [entry.sale_id for entry in StockMoveOutbox(till.db).waiting()] == [ID]
    assert on_hand(till, 1) == 50


def test_who_tells_an_inherited_refund_is_asked_anew_after_each_copy(
    till: Till, refunds: RefundOutbox
) -> None:
    give_back(till, {1: 1})
    give_back(till, {2: 1}, number=15)
    tell_sale(till)
    refunds.mark_sent("f" * 32, 34, NOON)
    till.outbox.inherit_all()
    refunds.hold_claim(ID, 5, is_ours=True)
    entry = refunds.entry(ID)
    assert (entry.inherited, entry.is_ours, entry.claim_id) == (True, True, 5)
    till.outbox.inherit_all()
    entry = refunds.entry(ID)
    assert (entry.inherited, entry.is_ours, entry.claim_id) == (True, None, None)
    assert not refunds.entry("f" * 32).inherited


def test_a_parked_refund_waits_for_a_person(till: Till, refunds: RefundOutbox) -> None:
    give_back(till, {1: 1})
    tell_sale(till)
    refunds.note_attempt(ID, LATER)
    assert (refunds.due(NOON, 9), refunds.next_try_at(NOON)) == ([], LATER)
    refunds.hurry()
    refunds.park(ID, "The shop refused it.")
    assert (refunds.due(LATER, 9), refunds.counts().parked) == ([], 1)
    refunds.unpark(ID)
    assert [entry.attempts for entry in refunds.due(NOON, 9)] == [0]
    refunds.park(ID, "The shop refused it.")
    refunds.settle(ID, till.person, "Done in the shop", NOON)
    assert (refunds.waiting(), on_hand(till, 1), refunds.counts().sent) == ([], 49, 1)
    with pytest.raises(NoSuchRefundError):
        refunds.settle(ID, till.person, "Again", NOON)


def test_what_the_late_look_finds_stays_to_be_seen(till: Till, refunds: RefundOutbox) -> None:
    give_back(till, {1: 1})
    tell_sale(till)
    refunds.note_posted(ID, NOON)
    refunds.mark_sent(ID, 33, NOON)
    assert [entry.refund_id for entry in refunds.unchecked(NOON)] == [ID]
    refunds.mark_checked(ID, LATER, "The shop has it twice.")
    assert [entry.reason for entry in refunds.problems()] == ["The shop has it twice."]
    refunds.look_again(ID)
    assert (refunds.problems(), len(refunds.unchecked(NOON))) == ([], 1)
    assert refunds.told_back_minor(SOLD) == refunds.entry(ID).total_minor
