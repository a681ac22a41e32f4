"""An outbox in the till's file: each step is on the disk before the request that it announces leaves (``sync.upload``).

Pieces stop counting beside the shop's count in the transaction that remembers the order:
from then on the shop has taken them, or given.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final

import apsw

from appliance.storage.database import Database, fetched
from appliance.storage.errors import StorageError
from appliance.storage.instants import to_instant_or_none, to_text
from appliance.storage.outbox_rows import LOOK_AGAIN, SEEN_TO, OutboxCounts, OutboxEntry, to_entry

LONGEST_WAIT: Final = timedelta(hours=1)
"""Nothing is put off for longer."""

NEVER: Final = to_text(datetime.max.replace(tzinfo=UTC))

DUE: Final = (
    "WHERE o.state <> 'sent' AND o.state <> 'parked' "
    "AND (o.next_try_at IS NULL OR o.next_try_at <= ? OR o.next_try_at > ?) ORDER BY o.seq LIMIT ?"
)


class ToldTable(ABC):
    """What is the same for sales and for stock moves; see :class:`~appliance.storage.told.Told`."""

    TABLE: ClassVar[str]
    OF: ClassVar[str]
    """The outbox, and the table of what is told."""
    ID: ClassVar[str]
    """Its name there."""
    ENTRIES: ClassVar[str]
    """Selects what ``outbox_rows.to_entry`` reads, the outbox as o."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    @abstractmethod
    def _tell(self, connection: apsw.Connection, seq: int) -> None:
        """The shop's count has the pieces of this entry now."""

    @abstractmethod
    def _untell(self, connection: apsw.Connection, seq: int) -> None:
        """The shop's count has them no more."""

    @abstractmethod
    def _missing(self) -> StorageError:
        """What is raised for an id that is not here."""

    def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """What to work on now, oldest first; what was put off for longer than any is, was by a wrong clock."""
        return self._entries(DUE, (to_text(now), to_text(now + LONGEST_WAIT), limit))

    def entry(self, told_id: str, /) -> OutboxEntry:
        """How far one telling has come.

        Raises:
            StorageError: there is no such thing.
        """
        found = self._entries(f"WHERE s.{self.ID} = ?", (told_id,))
        if not found:
            raise self._missing()
        return found[0]

    def anchor(self, told_id: str, /) -> tuple[int, bytes]:
        """Where it stands in the journal: its entry's number and hash.

        Raises:
            StorageError: there is no such thing.
        """
        row = self._db.one(
            f"SELECT j.seq, j.hash FROM {self.OF} AS s JOIN journal AS j USING (seq) WHERE s.{self.ID} = ?",
            (told_id,),
        )
        if row is None:
            raise self._missing()
        return int(row[0]), bytes(row[1])

    def note_posted(self, told_id: str, at: datetime, /) -> None:
        """Before sending it: a reservation may reach the shop from now on. The first time stays."""
        self._change(told_id, "posted_at = coalesce(posted_at, ?)", to_text(at))

    def remember(self, told_id: str, order_id: int, /) -> None:
        """This order is the one, and the shop's count has its pieces: both in one transaction."""
        with self._db.transaction() as connection:
            seq = self._seq(told_id)
            is_new = not self._has_order(connection, seq)
            connection.execute(
                f"UPDATE {self.TABLE} SET state = 'reserved', order_id = ?, reason = '' WHERE seq = ?",
                (order_id, seq),
            )
            if is_new:
                self._tell(connection, seq)

    def hold_claim(self, told_id: str, claim_id: int, order_id: int, /) -> None:
        """This claim holds, and the order that it names is the one, in one transaction."""
        with self._db.transaction():
            self.remember(told_id, order_id)
            self._change(told_id, "claim_id = ?", claim_id)

    def adopt_sent(self, told_id: str, order_id: int, at: datetime, /) -> None:
        """The shop has it already: another card has told it. One transaction."""
        with self._db.transaction():
            self.remember(told_id, order_id)
            self.mark_sent(told_id, at)

    def forget_order(self, told_id: str, /) -> None:
        """The order is gone: it is due, and its pieces count here again, both in one transaction."""
        with self._db.transaction() as connection:
            seq = self._seq(told_id)
            if self._has_order(connection, seq):
                self._untell(connection, seq)
            connection.execute(
                f"UPDATE {self.TABLE} SET state = iif(state = 'parked', 'parked', 'due'), order_id = NULL, "
                "committing_at = NULL, claim_id = NULL WHERE seq = ?",
                (seq,),
            )

    def note_committing(self, told_id: str, at: datetime, /) -> None:
        """Before sending it: a commit may reach the shop from now on. The first time stays."""
        self._change(told_id, "committing_at = coalesce(committing_at, ?)", to_text(at))

    def mark_sent(self, told_id: str, at: datetime, /) -> None:
        """The shop has it."""
        self._change(told_id, "state = 'sent', next_try_at = NULL, reason = '', sent_at = ?", to_text(at))

    def note_attempt(self, told_id: str, next_try_at: datetime | None, /) -> None:
        """A try failed; the next is not before then."""
        text = None if next_try_at is None else to_text(next_try_at)
        self._change(told_id, "attempts = attempts + 1, next_try_at = ?", text)

    def park(self, told_id: str, reason: str, /) -> None:
        """Set it aside until a person has seen to it; the others go on."""
        self._change(told_id, "state = 'parked', next_try_at = NULL, reason = ?", reason)

    def unpark(self, told_id: str, /) -> None:
        """Try a parked one again, from where it was."""
        with self._db.transaction() as connection:
            connection.execute(
                f"UPDATE {self.TABLE} SET state = iif(order_id IS NULL, 'due', 'reserved'), attempts = 0, "
                "next_try_at = NULL, reason = '' WHERE seq = ? AND state = 'parked'",
                (self._seq(told_id),),
            )

    def hurry(self) -> None:
        """Forget all waiting times: try everything at once."""
        with self._db.transaction() as connection:
            connection.execute(
                f"UPDATE {self.TABLE} SET next_try_at = NULL WHERE state <> 'sent' AND next_try_at IS NOT NULL"
            )

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next one that waits for its turn is due again, None if none waits."""
        row = self._db.one(
            f"SELECT min(next_try_at) FROM {self.TABLE} "
            "WHERE state <> 'sent' AND state <> 'parked' AND next_try_at > ?",
            (to_text(now),),
        )
        return None if row is None else to_instant_or_none(row[0])

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[OutboxEntry]:
        """What the shop got before an instant and nobody has looked at since, oldest first.

        With ``now``, that too which it got later than now: under a clock that was put back since.
        """
        condition = "WHERE o.state = 'sent' AND o.checked_at IS NULL AND (o.sent_at <= ? OR o.sent_at > ?) "
        later = NEVER if now is None else to_text(now)
        return self._entries(f"{condition} ORDER BY o.sent_at, o.seq", (to_text(before), later))

    def mark_checked(self, told_id: str, at: datetime, problem: str = "", /) -> None:
        """The late look is done; what it found wrong, in the owner's words, stays as the reason."""
        with self._db.transaction() as connection:
            connection.execute(
                f"UPDATE {self.TABLE} SET checked_at = ?, reason = ?, next_try_at = NULL WHERE seq = ?",
                (to_text(at), problem, self._seq(told_id)),
            )

    def problems(self) -> list[OutboxEntry]:
        """What the shop has, and in which the late look found something wrong, oldest first."""
        return self._entries("WHERE o.state = 'sent' AND o.reason <> '' ORDER BY o.seq", ())

    def look_again(self, told_id: str, /) -> None:
        """A person has seen to what the late look found: have it looked at once more."""
        with self._db.transaction() as connection:
            connection.execute(
                f"UPDATE {self.TABLE} SET checked_at = NULL, reason = '' WHERE seq = ? AND state = 'sent'",
                (self._seq(told_id),),
            )

    def look_again_at_changed(self) -> int:
        """Have those looked at again whose order the shop says was changed, unless a person has seen to that."""
        with self._db.transaction() as connection:
            its_id = f"(SELECT s.{self.ID} FROM {self.OF} AS s WHERE s.seq = o.seq)"
            connection.execute(f"UPDATE {self.TABLE} AS o {LOOK_AGAIN} AND {its_id} NOT IN ({SEEN_TO})")
            return connection.changes()

    def claimed(self, checked_before: datetime) -> list[OutboxEntry]:
        """Those whose claim the shop still keeps though all was found right, and was so before an instant."""
        condition = (
            "WHERE o.claim_id IS NOT NULL AND o.state = 'sent' AND o.checked_at <= ? AND o.reason = '' "
        )
        return self._entries(f"{condition} ORDER BY o.seq", (to_text(checked_before),))

    def note_claim_dropped(self, told_id: str, /) -> None:
        """The shop keeps no claim of it any more."""
        self._change(told_id, "claim_id = ?", None)

    def newest_sent(self, below: int, limit: int) -> list[OutboxEntry]:
        """What was told by orders with numbers below this one, highest first."""
        condition = "WHERE o.order_id < ? AND o.state = 'sent' AND o.settled_seq IS NULL "
        return self._entries(f"{condition} ORDER BY o.order_id DESC LIMIT ?", (below, limit))

    def highest_order(self) -> int:
        """The highest number of an order that was ever remembered, 0 without one."""
        return int(self._db.rows(f"SELECT coalesce(max(order_id), 0) FROM {self.TABLE}")[0][0])

    def _counts(self, all_: int) -> OutboxCounts:
        ((due, parked),) = self._db.rows(
            "SELECT count(*) FILTER (WHERE state <> 'parked'), count(*) FILTER (WHERE state = 'parked') "
            f"FROM {self.TABLE} WHERE state <> 'sent'"
        )
        return OutboxCounts(due, parked, all_ - due - parked)

    def _entries(self, condition: str, values: tuple[Any, ...]) -> list[OutboxEntry]:
        return [to_entry(row) for row in self._db.rows(self.ENTRIES + condition, values)]

    def _has_order(self, connection: apsw.Connection, seq: int) -> bool:
        sql = f"SELECT 1 FROM {self.TABLE} WHERE seq = ? AND order_id IS NOT NULL"
        return bool(fetched(connection.execute(sql, (seq,))))

    def _seq(self, told_id: str) -> int:
        row = self._db.one(f"SELECT seq FROM {self.OF} WHERE {self.ID} = ?", (told_id,))
        if row is None:
            raise self._missing()
        return int(row[0])

    def _change(self, told_id: str, change: str, value: str | int | None) -> None:
        with self._db.transaction() as connection:
            seq = self._seq(told_id)
            connection.execute(f"UPDATE {self.TABLE} SET {change} WHERE seq = ?", (value, seq))
