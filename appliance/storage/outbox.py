"""The outbox: which sales the shop has yet to hear, and how far each telling has come.

Each step is on the disk before the request that it announces leaves (``sync.upload`` says why). A sale's
pieces stop counting against the shop's count in the transaction that remembers its order: from then on the
shop has taken them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.instants import to_instant_or_none, to_text
from appliance.storage.outbox_rows import (
    COUNT_OPEN,
    COUNT_SALES,
    ENTRIES,
    TELL_STOCK,
    UNTELL_STOCK,
    WAITING,
    OutboxCounts,
    OutboxEntry,
    SoldLine,
    WaitingSale,
    to_entry,
    to_waiting,
)

__all__ = ["Outbox", "OutboxCounts", "OutboxEntry", "SoldLine", "WaitingSale"]


LONGEST_WAIT: Final = timedelta(hours=1)
"""No sale is put off for longer."""

_HAS_ORDER: Final = "SELECT 1 FROM outbox WHERE seq = ? AND order_id IS NOT NULL"


class Outbox:
    """What the shop has yet to hear. The sync service writes; the kiosk reads, and unparks."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """Sales to work on now, oldest first; one that was put off for longer than any was, by a wrong clock."""
        return self._entries(
            "WHERE o.state <> 'sent' AND o.state <> 'parked' "
            "AND (o.next_try_at IS NULL OR o.next_try_at <= ? OR o.next_try_at > ?) ORDER BY o.seq LIMIT ?",
            (to_text(now), to_text(now + LONGEST_WAIT), limit),
        )

    def entry(self, sale_id: str) -> OutboxEntry:
        """How far the telling of a sale has come.

        Raises:
            NoSuchSaleError: there is no such sale.
        """
        found = self._entries("WHERE s.sale_id = ?", (sale_id,))
        if not found:
            raise NoSuchSaleError("This till has no such sale.")
        return found[0]

    def note_posted(self, sale_id: str, at: datetime) -> None:
        """Before sending it: a reservation may reach the shop from now on. The first time stays."""
        self._change(sale_id, "posted_at = coalesce(posted_at, ?)", to_text(at))

    def remember(self, sale_id: str, order_id: int) -> None:
        """This order is the sale, and the shop has taken its pieces: both in one transaction."""
        with self._db.transaction() as connection:
            seq = self._seq(sale_id)
            connection.execute(
                "UPDATE outbox SET state = 'reserved', order_id = ?, reason = '' WHERE seq = ?",
                (order_id, seq),
            )
            for statement in TELL_STOCK:
                connection.execute(statement, (seq,))

    def hold_claim(self, sale_id: str, claim_id: int, order_id: int) -> None:
        """This claim holds, and the order that it names is the sale, in one transaction."""
        with self._db.transaction():
            self.remember(sale_id, order_id)
            self._change(sale_id, "claim_id = ?", claim_id)

    def adopt_sent(self, sale_id: str, order_id: int, at: datetime) -> None:
        """The shop has the sale already: another card has told it. One transaction."""
        with self._db.transaction():
            self.remember(sale_id, order_id)
            self.mark_sent(sale_id, at)

    def forget_order(self, sale_id: str) -> None:
        """The order is gone: the sale is due and its pieces count here again, both in one transaction."""
        with self._db.transaction() as connection:
            seq = self._seq(sale_id)
            if connection.execute(_HAS_ORDER, (seq,)).fetchall():
                for statement in UNTELL_STOCK:
                    connection.execute(statement, (seq,))
            connection.execute(
                "UPDATE outbox SET state = iif(state = 'parked', 'parked', 'due'), order_id = NULL, "
                "committing_at = NULL, claim_id = NULL WHERE seq = ?",
                (seq,),
            )

    def note_committing(self, sale_id: str, at: datetime) -> None:
        """Before sending it: a commit may reach the shop from now on. The first time stays."""
        self._change(sale_id, "committing_at = coalesce(committing_at, ?)", to_text(at))

    def mark_sent(self, sale_id: str, at: datetime) -> None:
        """The shop has the sale."""
        self._change(sale_id, "state = 'sent', next_try_at = NULL, reason = '', sent_at = ?", to_text(at))

    def note_attempt(self, sale_id: str, next_try_at: datetime | None) -> None:
        """A try failed; the next is not before then."""
        text = None if next_try_at is None else to_text(next_try_at)
        self._change(sale_id, "attempts = attempts + 1, next_try_at = ?", text)

    def park(self, sale_id: str, reason: str) -> None:
        """Set a sale aside until a person has seen to it; the others go on."""
        self._change(sale_id, "state = 'parked', next_try_at = NULL, reason = ?", reason)

    def unpark(self, sale_id: str) -> None:
        """Try a parked sale again."""
        with self._db.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET state = iif(order_id IS NULL, 'due', 'reserved'), attempts = 0, "
                "next_try_at = NULL, reason = '' WHERE seq = ? AND state = 'parked'",
                (self._seq(sale_id),),
            )

    def hurry(self) -> None:
        """Forget all waiting times: try everything at once."""
        with self._db.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET next_try_at = NULL WHERE state <> 'sent' AND next_try_at IS NOT NULL"
            )

    def inherit_all(self) -> int:
        """From now on another card may hold what the shop has not heard yet; return how many sales that is.

        Call it before a copy is made of the till's file, and where one may have been made: a card can be copied
        while the machine is off. Both copies must tell these sales by claiming them, the original too.
        """
        with self._db.transaction() as connection:
            connection.execute("UPDATE outbox SET inherited = 1 WHERE state <> 'sent' AND inherited = 0")
            return connection.changes()

    def claimed(self, checked_before: datetime) -> list[OutboxEntry]:
        """Sales whose claim the shop still keeps though all was found right, and was so before an instant."""
        condition = (
            "WHERE o.claim_id IS NOT NULL AND o.state = 'sent' AND o.checked_at <= ? AND o.reason = '' "
        )
        return self._entries(f"{condition} ORDER BY o.seq", (to_text(checked_before),))

    def note_claim_dropped(self, sale_id: str) -> None:
        """The shop keeps no claim of this sale any more."""
        self._change(sale_id, "claim_id = ?", None)

    def anchor(self, sale_id: str) -> tuple[int, bytes]:
        """Where a sale stands in the journal: its entry's number and hash.

        Raises:
            NoSuchSaleError: there is no such sale.
        """
        row = self._db.one("SELECT j.seq, j.hash FROM sale AS s JOIN journal AS j USING (seq) WHERE s.sale_id = ?",
                           (sale_id,))  # fmt: skip
        if row is None:
            raise NoSuchSaleError("This till has no such sale.")
        return int(row[0]), bytes(row[1])

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[OutboxEntry]:
        """Sales that the shop got before an instant and nobody has looked at since, oldest first.

        With ``now``, those too that it got later than now: under a clock that was put back since.
        """
        condition = "WHERE o.state = 'sent' AND o.checked_at IS NULL AND (o.sent_at <= ? OR o.sent_at > ?) "
        never = to_text(datetime.max.replace(tzinfo=UTC))
        later = never if now is None else to_text(now)
        return self._entries(f"{condition} ORDER BY o.sent_at, o.seq", (to_text(before), later))

    def mark_checked(self, sale_id: str, at: datetime, problem: str = "") -> None:
        """The late look is done; what it found wrong, in the owner's words, stays as the reason."""
        with self._db.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET checked_at = ?, reason = ?, next_try_at = NULL WHERE seq = ?",
                (to_text(at), problem, self._seq(sale_id)),
            )

    def problems(self) -> list[OutboxEntry]:
        """Sales that the shop has, and in which the late look found something wrong, oldest first."""
        return self._entries("WHERE o.state = 'sent' AND o.reason <> '' ORDER BY o.seq", ())

    def look_again(self, sale_id: str) -> None:
        """A person has seen to what the late look found: have it looked at once more."""
        with self._db.transaction() as connection:
            connection.execute(
                "UPDATE outbox SET checked_at = NULL, reason = '' WHERE seq = ? AND state = 'sent'",
                (self._seq(sale_id),),
            )

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next sale that waits for its turn is due again, None if none waits."""
        row = self._db.one(
            "SELECT min(next_try_at) FROM outbox WHERE state <> 'sent' AND state <> 'parked' AND next_try_at > ?",
            (to_text(now),),
        )
        return None if row is None else to_instant_or_none(row[0])

    def sold_lines(self, stock_id: int, since: datetime) -> list[SoldLine]:
        """Lines of sales since then that drew on a count and that the shop has heard of, newest first."""
        rows = self._db.rows(
            "SELECT s.sale_id, s.series, s.number, l.name, sum(l.quantity) FROM sale AS s "
            "JOIN outbox AS o USING (seq) JOIN sale_line AS l USING (seq) "
            "WHERE s.completed_at >= ? AND l.stock_id = ? AND o.order_id IS NOT NULL "
            "GROUP BY s.seq ORDER BY s.seq DESC",
            (to_text(since), stock_id),
        )
        return [SoldLine(row[0], f"{row[1]}-{row[2]:06d}", row[3], row[4]) for row in rows]

    def waiting(self) -> list[WaitingSale]:
        """All sales that the shop does not have yet, oldest first."""
        return [to_waiting(row) for row in self._db.rows(WAITING)]

    def counts(self) -> OutboxCounts:
        """How many sales are on their way, parked, and with the shop."""
        ((due, parked),) = self._db.rows(COUNT_OPEN)
        ((sales,),) = self._db.rows(COUNT_SALES)
        return OutboxCounts(due, parked, sales - due - parked)

    def _entries(self, condition: str, values: tuple[Any, ...]) -> list[OutboxEntry]:
        return [to_entry(row) for row in self._db.rows(ENTRIES + condition, values)]

    def _seq(self, sale_id: str) -> int:
        row = self._db.one("SELECT seq FROM sale WHERE sale_id = ?", (sale_id,))
        if row is None:
            raise NoSuchSaleError("This till has no such sale.")
        return int(row[0])

    def _change(self, sale_id: str, change: str, value: str | int | None) -> None:
        with self._db.transaction() as connection:
            seq = self._seq(sale_id)
            connection.execute(f"UPDATE outbox SET {change} WHERE seq = ?", (value, seq))
