"""Telling the shop of one sale: does what :mod:`~appliance.sync.steps` decides, writing before each call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.tender import CompletedSale
from appliance.shops.contract import RefusedError, Shop, UnknownOutcomeError, WrongTotalError
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox, OutboxEntry
from appliance.sync.steps import (
    Action,
    Progress,
    Step,
    after_committing,
    after_finding,
    after_looking,
    after_reserving,
    after_writing,
    first_step,
)

MAX_STEPS: Final = 16
"""Steps for one sale in one round; an order that somebody keeps cancelling must not hold up the others."""

LOOK_BACK: Final = timedelta(days=1)
"""Orders are searched from a day before the first try: the clocks differ, and a search of all is slow."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """The uploader of one till. Only one may run (the program holds a lock).

    Attributes:
        shop: the online shop.
        outbox: what is to be told, and how far it has come.
        journal: the sales themselves.
        now: the clock.
    """

    shop: Shop
    outbox: Outbox
    journal: Journal
    now: Callable[[], datetime]

    def tell(self, entry: OutboxEntry) -> bool:
        """Go on with one sale as far as it goes now; True when the shop has it.

        Raises:
            ShopError: the shop did not do it or did not say so; what is on disk says where to go on.
        """
        sale = self.journal.sale(entry.sale_id)
        progress = Progress(
            posted=entry.posted_at is not None,
            order_id=entry.order_id,
            committing=entry.committing_at is not None,
        )
        step: Step | None = first_step(progress)
        for _ in range(MAX_STEPS):
            if step is None:
                return False
            if step.action in _WRITES:
                progress = self._write(step, progress, entry)
                if step.action is Action.MARK_SENT:
                    return True
                step = after_writing(progress, step.action)
            else:
                step = self._ask(step, progress, sale, entry)
        raise UnknownOutcomeError(
            f"Receipt {entry.receipt_number} went round in circles; it will be tried again."
        )

    def _write(self, step: Step, progress: Progress, entry: OutboxEntry) -> Progress:
        sale_id, now = entry.sale_id, self.now()
        match step.action:
            case Action.NOTE_POSTED:
                self.outbox.note_posted(sale_id, now)
                return replace(progress, posted=True)
            case Action.REMEMBER if step.order_id is not None:
                self.outbox.remember(sale_id, step.order_id)
                return replace(progress, order_id=step.order_id)
            case Action.FORGET:
                self.outbox.forget_order(sale_id)
                return replace(progress, order_id=None, committing=False)
            case Action.NOTE_COMMITTING:
                self.outbox.note_committing(sale_id, now)
                return replace(progress, committing=True)
            case Action.MARK_SENT:
                self.outbox.mark_sent(sale_id, now)
                log.info("Receipt %s is in the shop as order %s.", entry.receipt_number, step.order_id)
                return progress
            case _:
                if progress.order_id is None and step.order_id is not None:
                    self.outbox.remember(sale_id, step.order_id)
                self.outbox.park(sale_id, step.reason)
                log.warning("Receipt %s needs a person: %s", entry.receipt_number, step.reason)
                return progress

    def _ask(self, step: Step, progress: Progress, sale: CompletedSale, entry: OutboxEntry) -> Step | None:
        if step.action is Action.FIND:
            since = (entry.posted_at or sale.completed_at) - LOOK_BACK
            return after_finding(self.shop.find(entry.sale_id, since))
        if step.action is Action.RESERVE:
            return self._reserve(sale, entry)
        order_id = step.order_id or progress.order_id
        if order_id is None:
            raise UnknownOutcomeError("The order's number is missing.")
        if step.action is Action.LOOK:
            return after_looking(progress, self.shop.order(order_id))
        return after_committing(self.shop.commit(order_id))

    def _reserve(self, sale: CompletedSale, entry: OutboxEntry) -> Step:
        try:
            return after_reserving(self.shop.reserve(sale))
        except WrongTotalError as error:
            # The order stands and holds the stock. It is this sale, so it is remembered; a person says
            # whether its total may differ, and "send again" then goes on with this very order.
            return Step(Action.PARK, error.order.order_id, str(error))
        except RefusedError as error:
            # A clear no. The shop may still have kept a half-made order: sending again looks for that first.
            return Step(Action.PARK, reason=f"The shop refused it: {error}")


_WRITES: Final = frozenset(
    {
        Action.NOTE_POSTED,
        Action.REMEMBER,
        Action.FORGET,
        Action.NOTE_COMMITTING,
        Action.MARK_SENT,
        Action.PARK,
    }
)
