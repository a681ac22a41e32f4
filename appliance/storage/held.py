"""Sales that were set aside while another customer is served, until they are recalled or given up.

Their pieces are reserved until then: on hand, and not available. The rows of ``held_stock`` go with the sale's own.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import apsw

from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.storage.chain import Entry
from appliance.storage.codec import canonical, draft_from_text, draft_to_text, sale_from_dict, sale_to_dict
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.instants import to_instant
from appliance.storage.journal import VOID_SALE, Journal
from appliance.storage.sale_rows import parts_of
from appliance.storage.sealed import Sealer

HELD = "held"
RECALLED = "recalled"
_INSERT = "INSERT INTO held_sale (sale_id, body, held_at, person_id, note) VALUES (?, ?, ?, ?, ?)"
_DRAFT = (
    "INSERT INTO draft (only_row, sale_id, body) VALUES (1, ?, ?) "
    "ON CONFLICT DO UPDATE SET sale_id = excluded.sale_id, body = excluded.body"
)


_RESERVE = "INSERT INTO held_stock (sale_id, stock_id, quantity) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class HeldSale:
    """A sale that was set aside.

    Attributes:
        sale: as it was.
        held_at: when (UTC); person_id: by whom.
        note: such as the customer's name, "" without one.
    """

    sale: Sale
    held_at: datetime
    person_id: int
    note: str


class HeldSales:
    """The sales that are set aside. Each step is one transaction with its journal entry."""

    def __init__(self, db: Database, journal: Journal, sealer: Sealer) -> None:
        """Use a connection of the calling thread; ``sealer`` hides the notes, which may name a customer."""
        self._db = db
        self._journal = journal
        self._sealer = sealer

    def hold(self, sale: Sale, person: Person, note: str, at: datetime) -> HeldSale:
        """Set the sale in progress aside: it is no draft any more."""
        sealed = self._sealer.seal(note)
        body = canonical({"note": sealed, "sale": sale_to_dict(sale)})
        with self._db.transaction() as connection:
            stamp = self._journal.stamp(connection, at, HELD)
            stamp.append(connection, HELD, person.person_id, body)
            values = (sale.sale_id, draft_to_text(sale, None), stamp.at, person.person_id, sealed)
            _set_aside(connection, sale, values)
            connection.execute("DELETE FROM draft WHERE sale_id = ?", (sale.sale_id,))
        return HeldSale(sale, to_instant(stamp.at), person.person_id, note)

    def all(self) -> list[HeldSale]:
        """What is set aside, oldest first."""
        return self._read("", ())

    def get(self, sale_id: str) -> HeldSale:
        """One of them.

        Raises:
            NoSuchSaleError: it is not set aside (any more).
        """
        found = self._read("WHERE sale_id = ?", (sale_id,))
        if not found:
            raise NoSuchSaleError("This sale is not set aside any more.")
        return found[0]

    def recall(self, sale_id: str, person_id: int, at: datetime) -> Sale:
        """Make it the sale in progress.

        Raises:
            NoSuchSaleError: it is not set aside (any more).
        """
        with self._db.transaction() as connection:
            sale = self.get(sale_id).sale
            self._journal.note(RECALLED, person_id, at, {"sale_id": sale_id})
            connection.execute("DELETE FROM held_sale WHERE sale_id = ?", (sale_id,))
            connection.execute(_DRAFT, (sale_id, draft_to_text(sale, None)))
        return sale

    def drop(self, sale_id: str, person_id: int, at: datetime, more: dict[str, Any] | None = None) -> None:
        """Give it up; ``more`` goes into the journal entry.

        Raises:
            NoSuchSaleError: it is not set aside (any more).
        """
        with self._db.transaction() as connection:
            sale = self.get(sale_id).sale
            self._journal.void_sale(sale, person_id, at, {"held": True, **(more or {})})
            connection.execute("DELETE FROM held_sale WHERE sale_id = ?", (sale_id,))

    def _read(self, condition: str, values: tuple[str, ...]) -> list[HeldSale]:
        rows = self._db.rows(
            f"SELECT body, held_at, person_id, note FROM held_sale {condition} ORDER BY held_at, rowid",
            values,
        )
        return [
            HeldSale(draft_from_text(body)[0], to_instant(at), person_id, self._sealer.open(note))
            for body, at, person_id, note in rows
        ]


def _set_aside(connection: apsw.Connection, sale: Sale, values: tuple[Any, ...]) -> None:
    connection.execute(_INSERT, values)
    reserved = [(sale.sale_id, stock_id, pieces) for stock_id, pieces in parts_of(sale).untold]
    connection.executemany(_RESERVE, reserved)


def replay_held(connection: apsw.Connection, entry: Entry) -> None:
    """Do again what an entry of the kinds held, recalled and void-sale did, for a till that is rebuilt.

    A sale that was recalled and not paid becomes the sale in progress, as it was when it was set aside.
    """
    body = json.loads(entry.body)
    if entry.kind == HELD:
        sale = sale_from_dict(body["sale"])
        values = (sale.sale_id, draft_to_text(sale, None), entry.at, entry.person_id, body["note"])
        _set_aside(connection, sale, values)
    elif entry.kind == RECALLED:
        found = connection.execute(
            "SELECT body FROM held_sale WHERE sale_id = ?", (body["sale_id"],)
        ).fetchall()
        for (text,) in found:
            connection.execute(_DRAFT, (body["sale_id"], text))
        connection.execute("DELETE FROM held_sale WHERE sale_id = ?", (body["sale_id"],))
    elif entry.kind == VOID_SALE:
        gone = (body["sale"]["id"],)
        connection.execute("DELETE FROM held_sale WHERE sale_id = ?", gone)
        connection.execute("DELETE FROM draft WHERE sale_id = ?", gone)
