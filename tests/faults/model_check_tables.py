"""Decision tables for the model checker: ours as it is, those that others use, and ours with a mistake in it.

A table is the functions of :mod:`appliance.sync.steps`, passed in; a mistake is another function in the place of one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from appliance.shops.contract import Claim, OrderStatus, ShopOrder
from appliance.sync import steps
from appliance.sync.steps import Action, Progress, Step


@dataclass(frozen=True, slots=True)
class Table:
    """What a client does next, and how the shop makes its orders.

    Attributes:
        first, writing, finding, reserving, claiming, checking, looking, missing, committing: the decisions.
        makes: the status of a new order; takes: whether its stock is taken with it.
        inherits: what may be on another card is told by the claiming protocol, by the old card and by the copy.
    """

    first: Callable[[Progress], Step] = steps.first_step
    writing: Callable[[Progress, Action], Step | None] = steps.after_writing
    finding: Callable[[Progress, Sequence[ShopOrder]], Step] = steps.after_finding
    reserving: Callable[[ShopOrder], Step] = steps.after_reserving
    claiming: Callable[[Claim], Step] = steps.after_claiming
    checking: Callable[[Progress, Sequence[ShopOrder]], Step] = steps.after_checking
    looking: Callable[[Progress, ShopOrder | None], Step] = steps.after_looking
    missing: Callable[[Progress, ShopOrder | None], Step] = steps.after_missing
    committing: Callable[[ShopOrder], Step | None] = steps.after_committing
    makes: OrderStatus = OrderStatus.RESERVED
    takes: bool = True
    inherits: tuple[bool, bool] = (True, True)


OURS: Final = Table()
PLAIN: Final = Table(inherits=(False, False))
"""Ours without the claiming: what a till does that never thinks of a second card."""


def _always_reserve(_progress: Progress) -> Step:
    return Step(Action.RESERVE)


def _believe(order: ShopOrder) -> Step:
    return Step(Action.ADOPT_SENT, order.order_id)


NAIVE: Final = Table(
    first=_always_reserve, reserving=_believe, makes=OrderStatus.COMMITTED, inherits=(False, False)
)
"""POST completed, and again until an answer comes: what most connectors do."""


def _always_find(_progress: Progress) -> Step:
    return Step(Action.FIND)


def _adopt_any(_progress: Progress, orders: Sequence[ShopOrder]) -> Step:
    return Step(Action.ADOPT_SENT, orders[0].order_id) if orders else Step(Action.RESERVE)


QUERY_FIRST: Final = Table(
    first=_always_find,
    finding=_adopt_any,
    reserving=_believe,
    makes=OrderStatus.COMMITTED,
    inherits=(False, False),
)
"""Look before each try whether it is there."""

DRAFT: Final = replace(PLAIN, takes=False)
"""POST pending, remember, PUT completed: our decisions, before a shop that takes the stock with the second."""

ONLY_THE_COPY: Final = Table(inherits=(False, True))

ONLY_THE_OLD: Final = Table(inherits=(True, False))

# -- ours, with a mistake


def _reserved_is_enough(order: ShopOrder) -> Step:
    return Step(Action.ADOPT_SENT, order.order_id)


def _found_is_enough(progress: Progress, orders: Sequence[ShopOrder]) -> Step:
    step = steps.after_finding(progress, orders)
    return Step(Action.ADOPT_SENT, step.order_id) if step.action is Action.REMEMBER else step


def _forgets_on_doubt(progress: Progress, order: ShopOrder | None) -> Step:
    step = steps.after_looking(progress, order)
    return Step(Action.FORGET) if step.action is Action.COMMIT else step


def _commits_at_once(order: ShopOrder) -> Step:
    return Step(Action.COMMIT, order.order_id)


def _adopts_what_it_committed(order: ShopOrder) -> Step:
    return Step(Action.ADOPT_SENT, order.order_id)


def _commits_unclaimed(progress: Progress, done: Action) -> Step | None:
    return steps.after_writing(replace(progress, inherited=False), done)


def _commits_unchecked(progress: Progress, orders: Sequence[ShopOrder]) -> Step:
    own = [each for each in orders if each.order_id == progress.order_id]
    return steps.after_checking(progress, own)


MISTAKES: Final = {
    "an order on hold counts as sent": replace(PLAIN, reserving=_reserved_is_enough),
    "an order that is found counts as sent": replace(PLAIN, finding=_found_is_enough),
    "a commit without an answer is given up": replace(PLAIN, looking=_forgets_on_doubt),
    "it commits before it remembers": replace(
        PLAIN, reserving=_commits_at_once, committing=_adopts_what_it_committed
    ),
    "it commits without a claim": replace(OURS, writing=_commits_unclaimed),
    "it does not look after it won the claim": replace(OURS, checking=_commits_unchecked),
    "only the old card claims": ONLY_THE_OLD,
    "only the copy claims": ONLY_THE_COPY,
}
"""Each is found, those with a claim by means of a cloned card."""
