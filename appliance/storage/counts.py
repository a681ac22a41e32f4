"""The count in progress: at most one for a till, on the disk after each touch, emptied when it is approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appliance.domain.approval import Approval
from appliance.domain.shelf_count import CountLine
from appliance.domain.staff import Person
from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_text
from appliance.storage.journal import Journal
from appliance.storage.stock_moves import StockMoves

COUNTED: Final = "stock-counted"
COMPARED: Final = "count-compared"
GIVEN_UP: Final = "count-given-up"
LINES_IN_A_MOVE: Final = 50
"""A correction of more products than this goes to the shop as several orders: a small host answers each in time."""

_COLUMNS: Final = (
    "stock_id, product_id, parent_id, name, sku, counted, expected, counted_at, person_id, moved, touched"
)
_PUT: Final = (
    f"INSERT OR REPLACE INTO count_line ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
    "(SELECT 1 + coalesce(max(touched), 0) FROM count_line))"
)
_OWED: Final = (
    "SELECT coalesce(sum(units), 0) FROM oversold "
    "WHERE product_id = ? AND (settled_at IS NULL OR way = 'back-order')"
)
_PROMISED: Final = """
SELECT p.stock_id, sum(coalesce(l.reduced, l.quantity))
FROM web_order AS w JOIN web_order_line AS l USING (order_id) JOIN product AS p USING (product_id)
WHERE w.sale_id = '' AND w.status IN ('processing', 'on-hold') AND NOT w.is_gone GROUP BY p.stock_id"""


@dataclass(frozen=True, slots=True)
class Settled:
    """A count that was approved; it is on the disk.

    Attributes:
        lines: all that was counted.
        moves: what the shop will hear; none if nothing differed.
    """

    lines: tuple[CountLine, ...]
    moves: tuple[StockMove, ...]


class Counts:
    """The lines of the one open count."""

    def __init__(self, db: Database, journal: Journal, moves: StockMoves, new_id: Callable[[], str]) -> None:
        """Use a connection of the calling thread; ``new_id`` names the corrections."""
        self._db = db
        self._journal = journal
        self._moves = moves
        self._new_id = new_id

    def lines(self) -> list[CountLine]:
        """What was counted so far, what was touched last at the end."""
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM count_line ORDER BY touched")
        return [_line(row) for row in rows]

    def get(self, stock_id: int) -> CountLine | None:
        """The line of one product, None if it was not counted yet."""
        row = self._db.one(f"SELECT {_COLUMNS} FROM count_line WHERE stock_id = ?", (stock_id,))
        return None if row is None else _line(row)

    def newest(self) -> int | None:
        """The ``stock_id`` that was touched last, None before the first."""
        row = self._db.one("SELECT stock_id FROM count_line ORDER BY touched DESC LIMIT 1")
        return None if row is None else int(row[0])

    def put(self, line: CountLine) -> None:
        """Keep a line as it was touched just now."""
        values = (line.stock_id, line.product_id, line.parent_id, line.name, line.sku, line.counted)
        touched = (line.expected, to_text(line.counted_at), line.person_id, line.moved)
        with self._db.transaction() as connection:
            connection.execute(_PUT, values + touched)

    def remove(self, stock_id: int) -> None:
        """Forget a line, as if it had not been counted."""
        with self._db.transaction() as connection:
            connection.execute("DELETE FROM count_line WHERE stock_id = ?", (stock_id,))

    def owed(self, stock_id: int) -> int:
        """Pieces that were sold twice and that a web customer still waits for."""
        row = self._db.one(_OWED, (stock_id,))
        return int(row[0]) if row else 0

    def promised(self) -> dict[int, int]:
        """Pieces in web orders that are not sent yet, by ``stock_id``: they may still lie on the shelf."""
        return {row[0]: row[1] for row in self._db.rows(_PROMISED)}

    def note_compared(self, lines: Sequence[CountLine], person: Person, at: datetime) -> None:
        """Write down what was counted before anybody saw the difference: a change after it can be seen."""
        self._journal.note(COMPARED, person.person_id, at, {"lines": [_body(line) for line in lines]})

    def give_up(self, person: Person, at: datetime) -> None:
        """Forget the whole count. The journal keeps what it was."""
        body = {"lines": [_body(line) for line in self.lines()]}
        with self._db.transaction() as connection:
            self._journal.note(GIVEN_UP, person.person_id, at, body)
            connection.execute("DELETE FROM count_line")

    def settle(
        self,
        lines: Sequence[CountLine],
        person: Person,
        at: datetime,
        approval: Approval,
        words: dict[str, Any],
    ) -> Settled:
        """Write what was counted, correct what differs, and empty the count: one transaction.

        Args:
            lines: all lines of the count.
            person: who is signed in. at: now.
            approval: the manager's word; its reason is that of the corrections.
            words: what the entry says of the approval.
        """
        differing = [line for line in lines if line.variance]
        chunks = [differing[at : at + LINES_IN_A_MOVE] for at in range(0, len(differing), LINES_IN_A_MOVE)]
        with self._db.transaction() as connection:
            moves = tuple(self._correct(chunk, person, at, approval) for chunk in chunks)
            body = {
                "lines": [_body(line) for line in lines],
                "moves": [move.move_id for move in moves],
                **words,
            }
            self._journal.note(COUNTED, person.person_id, at, body)
            connection.execute("DELETE FROM count_line")
        return Settled(tuple(lines), moves)

    def _correct(
        self, lines: Sequence[CountLine], person: Person, at: datetime, approval: Approval
    ) -> StockMove:
        return self._moves.record(
            MoveKind.COUNT,
            [_move_line(line) for line in lines],
            approval.why,
            person,
            at,
            approved_by=approval.by,
            move_id=self._new_id(),
        )


def _line(row: Row) -> CountLine:
    return CountLine(
        stock_id=row[0],
        product_id=row[1],
        parent_id=row[2],
        name=row[3],
        sku=row[4],
        counted=row[5],
        expected=row[6],
        counted_at=to_instant(row[7]),
        person_id=row[8],
        moved=row[9],
    )


def _body(line: CountLine) -> dict[str, Any]:
    return {
        "stock_id": line.stock_id,
        "product_id": line.product_id,
        "name": line.name,
        "sku": line.sku,
        "counted": line.counted,
        "expected": line.expected,
        "moved": line.moved,
        "at": to_text(line.counted_at),
        "by": line.person_id,
    }


def _move_line(line: CountLine) -> StockMoveLine:
    return StockMoveLine(
        product_id=line.product_id,
        parent_id=line.parent_id,
        stock_id=line.stock_id,
        name=line.name,
        quantity=line.variance,
        sku=line.sku,
        expected=line.expected,
        counted=line.counted,
    )
