"""Units that were sold here and online too, until a person has seen to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_instant_or_none, to_text, to_text_or_none
from appliance.storage.sealed import PREFIX, Sealer
from appliance.storage.tables import OversoldRow


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
        settled_at: when a person had seen to it.
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

    def settle(self, oversold_id: int, person_id: int, at: datetime) -> None:
        """A person has seen to it."""
        changed = OversoldRow.update({OversoldRow.settled_at: to_text(at), OversoldRow.settled_by: person_id})
        self._db.write(
            changed.where((OversoldRow.oversold_id == oversold_id) & OversoldRow.settled_at.is_null())
        )

    def _read(self, condition: str) -> list[Oversold]:
        rows = self._db.rows(
            "SELECT o.oversold_id, o.product_id, o.product_name, o.units, s.sale_id, s.series, s.number, "
            "s.completed_at, s.person_name, o.order_id, o.order_number, o.customer, o.ordered_at, o.found_at, "
            f"o.settled_at FROM oversold AS o JOIN sale AS s USING (seq) {condition} ORDER BY o.oversold_id"
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
    )
