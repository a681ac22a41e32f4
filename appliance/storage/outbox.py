"""The outbox of sales: which the shop has yet to hear, and how far each telling has come."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, Final

import apsw

from appliance.domain.staff import Person
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError, StorageError
from appliance.storage.inheriting import inherit_unsent
from appliance.storage.instants import to_text
from appliance.storage.journal import Journal
from appliance.storage.outbox_rows import (
    COUNT_SALES,
    ENTRIES,
    ON_THEIR_WAY,
    ON_THEIR_WAY_MINOR,
    PARKED,
    TELL_STOCK,
    UNTELL_STOCK,
    WAITING,
    OutboxCounts,
    OutboxEntry,
    SoldLine,
    WaitingSale,
    to_waiting,
)
from appliance.storage.settling import Settled, settle
from appliance.storage.told_table import LONGEST_WAIT, ToldTable

__all__ = ["LONGEST_WAIT", "Outbox", "OutboxCounts", "OutboxEntry", "SoldLine", "WaitingSale"]

_LOSE: Final = (
    "UPDATE outbox SET state = 'due', posted_at = coalesce(posted_at, sent_at), order_id = NULL, committing_at = NULL, "
    "sent_at = NULL, checked_at = NULL, attempts = 0, next_try_at = NULL, reason = '', claim_id = NULL, "
    "times_lost = times_lost + 1 WHERE seq = ? AND state = 'sent' AND settled_seq IS NULL"
)


class Outbox(ToldTable):
    """Sales that the shop has yet to hear. The sync service writes; the kiosk reads, unparks and settles."""

    TABLE: ClassVar[str] = "outbox"
    OF: ClassVar[str] = "sale"
    ID: ClassVar[str] = "sale_id"
    ENTRIES: ClassVar[str] = ENTRIES

    def __init__(self, db: Database, journal: Journal | None = None) -> None:
        """Use a connection of the calling thread; ``journal`` is needed only to settle by hand."""
        super().__init__(db)
        self._journal = journal

    def settle(self, sale_id: str, person: Person, reason: str, at: datetime) -> None:
        """A person says that the shop need not be told (any more) of a sale, and why: journal and rows in one.

        Its pieces stop counting here beside the shop's count: the person has seen to that too. Refunds of it that
        have no order to be told to become stock moves.

        Raises:
            NoSuchSaleError: there is no such sale, or the shop has it already.
        """
        settle(self._db, self._journal, Settled.SALE, (sale_id, reason), person, at)

    def lose(self, sale_ids: Iterable[str]) -> int:
        """The shop was set back to an old copy and has lost these: all are due again; return how many.

        Its count is not touched: it was set back too, and is read anew. See ``set_back``, which writes why.
        """
        lost = 0
        with self._db.transaction() as connection:
            for sale_id in sale_ids:
                seq = self._seq(sale_id)
                connection.execute(_LOSE, (seq,))
                if connection.changes():
                    lost += 1
                    connection.execute(UNTELL_STOCK[0], (seq,))
        return lost

    def inherit_all(self) -> int:
        """From now on another card may hold what the shop has not heard yet; return how many sales that is.

        Sales, stock moves and refunds. Call it before a copy is made of the till's file, and where one may have been
        made: a card can be copied while the machine is off. Both copies must claim these, the original too.
        """
        with self._db.transaction() as connection:
            return inherit_unsent(connection)

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

    def parked(self) -> list[WaitingSale]:
        """Those of them that need a person, oldest first."""
        return [to_waiting(row) for row in self._db.rows(PARKED)]

    def on_their_way(self, limit: int) -> list[WaitingSale]:
        """Those of them that go by themselves, oldest first, no more than so many."""
        return [to_waiting(row) for row in self._db.rows(ON_THEIR_WAY, (limit,))]

    def on_their_way_minor(self) -> tuple[int, int]:
        """How many go by themselves, and what they come to."""
        ((count, minor),) = self._db.rows(ON_THEIR_WAY_MINOR)
        return count, minor

    def count_parked(self) -> int:
        """How many need a person; cheap however many wait."""
        return int(self._db.rows("SELECT count(*) FROM outbox WHERE state = 'parked'")[0][0])

    def counts(self) -> OutboxCounts:
        """How many sales are on their way, parked, and with the shop."""
        ((sales,),) = self._db.rows(COUNT_SALES)
        return self._counts(sales)

    def _tell(self, connection: apsw.Connection, seq: int) -> None:
        for statement in TELL_STOCK:
            connection.execute(statement, (seq,))

    def _untell(self, connection: apsw.Connection, seq: int) -> None:
        for statement in UNTELL_STOCK:
            connection.execute(statement, (seq,))

    def _missing(self) -> StorageError:
        return NoSuchSaleError("This till has no such sale.")
