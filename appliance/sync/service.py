"""The rounds of the sync service: upload, then download, then the late look, each when it is due.

Logs once when the shop is lost and once when it is back. An idle till asks the shop once in ``poll`` seconds,
and in
the same quiet hour four times for all counts: together less than one small request a minute.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance.shops.contract import (
    BusyError,
    RefusedError,
    ShopError,
    ShopFailedError,
    UnknownOutcomeError,
)
from appliance.storage.facts import ShopFacts
from appliance.storage.outbox import Outbox, OutboxEntry
from appliance.sync.backoff import Backoff
from appliance.sync.download import NUMBERS_EVERY, SETTINGS_EVERY, STOCK_EVERY, Download, DownloadError
from appliance.sync.oversell import Oversell
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling

LOOK_SECONDS: Final = 0.5
"""How often the till's file is asked whether the other program wrote; the question costs 10 microseconds."""

TIDY_AFTER: Final = timedelta(seconds=30)
TIDY_EVERY: Final = timedelta(hours=1)
"""The journal's write-ahead log is folded back when nobody has sold for a while, never between two scans."""

MOST_BREAKS_ALONE: Final = 6
"""A sale over which the shop broke so often, while it took later ones, is given to a person."""
MOST_BREAKS: Final = 30
"""The same when there were no others: about two hours."""

MAX_DOUBTS_IN_A_ROW: Final = 3
"""After so many sales in a row the shop itself is ill, and is left alone for a while."""

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Due:
    """When each kind of download is due; the beginning of time at start."""

    changes: datetime = datetime.min.replace(tzinfo=UTC)
    stock: datetime = datetime.min.replace(tzinfo=UTC)
    settings: datetime = datetime.min.replace(tzinfo=UTC)
    numbers: datetime = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Service:
    """All rounds of one till. One thread, one connection.

    Attributes:
        telling, download, sweep, oversell: the work.
        outbox, facts: what is due, and what is known of the shop.
        version: changes when the other program wrote (``Database.version``).
        idle: called when nothing is to be done (``Database.checkpoint``).
        now: the clock; poll: time between two looks for changed products.
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
    due: _Due = field(default_factory=_Due)
    lost: bool | None = None
    last_told_at: datetime | None = None

    def run(self, stop: threading.Event) -> None:
        """Go round until told to stop. A round that fails is tried again, later each time."""
        seen, asked = -1, self.facts.get("try_now_at")
        wait_until = tidy_at = self.now()
        while not stop.is_set():
            version, now = self.version(), self.now()
            wrote = version != seen
            force = wrote and self.facts.get("try_now_at") != asked
            if force or (wrote and not self.lost) or now >= wait_until:
                seen, asked = version, self.facts.get("try_now_at")
                wait_until = self.round(force=force)
            if wrote:
                tidy_at = now + TIDY_AFTER
            elif now >= tidy_at:
                self.idle()
                tidy_at = now + TIDY_EVERY
            stop.wait(LOOK_SECONDS)

    def round(self, *, force: bool) -> datetime:
        if force:
            self.backoff.succeeded()
        try:
            self.run_once()
        except ShopError as error:
            wait = self.backoff.failed(
                (error.retry_after_seconds or 0.0) if isinstance(error, BusyError) else 0.0
            )
            at = self.now() + timedelta(seconds=wait)
            self._note_lost(error, at)
            return at
        except DownloadError as error:
            self.facts.set("needs_a_look", str(error))
            log.warning("%s", error)
        self.backoff.succeeded()
        self._note_back()
        return self._next_due()

    def run_once(self) -> None:
        """One whole round: all that is due now.

        Raises:
            ShopError: the shop was lost on the way; what was done stays done.
        """
        told = self._upload()
        now = self.now()
        if now >= self.due.settings:
            self.download.settings()
            self.due.settings = now + SETTINGS_EVERY
        if now >= self.due.changes:
            self.download.changes()
            self.due.changes = self.now() + self.poll
        if told or now >= self.due.stock:
            self.oversell.look(self.download.stock())
            self.due.stock = self.now() + STOCK_EVERY
        self._numbers(now)
        self.sweep.run()

    def _numbers(self, now: datetime) -> None:
        if self.due.numbers == datetime.max.replace(tzinfo=UTC):
            # Not at each start: a till that is switched on every morning would ask for every number every
            # morning before it is of any use. The first comparison comes after the morning's rush.
            self.due.numbers = now + STOCK_EVERY
        elif now >= self.due.numbers:
            self.due.numbers = now + NUMBERS_EVERY
            self.download.numbers()

    def _upload(self) -> int:
        """Tell all sales that are due, oldest first; a doubtful one does not hold up the next."""
        told, doubts = 0, 0
        for entry in self.outbox.due(self.now(), limit=500):
            try:
                if self.telling.tell(entry):
                    told += 1
                    self.last_told_at = self.now()
                    self._note_back()
                doubts = 0
            except RefusedError as error:
                self.outbox.park(entry.sale_id, f"The shop refused it: {error}")
            except ShopFailedError as error:
                # The shop broke over this very sale: the next one may well do.
                doubts += 1
                self._note_broken(entry, error)
                if doubts > MAX_DOUBTS_IN_A_ROW:
                    raise
            except UnknownOutcomeError:
                # The network or the whole shop: not this sale's fault, however often it meets it.
                self._note_attempt(entry)
                raise
        return told

    def _note_attempt(self, entry: OutboxEntry) -> None:
        wait = min(2.0 ** min(entry.attempts + 1, 8), 300.0)
        self.outbox.note_attempt(entry.sale_id, self.now() + timedelta(seconds=wait))

    def _note_broken(self, entry: OutboxEntry, error: ShopFailedError) -> None:
        """Park a sale over which the shop breaks again and again while it takes others; or breaks for hours."""
        self._note_attempt(entry)
        told_at, tries = self.last_told_at, entry.attempts + 1
        takes_others = told_at is not None and entry.posted_at is not None and told_at > entry.posted_at
        if tries >= MOST_BREAKS or (tries >= MOST_BREAKS_ALONE and takes_others):
            self.outbox.park(entry.sale_id, f"The shop breaks over it: {error}")

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
        self.lost = False

    def _next_due(self) -> datetime:
        times = [self.due.changes, self.due.stock, self.due.settings, self.due.numbers]
        retry = self.outbox.next_try_at(self.now())
        return min([*times, retry] if retry else times)
