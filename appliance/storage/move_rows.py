"""A move of stock as rows and as JSON: the same lines make the rows here and in a till that is rebuilt.

A refund that has no order to be told to is a move as well, of the kind RETURN, and has no entry but the refund's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import apsw

from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.storage.database import Row, fetched
from appliance.storage.instants import to_instant
from appliance.storage.untold_moves import add_untold

VERSION: Final = 1
_LINE_FIELDS: Final = tuple((field.name, field.default) for field in fields(StockMoveLine))
_INSERT: Final = (
    "INSERT INTO stock_move (seq, move_id, kind, moved_at, person_id, person_name, approved_by, reason) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_LINE: Final = (
    "INSERT INTO stock_move_line (seq, position, product_id, parent_id, stock_id, name, sku, quantity, expected, "
    "counted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_DUE: Final = (
    "INSERT INTO stock_move_outbox (seq, state, posted_at, inherited) "
    "SELECT ?1, 'due', coalesce(?2, max(posted_at)), coalesce(max(inherited), 0) FROM refund_outbox WHERE seq = ?1"
)
"""Of a refund it goes on where the refund was: another card may hold it, and may have told it."""
_REFUND_DONE: Final = (
    "UPDATE refund_outbox SET state = 'sent', sent_at = ?1, checked_at = ?1, next_try_at = NULL, reason = '' "
    "WHERE seq = ?2"
)

LABEL: Final = (
    "coalesce((SELECT b.series FROM binding AS b WHERE b.seq <= s.seq ORDER BY b.seq DESC LIMIT 1), "
    "(SELECT i.series FROM identity AS i)) || '-S' || s.seq"
)
"""What people call a move: the series that the till had then, and the number of the entry."""

MOVES: Final = (
    f"SELECT s.seq, s.move_id, {LABEL}, s.kind, s.reason, s.moved_at, s.person_id, s.person_name, "
    "j.body ->> '$.till', s.approved_by FROM stock_move AS s JOIN journal AS j USING (seq) "
)
LINES: Final = (
    "SELECT product_id, parent_id, stock_id, name, quantity, sku, expected, counted FROM stock_move_line "
    "WHERE seq = ? ORDER BY position"
)


def move_to_dict(
    move_id: str,
    kind: MoveKind,
    reason: str,
    lines: tuple[StockMoveLine, ...],
    who: tuple[int, str],
    till_name: str,
    approved_by: int | None,
) -> dict[str, Any]:
    """A move as its journal entry keeps it."""
    body: dict[str, Any] = {
        "id": move_id,
        "kind": kind.value,
        "lines": [
            {name: value for name, default in _LINE_FIELDS if (value := getattr(line, name)) != default}
            for line in lines
        ],
        "person": {"id": who[0], "name": who[1]},
        "reason": reason,
        "till": till_name,
        "v": VERSION,
    }
    if approved_by is not None:
        body["approved_by"] = approved_by
    return body


def insert_move(
    connection: apsw.Connection, seq: int, at: str, body: Mapping[str, Any], posted_at: str | None = None
) -> None:
    """Make the rows of a move from its entry's body.

    Raises:
        ValueError: a format that this version does not know.
    """
    if body.get("v") != VERSION:
        raise ValueError(f"A stock move in format {body.get('v')!r} is not known.")
    kind, person = MoveKind(body["kind"]), body["person"]
    head = (body["id"], kind.value, at, person["id"], person["name"], body.get("approved_by"), body["reason"])
    lines = [StockMoveLine(**{"parent_id": None, **line}) for line in body["lines"]]
    _insert(connection, seq, head, lines, posted_at)
    if kind is not MoveKind.HOLD:
        add_untold(connection, seq, [(line.stock_id, line.quantity) for line in lines])


def insert_return(
    connection: apsw.Connection, seq: int, refund: Mapping[str, Any], posted_at: str | None = None
) -> None:
    """Make a move of a refund, from its entry's body, for what goes back to the shelf; nothing where nothing does.

    Its pieces count already: those of a refund do from its own transaction on.
    """
    lines = [
        StockMoveLine(
            product_id=line["product_id"] or line["stock_id"],
            parent_id=line["stock_id"] if line["stock_id"] != line["product_id"] else None,
            stock_id=line["stock_id"],
            name=line["name"],
            quantity=line["quantity"],
        )
        for line in refund["lines"]
        if goes_back(line)
    ]
    if not lines:
        return
    cashier, approved = refund["cashier"], refund.get("approved")
    approved_by = approved["by"] if approved else None
    what = (refund["id"], MoveKind.RETURN.value, refund["completed_at"])
    _insert(
        connection,
        seq,
        (*what, cashier["id"], cashier["name"], approved_by, refund["reason"]),
        lines,
        posted_at,
    )


def become_return(connection: apsw.Connection, seq: int, at: str) -> None:
    """A refund that was to be told has no order: what went back to the shelf is told as a move from now on."""
    ((body,),) = fetched(connection.execute("SELECT body FROM journal WHERE seq = ?", (seq,)))
    connection.execute(_REFUND_DONE, (at, seq))
    insert_return(connection, seq, json.loads(body), at)


def goes_back(line: Mapping[str, Any]) -> bool:
    """Whether a refund's line, as its entry keeps it, puts pieces back on a shelf that is counted."""
    return line["stock_id"] is not None and bool(line.get("restock", True))


def to_move(row: Row, lines: list[Row]) -> StockMove:
    """A move from a row of :data:`MOVES` and those of :data:`LINES`."""
    return StockMove(
        move_id=row[1],
        label=row[2],
        kind=MoveKind(row[3]),
        reason=row[4],
        lines=tuple(StockMoveLine(*line) for line in lines),
        moved_at=to_instant(row[5]),
        person_id=row[6],
        person_name=row[7],
        till_name=row[8],
        approved_by=row[9],
    )


def _insert(
    connection: apsw.Connection,
    seq: int,
    head: tuple[Any, ...],
    lines: list[StockMoveLine],
    posted_at: str | None,
) -> None:
    connection.execute(_INSERT, (seq, *head))
    rows = [
        (
            seq,
            position,
            line.product_id,
            line.parent_id,
            line.stock_id,
            line.name,
            line.sku,
            line.quantity,
            line.expected,
            line.counted,
        )
        for position, line in enumerate(lines, 1)
    ]
    connection.executemany(_INSERT_LINE, rows)
    connection.execute(_INSERT_DUE, (seq, posted_at))
