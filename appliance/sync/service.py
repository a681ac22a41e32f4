"""The rounds of the sync service: upload, then download, then the late look, each when it is due.

Logs once when the shop is lost and once when it is back. An idle till asks the shop once in ``poll`` seconds,
and in the same quiet hour four times for all counts: together less than one small request a minute.

Nothing that is wrong with one part ends the service, or keeps the other parts from their turn.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import BusyError, ShopError
from appliance.storage.facts import ShopFacts
from appliance.storage.outbox import Outbox
from appliance.sync.backoff import Backoff
from appliance.sync.download import NUMBERS_EVERY, SETTINGS_EVERY, STOCK_EVERY, Download, DownloadError
from appliance.sync.due import Part
from appliance.sync.oversell import Oversell
from appliance.sync.parts import UNUSABLE, Parts
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
        telling, download, sweep, oversell: the work.
        outbox, facts: what is due, and what is known of the shop.
        version: changes when the other program wrote (``Database.version``).
        idle: called when nothing is to be done (``Database.checkpoint``).
        now: the clock; poll: time between two looks for changed products.
        at_round: what else is to be seen to in each round.
        may_tell: whether the shop may be told anything; what it says is heard all the same.
        witnessing: what the shop bears witness to of card and clock; a till without it doubts neither.
        parts: what is asked of the shop beside the sales.
        is_believed: the shop's settings are known and fit; else none of its products is taken.
        quiet_until: no late look before that, by the monotonic clock.
    """

    telling: Telling
    download: Download
    sweep: Sweep
    oversell: Oversell
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
    parts: Parts = field(init=False)
    lost: bool | None = None
    has_hurried: bool = False
    is_believed: bool = field(init=False)
    quiet_until: float = 0.0
    queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the file knows."""
        self.queue = Queue(self.outbox, self.now)
        self.parts = Parts(self.facts, self.now)
        self.is_believed = self.download.catalogue.knows_tax_rules()
        # Not at each start: a till that is switched on every morning would ask for every number every
        # morning before it is of any use. The first comparison comes after the morning's rush.
        self.parts.due.put_off(Part.NUMBERS, self.now(), STOCK_EVERY)

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
            self.outbox.hurry()
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
        self.parts.take(Part.HEAD, HEAD_EVERY, self._look_at_head)
        may_tell = self.may_tell() and not self.facts.get(MUST_CONFIRM)
        told = self.queue.run(self.telling.tell, self._note_back) if may_tell else 0
        self.parts.take(Part.SETTINGS, SETTINGS_EVERY, self._learn, is_needed=not self.is_believed)
        failed = self._bring(is_told=bool(told)) if self.is_believed else None
        if may_tell and time.monotonic() >= self.quiet_until:
            self.sweep.run()
            self.sweep.drop_claims()
        if failed is not None:
            raise failed

    def _look_at_head(self) -> None:
        if self.witnessing is not None:
            self.witnessing.look_at_head()

    def _bring(self, *, is_told: bool) -> ShopError | None:
        """Bring what changed; an answer that cannot be used is returned, and the shop counts as lost for it.

        But first the others have their turn.
        """
        failed: ShopError | None = None
        try:
            self.parts.take(Part.CHANGES, self.poll, self.download.changes, is_needed=True)
        except UNUSABLE as error:
            failed = error
        self.parts.take(Part.STOCK, STOCK_EVERY, self._count, is_wanted=is_told)
        self.parts.take(Part.NUMBERS, NUMBERS_EVERY, self.download.numbers)
        return failed

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

    def _count(self) -> None:
        self.oversell.look(self.download.stock())

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
            self.outbox.hurry()
            self.has_hurried = True
        self.lost = False

    def _next_due(self) -> datetime:
        now = self.now()
        if self.has_hurried:
            self.has_hurried = False
            return now
        parts = self.parts.due.first(now) if self.is_believed else self.parts.due.at(Part.SETTINGS, now)
        retry = self.outbox.next_try_at(now)
        return min(parts, retry) if retry else parts
