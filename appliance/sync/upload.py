"""Telling the shop of a sale or a stock move: does what :mod:`~appliance.sync.steps` decides, writing first."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.stock import StockMove
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    Anchor,
    RefusedError,
    Shop,
    ShopOrder,
    UnknownOutcomeError,
    WrongTotalError,
)
from appliance.storage.outbox_rows import OutboxEntry
from appliance.storage.told import Told
from appliance.sync.steps import (
    Action,
    Progress,
    Step,
    after_checking,
    after_claiming,
    after_committing,
    after_finding,
    after_looking,
    after_missing,
    after_reserving,
    after_writing,
    first_step,
)

MAX_STEPS: Final = 24
"""Steps for one sale in one round; an order that somebody keeps cancelling must not hold up the others."""

LOOK_BACK: Final = timedelta(days=1)
"""Orders are searched from a day before the first try: the clocks differ, and a search of all is slow."""

Tellable = CompletedSale | StockMove

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """The uploader of one till. Only one may run (the program holds a lock).

    Attributes:
        shop: the online shop.
        outbox: what is to be told, and how far it has come.
        read: what is told itself, by its id.
        now: the clock.
        key_hex: the public key that the journal is signed with, "" without one.
    """

    shop: Shop
    outbox: Told
    read: Callable[[str], Tellable]
    now: Callable[[], datetime]
    key_hex: str = ""

    def tell(self, entry: OutboxEntry) -> bool:
        """Go on with one as far as it goes now; True when the shop has it.

        Raises:
            ShopError: the shop did not do it or did not say so; what is on disk says where to go on.
        """
        told = self.read(entry.sale_id)
        progress = Progress(
            posted=entry.posted_at is not None,
            order_id=entry.order_id,
            committing=entry.committing_at is not None,
            inherited=entry.inherited,
            claim_id=entry.claim_id,
        )
        step: Step | None = first_step(progress)
        for _ in range(MAX_STEPS):
            if step is None:
                return False
            if step.action in _WRITES:
                progress = self._write(step, progress, entry)
                if step.action in (Action.MARK_SENT, Action.ADOPT_SENT):
                    log.info("%s is in the shop as order %s.", entry.receipt_number, step.order_id)
                    return True
                step = after_writing(progress, step.action)
            else:
                step = self._ask(step, progress, told, entry)
        raise UnknownOutcomeError(f"{entry.receipt_number} went round in circles; it will be tried again.")

    def _write(self, step: Step, progress: Progress, entry: OutboxEntry) -> Progress:
        sale_id, now = entry.sale_id, self.now()
        match step:
            case Step(Action.NOTE_POSTED):
                self.outbox.note_posted(sale_id, now)
                return replace(progress, posted=True)
            case Step(Action.REMEMBER, int(order_id)):
                self.outbox.remember(sale_id, order_id)
                return replace(progress, order_id=order_id)
            case Step(Action.HOLD_CLAIM, int(order_id), _, int(claim_id)):
                self.outbox.hold_claim(sale_id, claim_id, order_id)
                return replace(progress, order_id=order_id, claim_id=claim_id)
            case Step(Action.FORGET):
                self.outbox.forget_order(sale_id)
                return replace(progress, order_id=None, committing=False, claim_id=None)
            case Step(Action.NOTE_COMMITTING):
                self.outbox.note_committing(sale_id, now)
                return replace(progress, committing=True)
            case Step(Action.MARK_SENT):
                self.outbox.mark_sent(sale_id, now)
            case Step(Action.ADOPT_SENT, int(order_id)):
                self.outbox.adopt_sent(sale_id, order_id, now)
            case _:
                self._park(step, progress, entry)
        return progress

    def _park(self, step: Step, progress: Progress, entry: OutboxEntry) -> None:
        if progress.order_id is None and step.order_id is not None:
            self.outbox.remember(entry.sale_id, step.order_id)
        self.outbox.park(entry.sale_id, step.reason)
        log.warning("%s needs a person: %s", entry.receipt_number, step.reason)

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        match step.action:
            case Action.FIND:
                return after_finding(progress, self.shop.find(entry.sale_id, look_back(entry, told)))
            case Action.RESERVE:
                return self._reserve(told, entry)
            case Action.CHECK:
                return after_checking(progress, self.shop.find(entry.sale_id, look_back(entry, told)))
            case Action.UNCLAIM if progress.claim_id is not None:
                self.shop.drop_claim(progress.claim_id)
                return Step(Action.FORGET)
            case Action.DOUBT:
                raise UnknownOutcomeError(step.reason)
            case _:
                return self._ask_about(step, progress, entry)

    def _ask_about(self, step: Step, progress: Progress, entry: OutboxEntry) -> Step | None:
        order_id = step.order_id or progress.order_id
        if order_id is None:
            raise UnknownOutcomeError("The order's number is missing.")
        if step.action is Action.CLAIM:
            return after_claiming(self.shop.claim(entry.sale_id, order_id))
        if step.action is Action.LOOK:
            judge = after_looking if progress.claim_id is None else after_missing
            return judge(progress, own_order(self.shop.order(order_id), entry.sale_id))
        return after_committing(self.shop.commit(order_id))

    def _reserve(self, told: Tellable, entry: OutboxEntry) -> Step:
        try:
            seq, entry_hash = self.outbox.anchor(entry.sale_id)
            return after_reserving(self.shop.reserve(told, Anchor(seq, entry_hash.hex(), self.key_hex)))
        except WrongTotalError as error:
            # The order stands and holds the stock. It is this sale, so it is remembered; a person says
            # whether its total may differ, and "send again" then goes on with this very order.
            return Step(Action.PARK, error.order.order_id, str(error))
        except RefusedError as error:
            # A clear no. The shop may still have kept a half-made order: sending again looks for that first.
            return Step(Action.PARK, reason=f"The shop refused it: {error}")


def own_order(order: ShopOrder | None, told_id: str) -> ShopOrder | None:
    """An order if it is still the one of this sale: a shop that was set back uses numbers of orders anew."""
    return order if order is not None and order.sale_id == told_id else None


def made_at(told: Tellable) -> datetime:
    """When it was made at the latest, whatever was wrong with the clock then."""
    if isinstance(told, StockMove):
        return told.moved_at
    return min(told.completed_at, told.sold_at or told.completed_at)


def look_back(entry: OutboxEntry, told: Tellable) -> datetime:
    """From when on its orders are searched.

    Of an inherited one from the sale itself: another card may have told it long before this one tried first.
    """
    first = entry.posted_at or made_at(told)
    return (min(first, made_at(told)) if entry.inherited else first) - LOOK_BACK


_WRITES: Final = frozenset(
    {
        Action.NOTE_POSTED,
        Action.REMEMBER,
        Action.HOLD_CLAIM,
        Action.FORGET,
        Action.NOTE_COMMITTING,
        Action.MARK_SENT,
        Action.ADOPT_SENT,
        Action.PARK,
    }
)
