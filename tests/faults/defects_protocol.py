"""Uploaders, queues, late looks and outboxes that are almost right: each must be found out by the explorer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from appliance.shops.contract import OrderStatus, ShopError, ShopOrder
from appliance.storage.outbox_rows import OutboxEntry
from appliance.sync.queue import Queue
from appliance.sync.steps import Action, Progress, Step
from appliance.sync.sweep import Sweep, audit
from appliance.sync.upload import Tellable, Telling
from tests.faults.memory_outbox import MemoryOutbox
from tests.faults.model_faults import doubling_kinds_for
from tests.faults.model_till import Parts


class RetriesBlindly(Telling):
    """Makes a new order at each try and completes it: what most connectors do."""

    def tell(self, entry: OutboxEntry) -> bool:
        order = self.shop.commit(self.shop.reserve(self.read(entry.sale_id)).order_id)
        self.outbox.remember(entry.sale_id, order.order_id)
        self.outbox.mark_sent(entry.sale_id, self.now())
        return True


class LooksFirst(Telling):
    """Looks whether the order is there before it makes one: a late request comes too late for that."""

    def tell(self, entry: OutboxEntry) -> bool:
        orders = self.shop.find(entry.sale_id, self.now())
        order = orders[0] if orders else self.shop.reserve(self.read(entry.sale_id))
        self.shop.commit(order.order_id)
        self.outbox.remember(entry.sale_id, order.order_id)
        self.outbox.mark_sent(entry.sale_id, self.now())
        return True


class CommitsFirst(Telling):
    """Completes the order, and remembers it then."""

    def _write(self, step: Step, progress: Progress, entry: OutboxEntry) -> Progress:
        if step.action is Action.REMEMBER and step.order_id is not None:
            self.shop.commit(step.order_id)
        return super()._write(step, progress, entry)


class ReservedIsEnough(Telling):
    """Takes an order on hold for a sale that was told."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.COMMIT:
            return Step(Action.MARK_SENT, step.order_id)
        return super()._ask(step, progress, told, entry)


class DoubtIsDone(Telling):
    """Takes a commit for done that was sent, whatever came of it."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        try:
            return super()._ask(step, progress, told, entry)
        except ShopError:
            if step.action is Action.COMMIT:
                return Step(Action.MARK_SENT, step.order_id)
            raise


class TakesAnyOrder(Telling):
    """Takes any order of the sale for the sale, half-made ones too."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.FIND and not progress.inherited:
            found = self.shop.find(entry.sale_id, self.now())
            return Step(Action.REMEMBER, found[0].order_id) if found else Step(Action.RESERVE)
        return super()._ask(step, progress, told, entry)


class ForgetsInDoubt(Telling):
    """Begins anew where it does not know whether its commit was heard."""

    def _ask(self, step: Step, progress: Progress, told: Tellable, entry: OutboxEntry) -> Step | None:
        if step.action is Action.LOOK and progress.committing and progress.claim_id is None:
            return Step(Action.FORGET)
        return super()._ask(step, progress, told, entry)


@dataclass(frozen=True, slots=True)
class NeverSweeps(Sweep):
    """Leaves the twins where they are."""

    def _look(self, entry: OutboxEntry) -> str:
        return ""


@dataclass(frozen=True, slots=True)
class BelievesOldLists(Sweep):
    """Looks for twins in whatever list it gets: what the late look did until the explorer met a cache."""

    def _look(self, entry: OutboxEntry) -> str:
        for order in self.shop.find(entry.sale_id, self.now() - timedelta(days=3)):
            if order.order_id != entry.order_id and order.status is not OrderStatus.CANCELLED:
                self._cancel(order)
        return audit(self.shop.order(entry.order_id or 0, with_notes=True))


@dataclass(frozen=True, slots=True)
class CancelsUnseen(Sweep):
    """Cancels what a list says is on hold, without a look at the order itself."""

    def _look(self, entry: OutboxEntry) -> str:
        for order in self.shop.find(entry.sale_id, self.now() - timedelta(days=3)):
            if order.status in (OrderStatus.RESERVED, OrderStatus.PENDING):
                self.shop.cancel(order.order_id)
        return ""


@dataclass(frozen=True, slots=True)
class ReadsNoNotes(Sweep):
    """Goes by the cancelled order itself, which looks the same however often its stock was given back."""

    def _noted(self, cancelled: Sequence[ShopOrder]) -> list[ShopOrder]:
        return list(cancelled)


@dataclass(frozen=True, slots=True)
class ReadsNotesAtOnce(Sweep):
    """Reads the notes right after it cancelled: a request that was doubled may not have ended yet."""

    def _look(self, entry: OutboxEntry) -> str | None:
        found = super(ReadsNotesAtOnce, self)._look(entry)
        return super(ReadsNotesAtOnce, self)._look(entry) if found is None else found


@dataclass(frozen=True, slots=True)
class LooksOnlyOnce(Sweep):
    """Writes the look down as done before it is."""

    def _look(self, entry: OutboxEntry) -> str | None:
        self.outbox.mark_checked(entry.sale_id, self.now())
        return super(LooksOnlyOnce, self)._look(entry)


@dataclass(frozen=True, slots=True)
class NeverDrops(Sweep):
    """Leaves the claims in the shop for ever."""

    def drop_claims(self) -> int:
        return 0


class ForgetsWhatItCommits(MemoryOutbox):
    """Loses the order's number with a commit that was begun, as if both were in memory."""

    def note_committing(self, told_id: str, at: datetime, /) -> None:
        self._change(told_id, committing_at=None, order_id=None, state="due")


class ParksAtOnce(Queue[Any]):
    """Calls a person for every doubt."""

    def _patience(self, entry: Any, error: ShopError) -> float:
        return 1


DEFECTS: Final[dict[str, tuple[Parts, int]]] = {
    "makes a new completed order at each try": (Parts(telling=RetriesBlindly), 1),
    "looks before each try": (Parts(telling=LooksFirst), 1),
    "commits before it remembers": (Parts(telling=CommitsFirst), 2),
    "takes an order on hold for told": (Parts(telling=ReservedIsEnough), 0),
    "takes a commit without an answer for done": (Parts(telling=DoubtIsDone), 1),
    "takes half an order for the sale": (Parts(telling=TakesAnyOrder), 1),
    "begins anew when in doubt": (Parts(telling=ForgetsInDoubt), 2),
    "never looks for twins": (Parts(sweep=NeverSweeps), 1),
    "believes an old list": (Parts(sweep=BelievesOldLists), 2),
    "cancels without a look": (Parts(sweep=CancelsUnseen), 2),
    "reads no notes": (Parts(sweep=ReadsNoNotes, kinds=doubling_kinds_for, may_be_told=True), 2),
    "reads the notes at once": (Parts(sweep=ReadsNotesAtOnce, kinds=doubling_kinds_for, may_be_told=True), 2),
    "writes the late look down before it": (Parts(sweep=LooksOnlyOnce), 2),
    "never drops a claim": (Parts(sweep=NeverDrops), 1),
    "looks for twins at once": (Parts(late=timedelta(seconds=1)), 2),
    "loses the number with the commit": (Parts(outbox=ForgetsWhatItCommits), 0),
    "calls a person at once": (Parts(queue=ParksAtOnce), 1),
}
"""Each with the number of faults that it takes to show it."""
