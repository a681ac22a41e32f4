"""Refunds to be told, in memory: what :class:`~appliance.storage.told.RefundsTold` asks for, without a file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from appliance.storage.errors import NoSuchRefundError
from appliance.storage.refund_rows import RefundEntry
from appliance.storage.told_table import LONGEST_WAIT
from tests.faults.memory_outbox import NEVER, at_once


class MemoryRefunds:
    """All refunds of sales that the shop has, oldest first.

    Args:
        entries: how far each has come.
        writing: carries out each write, whole.
    """

    def __init__(
        self, entries: Iterable[RefundEntry] = (), writing: Callable[[Callable[[], None]], None] = at_once
    ) -> None:
        self.rows = {entry.refund_id: entry for entry in entries}
        self.writing = writing
        self.moves: list[str] = []

    def due(self, now: datetime, limit: int) -> list[RefundEntry]:
        latest = now + LONGEST_WAIT
        found = [
            row
            for row in self.rows.values()
            if row.state == "due"
            and row.sale_state == "sent"
            and row.order_id is not None
            and (row.next_try_at is None or row.next_try_at <= now or row.next_try_at > latest)
        ]
        return found[:limit]

    def entry(self, refund_id: str) -> RefundEntry:
        if refund_id not in self.rows:
            raise NoSuchRefundError("This till has no such refund.")
        return self.rows[refund_id]

    def anchor(self, refund_id: str, /) -> tuple[int, bytes]:
        self.entry(refund_id)
        return list(self.rows).index(refund_id) + 1, bytes(32)

    def note_posted(self, refund_id: str, at: datetime | None, /) -> None:
        self._change(refund_id, posted_at=at)

    def hold_claim(self, refund_id: str, claim_id: int, /, *, is_ours: bool) -> None:
        self._change(refund_id, claim_id=claim_id, is_ours=is_ours)

    def mark_sent(self, refund_id: str, shop_refund_id: int, at: datetime, problem: str = "", /) -> None:
        self._change(
            refund_id,
            state="sent",
            shop_refund_id=shop_refund_id,
            sent_at=at,
            next_try_at=None,
            reason=problem,
        )

    def become_move(self, refund_id: str, at: datetime, /) -> None:
        self._change(refund_id, state="sent", sent_at=at, checked_at=at, next_try_at=None, reason="")
        self.moves.append(refund_id)

    def note_attempt(self, refund_id: str, next_try_at: datetime | None, /) -> None:
        self._change(refund_id, attempts=self.entry(refund_id).attempts + 1, next_try_at=next_try_at)

    def park(self, refund_id: str, reason: str, /) -> None:
        self._change(refund_id, state="parked", next_try_at=None, reason=reason)

    def unpark(self, refund_id: str, /) -> None:
        if self.entry(refund_id).state == "parked":
            self._change(
                refund_id, state="due", attempts=0, next_try_at=None, reason="", claim_id=None, is_ours=None
            )

    def inherit_all(self) -> int:
        """Another card may hold what is unsent; whose it is to tell is asked anew, for the answer is copied too."""
        changed = {
            row.refund_id: replace(row, inherited=True, is_ours=None, claim_id=None)
            for row in self.rows.values()
            if row.state != "sent" and (not row.inherited or row.is_ours is not None)
        }
        self.writing(lambda: self.rows.update(changed))
        return len(changed)

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[RefundEntry]:
        later = NEVER if now is None else now
        return [
            row
            for row in self.rows.values()
            if row.state == "sent"
            and row.checked_at is None
            and row.sent_at is not None
            and (row.sent_at <= before or row.sent_at > later)
        ]

    def mark_checked(self, refund_id: str, at: datetime, problem: str = "", /) -> None:
        self._change(refund_id, checked_at=at, reason=problem, next_try_at=None)

    def claimed(self, checked_before: datetime) -> list[RefundEntry]:
        return [
            row
            for row in self.rows.values()
            if row.claim_id is not None
            and row.is_ours
            and row.state == "sent"
            and row.checked_at is not None
            and row.checked_at <= checked_before
            and not row.reason
        ]

    def note_claim_dropped(self, refund_id: str, /) -> None:
        self._change(refund_id, claim_id=None)

    def _change(self, refund_id: str, **changes: Any) -> None:
        row = replace(self.entry(refund_id), **changes)
        self.writing(lambda: self.rows.update({refund_id: row}))
