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

from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    OddAnswerError,
    RefusedError,
    ShopError,
    ShopFailedError,
    UnknownOutcomeError,
)
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.outbox import Outbox
from appliance.sync.backoff import Backoff
from appliance.sync.download import (
    NUMBERS_EVERY,
    SETTINGS_EVERY,
    STOCK_EVERY,
    Download,
    DownloadError,
)
from appliance.sync.due import Due, Part
from appliance.sync.oversell import Oversell
from appliance.sync.queue import Queue
from appliance.sync.sweep import Sweep
from appliance.sync.turns import Turns
from appliance.sync.upload import Telling

LOOK_SECONDS: Final = 0.5
"""How often the till's file is asked whether the other program wrote; the question costs 10 microseconds."""

AGAIN: Final = timedelta(minutes=5)
"""When a part whose answer could not be used is tried again: after this, or a quarter of its usual time."""

_UNUSABLE: Final = (RefusedError, ShopFailedError, OddAnswerError)
"""The shop is there, and this one question cannot be answered."""

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
        troubles: what is wrong with a part, in words for a person.
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
    due: Due = field(default_factory=Due)
    lost: bool | None = None
    has_hurried: bool = False
    troubles: dict[Part, str] = field(default_factory=dict)
    is_believed: bool = field(init=False)
    quiet_until: float = 0.0
    queue: Queue = field(init=False)

    def __post_init__(self) -> None:
        """Begin with what the file knows."""
        self.queue = Queue(self.outbox, self.now)
        self.is_believed = self.download.catalogue.knows_tax_rules()
        # Not at each start: a till that is switched on every morning would ask for every number every
        # morning before it is of any use. The first comparison comes after the morning's rush.
        self.due.put_off(Part.NUMBERS, self.now(), STOCK_EVERY)

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
        told = self.queue.run(self.telling.tell, self._note_back)
        self._part(Part.SETTINGS, SETTINGS_EVERY, self._learn)
        failed: ShopError | None = None
        if self.is_believed:
            try:
                self._part(Part.CHANGES, self.poll, self.download.changes)
            except _UNUSABLE as error:
                failed = error  # then the shop counts as lost; but first the others have their turn
            self._part(Part.STOCK, STOCK_EVERY, self._count, is_wanted=bool(told))
            self._part(Part.NUMBERS, NUMBERS_EVERY, self.download.numbers)
        if time.monotonic() >= self.quiet_until:
            self.sweep.run()
        if failed is not None:
            raise failed

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

    def _part(
        self, part: Part, every: timedelta, do: Callable[[], object], *, is_wanted: bool = False
    ) -> None:
        """Do a part of the download if it is due. What is wrong with it alone is noted, and tried again later."""
        if not is_wanted and not self.due.is_due(part, self.now()):
            return
        trouble, fault = "", None
        try:
            do()
        except (*_UNUSABLE, DownloadError) as error:
            is_needed = part is Part.CHANGES or (part is Part.SETTINGS and not self.is_believed)
            if is_needed and isinstance(error, ShopError):
                raise
            trouble = str(error)
        except (ShopError, StorageError) as error:
            # A long list can be more than a slow shop gives in time, though it has just answered the short one.
            is_slow = isinstance(error, UnknownOutcomeError) and part in (Part.STOCK, Part.NUMBERS)
            if not is_slow or isinstance(error, (BusyError, NotOurShopError)):
                raise
            trouble = str(error)
        except Exception as error:  # noqa: BLE001 - logged below, once
            trouble, fault = f"The till cannot use the shop's {part} ({error!r}).", error
        self.due.put_off(part, self.now(), min(every, max(AGAIN, every / 4)) if trouble else every)
        self._note_trouble(part, trouble, fault)

    def _note_trouble(self, part: Part, words: str, fault: Exception | None) -> None:
        if words and self.troubles.get(part) != words:
            log.warning("%s", words, exc_info=fault)
        self.troubles[part] = words
        self.facts.set("needs_a_look", " ".join(filter(None, self.troubles.values())) or None)

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
        parts = self.due.first(now) if self.is_believed else self.due.at(Part.SETTINGS, now)
        retry = self.outbox.next_try_at(now)
        return min(parts, retry) if retry else parts
