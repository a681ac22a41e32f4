"""The rounds of the sync service: upload, then download, then the late look, each when it is due.

Logs once when the shop is lost and once when it is back. What an idle till asks stands in
:mod:`appliance.sync.looking`.

Nothing that is wrong with one part ends the service, or keeps the other parts from their turn.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import BusyError, ShopError, UnknownOutcomeError
from appliance.storage.facts import ShopFacts
from appliance.storage.outbox import Outbox, OutboxEntry
from appliance.sync.backoff import Backoff
from appliance.sync.download import Download, DownloadError
from appliance.sync.due import Part
from appliance.sync.errands import Errands
from appliance.sync.looking import SETTINGS_EVERY, Looking
from appliance.sync.oversell import Oversell
from appliance.sync.parts import Parts
from appliance.sync.queue import Queue
from appliance.sync.sweep import Sweep
from appliance.sync.turns import Turns
from appliance.sync.upload import Telling
from appliance.sync.witnessing import MUST_CONFIRM, Witnessing

HEAD_EVERY: Final = timedelta(hours=24)
"""How often the shop is asked for the highest receipt that it knows of this till, beside once at the start."""

LOOK_SECONDS: Final = 0.5
"""How often the till's file is asked whether the other program wrote; the question costs 10 microseconds."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Service:
    """All rounds of one till. One thread, one connection.

    Attributes:
        telling, download, sweep, oversell: the work. errands: what else the shop is told.
        outbox, facts: what is due, and what is known of the shop.
        version: changes when the other program wrote (``Database.version``).
        idle: called when nothing is to be done (``Database.checkpoint``).
        now: the clock; poll: time between two looks for changed products.
        at_round: what else is to be seen to in each round.
        may_tell: whether the shop may be told anything; what it says is heard all the same.
        witnessing: what the shop bears witness to of card and clock; a till without it doubts neither.
        after_stock: done after each reading of the shop's counts; nightly: once a day.
        parts: what is asked of the shop beside the sales; looking: in turns.
        is_believed: the shop's settings are known and fit; else none of its products is taken.
        quiet_until: no late look before that, by the monotonic clock.
    """

    telling: Telling
    download: Download
    sweep: Sweep
    oversell: Oversell
    errands: Errands
    outbox: Outbox
    facts: ShopFacts
    version: Callable[[], int]
    idle: Callable[[], object]
    now: Callable[[], datetime]
    backoff: Backoff
    poll: timedelta
    at_round: Callable[[], object] = bool
    may_tell: Callable[[], bool] = lambda: True
    witnessing: Witnessing | None = None
    after_stock: Sequence[Callable[[], object]] = ()
    nightly: Sequence[Callable[[], object]] = ()
    parts: Parts = field(init=False)
    lost: bool | None = None
    has_hurried: bool = False
    is_believed: bool = field(init=False)
    quiet_until: float = 0.0
    looking: Looking = field(init=False)
    queue: Queue[OutboxEntry] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the file knows."""
        self.queue = Queue(self.outbox, self.now)
        self.parts = Parts(self.facts, self.now)
        self.is_believed = self.download.catalogue.knows_tax_rules()
        self.looking = Looking(
            self.parts,
            self.download,
            self.oversell,
            self._learn,
            self.backoff,
            self.now,
            self.poll,
            self.after_stock,
            (self._look_at_changed,),
            self.nightly,
            lambda: self.is_believed,
        )

    def run(self, stop: threading.Event) -> None:
        """Go round until told to stop. A round that fails is tried again, later each time."""
        turns = Turns(
            now=self.now,
            version=self.version,
            asked=lambda: self.facts.get("try_now_at"),
            is_lost=lambda: bool(self.lost),
            go_round=lambda force: self.round(force=force),
            idle=self.idle,
            clock_was_set=self.expect_late_requests,
        )
        is_failing = False
        while not stop.is_set():
            try:
                if turns.take():
                    is_failing = False
            except Exception as error:  # a full card, or a fault of ours: it may pass, and the sales wait
                if not is_failing:
                    log.exception("The sync service failed, and goes on: %s", error)
                is_failing = True
                turns.rest(self.backoff.failed())
            stop.wait(LOOK_SECONDS)

    def round(self, *, force: bool) -> datetime:
        """Do all that is due, and say when the next round is. With force nothing waits for its turn."""
        if force:
            self.backoff.succeeded()
            self._hurry()
        try:
            self.run_once()
        except ShopError as error:
            wait = self.backoff.failed(
                (error.retry_after_seconds or 0.0) if isinstance(error, BusyError) else 0.0
            )
            at = self.now() + timedelta(seconds=wait)
            self._note_lost(error, at)
            return at
        self.backoff.succeeded()
        self._note_back()
        return self._next_due()

    def run_once(self) -> None:
        """One whole round: all that is due now.

        Raises:
            ShopError: the shop was lost on the way; what was done stays done.
        """
        if self.witnessing is None:
            self._go_round()
            return
        self.witnessing.begin()
        try:
            self._go_round()
        finally:
            self.witnessing.note_clock()

    def _go_round(self) -> None:
        self.at_round()
        is_suspected = self.errands.set_back.is_suspected
        self.parts.take(Part.HEAD, HEAD_EVERY, self._look_at_head, is_wanted=is_suspected)
        may_tell = self.may_tell() and not self.facts.get(MUST_CONFIRM)
        if may_tell and self.is_believed:
            self._learn_rates()
        told = self._tell() if may_tell else 0
        if not self.is_believed:
            self.parts.take(Part.SETTINGS, SETTINGS_EVERY, self._learn, is_needed=True)
        failed = self.looking.bring(is_told=bool(told)) if self.is_believed else None
        if may_tell and time.monotonic() >= self.quiet_until:
            self.sweep.run()
            self.sweep.drop_claims()
            self.errands.look_late()
        if failed is not None:
            raise failed

    def _learn_rates(self) -> None:
        """Before sales are told that may be older than the shop's tax rates: an order is taxed by those of now."""
        if self.parts.due.is_due(Part.SETTINGS, self.now()) and self.outbox.due(self.now(), 1):
            with suppress(UnknownOutcomeError):  # if the whole shop is lost, the sales will say so
                self.parts.take(Part.SETTINGS, SETTINGS_EVERY, self._learn)

    def _look_at_head(self) -> None:
        if self.witnessing is not None:
            self.witnessing.look_at_head()
        self.errands.set_back.look()

    def _tell(self) -> int:
        """Sales first: refunds belong to them."""
        told = self.queue.run(self._tell_sale, self._note_back)
        return told + self.errands.tell(self._note_back)

    def _tell_sale(self, entry: OutboxEntry) -> bool:
        with self.errands.set_back.listening():
            is_told = self.telling.tell(entry)
        if is_told:
            self.errands.set_back.heard_of(self.outbox.entry(entry.sale_id))
        return is_told

    def _look_at_changed(self) -> None:
        self.outbox.look_again_at_changed()
        self.errands.moves.look_again_at_changed()

    def _hurry(self) -> None:
        self.outbox.hurry()
        self.errands.hurry()

    def expect_late_requests(self) -> None:
        """No late look for a while: the clock was set, and no longer says when the last requests left."""
        self.quiet_until = time.monotonic() + self.sweep.late.total_seconds()

    def _learn(self) -> None:
        try:
            self.download.settings()
        except DownloadError:
            self.is_believed = False
            raise
        self.is_believed = True

    def _note_lost(self, error: ShopError, next_try_at: datetime) -> None:
        self.facts.note_contact(reachable=False, at=self.now(), problem=str(error))
        self.facts.set_next_try_at(next_try_at)
        if not self.lost:
            log.warning("The shop is out of reach: %s", error)
        self.lost = True

    def _note_back(self) -> None:
        self.facts.note_contact(reachable=True, at=self.now())
        self.facts.set_next_try_at(None)
        if self.lost:
            log.info("The shop is back.")
            # What was put off while it came and went has waited long enough.
            self._hurry()
            self.has_hurried = True
        self.lost = False

    def _next_due(self) -> datetime:
        now = self.now()
        if self.has_hurried:
            self.has_hurried = False
            return now
        parts = self.looking.next_at(now) if self.is_believed else self.parts.due.at(Part.SETTINGS, now)
        each = (parts, self.outbox.next_try_at(now), self.errands.next_try_at(now))
        return min(at for at in each if at is not None)
