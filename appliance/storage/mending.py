"""Mending: a line of a sale is told to the shop as another product, or as none; the sale itself is never changed.

A sale whose product the shop does not know any more is refused by it. The journal keeps what was sold, so what is told
is mended on the way (``Mending.told``), by entries of their own kind ("mended"): who decided it, which line, and which
product.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import apsw

from appliance.domain.sale import SaleLine
from appliance.domain.staff import Person
from appliance.domain.tender import CompletedSale
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox

MENDED: Final = "mended"
_NOTES: Final = (
    "SELECT body FROM journal "
    "WHERE kind <> 'sale' AND kind = 'mended' AND body ->> '$.sale_id' = ? ORDER BY seq"
)


@dataclass(frozen=True, slots=True)
class Mend:
    """What a line is told as.

    Attributes:
        position: of the line.
        product_id: another product, None for none. parent_id, stock_id: its own, as of a line.
    """

    position: int
    product_id: int | None = None
    parent_id: int | None = None
    stock_id: int | None = None


class Mending:
    """Writes what is told otherwise, and reads sales as they are told."""

    def __init__(self, db: Database, journal: Journal) -> None:
        """Use a connection of the calling thread."""
        self._db, self._journal = db, journal

    def mend(self, sale_id: str, mend: Mend, person: Person, at: datetime, why: str) -> None:
        """Tell one line otherwise, and try the sale again: in one transaction.

        Its pieces stop counting beside the shop's count of the old product: the shop is not going to take them there.

        Raises:
            NoSuchSaleError, NoSuchLineError: there is none, or the shop has an order of it already.
        """
        with self._db.transaction() as connection:
            entry = Outbox(self._db).entry(sale_id)
            if entry.state == "sent" or entry.order_id is not None:
                raise NoSuchSaleError("The shop has this sale already: it cannot be told otherwise.")
            line = self.told(sale_id).sale.line(mend.position)
            is_first = all(note["position"] != mend.position for note in self._said(sale_id))
            # Only what was sold counts beside the shop's count, not what it was told as meanwhile.
            stock_id = line.stock_id if is_first else None
            body: dict[str, Any] = {
                "sale_id": sale_id,
                "position": mend.position,
                "was": {"product_id": line.product_id, "stock_id": stock_id, "quantity": line.quantity},
                "product_id": mend.product_id,
                "parent_id": mend.parent_id,
                "stock_id": mend.stock_id,
                "person": person.name,
                "reason": why,
            }
            self._journal.note(MENDED, person.person_id, at, body)
            _uncount(connection, body)
            Outbox(self._db).unpark(sale_id)

    def told(self, sale_id: str) -> CompletedSale:
        """A sale as it is told; the last word on a line counts. Raises NoSuchSaleError."""
        completed = self._journal.sale(sale_id)
        notes = self._said(sale_id)
        return _mended(completed, {note["position"]: note for note in notes}) if notes else completed

    def _said(self, sale_id: str) -> list[dict[str, Any]]:
        return [json.loads(row[0]) for row in self._db.rows(_NOTES, (sale_id,))]


def _mended(completed: CompletedSale, told: Mapping[int, dict[str, Any]]) -> CompletedSale:
    lines = tuple(_told(line, told.get(line.position)) for line in completed.sale.lines)
    return replace(completed, sale=replace(completed.sale, lines=lines))


def replay_mended(connection: apsw.Connection, entry: Entry) -> None:
    """Do again what an entry of this kind did, for a till that is rebuilt."""
    _uncount(connection, json.loads(entry.body))


def _told(line: SaleLine, note: dict[str, Any] | None) -> SaleLine:
    if note is None:
        return line
    return replace(
        line, product_id=note["product_id"], parent_id=note["parent_id"], stock_id=note["stock_id"]
    )


def _uncount(connection: apsw.Connection, body: dict[str, Any]) -> None:
    was = body["was"]
    if was["stock_id"] is None:
        return
    ((seq,),) = connection.execute("SELECT seq FROM sale WHERE sale_id = ?", (body["sale_id"],)).fetchall()
    connection.execute(
        "DELETE FROM untold_stock WHERE seq = ? AND stock_id = ? AND quantity <= ?",
        (seq, was["stock_id"], was["quantity"]),
    )
    if not connection.changes():
        connection.execute(
            "UPDATE untold_stock SET quantity = quantity - ? WHERE seq = ? AND stock_id = ?",
            (was["quantity"], seq, was["stock_id"]),
        )
