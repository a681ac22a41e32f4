"""Telling the shop of one refund: does what :mod:`~appliance.sync.refund_steps` decides, writing before each call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from appliance.domain.refund import CompletedRefund
from appliance.shops.contract import (
    Anchor,
    RefusedError,
    Shop,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from appliance.storage.refund_rows import RefundEntry
from appliance.storage.told import RefundsTold
from appliance.storage.told_table import LONGEST_WAIT
from appliance.sync.late_look import MOST_LOOKS, drop_claims, look
from appliance.sync.refund_steps import (
    GONE,
    RefundAction,
    RefundProgress,
    RefundStep,
    after_claiming_refund,
    after_looking_for_refund,
    after_posting_refund,
    after_writing_refund,
    audit_refund,
    first_refund_step,
)
from appliance.sync.upload import own_order

MAX_STEPS: Final = 8

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RefundTelling:
    """Tells of refunds, one request at a time.

    Attributes:
        shop: the online shop.
        outbox: what is to be told, and how far it has come.
        read: the refunds themselves.
        now: the clock.
        late: how long after the last request one may still be under way.
        by: a name of this till that no copy of it has (letters, digits, hyphens).
        is_lost: whether the shop is known to have lost a sale, which may be told again; asked where its order is gone.
        order_is_gone: called then.
        key_hex: the public key that the journal is signed with, "" without one.
    """

    shop: Shop
    outbox: RefundsTold
    read: Callable[[str], CompletedRefund]
    now: Callable[[], datetime]
    late: timedelta
    by: Callable[[], str]
    is_lost: Callable[[str], bool] = lambda _sale_id: False
    order_is_gone: Callable[[], object] = bool
    key_hex: str = ""

    def tell(self, entry: RefundEntry) -> bool:
        """Go on with one refund as far as it goes now; True when the shop has it.

        Raises:
            ShopError: the shop did not do it or did not say so; what is on disk says where to go on.
        """
        progress = self._progress(entry)
        step: RefundStep | None = first_refund_step(progress)
        for _ in range(MAX_STEPS):
            if step is None:
                return False
            if step.action in _WRITES:
                progress = self._write(step, progress, entry)
                if step.action is RefundAction.MARK_SENT:
                    log.info("%s is in the shop as refund %s.", entry.receipt_number, step.shop_refund_id)
                    return True
                step = after_writing_refund(step.action)
            else:
                step = self._ask(step, progress, entry)
        raise UnknownOutcomeError(f"{entry.receipt_number} went round in circles; it will be tried again.")

    def look_late(self, limit: int = 20) -> int:
        """Look once more at refunds that the shop has had for a while; return how many were settled.

        Raises:
            ShopError: the shop did not answer; the refund is looked at again after ``late``.
        """
        settled, now = 0, self.now()
        waiting = self.outbox.unchecked(now - self.late, now)
        for entry in [each for each in waiting if not _waits(each, now)][:limit]:
            self.outbox.note_attempt(entry.refund_id, now + self.late)
            if entry.next_try_at is None and entry.sent_at is not None and entry.sent_at > now:
                continue  # it was told under a wrong clock: wait anew, once
            settled += look(self.outbox, entry, self.now, partial(self._audit, entry))
        return settled

    def drop_claims(self) -> int:
        """Take away this till's claims of refunds; see :mod:`~appliance.sync.late_look`."""
        return drop_claims(self.shop, self.outbox, self.now())

    def _progress(self, entry: RefundEntry) -> RefundProgress:
        posted_at, now = entry.posted_at, self.now()
        if posted_at is not None and posted_at > now:  # under a wrong clock: wait anew
            posted_at = now
            self.outbox.note_posted(entry.refund_id, now)
        return RefundProgress(
            posted=posted_at is not None,
            is_late=posted_at is not None and posted_at <= now - self.late,
            inherited=entry.inherited,
            is_ours=entry.is_ours,
            looks=entry.attempts,
        )

    def _write(self, step: RefundStep, progress: RefundProgress, entry: RefundEntry) -> RefundProgress:
        refund_id, now = entry.refund_id, self.now()
        match step.action:
            case RefundAction.NOTE_POSTED:
                self.outbox.note_posted(refund_id, now)
                return replace(progress, posted=True, is_late=False)
            case RefundAction.HOLD_CLAIM:
                self.outbox.hold_claim(refund_id, step.claim_id, is_ours=step.is_ours)
                return replace(progress, is_ours=step.is_ours)
            case RefundAction.MARK_SENT:
                self.outbox.mark_sent(refund_id, step.shop_refund_id, now, step.words)
            case RefundAction.BECOME_MOVE:
                self.outbox.become_move(refund_id, now)
                log.info("%s has no order any more: its pieces are told alone.", entry.receipt_number)
            case RefundAction.PARK:
                self.outbox.park(refund_id, step.words)
                log.warning("%s needs a person: %s", entry.receipt_number, step.words)
            case _:
                self.outbox.note_attempt(refund_id, self._next_look(progress, entry))
        return progress

    def _next_look(self, progress: RefundProgress, entry: RefundEntry) -> datetime:
        if progress.posted and not progress.is_late and entry.posted_at is not None:
            return min(entry.posted_at, self.now()) + self.late
        return self.now() + LONGEST_WAIT

    def _ask(self, step: RefundStep, progress: RefundProgress, entry: RefundEntry) -> RefundStep | None:
        order_id = entry.order_id
        if order_id is None:
            raise UnknownOutcomeError("The order's number is missing.")
        match step.action:
            case RefundAction.CLAIM:
                by = self.by()
                # Not the refund's own name: as a stock move it may be claimed for an order of its own.
                return after_claiming_refund(self.shop.claim(f"{entry.refund_id}-refund", order_id, by), by)
            case RefundAction.LOOK:
                found = self.shop.refunds(order_id)
                return after_looking_for_refund(progress, entry.refund_id, found)
            case _:
                return self._post(order_id, entry)

    def _post(self, order_id: int, entry: RefundEntry) -> RefundStep:
        seq, entry_hash = self.outbox.anchor(entry.refund_id)
        anchor = Anchor(seq, entry_hash.hex(), self.key_hex)
        try:
            # A shop that was set back may have given the number to another order: its money is not ours to refund.
            if own_order(self.shop.order(order_id), entry.sale_id) is None:
                return self._without_order(entry)
            return after_posting_refund(self.shop.refund(order_id, self.read(entry.refund_id), anchor))
        except (UnreachableError, UnauthorisedError):
            self.outbox.note_posted(entry.refund_id, entry.posted_at)  # it certainly never left
            raise
        except UnknownOutcomeError:
            # The program may have slept since it noted so (found by the explorer): no request left later than now.
            self.outbox.note_posted(entry.refund_id, self.now())
            raise
        except RefusedError as error:
            return RefundStep(RefundAction.PARK, words=f"The shop refused it: {error}")

    def _without_order(self, entry: RefundEntry) -> RefundStep:
        """Its order is gone. The shop may have been set back, and be told the sale again: that is looked for first."""
        self.order_is_gone()
        self.outbox.note_posted(entry.refund_id, entry.posted_at)
        if not entry.attempts or self.is_lost(entry.sale_id):
            return RefundStep(RefundAction.WAIT)
        return RefundStep(RefundAction.BECOME_MOVE)

    def _audit(self, entry: RefundEntry) -> str | None:
        if entry.order_id is None:
            return ""
        refunds = self.shop.refunds(entry.order_id)
        if not refunds and own_order(self.shop.order(entry.order_id), entry.sale_id) is None:
            self.order_is_gone()
        problem = audit_refund(entry.refund_id, refunds, is_settled=entry.shop_refund_id is None)
        # A list out of a cache may lack it (found by the explorer).
        return None if problem == GONE and entry.attempts < MOST_LOOKS else problem


def _waits(entry: RefundEntry, now: datetime) -> bool:
    return entry.next_try_at is not None and now < entry.next_try_at <= now + LONGEST_WAIT


_WRITES: Final = frozenset(
    {
        RefundAction.NOTE_POSTED,
        RefundAction.HOLD_CLAIM,
        RefundAction.MARK_SENT,
        RefundAction.BECOME_MOVE,
        RefundAction.PARK,
        RefundAction.WAIT,
    }
)
