"""Units that were sold here and online too, until a person has seen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appliance.domain.oversold import Buyer, Way
from appliance.domain.staff import Person
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_instant_or_none, to_text, to_text_or_none
from appliance.storage.journal import Journal
from appliance.storage.order_notes import OrderNotes
from appliance.storage.sealed import PREFIX, Sealer

OVERSOLD_SETTLED: Final = "oversold-settled"
_SETTLE: Final = (
    "UPDATE oversold SET settled_at = ?, settled_by = ?, way = ?, way_note = ? "
    "WHERE oversold_id = ? AND settled_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Oversold:
    """A unit that two people bought.

    Attributes:
        oversold_id: its number.
        product_id: the product; product_name: as it was sold.
        units: how many too many.
        sale_id: the sale at this till, with receipt_number, sold_at and cashier_name.
        order_id: the web order, None while it is not known which, with order_number, customer and ordered_at.
        found_at: when it was noticed.
        settled_at: when a person had seen to it, by the way that they took, with their note.
        order_total_minor, order_status: what the shop says of that order now; None and "" if it did not say yet.
    """

    oversold_id: int
    product_id: int
    product_name: str
    units: int
    sale_id: str
    receipt_number: str
    sold_at: datetime
    cashier_name: str
    order_id: int | None
    order_number: str
    customer: str
    ordered_at: datetime | None
    found_at: datetime
    settled_at: datetime | None
    way: str = ""
    way_note: str = ""
    order_total_minor: int | None = None
    order_status: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a person decided about a unit.

    Attributes:
        unit: which. person: who; at: when.
        way: the way out; without: the buyer who does without it for now.
        note: in the person's words, "" for none.
        for_owner: what the order's note says to the shop's owner, "" for no note.
    """

    unit: Oversold
    person: Person
    way: Way
    without: Buyer
    at: datetime
    note: str = ""
    for_owner: str = ""


class OversoldUnits:
    """Units that were sold on both sides. The sync service finds them; a person at the till settles them."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        """Use a connection of the calling thread; ``sealer`` hides the customers' names."""
        self._db = db
        self._sealer = sealer

    def found(  # noqa: PLR0913 - the columns of a row, by name
        self,
        *,
        product_id: int,
        product_name: str,
        units: int,
        sale_id: str,
        found_at: datetime,
        order_id: int | None = None,
        order_number: str = "",
        customer: str = "",
        ordered_at: datetime | None = None,
    ) -> bool:
        """Note a unit sold twice, once for each product and sale; the other buyer may become known later.

        Returns:
            True if it is news.
        """
        with self._db.transaction() as connection:
            known = connection.execute(
                "SELECT o.order_id FROM oversold AS o JOIN sale AS s USING (seq) WHERE product_id = ? AND sale_id = ?",
                (product_id, sale_id),
            ).fetchall()
            if known and (known[0][0] is not None or order_id is None):
                return False
            buyer = (order_id, order_number, self._sealer.seal(customer), to_text_or_none(ordered_at))
            connection.execute(
                "INSERT INTO oversold (product_id, product_name, units, seq, order_id, order_number, customer, "
                "ordered_at, found_at) SELECT ?, ?, ?, seq, ?, ?, ?, ?, ? FROM sale WHERE sale_id = ? "
                "ON CONFLICT DO UPDATE SET order_id = excluded.order_id, order_number = excluded.order_number, "
                "customer = excluded.customer, ordered_at = excluded.ordered_at",
                (product_id, product_name, units, *buyer, to_text(found_at), sale_id),
            )
            return not known

    def open(self) -> list[Oversold]:
        """What nobody has seen to yet, oldest first."""
        return self._read("WHERE o.settled_at IS NULL")

    def all(self) -> list[Oversold]:
        """Everything that was ever oversold, oldest first."""
        return self._read("")

    def seal_old(self) -> int:
        """Seal the names that were kept before there were seals; returns how many."""
        with self._db.transaction() as connection:
            clear = self._db.rows(
                "SELECT oversold_id, customer FROM oversold WHERE customer <> '' AND substr(customer, 1, ?) <> ?",
                (len(PREFIX), PREFIX),
            )
            sealed = [(self._sealer.seal(customer), oversold_id) for oversold_id, customer in clear]
            connection.executemany("UPDATE oversold SET customer = ? WHERE oversold_id = ?", sealed)
        return len(sealed)

    def get(self, oversold_id: int) -> Oversold | None:
        """One by its number, None without it."""
        found = self._read(f"WHERE o.oversold_id = {int(oversold_id)}")
        return found[0] if found else None

    def settle(self, settled: Settlement, journal: Journal, notes: OrderNotes) -> bool:
        """Keep which way out a person took: row, journal entry and the note for the owner, in one transaction.

        Returns:
            False if somebody had settled it before; then nothing is written.
        """
        with self._db.transaction() as connection:
            unit, person = settled.unit, settled.person
            values = (
                to_text(settled.at),
                person.person_id,
                settled.way.value,
                settled.note,
                unit.oversold_id,
            )
            connection.execute(_SETTLE, values)
            if not connection.changes():
                return False
            body: dict[str, Any] = {
                "product_id": unit.product_id,
                "product": unit.product_name,
                "units": unit.units,
                "way": settled.way.value,
                "without": settled.without.value,
                "sale": {"id": unit.sale_id, "receipt": unit.receipt_number},
                "order": {"id": unit.order_id, "number": unit.order_number} if unit.order_id else None,
                "note": settled.note,
            }
            journal.note(OVERSOLD_SETTLED, person.person_id, settled.at, body)
            if unit.order_id is not None and settled.for_owner:
                notes.add(unit.order_id, settled.for_owner)
        return True

    def _read(self, condition: str) -> list[Oversold]:
        rows = self._db.rows(
            "SELECT o.oversold_id, o.product_id, o.product_name, o.units, s.sale_id, s.series, s.number, "
            "s.completed_at, s.person_name, o.order_id, o.order_number, o.customer, o.ordered_at, o.found_at, "
            "o.settled_at, o.way, o.way_note, w.total_minor, w.status FROM oversold AS o JOIN sale AS s USING (seq) "
            f"LEFT JOIN web_order AS w ON w.order_id = o.order_id {condition} ORDER BY o.oversold_id"
        )
        return [_oversold(row, self._sealer.open(row[11])) for row in rows]


def _oversold(row: Row, customer: str) -> Oversold:
    return Oversold(
        oversold_id=row[0],
        product_id=row[1],
        product_name=row[2],
        units=row[3],
        sale_id=row[4],
        receipt_number=f"{row[5]}-{row[6]:06d}",
        sold_at=to_instant(row[7]),
        cashier_name=row[8],
        order_id=row[9],
        order_number=row[10],
        customer=customer,
        ordered_at=to_instant_or_none(row[12]),
        found_at=to_instant(row[13]),
        settled_at=to_instant_or_none(row[14]),
        way=row[15],
        way_note=row[16],
        order_total_minor=row[17],
        order_status=row[18] or "",
    )
