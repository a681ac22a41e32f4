"""What to do next for one refund: a pure decision from what is on disk and what the shop last said.

A refund is posted under its sale's order, and nothing makes that idempotent: the same request twice gives the money
and the pieces back twice. So: look, note that it is posted, post; and after any doubt look again, at once for an answer
that was lost, and late for a request that was. Only what is not there when none can be under way any more is posted
again.

That holds for one till. Another card may hold the same refund (``sync``): then the till that wins the claim tells it,
and the claim names the till. The loser watches until it is there; what the winner never told needs a person, for
nobody can know whether it still will.

Refunds wait until their sale is told. Where its order is gone from the shop, there is nothing to refund; the pieces
came back all the same, and the shop hears of them by a stock move.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.shops.contract import Claim, ShopRefund


@dataclass(frozen=True, slots=True)
class RefundProgress:
    """What is on disk about the telling of one refund, and how long ago it was posted.

    Attributes:
        posted: it may have reached the shop.
        is_late: and no request of it can be under way any more.
        inherited: another card may hold it. is_ours: this till won the claim to tell it; None before that is known.
        looks: how often it was watched for in vain, where the claim is another till's.
    """

    posted: bool = False
    is_late: bool = False
    inherited: bool = False
    is_ours: bool | None = None
    looks: int = 0


class RefundAction(enum.StrEnum):
    """One thing to do: five are written to disk, three are asked of the shop, the last waits."""

    NOTE_POSTED = "note-posted"
    HOLD_CLAIM = "hold-claim"
    MARK_SENT = "mark-sent"
    BECOME_MOVE = "become-move"
    PARK = "park"
    CLAIM = "claim"
    LOOK = "look"
    POST = "post"
    WAIT = "wait"


@dataclass(frozen=True, slots=True)
class RefundStep:
    """An action with what it needs.

    Attributes:
        action: what to do.
        shop_refund_id: for MARK_SENT. claim_id, is_ours: for HOLD_CLAIM.
        words: for a person: why it is parked; for MARK_SENT what is wrong with it in the shop.
    """

    action: RefundAction
    shop_refund_id: int = 0
    claim_id: int = 0
    is_ours: bool = False
    words: str = ""


MOST_LOOKS = 24
"""So often another till's refund is watched for, once an hour."""

CUT_SHORT = "The shop broke off in the middle of it: count what came back, and look at its order."
GONE = "It is no longer in the shop."
LESS_LEFT = "The order had less money left than was given back: somebody refunded it in the shop too."


def first_refund_step(progress: RefundProgress) -> RefundStep:
    """Where to begin, or to go on after any doubt, a fault or a power cut: from what is on disk alone."""
    if progress.inherited and progress.is_ours is None:
        return RefundStep(RefundAction.CLAIM)
    if progress.inherited or progress.posted:
        return RefundStep(RefundAction.LOOK)
    return RefundStep(RefundAction.NOTE_POSTED)


def after_claiming_refund(claim: Claim, by: str) -> RefundStep:
    """It is this till's to tell if the claim names it."""
    return RefundStep(RefundAction.HOLD_CLAIM, claim_id=claim.claim_id, is_ours=claim.by == by)


def after_writing_refund(done: RefundAction) -> RefundStep | None:
    """What follows when an action was written to disk; None when this refund is finished for now."""
    match done:
        case RefundAction.HOLD_CLAIM:
            return RefundStep(RefundAction.LOOK)
        case RefundAction.NOTE_POSTED:
            return RefundStep(RefundAction.POST)
        case _:
            return None


def after_looking_for_refund(
    progress: RefundProgress, refund_id: str, refunds: Sequence[ShopRefund]
) -> RefundStep:
    """Adopt what is there; else wait, watch, or post (again)."""
    ours = [each for each in refunds if each.till_refund_id == refund_id]
    whole = [each for each in ours if each.is_whole]
    if whole:
        return _sent(whole[0])
    if ours and (progress.is_late or not progress.posted):
        return RefundStep(RefundAction.MARK_SENT, ours[0].refund_id, words=CUT_SHORT)
    if ours:
        return RefundStep(RefundAction.WAIT)
    if progress.inherited and not progress.is_ours:
        if progress.looks < MOST_LOOKS:
            return RefundStep(RefundAction.WAIT)
        words = "Another card of this till was to tell the shop of it, and did not. Look at its order."
        return RefundStep(RefundAction.PARK, words=words)
    if progress.posted and not progress.is_late:
        return RefundStep(RefundAction.WAIT)
    return RefundStep(RefundAction.NOTE_POSTED)


def after_posting_refund(made: ShopRefund) -> RefundStep:
    """The shop answered with our refund."""
    return _sent(made)


def audit_refund(refund_id: str, refunds: Sequence[ShopRefund], *, is_settled: bool = False) -> str:
    """What the late look finds wrong with a refund that was told, in the owner's words; "" when all is right.

    One that a person settled by hand should not be there under the till's name: then it may count twice.
    """
    ours = [each for each in refunds if each.till_refund_id == refund_id]
    if is_settled:
        return (
            f"It was settled by hand, and the shop has it too, as refund {ours[0].refund_id}." if ours else ""
        )
    if not ours:
        return GONE
    if len(ours) > 1:
        numbers = " and ".join(str(each.refund_id) for each in ours)
        return f"The shop has it {len(ours)} times, as refunds {numbers}: delete what is too much, and count."
    if not ours[0].is_whole:
        return CUT_SHORT
    return LESS_LEFT if ours[0].difference_minor else ""


def _sent(refund: ShopRefund) -> RefundStep:
    words = LESS_LEFT if refund.difference_minor else ""
    return RefundStep(RefundAction.MARK_SENT, refund.refund_id, words=words)
