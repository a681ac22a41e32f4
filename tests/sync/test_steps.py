"""What follows what, for a sale that two cards may hold; the schedules in tests/faults run all of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from appliance.shops.contract import Claim, OrderStatus, ShopOrder
from appliance.sync.steps import (
    Action,
    Progress,
    Step,
    after_checking,
    after_claiming,
    after_finding,
    after_looking,
    after_missing,
    after_writing,
    first_step,
)

INHERITED = Progress(inherited=True)
RESERVED = Progress(posted=True, order_id=501, inherited=True)
CLAIMED = Progress(posted=True, order_id=501, inherited=True, claim_id=900)
COMMITTING = Progress(posted=True, order_id=501, committing=True, inherited=True, claim_id=900)


def order(number: int, status: OrderStatus, *, is_whole: bool = True) -> ShopOrder:
    at = datetime(2026, 11, 21, tzinfo=UTC)
    return ShopOrder(
        number, str(number), status, "5a" * 16, 980, 0, (), "", at, f"till-{'5a' * 16}", is_whole
    )


@pytest.mark.parametrize(
    ("progress", "action"),
    [
        (INHERITED, Action.FIND),
        (RESERVED, Action.CLAIM),
        (Progress(posted=True, order_id=501, committing=True, inherited=True), Action.CLAIM),
        (CLAIMED, Action.CHECK),
        (COMMITTING, Action.CHECK),
        (Progress(), Action.NOTE_POSTED),
        (Progress(posted=True, order_id=501, committing=True), Action.LOOK),
    ],
)
def test_an_inherited_sale_is_never_committed_before_its_claim_holds(
    progress: Progress, action: Action
) -> None:
    assert first_step(progress).action is action


def test_an_inherited_sale_is_claimed_once_its_order_is_on_disk_and_looked_at_once_its_claim_is() -> None:
    assert after_writing(RESERVED, Action.REMEMBER) == Step(Action.CLAIM, 501)
    assert after_claiming(Claim(900, 502)) == Step(Action.HOLD_CLAIM, 502, claim_id=900)
    assert after_writing(CLAIMED, Action.HOLD_CLAIM) == Step(Action.CHECK, 501)


def test_what_another_till_completed_is_taken_over_without_a_request_more() -> None:
    told = [order(501, OrderStatus.RESERVED), order(502, OrderStatus.COMMITTED)]
    assert after_finding(INHERITED, told) == Step(Action.ADOPT_SENT, 502)
    assert after_checking(CLAIMED, told) == Step(Action.ADOPT_SENT, 502)


def test_an_inherited_sale_is_written_down_as_posted_before_it_is_reserved() -> None:
    assert after_finding(INHERITED, []) == Step(Action.NOTE_POSTED)
    assert after_finding(Progress(posted=True, inherited=True), []) == Step(Action.RESERVE)


def test_an_order_of_another_till_that_was_given_back_is_for_a_person() -> None:
    assert after_finding(INHERITED, [order(502, OrderStatus.OTHER)]).action is Action.PARK


@pytest.mark.parametrize(
    ("progress", "status", "action"),
    [
        (CLAIMED, OrderStatus.RESERVED, Action.NOTE_COMMITTING),
        (COMMITTING, OrderStatus.RESERVED, Action.COMMIT),
        (COMMITTING, OrderStatus.COMMITTED, Action.MARK_SENT),
        (CLAIMED, OrderStatus.CANCELLED, Action.UNCLAIM),
        (CLAIMED, OrderStatus.OTHER, Action.PARK),
    ],
)
def test_the_claims_order_is_gone_by(progress: Progress, status: OrderStatus, action: Action) -> None:
    assert after_checking(progress, [order(501, status)]).action is action


def test_a_list_without_the_claims_order_is_no_proof_that_it_is_gone() -> None:
    assert after_checking(CLAIMED, []) == Step(Action.LOOK, 501)
    assert after_missing(CLAIMED, order(501, OrderStatus.RESERVED)).action is Action.DOUBT
    assert after_missing(CLAIMED, order(501, OrderStatus.COMMITTED)).action is Action.MARK_SENT
    assert after_missing(CLAIMED, None).action is Action.UNCLAIM
    assert after_looking(Progress(posted=True, order_id=501), None).action is Action.FORGET
