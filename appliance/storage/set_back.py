"""A shop that was set back to an old copy of itself, and has lost what it was told since.

The sync service finds it (``sync.set_back``) and writes what is lost as a fact. Nothing is told again before a person
says so: the shop's owner may know better. Then it is all due again, in one transaction with the journal entry
("told-again"). Numbers of orders that the shop uses anew for others are in nobody's way: they are forgotten here first.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import apsw

from appliance.domain.staff import Person
from appliance.storage.chain import Entry
from appliance.storage.database import Database, fetched
from appliance.storage.facts import ShopFacts
from appliance.storage.instants import to_instant, to_text
from appliance.storage.journal import Journal
from appliance.storage.move_rows import goes_back
from appliance.storage.outbox import Outbox
from appliance.storage.settling import Settled, keep_settled
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.storage.untold_moves import add_untold, drop_untold

SHOP_SET_BACK: Final = "shop_set_back"
"""Fact: {"found_at": instant, "moves": [id, ..], "sales": [id, ..]}; missing while the shop has all."""
TOLD_AGAIN: Final = "told-again"
NUMBER_TAKEN: Final = (
    "The shop gave its order a number that another sale's order has. Was the shop set back to an old copy?"
)
"""The reason for which such a sale is parked; it goes on when the others are told again."""

_AMONG: Final = "(SELECT value FROM json_each(?))"
_SENT: Final = (
    "SELECT o.sent_at, s.sale_id FROM outbox AS o JOIN sale AS s USING (seq) WHERE o.order_id IS NOT NULL "
    "AND o.state = 'sent' UNION ALL SELECT o.sent_at, s.move_id FROM stock_move_outbox AS o "
    "JOIN stock_move AS s USING (seq) WHERE o.order_id IS NOT NULL AND o.state = 'sent'"
)
_LAST_KEPT: Final = (
    f"WITH sent (at, id) AS ({_SENT}), lost (at) AS (SELECT min(at) FROM sent WHERE id IN {_AMONG}) "
    "SELECT coalesce(max(sent.at), '') FROM sent, lost WHERE sent.at < lost.at"
)
_REFUNDS: Final = (
    "SELECT r.seq, s.sale_id, j.body FROM refund_outbox AS o JOIN refund AS r USING (seq) "
    "JOIN journal AS j USING (seq) JOIN sale AS s ON s.seq = r.of_seq "
    "WHERE o.state = 'sent' AND o.shop_refund_id IS NOT NULL "
    f"AND (o.sent_at >= ? OR s.sale_id IN {_AMONG})"
)
_REFUND_DUE: Final = (
    "UPDATE refund_outbox SET state = 'due', reason = '', shop_refund_id = NULL, sent_at = NULL, checked_at = NULL, "
    "attempts = 0, next_try_at = NULL, claim_id = NULL, is_ours = NULL WHERE seq = ?"
)
_UNPARK: Final = (
    "UPDATE {table} SET state = iif(order_id IS NULL, 'due', 'reserved'), attempts = 0, next_try_at = NULL, "
    "reason = '' WHERE state = 'parked' AND reason = ?"
)
_TIMES: Final = (
    "UPDATE outbox SET times_lost = times_lost + 1 WHERE seq = (SELECT seq FROM sale WHERE sale_id = ?)",
    "UPDATE stock_move_outbox SET times_lost = times_lost + 1 "
    "WHERE seq = (SELECT seq FROM stock_move WHERE move_id = ?)",
)


@dataclass(frozen=True, slots=True)
class SetBack:
    """What the shop has lost: sales and stock moves that it had confirmed."""

    found_at: datetime
    sale_ids: tuple[str, ...]
    move_ids: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.sale_ids) + len(self.move_ids)


class SetBacks:
    """What was lost, and what a person says to it."""

    def __init__(self, db: Database, journal: Journal) -> None:
        """Use a connection of the calling thread."""
        self._db, self._journal, self._facts = db, journal, ShopFacts(db)

    def found(self) -> SetBack | None:
        """What is lost and nobody has said anything to; None while the shop has all."""
        text = self._facts.get(SHOP_SET_BACK)
        if text is None:
            return None
        body = json.loads(text)
        return SetBack(to_instant(body["found_at"]), tuple(body["sales"]), tuple(body["moves"]))

    def note(self, sale_ids: Sequence[str], move_ids: Sequence[str], at: datetime) -> bool:
        """Write what was found lost; True if that is new."""
        known = self.found()
        if known and {*sale_ids, *move_ids} <= {*known.sale_ids, *known.move_ids}:
            return False
        body = {"found_at": to_text(at), "moves": list(move_ids), "sales": list(sale_ids)}
        self._facts.set(SHOP_SET_BACK, json.dumps(body))
        return True

    def tell_again(self, person: Person, at: datetime, why: str = "") -> int:
        """Tell the shop again what it lost; return how many sales and moves that is. One transaction.

        ``why``: in the words of who decided it.
        """
        with self._db.transaction() as connection:
            lost = self.found()
            if lost is None:
                return 0
            self._write(lost, person, at, "tell again", why)
            _lose_refunds(connection, lost)
            told = Outbox(self._db).lose(lost.sale_ids) + StockMoveOutbox(self._db).lose(lost.move_ids)
            for table in ("outbox", "stock_move_outbox"):
                connection.execute(_UNPARK.format(table=table), (NUMBER_TAKEN,))
            self._facts.set(SHOP_SET_BACK, None)
        return told

    def leave(self, person: Person, at: datetime, why: str = "") -> None:
        """It is right as it is: nothing is told again, and all of it is settled by hand. One transaction.

        The numbers of its orders are free for what the shop makes with them anew.
        """
        with self._db.transaction() as connection:
            lost = self.found()
            if lost is None:
                return
            seq = self._write(lost, person, at, "leave", why)
            Outbox(self._db).lose(lost.sale_ids)
            StockMoveOutbox(self._db).lose(lost.move_ids)
            _settle(connection, seq, to_text(at), lost.sale_ids, lost.move_ids)
            for table in ("outbox", "stock_move_outbox"):
                connection.execute(_UNPARK.format(table=table), (NUMBER_TAKEN,))
            self._facts.set(SHOP_SET_BACK, None)

    def _write(self, lost: SetBack, person: Person, at: datetime, said: str, why: str) -> int:
        body = {
            "moves": list(lost.move_ids),
            "person": person.name,
            "reason": why,
            "said": said,
            "sales": list(lost.sale_ids),
        }
        return self._journal.note(TOLD_AGAIN, person.person_id, at, body)


def replay_told_again(connection: apsw.Connection, entry: Entry) -> None:
    """Do again what an entry of this kind did, for a till that is rebuilt: what is told again is due there as it is."""
    body = json.loads(entry.body)
    for statement, ids in zip(_TIMES, (body["sales"], body["moves"]), strict=True):
        connection.executemany(statement, [(each,) for each in ids])
    if body["said"] != "tell again":
        _settle(connection, entry.seq, entry.at, body["sales"], body["moves"])


def _settle(
    connection: apsw.Connection, seq: int, at: str, sales: Sequence[str], moves: Sequence[str]
) -> None:
    for what, ids in ((Settled.SALE, sales), (Settled.MOVE, moves)):
        for each in ids:
            keep_settled(connection, seq, at, {"of": what, "id": each})


def _lose_refunds(connection: apsw.Connection, lost: SetBack) -> None:
    """Those of lost sales, and all that were told since the last thing that the shop still has.

    The shop may have the sale of one and not its refund. Those that it has are found there, and not told again.
    """
    ids, sales = json.dumps([*lost.sale_ids, *lost.move_ids]), json.dumps(lost.sale_ids)
    ((since,),) = fetched(connection.execute(_LAST_KEPT, (ids,)))
    for seq, sale_id, text in fetched(connection.execute(_REFUNDS, (since, sales))):
        connection.execute(_REFUND_DUE, (seq,))
        if sale_id not in lost.sale_ids:
            continue  # the shop's count may have its pieces: they count once it is known
        lines = [line for line in json.loads(text)["lines"] if goes_back(line)]
        drop_untold(connection, seq)
        add_untold(connection, seq, [(line["stock_id"], line["quantity"]) for line in lines])
