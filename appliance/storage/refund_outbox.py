"""The refund outbox: money that went back, and that the shop has yet to hear.

A refund is told under its sale's order. It has no order on hold of its own that would make a repeat harmless: that it
is posted is on the disk before it is, and after any doubt it is looked for, late, before it is posted again
(``sync.refund_steps``). Its pieces stop counting beside the shop's count in the transaction that marks it sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from appliance.domain.staff import Person
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchRefundError
from appliance.storage.instants import to_instant_or_none, to_text, to_text_or_none
from appliance.storage.journal import Journal
from appliance.storage.move_rows import become_return
from appliance.storage.outbox_rows import OutboxCounts
from appliance.storage.refund_rows import ENTRIES, RefundEntry, to_entry
from appliance.storage.settling import Settled, settle
from appliance.storage.told_table import LONGEST_WAIT, NEVER
from appliance.storage.untold_moves import tell_untold

__all__ = ["RefundEntry", "RefundOutbox"]

_TOLD_TO: Final = "t.state = 'sent' AND t.order_id IS NOT NULL"
_BACK: Final = (
    "SELECT coalesce(sum(r.total_minor), 0) FROM sale AS s JOIN refund AS r ON r.of_seq = s.seq "
    "JOIN refund_outbox AS o ON o.seq = r.seq WHERE s.sale_id = ? AND o.posted_at IS NOT NULL"
)


class RefundOutbox:
    """Refunds of sales that the shop has yet to hear. The sync service writes; the kiosk reads, unparks and settles."""

    def __init__(self, db: Database, journal: Journal | None = None) -> None:
        """Use a connection of the calling thread; ``journal`` is needed only to settle by hand."""
        self._db, self._journal = db, journal

    def due(self, now: datetime, limit: int) -> list[RefundEntry]:
        """Refunds to work on now, oldest first: those whose sale the shop has."""
        return self._entries(
            f"WHERE o.state = 'due' AND {_TOLD_TO} "
            "AND (o.next_try_at IS NULL OR o.next_try_at <= ? OR o.next_try_at > ?) ORDER BY o.seq LIMIT ?",
            (to_text(now), to_text(now + LONGEST_WAIT), limit),
        )

    def entry(self, refund_id: str) -> RefundEntry:
        """How far one has come.

        Raises:
            NoSuchRefundError: there is no such refund of a sale.
        """
        found = self._entries("WHERE r.refund_id = ?", (refund_id,))
        if not found:
            raise NoSuchRefundError("This till has no such refund.")
        return found[0]

    def note_posted(self, refund_id: str, at: datetime | None, /) -> None:
        """Before sending it: it may reach the shop from now on. After a try that certainly never left, as it was."""
        self._change(refund_id, "posted_at = ?", to_text_or_none(at))

    def hold_claim(self, refund_id: str, claim_id: int, /, *, is_ours: bool) -> None:
        """Who tells it is decided in the shop."""
        self._change(refund_id, "claim_id = ?, is_ours = ?", claim_id, int(is_ours))

    def mark_sent(self, refund_id: str, shop_refund_id: int, at: datetime, problem: str = "", /) -> None:
        """The shop has it, and its count has the pieces: in one transaction."""
        with self._db.transaction() as connection:
            seq = self._seq(refund_id)
            connection.execute(
                "UPDATE refund_outbox SET state = 'sent', shop_refund_id = ?, sent_at = ?, next_try_at = NULL, "
                "reason = ? WHERE seq = ?",
                (shop_refund_id, to_text(at), problem, seq),
            )
            tell_untold(connection, seq)

    def become_move(self, refund_id: str, at: datetime, /) -> None:
        """It has no order to be told to: what went back to the shelf is told as a stock move. One transaction.

        No entry says so: a till that is rebuilt finds the order gone as this one did, and the move by its name.
        """
        with self._db.transaction() as connection:
            become_return(connection, self._seq(refund_id), to_text(at))

    def note_attempt(self, refund_id: str, next_try_at: datetime | None, /) -> None:
        """A try failed; the next is not before then."""
        self._change(refund_id, "attempts = attempts + 1, next_try_at = ?", to_text_or_none(next_try_at))

    def park(self, refund_id: str, reason: str, /) -> None:
        """Set it aside until a person has seen to it; the others go on."""
        self._change(refund_id, "state = 'parked', next_try_at = NULL, reason = ?", reason)

    def unpark(self, refund_id: str) -> None:
        """Try a parked one again; who tells it is asked anew."""
        change = (
            "state = 'due', attempts = 0, next_try_at = NULL, reason = '', claim_id = NULL, is_ours = NULL"
        )
        with self._db.transaction() as connection:
            sql = f"UPDATE refund_outbox SET {change} WHERE seq = ? AND state = 'parked'"
            connection.execute(sql, (self._seq(refund_id),))

    def settle(self, refund_id: str, person: Person, reason: str, at: datetime) -> None:
        """A person has put it right in the shop, its count too, and says why: it is told no more. One transaction.

        Raises:
            NoSuchRefundError: there is no such refund, or the shop has it already.
        """
        settle(self._db, self._journal, Settled.REFUND, (refund_id, reason), person, at)

    def hurry(self) -> None:
        """Forget all waiting times."""
        with self._db.transaction() as connection:
            connection.execute(
                "UPDATE refund_outbox SET next_try_at = NULL WHERE state <> 'sent' AND next_try_at IS NOT NULL"
            )

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next one that waits for its turn is due again, None if none waits."""
        sql = "SELECT min(next_try_at) FROM refund_outbox WHERE state <> 'sent' AND state = 'due' AND next_try_at > ?"
        row = self._db.one(sql, (to_text(now),))
        return None if row is None else to_instant_or_none(row[0])

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[RefundEntry]:
        """What the shop got before an instant and nobody has looked at since, oldest first; see ``Told``."""
        later = NEVER if now is None else to_text(now)
        condition = "WHERE o.state = 'sent' AND o.checked_at IS NULL AND (o.sent_at <= ? OR o.sent_at > ?) "
        return self._entries(f"{condition} ORDER BY o.sent_at, o.seq", (to_text(before), later))

    def mark_checked(self, refund_id: str, at: datetime, problem: str = "", /) -> None:
        """The late look is done; what it found wrong, in the owner's words, stays as the reason."""
        self._change(refund_id, "checked_at = ?, reason = ?, next_try_at = NULL", to_text(at), problem)

    def look_again(self, refund_id: str) -> None:
        """A person has seen to what the late look found: have it looked at once more."""
        self._change(refund_id, "checked_at = NULL, reason = ''")

    def claimed(self, checked_before: datetime) -> list[RefundEntry]:
        """Those whose claim is this till's, and is still kept though all was found right, and was so before then."""
        condition = "WHERE o.claim_id IS NOT NULL AND o.is_ours AND o.state = 'sent' AND o.checked_at <= ? "
        return self._entries(f"{condition} AND o.reason = '' ORDER BY o.seq", (to_text(checked_before),))

    def note_claim_dropped(self, refund_id: str, /) -> None:
        """The shop keeps no claim of it any more."""
        self._change(refund_id, "claim_id = ?", None)

    def waiting(self) -> list[RefundEntry]:
        """All that the shop does not have yet, oldest first."""
        return self._entries("WHERE o.state <> 'sent' ORDER BY o.seq", ())

    def problems(self) -> list[RefundEntry]:
        """What the shop has, and in which something was found wrong, oldest first."""
        return self._entries("WHERE o.state = 'sent' AND o.reason <> '' ORDER BY o.seq", ())

    def counts(self) -> OutboxCounts:
        """How many are on their way, parked, and with the shop (or need not be)."""
        ((due, parked, all_),) = self._db.rows(
            "SELECT count(*) FILTER (WHERE state = 'due'), count(*) FILTER (WHERE state = 'parked'), count(*) "
            "FROM refund_outbox"
        )
        return OutboxCounts(due, parked, all_ - due - parked)

    def told_back_minor(self, sale_id: str) -> int:
        """How much of a sale the shop was told to take back, or may have been."""
        return int(self._db.rows(_BACK, (sale_id,))[0][0])

    def anchor(self, refund_id: str, /) -> tuple[int, bytes]:
        """Where it stands in the journal: its entry's number and hash.

        Raises:
            NoSuchRefundError: there is no such refund.
        """
        sql = "SELECT j.seq, j.hash FROM refund AS r JOIN journal AS j USING (seq) WHERE r.refund_id = ?"
        row = self._db.one(sql, (refund_id,))
        if row is None:
            raise NoSuchRefundError("This till has no such refund.")
        return int(row[0]), bytes(row[1])

    def _entries(self, condition: str, values: tuple[Any, ...]) -> list[RefundEntry]:
        return [to_entry(row) for row in self._db.rows(ENTRIES + condition, values)]

    def _seq(self, refund_id: str) -> int:
        row = self._db.one("SELECT seq FROM refund WHERE refund_id = ?", (refund_id,))
        if row is None:
            raise NoSuchRefundError("This till has no such refund.")
        return int(row[0])

    def _change(self, refund_id: str, change: str, *values: str | int | None) -> None:
        with self._db.transaction() as connection:
            seq = self._seq(refund_id)
            connection.execute(f"UPDATE refund_outbox SET {change} WHERE seq = ?", (*values, seq))
