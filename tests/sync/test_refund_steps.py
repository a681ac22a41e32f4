"""What follows what for a refund: never posted again before it is certain that the last request is dead."""

from __future__ import annotations

import pytest

from appliance.shops.contract import Claim, ShopRefund
from appliance.sync.refund_steps import (
    CUT_SHORT,
    LESS_LEFT,
    MOST_LOOKS,
    RefundAction,
    RefundProgress,
    after_claiming_refund,
    after_looking_for_refund,
    after_posting_refund,
    after_writing_refund,
    audit_refund,
    first_refund_step,
)

ID = "e" * 32
FRESH = RefundProgress()
IN_DOUBT = RefundProgress(posted=True)
LATE = RefundProgress(posted=True, is_late=True)
WON = RefundProgress(inherited=True, is_ours=True)
LOST = RefundProgress(inherited=True, is_ours=False)


def made(number: int, whose: str | None = ID, difference: int = 0, *, is_whole: bool = True) -> ShopRefund:
    return ShopRefund(number, whose, 500, difference, is_whole)


@pytest.mark.parametrize(
    ("progress", "action"),
    [
        (FRESH, RefundAction.NOTE_POSTED),
        (IN_DOUBT, RefundAction.LOOK),
        (LATE, RefundAction.LOOK),
        (RefundProgress(inherited=True), RefundAction.CLAIM),
        (RefundProgress(inherited=True, posted=True, is_late=True), RefundAction.CLAIM),
        (WON, RefundAction.LOOK),
        (LOST, RefundAction.LOOK),
    ],
)
def test_it_begins_from_what_is_on_disk(progress: RefundProgress, action: RefundAction) -> None:
    assert first_refund_step(progress).action is action


@pytest.mark.parametrize(
    ("progress", "action"),
    [
        (IN_DOUBT, RefundAction.WAIT),
        (LATE, RefundAction.NOTE_POSTED),
        (WON, RefundAction.NOTE_POSTED),
        (RefundProgress(posted=True, inherited=True, is_ours=True), RefundAction.WAIT),
        (LOST, RefundAction.WAIT),
        (RefundProgress(inherited=True, is_ours=False, looks=MOST_LOOKS), RefundAction.PARK),
        (RefundProgress(posted=True, is_late=True, inherited=True, is_ours=False), RefundAction.WAIT),
    ],
)
def test_what_is_not_there_is_posted_only_by_whom_and_when_none_can_be_under_way(
    progress: RefundProgress, action: RefundAction
) -> None:
    others = [made(7, "f" * 32), made(8, None)]
    assert after_looking_for_refund(progress, ID, others).action is action


@pytest.mark.parametrize("progress", [IN_DOUBT, LATE, WON, LOST])
def test_what_is_there_is_adopted_whoever_made_it(progress: RefundProgress) -> None:
    step = after_looking_for_refund(progress, ID, [made(7, None), made(9)])
    assert (step.action, step.shop_refund_id, step.words) == (RefundAction.MARK_SENT, 9, "")


def test_one_that_the_shop_broke_off_is_waited_for_and_never_made_again() -> None:
    broken = [made(9, is_whole=False)]
    assert after_looking_for_refund(IN_DOUBT, ID, broken).action is RefundAction.WAIT
    step = after_looking_for_refund(LATE, ID, broken)
    assert (step.action, step.shop_refund_id, step.words) == (RefundAction.MARK_SENT, 9, CUT_SHORT)


def test_the_till_that_the_claim_names_tells_it() -> None:
    assert after_claiming_refund(Claim(5, 900, "us"), "us").is_ours
    assert not after_claiming_refund(Claim(5, 900, "them"), "us").is_ours
    assert not after_claiming_refund(Claim(5, 900), "us").is_ours


def test_writing_leads_on_and_waiting_ends_the_round() -> None:
    following = {action: after_writing_refund(action) for action in RefundAction}
    assert {a: s.action for a, s in following.items() if s} == {
        RefundAction.HOLD_CLAIM: RefundAction.LOOK,
        RefundAction.NOTE_POSTED: RefundAction.POST,
    }


def test_money_that_the_order_had_no_more_is_said() -> None:
    assert after_posting_refund(made(9, difference=120)).words == LESS_LEFT
    assert after_posting_refund(made(9)).words == ""


def test_the_late_look_finds_what_is_double_gone_or_short() -> None:
    assert audit_refund(ID, [made(9), made(7, None)]) == ""
    assert "no longer" in audit_refund(ID, [made(7, None)])
    assert "2 times, as refunds 9 and 11" in audit_refund(ID, [made(9), made(11)])
    assert audit_refund(ID, [made(9, is_whole=False)]) == CUT_SHORT
    assert audit_refund(ID, [made(9, difference=5)]) == LESS_LEFT
