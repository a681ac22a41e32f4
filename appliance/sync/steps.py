"""What to do next for one sale, or one stock move: a pure decision from what is on disk and what the shop last said."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.shops.contract import Claim, OrderStatus, ShopOrder


@dataclass(frozen=True, slots=True)
class Progress:
    """What is on disk about the telling of one sale. All of it survives a power cut.

    Attributes:
        posted: a reservation may have reached the shop.
        order_id: the order that is this sale, once remembered.
        committing: a commit may have reached the shop.
        inherited: another card may hold the same sale: only the order that its claim names is ever committed.
        claim_id: the claim that holds, once known; ``order_id`` is then the order that it names.
    """

    posted: bool = False
    order_id: int | None = None
    committing: bool = False
    inherited: bool = False
    claim_id: int | None = None


class Action(enum.StrEnum):
    """One thing to do: the first eight are written to disk, then seven are asked of the shop, the last is neither."""

    NOTE_POSTED = "note-posted"
    REMEMBER = "remember"
    HOLD_CLAIM = "hold-claim"
    FORGET = "forget"
    NOTE_COMMITTING = "note-committing"
    MARK_SENT = "mark-sent"
    ADOPT_SENT = "adopt-sent"
    PARK = "park"
    FIND = "find"
    RESERVE = "reserve"
    CLAIM = "claim"
    CHECK = "check"
    UNCLAIM = "unclaim"
    LOOK = "look"
    COMMIT = "commit"
    DOUBT = "doubt"
    """What the shop says cannot be: leave it for a while."""


@dataclass(frozen=True, slots=True)
class Step:
    """An action with what it needs.

    Attributes:
        action: what to do.
        order_id: the order that it is about, for REMEMBER, LOOK and COMMIT; for PARK the one to remember too.
        reason: why, in a cashier's words, for PARK and DOUBT.
        claim_id: the claim, for HOLD_CLAIM.
    """

    action: Action
    order_id: int | None = None
    reason: str = ""
    claim_id: int | None = None


def first_step(progress: Progress) -> Step:
    """Where to begin, or to go on after any doubt, a fault or a power cut: from what is on disk alone."""
    if progress.order_id is None:
        return Step(Action.FIND if progress.posted or progress.inherited else Action.NOTE_POSTED)
    if progress.inherited:
        return _claiming(progress)
    # Also where no commit was sent yet: a shop that was set back to an old copy may have made this number another's.
    return Step(Action.LOOK, progress.order_id)


def after_writing(progress: Progress, done: Action) -> Step | None:
    """What follows when an action was written to disk; None when this sale is finished for now."""
    match done:
        case Action.NOTE_POSTED:
            return Step(Action.RESERVE)
        case Action.REMEMBER if progress.inherited:
            return _claiming(progress)
        case Action.REMEMBER:
            return Step(Action.NOTE_COMMITTING)
        case Action.HOLD_CLAIM:
            return _claiming(progress)
        case Action.NOTE_COMMITTING:
            return Step(Action.COMMIT, progress.order_id)
        case Action.FORGET:
            return Step(Action.FIND)
        case _:
            return None


def _claiming(progress: Progress) -> Step:
    """Nothing may be committed before the claim names it, and before a look at what was committed meanwhile."""
    if progress.claim_id is None:
        return Step(Action.CLAIM, progress.order_id)
    return Step(Action.CHECK, progress.order_id)


def after_finding(progress: Progress, orders: Sequence[ShopOrder]) -> Step:
    """Adopt the order that an earlier reservation made, or reserve (again).

    "Not found" proves nothing, as a late request may still make one. Reserving again is safe: twins are
    swept.
    """
    committed, reserved = _whole(orders, OrderStatus.COMMITTED), _whole(orders, OrderStatus.RESERVED)
    if committed and progress.inherited:
        return Step(Action.ADOPT_SENT, committed[0])
    for order_id in (*committed, *reserved):
        return Step(Action.REMEMBER, order_id)
    # An order that is cut short is still pending: one that holds the stock is done, and another than was sent.
    changed = sorted(orders, key=lambda order: order.order_id)
    for order in changed:
        if order.status in (OrderStatus.COMMITTED, OrderStatus.RESERVED):
            words = f"The shop made something else of it: look at order {order.number}."
            return Step(Action.PARK, order.order_id, words)
        if progress.inherited and order.status is OrderStatus.OTHER:
            return _changed_by_somebody(order)
    return Step(Action.NOTE_POSTED if progress.inherited and not progress.posted else Action.RESERVE)


def after_reserving(order: ShopOrder) -> Step:
    """The shop answered with a whole order of ours: from now on it is the sale."""
    return Step(Action.REMEMBER, order.order_id)


def after_claiming(claim: Claim) -> Step:
    """The order that the claim names is the sale, be it ours or another till's; ours is then a twin, and is swept."""
    return Step(Action.HOLD_CLAIM, claim.order_id, claim_id=claim.claim_id)


def after_checking(progress: Progress, orders: Sequence[ShopOrder]) -> Step:
    """The claim holds; commit its order, unless another one was committed before.

    A claim can be won long after the sale was told: a card lay in a drawer between its reservation and its claim,
    and the claim of the one that told it was dropped meanwhile. It was dropped after the commit, so that whoever
    looks after winning sees the committed order. Without this look the explorer finds two completed orders.
    """
    others = [each for each in _whole(orders, OrderStatus.COMMITTED) if each != progress.order_id]
    if others:
        return Step(Action.ADOPT_SENT, others[0])
    own = next((order for order in orders if order.order_id == progress.order_id), None)
    if own is None:  # gone, or a list of yesterday
        return Step(Action.LOOK, progress.order_id)
    return after_looking(progress, own)


def after_looking(progress: Progress, order: ShopOrder | None) -> Step:
    """Go by the order's own state, after a pause, or a commit whose answer was lost or in doubt."""
    if order is None or order.status is OrderStatus.CANCELLED:
        return Step(Action.UNCLAIM if progress.claim_id is not None else Action.FORGET)
    if order.status is OrderStatus.COMMITTED:
        return Step(Action.MARK_SENT, order.order_id)
    if order.status is OrderStatus.OTHER:
        return _changed_by_somebody(order)
    return Step(Action.COMMIT if progress.committing else Action.NOTE_COMMITTING, progress.order_id)


def after_missing(progress: Progress, order: ShopOrder | None) -> Step:
    """The claim's order was not in the list: if it is there all the same, the list is not to be believed."""
    step = after_looking(progress, order)
    if step.action in (Action.COMMIT, Action.NOTE_COMMITTING):
        return Step(Action.DOUBT, reason="The shop's list of orders lags behind.")
    return step


def after_committing(order: ShopOrder) -> Step | None:
    """Done only when the shop says completed; anything else is looked at in the next round."""
    return Step(Action.MARK_SENT, order.order_id) if order.status is OrderStatus.COMMITTED else None


def _whole(orders: Sequence[ShopOrder], status: OrderStatus) -> list[int]:
    return sorted(each.order_id for each in orders if each.is_whole and each.status is status)


def _changed_by_somebody(order: ShopOrder) -> Step:
    words = f"Somebody changed order {order.number} in the shop before this till had finished it."
    return Step(Action.PARK, order.order_id, words)
