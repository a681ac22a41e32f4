"""Notes for the shop's owner, to be left on orders: what a person decided here belongs to the order there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.storage.database import Database
from appliance.storage.instants import to_instant_or_none, to_text, to_text_or_none
from appliance.storage.told_table import LONGEST_WAIT

_DUE: Final = (
    "SELECT note_id, order_id, body, posted_at, attempts FROM order_note WHERE state = 'due' "
    "AND (next_try_at IS NULL OR next_try_at <= ? OR next_try_at > ?) ORDER BY note_id LIMIT ?"
)


@dataclass(frozen=True, slots=True)
class OrderNote:
    """A note on its way: to which order, its text, since when it may have reached the shop, tries that failed."""

    note_id: int
    order_id: int
    body: str
    posted_at: datetime | None
    attempts: int


class OrderNotes:
    """The notes. The kiosk adds them, in the transaction of what they tell of; the sync service brings them up."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def add(self, order_id: int, body: str) -> int:
        """Have a note left on an order of the shop."""
        with self._db.transaction() as connection:
            connection.execute("INSERT INTO order_note (order_id, body) VALUES (?, ?)", (order_id, body))
            return connection.last_insert_rowid()

    def due(self, now: datetime, limit: int) -> list[OrderNote]:
        """Notes to leave now, oldest first."""
        rows = self._db.rows(_DUE, (to_text(now), to_text(now + LONGEST_WAIT), limit))
        return [OrderNote(row[0], row[1], row[2], to_instant_or_none(row[3]), row[4]) for row in rows]

    def open(self) -> int:
        """How many are not there yet."""
        return int(self._db.rows("SELECT count(*) FROM order_note WHERE state = 'due'")[0][0])

    def note_posted(self, note_id: int, at: datetime) -> None:
        """Before sending it: it may reach the shop from now on."""
        self._change(note_id, "posted_at = coalesce(posted_at, ?)", to_text(at))

    def mark_sent(self, note_id: int) -> None:
        """The owner can read it."""
        self._change(note_id, "state = 'sent', next_try_at = ?", None)

    def note_attempt(self, note_id: int, next_try_at: datetime) -> None:
        """A try failed; the next is not before then."""
        self._change(note_id, "attempts = attempts + 1, next_try_at = ?", to_text_or_none(next_try_at))

    def park(self, note_id: int) -> None:
        """It cannot be left: the order is gone, or the shop refuses it."""
        self._change(note_id, "state = 'parked', next_try_at = ?", None)

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next one that waits for its turn is due again, None if none waits."""
        row = self._db.one(
            "SELECT min(next_try_at) FROM order_note WHERE state = 'due' AND next_try_at > ?", (to_text(now),)
        )
        return None if row is None else to_instant_or_none(row[0])

    def _change(self, note_id: int, change: str, value: str | None) -> None:
        with self._db.transaction() as connection:
            connection.execute(f"UPDATE order_note SET {change} WHERE note_id = ?", (value, note_id))
