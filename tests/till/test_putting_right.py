"""Putting right what the shop did not take: sent again, told otherwise, or settled by hand."""

from datetime import timedelta
from typing import Any

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.errors import NoSuchLineError
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.domain.tender import TenderKind
from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.facts import Vanished
from appliance.storage.mending import Mending
from appliance.storage.set_back import SetBacks
from appliance.storage.stock_moves import StockMoves
from appliance.till.errors import ApprovalError, ApprovalNeededError
from appliance.till.putting_right import Asked, Kind

WHY = "The owner says so"


def word(bench: Any, act: Any) -> Approval:
    """Sean's word for what an act asks for."""
    with pytest.raises(ApprovalNeededError) as needed:
        act(None)
    approval: Approval = bench.approve(needed.value.what, needed.value.about, WHY)
    return approval


def parked(bench: Any, *numbers: int) -> Any:
    """A sale that the shop refused."""
    sale_id = bench.sell(*numbers)
    bench.outbox.park(sale_id, "The shop no longer has product 331.")
    return bench.putting_right.stuck()[-1]


def test_a_sale_settled_by_hand_is_told_no_more_and_the_journal_says_why(bench: Any) -> None:
    stuck = parked(bench, 331)

    def settle(approval: Approval | None) -> None:
        bench.putting_right.settle(stuck, bench.marta, approval)

    settle(word(bench, settle))
    entry = bench.entry("settled")
    assert (entry["id"], entry["reason"]) == (stuck.told_id, f"{WHY} (Sean)")
    assert bench.putting_right.stuck() == ()
    assert bench.outbox.entry(stuck.told_id).is_settled
    with pytest.raises(StorageError):
        settle(word(bench, settle))


def test_a_managers_word_is_for_one_act_on_one_thing(bench: Any) -> None:
    first, second = parked(bench, 331), parked(bench, 402)
    given = word(bench, lambda approval: bench.putting_right.settle(first, bench.marta, approval))
    with pytest.raises(ApprovalError):
        bench.putting_right.settle(second, bench.marta, given)
    with pytest.raises(ApprovalError):
        bench.putting_right.mend(first, 1, None, bench.marta, given)
    assert len(bench.putting_right.stuck()) == 2


@pytest.mark.parametrize("number", [402, None])
def test_a_line_is_told_as_another_product_or_as_none_and_the_sale_stays(
    bench: Any, number: int | None
) -> None:
    stuck = parked(bench, 331, 707)
    product = None if number is None else bench.catalogue.get(number)
    rails = bench.catalogue.get(707).on_hand

    def mend(approval: Approval | None) -> None:
        bench.putting_right.mend(stuck, 1, product, bench.marta, approval)

    mend(word(bench, mend))
    told = bench.mending.told(stuck.told_id)
    assert [line.product_id for line in told.sale.lines] == [number, 707]
    assert [line.product_id for line in bench.journal.sale(stuck.told_id).sale.lines] == [331, 707]
    assert told.sale.total_minor == bench.journal.sale(stuck.told_id).sale.total_minor
    assert bench.outbox.entry(stuck.told_id).state == "due"
    # The shop will not take the old product's piece; the other line's still waits.
    assert (bench.catalogue.get(331).on_hand, bench.catalogue.get(707).on_hand) == (8, rails)
    assert bench.entry("mended")["was"]["product_id"] == 331


def test_the_last_word_on_a_line_counts(bench: Any) -> None:
    stuck = parked(bench, 331)
    for number in (402, 707):
        product = bench.catalogue.get(number)
        given = word(
            bench, lambda given, p=product: bench.putting_right.mend(stuck, 1, p, bench.marta, given)
        )
        bench.putting_right.mend(stuck, 1, product, bench.marta, given)
    assert bench.mending.told(stuck.told_id).sale.lines[0].product_id == 707
    with pytest.raises(NoSuchLineError):
        given = word(bench, lambda given: bench.putting_right.mend(stuck, 9, None, bench.marta, given))
        bench.putting_right.mend(stuck, 9, None, bench.marta, given)


def test_a_sale_that_the_shop_has_otherwise_is_looked_at_again_or_accepted(bench: Any) -> None:
    sale_id = bench.sell(331)
    bench.outbox.remember(sale_id, 41)
    bench.outbox.mark_sent(sale_id, bench.clock())
    bench.outbox.mark_checked(sale_id, bench.clock(), "Its total was changed.")
    (stuck,) = bench.putting_right.stuck()
    assert (stuck.in_shop, stuck.can_mend, stuck.reason) == (True, False, "Its total was changed.")

    bench.putting_right.send_again(stuck)
    assert bench.outbox.entry(sale_id).checked_at is None
    bench.outbox.mark_checked(sale_id, bench.clock(), "Its total was changed.")
    given = word(bench, lambda given: bench.putting_right.settle(stuck, bench.marta, given))
    bench.putting_right.settle(stuck, bench.marta, given)
    assert bench.putting_right.stuck() == ()
    assert bench.entry("problem-settled")["problem"] == "Its total was changed."


def test_refunds_and_stock_moves_need_a_person_too(bench: Any) -> None:
    bench.sell(331)
    plan = bench.refunding.of_sale(bench.refunding.find("1"), {1: 1})
    code = bench.journal.chain_code(plan.of_sale_id)
    bench.refunding.give_back(plan, TenderKind.CASH, "Faulty", code=code)
    line = StockMoveLine(402, None, 402, "Wood screws", 2)
    moves = StockMoves(bench.database, bench.journal)
    move = moves.record(MoveKind.COUNT, [line], "Counted", bench.sean, bench.clock(), move_id="a" * 32)
    boxes = bench.putting_right.outboxes
    boxes.refunds.park(plan.refund_id, "The order is gone.")
    boxes.moves.park(move.move_id, "The shop said no.")

    refund, count = bench.putting_right.stuck()
    assert (refund.kind, refund.title, refund.total_text) == (
        Kind.REFUND,
        "Refund T1-000002 needs you",
        "24.90",
    )
    assert (count.kind, count.title) == (Kind.MOVE, f"Stock {move.label} needs you")
    assert bench.waiting.header().text == "2 things need you"
    bench.putting_right.send_again(refund)
    given = word(bench, lambda given: bench.putting_right.settle(count, bench.marta, given))
    bench.putting_right.settle(count, bench.marta, given)
    assert bench.putting_right.stuck() == ()
    assert boxes.refunds.entry(plan.refund_id).state == "due"


def test_much_of_the_catalogue_gone_is_asked_once_and_accepted_by_a_manager(bench: Any) -> None:
    bench.facts.note_vanished(Vanished(320, 900, bench.clock()))
    (question,) = bench.putting_right.questions()
    assert question.asked is Asked.VANISHED
    assert question.note == "320 of 900 products are gone there. The till keeps selling all of them."
    assert bench.waiting.header().text == "1 thing needs you"
    given = word(
        bench, lambda given: bench.putting_right.answer(question, bench.marta, yes=True, approval=given)
    )
    bench.putting_right.answer(question, bench.marta, yes=True, approval=given)
    assert bench.putting_right.questions() == ()
    assert bench.facts.accepted_vanished() is not None
    assert bench.entry("vanished-accepted")["reason"] == f"{WHY} (Sean)"


@pytest.mark.parametrize("yes", [True, False])
def test_a_shop_that_was_set_back_is_told_again_or_left_so(bench: Any, yes: bool) -> None:
    sale_id = bench.sell(331)
    bench.outbox.remember(sale_id, 41)
    bench.outbox.mark_sent(sale_id, bench.clock())
    SetBacks(bench.database, bench.journal).note([sale_id], [], bench.clock() + timedelta(minutes=1))
    (question,) = bench.putting_right.questions()
    assert question.note.startswith("1 sale or stock change that it had is not there any more.")
    given = word(
        bench, lambda given: bench.putting_right.answer(question, bench.marta, yes=yes, approval=given)
    )
    bench.putting_right.answer(question, bench.marta, yes=yes, approval=given)
    assert bench.putting_right.questions() == ()
    assert bench.outbox.entry(sale_id).state == ("due" if yes else "sent")


def test_a_product_that_the_shop_dropped_can_be_told_without_it(bench: Any) -> None:
    stuck = parked(bench, 331)
    bench.catalogue.apply(CatalogueChanges(removed=(331,)))
    given = word(bench, lambda given: bench.putting_right.mend(stuck, 1, None, bench.marta, given))
    bench.putting_right.mend(stuck, 1, None, bench.marta, given)
    again: Database = bench.open()
    try:
        assert Mending(again, bench.journal).told(stuck.told_id).sale.lines[0].product_id is None
    finally:
        again.close()


def test_what_was_told_otherwise_twice_stops_counting_once(bench: Any) -> None:
    """The second word is about what the line was told as: that was never sold here, its neighbour was."""
    sale_id = bench.sell(331, 402)
    bench.outbox.park(sale_id, "The shop does not know it.")
    (stuck,) = bench.putting_right.stuck()
    for product, about in ((bench.catalogue.get(402), 402), (None, 0)):
        word = bench.approve(Guarded.PUT_RIGHT, f"mend/{sale_id}/1/{about}")
        bench.putting_right.mend(stuck, 1, product, bench.marta, word)
        assert [bench.catalogue.get(each).on_hand for each in (331, 402)] == [8, 39]


@pytest.mark.parametrize("yes", [True, False])
def test_the_journal_keeps_who_approved_what_is_told_again(bench: Any, yes: bool) -> None:
    SetBacks(bench.database, bench.journal).note([bench.sell(331)], [], bench.clock())
    (question,) = bench.putting_right.questions()
    word = bench.approve(Guarded.PUT_RIGHT, f"set-back/{int(yes)}", "The host said so")
    bench.putting_right.answer(question, bench.marta, yes=yes, approval=word)
    assert bench.entry("told-again")["reason"] == "The host said so (Sean)"
