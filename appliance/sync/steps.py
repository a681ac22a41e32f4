"""What to do next for one sale: a pure decision from what is on disk and what the shop last said."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.shops.contract import OrderStatus, ShopOrder


@dataclass(frozen=True, slots=True)
class Progress:
    """What is on disk about the telling of one sale. All of it survives a power cut.

    Attributes:
        posted: a reservation may have reached the shop.
        order_id: the order that is this sale, once remembered.
        committing: a commit may have reached the shop.
    """

    posted: bool = False
    order_id: int | None = None
    committing: bool = False


class Action(enum.StrEnum):
    """One thing to do. The first four are written to disk, the last four are asked of the shop."""

    NOTE_POSTED = "note-posted"
    REMEMBER = "remember"
    FORGET = "forget"
    NOTE_COMMITTING = "note-committing"
    MARK_SENT = "mark-sent"
    PARK = "park"
    FIND = "find"
    RESERVE = "reserve"
    LOOK = "look"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Step:
    """An action with what it needs.

    Attributes:
        action: what to do.
        order_id: the order that it is about, for REMEMBER, LOOK and COMMIT; for PARK the one to remember too.
        reason: why, in a cashier's words, for PARK.
    """

    action: Action
    order_id: int | None = None
    reason: str = ""


def first_step(progress: Progress) -> Step:
    """Where to begin, or to go on after any doubt, a fault or a power cut: from what is on disk alone."""
    if progress.order_id is None:
        return Step(Action.FIND if progress.posted else Action.NOTE_POSTED)
    if progress.committing:
        return Step(Action.LOOK, progress.order_id)
    return Step(Action.NOTE_COMMITTING)


def after_writing(progress: Progress, done: Action) -> Step | None:
    """What follows when an action was written to disk; None when this sale is finished for now."""
    match done:
        case Action.NOTE_POSTED:
            return Step(Action.RESERVE)
        case Action.REMEMBER:
            return Step(Action.NOTE_COMMITTING)
        case Action.NOTE_COMMITTING:
            return Step(Action.COMMIT, progress.order_id)
        case Action.FORGET:
            return Step(Action.FIND)
        case _:
            return None


def after_finding(orders: Sequence[ShopOrder]) -> Step:
    """Adopt the order that an earlier reservation made, or reserve (again).

    "Not found" proves nothing, as a late request may still make one. Reserving again is safe: twins are
    swept.
    """
    mine = [order for order in orders if order.is_whole]
    committed = sorted(each.order_id for each in mine if each.status is OrderStatus.COMMITTED)
    reserved = sorted(each.order_id for each in mine if each.status is OrderStatus.RESERVED)
    for order_id in (*committed, *reserved):
        return Step(Action.REMEMBER, order_id)
    # An order that is cut short is still pending: one that holds the stock is done, and another than was sent.
    changed = sorted(orders, key=lambda order: order.order_id)
    for order in changed:
        if order.status in (OrderStatus.COMMITTED, OrderStatus.RESERVED):
            words = f"The shop made something else of it: look at order {order.number}."
            return Step(Action.PARK, order.order_id, words)
    return Step(Action.RESERVE)


def after_reserving(order: ShopOrder) -> Step:
    """The shop answered with a whole order of ours: from now on it is the sale."""
    return Step(Action.REMEMBER, order.order_id)


def after_looking(progress: Progress, order: ShopOrder | None) -> Step:
    """Go by the order's own state, after a commit whose answer was lost or in doubt."""
    if order is None or order.status is OrderStatus.CANCELLED:
        return Step(Action.FORGET)
    if order.status is OrderStatus.COMMITTED:
        return Step(Action.MARK_SENT, order.order_id)
    if order.status is not OrderStatus.OTHER:
        return Step(Action.COMMIT, progress.order_id)
    return Step(
        Action.PARK,
        order.order_id,
        f"Somebody changed order {order.number} in the shop before this till had finished it.",
    )


def after_committing(order: ShopOrder) -> Step | None:
    """Done only when the shop says completed; anything else is looked at in the next round."""
    return Step(Action.MARK_SENT, order.order_id) if order.status is OrderStatus.COMMITTED else None
