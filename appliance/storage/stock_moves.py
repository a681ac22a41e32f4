"""Stock moves: pieces that move without a sale, in one transaction with their entry and what the shop must hear.

A count and goods that came back move the shelf at once, and the shop's count when it has heard. Holding pieces back
from the web moves the shop's count alone: the shelf has them all the same (``held_back``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import ClassVar, Final

import apsw

from appliance.domain.staff import Person
from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.storage.chain import Entry
from appliance.storage.codec import canonical
from appliance.storage.database import Database, fetched
from appliance.storage.errors import NoSuchMoveError, StorageError
from appliance.storage.journal import Journal
from appliance.storage.move_rows import LABEL, LINES, MOVES, insert_move, move_to_dict, to_move
from appliance.storage.outbox_rows import PROGRESS, OutboxCounts, OutboxEntry
from appliance.storage.settling import Settled, settle
from appliance.storage.told_table import ToldTable
from appliance.storage.untold_moves import add_untold, tell_untold, untell

STOCK_MOVE: Final = "stock-move"
_ENTRIES: Final = (
    f"SELECT s.move_id, {LABEL}, {PROGRESS} FROM stock_move_outbox AS o JOIN stock_move AS s USING (seq) "
)
_SUMS: Final = (
    "SELECT stock_id, sum(quantity) FROM stock_move_line WHERE seq = ? GROUP BY stock_id HAVING sum(quantity)"
)
_SHELVE: Final = "UPDATE shop_stock SET quantity = quantity + ? WHERE stock_id = ?"
_HOLD_BACK: Final = (
    "INSERT INTO held_back (stock_id, quantity) VALUES (?, ?) "
    "ON CONFLICT DO UPDATE SET quantity = quantity + excluded.quantity"
)
_LOSE: Final = (
    "UPDATE stock_move_outbox SET state = 'due', posted_at = coalesce(posted_at, sent_at), order_id = NULL, "
    "committing_at = NULL, sent_at = NULL, checked_at = NULL, attempts = 0, next_try_at = NULL, reason = '', "
    "claim_id = NULL, times_lost = times_lost + 1 WHERE seq = ? AND state = 'sent' AND settled_seq IS NULL"
)


class StockMoves:
    """The moves of this till."""

    def __init__(self, db: Database, journal: Journal) -> None:
        """Use a connection of the calling thread."""
        self._db, self._journal = db, journal

    def record(
        self,
        kind: MoveKind,
        lines: Sequence[StockMoveLine],
        reason: str,
        person: Person | None,
        at: datetime,
        *,
        move_id: str,
        approved_by: int | None = None,
    ) -> StockMove:
        """Write a move. When this returns it is on the disk, and the shop will hear of it.

        Args:
            kind: COUNT or HOLD; a RETURN is written by its refund.
            lines: at least one.
            reason: in a person's words, never empty.
            person: who; None for the till itself.
            at: now.
            move_id: a new name.
            approved_by: the manager who approved it.

        Raises:
            StorageError: the file refused; nothing was written.
        """
        who = (0, "") if person is None else (person.person_id, person.name)
        body = move_to_dict(move_id, kind, reason, tuple(lines), who, self._journal.till_name, approved_by)
        with self._db.transaction() as connection:
            stamp = self._journal.stamp(connection, at, STOCK_MOVE)
            link = stamp.append(connection, STOCK_MOVE, who[0], canonical(body))
            insert_move(connection, link.seq, stamp.at, body)
            return self.get(move_id)

    def get(self, move_id: str) -> StockMove:
        """One of them.

        Raises:
            NoSuchMoveError: this till has none of that name.
        """
        found = self._read("WHERE s.move_id = ?", (move_id,))
        if not found:
            raise NoSuchMoveError("This till has no such move of stock.")
        return found[0]

    def all_of(self, stock_id: int) -> list[StockMove]:
        """The moves of one count, oldest first."""
        of = "(SELECT l.seq FROM stock_move_line AS l WHERE l.stock_id = ?)"
        return self._read(f"WHERE s.seq IN {of} ORDER BY s.seq", (stock_id,))

    def _read(self, condition: str, values: tuple[object, ...]) -> list[StockMove]:
        rows = self._db.rows(MOVES + condition, values)
        return [to_move(row, self._db.rows(LINES, row[:1])) for row in rows]


class StockMoveOutbox(ToldTable):
    """Stock moves that the shop has yet to hear."""

    TABLE: ClassVar[str] = "stock_move_outbox"
    OF: ClassVar[str] = "stock_move"
    ID: ClassVar[str] = "move_id"
    ENTRIES: ClassVar[str] = _ENTRIES

    def __init__(self, db: Database, journal: Journal | None = None) -> None:
        """Use a connection of the calling thread; ``journal`` is needed only to settle by hand."""
        super().__init__(db)
        self._journal = journal

    def settle(self, move_id: str, person: Person, reason: str, at: datetime) -> None:
        """A person has put the shop's count right, and says why: it is told no more. One transaction.

        Raises:
            NoSuchMoveError: there is no such move, or the shop has it already.
        """
        settle(self._db, self._journal, Settled.MOVE, (move_id, reason), person, at)

    def lose(self, move_ids: Iterable[str]) -> int:
        """The shop was set back to an old copy and has lost these: see ``Outbox.lose``."""
        lost = 0
        with self._db.transaction() as connection:
            for move_id in move_ids:
                seq = self._seq(move_id)
                connection.execute(_LOSE, (seq,))
                if connection.changes():
                    lost += 1
                    self._lose(connection, seq)
        return lost

    def waiting(self) -> list[OutboxEntry]:
        """All that the shop does not have yet, oldest first."""
        return self._entries("WHERE o.state <> 'sent' ORDER BY o.seq", ())

    def counts(self) -> OutboxCounts:
        """How many are on their way, parked, and with the shop."""
        ((moves,),) = self._db.rows("SELECT count(*) FROM stock_move_outbox")
        return self._counts(moves)

    def _tell(self, connection: apsw.Connection, seq: int) -> None:
        if self._is_hold(connection, seq):
            for stock_id, quantity in fetched(connection.execute(_SUMS, (seq,))):
                connection.execute(_SHELVE, (quantity, stock_id))
                self._hold_back(connection, stock_id, -quantity)
        else:
            tell_untold(connection, seq)

    def _untell(self, connection: apsw.Connection, seq: int) -> None:
        sums = fetched(connection.execute(_SUMS, (seq,)))
        self._lose(connection, seq)
        for stock_id, quantity in sums if self._is_hold(connection, seq) else ():
            connection.execute(_SHELVE, (-quantity, stock_id))
        if not self._is_hold(connection, seq):
            untell(connection, seq)

    def _lose(self, connection: apsw.Connection, seq: int) -> None:
        """As if it had not been told; the shop's count is not touched."""
        sums = fetched(connection.execute(_SUMS, (seq,)))
        if not self._is_hold(connection, seq):
            add_untold(connection, seq, sums)
            return
        for stock_id, quantity in sums:
            self._hold_back(connection, stock_id, quantity)

    def _hold_back(self, connection: apsw.Connection, stock_id: int, more: int) -> None:
        connection.execute(_HOLD_BACK, (stock_id, more))
        connection.execute("DELETE FROM held_back WHERE stock_id = ? AND quantity = 0", (stock_id,))

    def _is_hold(self, connection: apsw.Connection, seq: int) -> bool:
        sql = "SELECT 1 FROM stock_move WHERE seq = ? AND kind = 'hold'"
        return bool(fetched(connection.execute(sql, (seq,))))

    def _missing(self) -> StorageError:
        return NoSuchMoveError("This till has no such move of stock.")


def replay_stock_move(connection: apsw.Connection, entry: Entry) -> None:
    """Make the rows of a move again from its entry, for a till that is rebuilt: the shop may have heard of it."""
    insert_move(connection, entry.seq, entry.at, json.loads(entry.body), posted_at=entry.at)
