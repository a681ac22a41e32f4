"""Keeping: each journal entry goes to the second medium too, on a thread of its own that nobody waits for but paper.

The card comes first: an entry is committed there, then copied here. The thread has its own connection and notices by
``data_version`` what either program wrote; who is in a hurry (the print thread) rings. A stick that hangs in the
kernel blocks this thread alone: paper waits for it so long, and then comes all the same.

When a stick is plugged in, its journal must join the card's: ``till.joining``.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from typing import Final

from appliance.storage.chain import ENTRIES, Entry
from appliance.storage.database import Database
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_errors import NoStickError, SecondMediumError
from appliance.till.stick_state import StickState, StickView, state_of, view_of

AT_ONCE: Final = 200
"""Entries that are read from the card at once."""
LOOK_SECONDS: Final = 2.0
"""Between two looks whether the stick is there."""
RETRY_SECONDS: Final = 10.0
"""Between two tries with a stick that is there and does not work."""
BRING_BACK_SECONDS: Final = 300.0
"""So long the till waits for entries that only the stick has: a minute for a month's on a Pi, once."""
STUCK_SECONDS: Final = 3.0
"""Busy for so long with a few entries, the stick counts as slow."""
_WAITED_FOR: Final = (StickState.STARTING, StickState.KEPT)

Joins = Callable[[Database, SecondMedium], None]
log: Final = logging.getLogger(__name__)


class Keeping:
    """The keeping thread and its door. All methods but :meth:`wait` return at once, on any thread."""

    def __init__(
        self,
        open_database: Callable[[], Database],
        open_medium: Callable[[Database], SecondMedium],
        join: Joins,
        *,
        on_change: Callable[[], None] = lambda: None,
        poll_seconds: float = 0.25,
        look_seconds: float = LOOK_SECONDS,
        retry_seconds: float = RETRY_SECONDS,
    ) -> None:
        """Build it.

        Args:
            open_database: opens this thread's own connection, on that thread.
            open_medium: the medium of the till as the database knows it; not opened yet.
            join: called with a medium that was just opened, before the first entry is copied to it.
            on_change: called on this thread when what :meth:`view` says has changed.
            poll_seconds: between two looks whether the other program wrote.
            look_seconds, retry_seconds: between two looks for a stick, and two tries with one that fails.
        """
        self._open_database = open_database
        self._open_medium = open_medium
        self._join = join
        self._on_change = on_change
        self._poll_seconds = poll_seconds
        self._look_seconds = look_seconds
        self._retry_seconds = retry_seconds
        self._bell = threading.Condition()
        self._asked = self._served = 0
        self._is_stopping = False
        self._state = StickState.STARTING
        self._is_joining = False
        self._kept_seq = self._head_seq = 0
        self._busy_since: float | None = None
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._run, name="keeping", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """End the thread after the batch that it is at; one that hangs is left behind."""
        with self._bell:
            self._is_stopping = True
            self._bell.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def ring(self) -> None:
        """Something was committed: do not wait for the next poll."""
        with self._bell:
            self._asked += 1
            self._bell.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until all that was committed before this call is on the stick.

        It waits only for a stick of which nothing bad is known, and once for a slow one: what has to wait for it every
        time would stand still.

        Returns:
            False if something is on the card alone.
        """
        with self._bell:
            self._asked += 1
            ticket = self._asked
            self._bell.notify_all()
            self._bell.wait_for(
                lambda: self._served >= ticket or self._state not in _WAITED_FOR or self._is_stopping, seconds
            )
            is_kept = self._served >= ticket and self._state is StickState.KEPT
            is_slow = self._served < ticket and self._state in _WAITED_FOR and not self._is_stopping
            if is_slow:
                self._state = StickState.SLOW
        if is_slow:
            log.warning("The stick is slow: paper did not wait any longer.")
            self._tell()
        return is_kept

    def wait_for_first_look(self, seconds: float) -> bool:
        """At start, before anything is written: let the card have what only the stick has.

        Once it is being brought back, that is waited for much longer: it holds the file's lock, and a program that
        gave up meanwhile would throw it away with its own end, at each start anew.
        """
        with self._bell:
            is_looked_at = self._bell.wait_for(lambda: self._state is not StickState.STARTING, seconds)
            if not is_looked_at and self._is_joining:
                self._bell.wait_for(lambda: not self._is_joining, BRING_BACK_SECONDS)
            return self._state is not StickState.STARTING

    def view(self) -> StickView:
        """How the stick is, for the screen and the status."""
        with self._bell:
            since = self._busy_since
            is_stuck = since is not None and time.monotonic() - since > STUCK_SECONDS
            slow = is_stuck and self._state is StickState.KEPT
            return view_of(StickState.SLOW if slow else self._state, self._kept_seq, self._head_seq)

    def _run(self) -> None:
        while not self._is_stopping:
            try:
                with (
                    closing(self._open_database()) as database,
                    closing(self._open_medium(database)) as medium,
                ):
                    self._keep(database, medium)
            except Exception as fault:  # a full card, or a fault of ours: it may pass
                if self._state is not StickState.FAILING:
                    log.exception("Keeping failed, and goes on: %s", fault)
                self._note(StickState.FAILING)
                self._end_round(self._asked)
                self._rest(self._look_seconds)

    def _keep(self, database: Database, medium: SecondMedium) -> None:
        """Go on until told to stop, or until the till got another name: then there is another folder."""
        seen, looked_at, name = -1, 0.0, medium.owner.till_id
        while not self._is_stopping:
            with self._bell:
                asked, is_asked = self._asked, self._asked > self._served
            version, now = database.version(), time.monotonic()
            if is_asked or version != seen or now - looked_at >= self._look_seconds:
                seen, looked_at = version, now
                self._round(database, medium)
                self._end_round(asked)
                if self._open_medium(database).owner.till_id != name:
                    return
            self._rest(self._poll_seconds)

    def _round(self, database: Database, medium: SecondMedium) -> None:
        """Copy what is new, if there is a stick that can be written to."""
        try:
            self._count(database, medium)
            if not medium.is_present():
                raise NoStickError("The stick is not plugged in.")
            if not medium.is_open:
                if time.monotonic() < self._not_before:
                    return
                self._plug(database, medium)
            self._copy(database, medium)
            self._note(StickState.KEPT)
        except SecondMediumError as error:
            medium.close()
            state = state_of(error)
            if state is not StickState.MISSING:
                self._not_before = time.monotonic() + self._retry_seconds
            if state is not self._state:
                log.warning("%s Sales are on the card alone.", error)
            self._note(state)

    def _plug(self, database: Database, medium: SecondMedium) -> None:
        medium.open()
        self._is_joining = True
        try:
            self._join(database, medium)
        finally:
            with self._bell:
                self._is_joining = False
                self._bell.notify_all()
        log.info("The stick is there, with %d entries", medium.head.seq)

    def _copy(self, database: Database, medium: SecondMedium) -> None:
        while rows := database.rows(
            f"{ENTRIES} WHERE seq > ? ORDER BY seq LIMIT ?", (medium.head.seq, AT_ONCE)
        ):
            self._count(database, medium)
            if self._head_seq - medium.head.seq > AT_ONCE:
                self._note(StickState.CATCHING_UP)
            with self._bell:
                self._busy_since = time.monotonic()
            medium.append([Entry(*row) for row in rows])
            self._count(database, medium)
            if self._is_stopping:
                return

    def _count(self, database: Database, medium: SecondMedium) -> None:
        head = database.one("SELECT max(seq) FROM journal")
        with self._bell:
            self._head_seq = int(head[0] or 0) if head else 0
            if medium.is_open:
                self._kept_seq = medium.head.seq

    def _end_round(self, asked: int) -> None:
        with self._bell:
            self._served, self._busy_since = asked, None
            self._bell.notify_all()

    def _rest(self, seconds: float) -> None:
        with self._bell:
            if not (self._asked > self._served or self._is_stopping):
                self._bell.wait(seconds)

    def _note(self, state: StickState) -> None:
        with self._bell:
            changed, self._state = self._state is not state, state
            self._bell.notify_all()
        if changed or state is StickState.CATCHING_UP:
            self._tell()

    def _tell(self) -> None:
        try:
            self._on_change()
        except Exception:
            log.exception("Nobody could be told how the stick is")
