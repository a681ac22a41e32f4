"""An outbox in memory: what :class:`~appliance.storage.told.Told` asks for, without a file.

For the explorers of faults, which begin again at the same moment a million times. It is held to the till's own outboxes
by the same contract test (tests/storage), and explore_upload compares whole schedules on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from appliance.storage.errors import NoSuchSaleError, RuleBrokenError
from appliance.storage.outbox import LONGEST_WAIT
from appliance.storage.outbox_rows import OutboxEntry

NEVER: Final = datetime.max.replace(tzinfo=UTC)


def fresh(told_id: str, receipt_number: str = "T1-000001") -> OutboxEntry:
    """What is to be told, and nothing of it is done."""
    return OutboxEntry(told_id, receipt_number, "due", None, None, None, None, None, 0, None, "")


def at_once(write: Callable[[], None]) -> None:
    """Write without a power cut."""
    write()


@lru_cache(maxsize=200_000)
def _changed(entry: OutboxEntry, changes: tuple[tuple[str, Any], ...]) -> OutboxEntry:
    """The same is made again and again; to make it takes several times as long as to find it."""
    return replace(entry, **dict(changes))


class MemoryOutbox:
    """All that is to be told, oldest first.

    Args:
        entries: how far each has come.
        writing: carries out each write, whole; an explorer lets the power go before or after it.
    """

    def __init__(
        self, entries: Iterable[OutboxEntry] = (), writing: Callable[[Callable[[], None]], None] = at_once
    ) -> None:
        self.rows = {entry.sale_id: entry for entry in entries}
        self.writing = writing

    def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        latest = now + LONGEST_WAIT
        found = [
            row
            for row in self.rows.values()
            if row.state not in ("sent", "parked")
            and (row.next_try_at is None or row.next_try_at <= now or row.next_try_at > latest)
        ]
        return found[:limit]

    def entry(self, told_id: str, /) -> OutboxEntry:
        if told_id not in self.rows:
            raise NoSuchSaleError("This till has no such sale.")
        return self.rows[told_id]

    def anchor(self, told_id: str, /) -> tuple[int, bytes]:
        self.entry(told_id)
        return list(self.rows).index(told_id) + 1, bytes(32)

    def note_posted(self, told_id: str, at: datetime, /) -> None:
        self._change(told_id, posted_at=self.entry(told_id).posted_at or at)

    def remember(self, told_id: str, order_id: int, /) -> None:
        self._check_free(told_id, order_id)
        self._change(told_id, state="reserved", order_id=order_id, reason="")

    def hold_claim(self, told_id: str, claim_id: int, order_id: int, /) -> None:
        self._check_free(told_id, order_id)
        self._change(told_id, state="reserved", order_id=order_id, reason="", claim_id=claim_id)

    def adopt_sent(self, told_id: str, order_id: int, at: datetime, /) -> None:
        self._check_free(told_id, order_id)
        self._change(told_id, state="sent", order_id=order_id, next_try_at=None, reason="", sent_at=at)

    def forget_order(self, told_id: str, /) -> None:
        state = "parked" if self.entry(told_id).state == "parked" else "due"
        self._change(told_id, state=state, order_id=None, committing_at=None, claim_id=None)

    def note_committing(self, told_id: str, at: datetime, /) -> None:
        self._change(told_id, committing_at=self.entry(told_id).committing_at or at)

    def mark_sent(self, told_id: str, at: datetime, /) -> None:
        self._change(told_id, state="sent", next_try_at=None, reason="", sent_at=at)

    def note_attempt(self, told_id: str, next_try_at: datetime | None, /) -> None:
        self._change(told_id, attempts=self.entry(told_id).attempts + 1, next_try_at=next_try_at)

    def park(self, told_id: str, reason: str, /) -> None:
        self._change(told_id, state="parked", next_try_at=None, reason=reason)

    def unpark(self, told_id: str, /) -> None:
        entry = self.entry(told_id)
        if entry.state == "parked":
            state = "due" if entry.order_id is None else "reserved"
            self._change(told_id, state=state, attempts=0, next_try_at=None, reason="")

    def hurry(self) -> None:
        waiting = [row for row in self.rows.values() if row.state != "sent" and row.next_try_at is not None]
        self._put(*(replace(row, next_try_at=None) for row in waiting))

    def inherit_all(self) -> int:
        unsent = [row for row in self.rows.values() if row.state != "sent" and not row.inherited]
        self._put(*(replace(row, inherited=True) for row in unsent))
        return len(unsent)

    def next_try_at(self, now: datetime) -> datetime | None:
        waiting = [
            row.next_try_at
            for row in self.rows.values()
            if row.state not in ("sent", "parked") and row.next_try_at is not None and row.next_try_at > now
        ]
        return min(waiting, default=None)

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[OutboxEntry]:
        later = NEVER if now is None else now
        found = [
            (row.sent_at, row)
            for row in self.rows.values()
            if row.state == "sent"
            and row.checked_at is None
            and row.sent_at is not None
            and (row.sent_at <= before or row.sent_at > later)
        ]
        return [row for _, row in sorted(found, key=lambda each: each[0])]

    def mark_checked(self, told_id: str, at: datetime, problem: str = "", /) -> None:
        self._change(told_id, checked_at=at, reason=problem, next_try_at=None)

    def claimed(self, checked_before: datetime) -> list[OutboxEntry]:
        return [
            row
            for row in self.rows.values()
            if row.claim_id is not None
            and row.state == "sent"
            and row.checked_at is not None
            and row.checked_at <= checked_before
            and not row.reason
        ]

    def note_claim_dropped(self, told_id: str, /) -> None:
        self._change(told_id, claim_id=None)

    def _check_free(self, told_id: str, order_id: int) -> None:
        if any(row.order_id == order_id and row.sale_id != told_id for row in self.rows.values()):
            raise RuleBrokenError(f"Order {order_id} is another sale's.")

    def _change(self, told_id: str, **changes: Any) -> None:
        self._put(_changed(self.entry(told_id), tuple(changes.items())))

    def _put(self, *rows: OutboxEntry) -> None:
        self.writing(lambda: self.rows.update({row.sale_id: row for row in rows}))
