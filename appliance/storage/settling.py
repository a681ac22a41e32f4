"""Settled by hand: a person says that the shop need not be told of something any more, and why.

One journal entry ("settled") with the rows that follow from it, here and in a till that is rebuilt. The pieces stop
counting beside the shop's count, which the person has seen to. A refund whose sale was settled without an order has
nothing left that it could be told to: it becomes a stock move, so that the shop's count learns of its pieces.
"""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import apsw

from appliance.domain.staff import Person
from appliance.storage.chain import Entry
from appliance.storage.codec import canonical
from appliance.storage.database import Database, fetched
from appliance.storage.errors import (
    NoSealError,
    NoSuchMoveError,
    NoSuchRefundError,
    NoSuchSaleError,
    StorageError,
)
from appliance.storage.journal import Journal
from appliance.storage.move_rows import become_return, insert_return
from appliance.storage.untold_moves import drop_untold

SETTLED: Final = "settled"


class Settled(enum.StrEnum):
    """What was settled; as the journal's entry says it."""

    SALE = "sale"
    MOVE = "move"
    REFUND = "refund"


_TABLES: Final[Mapping[Settled, tuple[str, str, str]]] = {
    Settled.SALE: ("outbox", "sale", "sale_id"),
    Settled.MOVE: ("stock_move_outbox", "stock_move", "move_id"),
    Settled.REFUND: ("refund_outbox", "refund", "refund_id"),
}
_ERRORS: Final[Mapping[Settled, type[StorageError]]] = {
    Settled.SALE: NoSuchSaleError,
    Settled.MOVE: NoSuchMoveError,
    Settled.REFUND: NoSuchRefundError,
}
_REFUNDS_WITHOUT_ORDER: Final = (
    "SELECT r.seq, j.body FROM refund AS r JOIN refund_outbox AS o USING (seq) JOIN journal AS j USING (seq) "
    "JOIN outbox AS s ON s.seq = r.of_seq WHERE r.of_seq = ? AND s.order_id IS NULL AND o.state <> 'sent'"
)


def settle(
    db: Database,
    journal: Journal | None,
    what: Settled,
    which: tuple[str, str],
    person: Person,
    at: datetime,
) -> None:
    """Settle one thing by hand; ``which`` is its id and the reason, in the person's words.

    Raises:
        StorageError: it is not here or the shop has it; nothing was written.
    """
    if journal is None:
        raise NoSealError("What is settled by hand is written in the journal, and there is none.")
    told_id, reason = which
    table, of, key = _TABLES[what]
    order = "NULL" if what is Settled.REFUND else "o.order_id"
    with db.transaction() as connection:
        sql = f"SELECT {order} FROM {of} AS s JOIN {table} AS o USING (seq) WHERE s.{key} = ? AND o.state <> 'sent'"
        found = db.one(sql, (told_id,))
        if found is None:
            raise _ERRORS[what](f"The shop has this {what} already, or this till never made it.")
        body = {"id": told_id, "of": str(what), "person": person.name, "reason": reason}
        if found[0] is not None:
            body["order_id"] = found[0]
        stamp = journal.stamp(connection, at, SETTLED)
        link = stamp.append(connection, SETTLED, person.person_id, canonical(body))
        keep_settled(connection, link.seq, stamp.at, body)


def replay_settled(connection: apsw.Connection, entry: Entry) -> None:
    """Do again what an entry of this kind did, for a till that is rebuilt."""
    keep_settled(connection, entry.seq, entry.at, json.loads(entry.body))


def keep_settled(connection: apsw.Connection, seq: int, at: str, body: Mapping[str, Any]) -> None:
    """Make the rows of what was settled by an entry: ``of`` and ``id``, and its ``order_id`` where one is known."""
    what = Settled(body["of"])
    table, of, key = _TABLES[what]
    # What may have reached the shop is looked for late all the same: it may hold pieces there.
    checked = "checked_at = iif(posted_at IS NULL, ?, NULL)"
    settled = f"state = 'sent', sent_at = ?, {checked}, next_try_at = NULL, reason = '', settled_seq = ?"
    values: tuple[Any, ...] = (at, at, seq)
    if what is not Settled.REFUND:
        settled, values = f"{settled}, order_id = ?", (*values, body.get("order_id"))
    find = f"SELECT seq FROM {of} WHERE {key} = ?"
    if what is Settled.MOVE and not fetched(connection.execute(find, (body["id"],))):
        # A refund became this move when its order was gone, and no entry says so.
        refund = "SELECT seq FROM refund WHERE refund_id = ?"
        ((refund_seq,),) = fetched(connection.execute(refund, (body["id"],)))
        become_return(connection, refund_seq, at)
    ((of_seq,),) = fetched(connection.execute(find, (body["id"],)))
    connection.execute(f"UPDATE {table} SET {settled} WHERE seq = ?", (*values, of_seq))
    if what is not Settled.SALE:
        drop_untold(connection, of_seq)
        return
    connection.execute(
        "DELETE FROM untold_stock WHERE seq = ?1 AND stock_id IN "
        "(SELECT stock_id FROM sale_line WHERE seq = ?1 AND stock_id IS NOT NULL)",
        (of_seq,),
    )
    for refund_seq, refund in fetched(connection.execute(_REFUNDS_WITHOUT_ORDER, (of_seq,))):
        insert_return(connection, refund_seq, json.loads(refund))
        connection.execute(
            "UPDATE refund_outbox SET state = 'sent', sent_at = ?, checked_at = ?, next_try_at = NULL, reason = '', "
            "settled_seq = ? WHERE seq = ?",
            (at, at, seq, refund_seq),
        )
