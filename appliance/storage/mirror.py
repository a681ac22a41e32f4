"""The shop's coupons and customers, kept for the till. Only the sync service writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import apsw

from appliance.domain.coupons import Coupon
from appliance.domain.customers import Customer
from appliance.storage.database import Database
from appliance.storage.pacing import Sleep, Write, in_chunks
from appliance.storage.sealed import Sealer
from appliance.storage.web_orders import WebOrders

_AMONG: Final = "(SELECT value FROM json_each(?))"


class Coupons:
    """The coupons."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def all(self) -> list[Coupon]:
        """All of them, by number."""
        rows = self._db.rows("SELECT coupon_id, code, body FROM coupon ORDER BY coupon_id")
        return [Coupon(*row) for row in rows]

    def find(self, code: str) -> Coupon | None:
        """The coupon of this code, as the shop compares them: small and capital letters are the same."""
        row = self._db.one("SELECT coupon_id, code, body FROM coupon WHERE lower(code) = lower(?)", (code,))
        return None if row is None else Coupon(*row)

    def put(self, coupons: Sequence[Coupon], *, sleep: Sleep | None = None) -> None:
        """Write coupons, as far as they changed."""
        known = {each.coupon_id: each for each in self.all()}
        changed = [each for each in coupons if known.get(each.coupon_id) != each]

        def prepare(chunk: Sequence[Coupon]) -> Write:
            return _putting(
                "INSERT OR REPLACE INTO coupon (coupon_id, code, body) VALUES (?, ?, ?)",
                [(each.coupon_id, each.code, each.body) for each in chunk],
            )

        in_chunks(self._db, changed, prepare, sleep)

    def remove(self, numbers: Collection[int]) -> None:
        """Take out what the shop has no more."""
        _remove(self._db, "coupon", numbers)

    def keep_only(self, numbers: Collection[int]) -> None:
        """Take out all others."""
        self.remove({each.coupon_id for each in self.all()} - set(numbers))


class Customers:
    """The customers, sealed."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        """Use a connection of the calling thread, and the till's sealer."""
        self._db = db
        self._sealer = sealer

    def get(self, customer_id: int) -> Customer | None:
        """One customer, None if the till knows of none such."""
        row = self._db.one("SELECT sealed FROM customer WHERE customer_id = ?", (customer_id,))
        return None if row is None else Customer(customer_id, self._sealer.open(row[0]))

    def ids(self) -> set[int]:
        """The shop's numbers of all of them."""
        return {row[0] for row in self._db.rows("SELECT customer_id FROM customer")}

    def newest_id(self) -> int:
        """The highest number, 0 without any."""
        return int(self._db.rows("SELECT coalesce(max(customer_id), 0) FROM customer")[0][0])

    def put(self, customers: Sequence[Customer], *, sleep: Sleep | None = None) -> None:
        """Write customers, as far as they changed."""
        asked = (json.dumps([each.customer_id for each in customers]),)
        sql = f"SELECT customer_id, digest FROM customer WHERE customer_id IN {_AMONG}"
        known: dict[int, str] = dict(self._db.rows(sql, asked))
        digests = {each.customer_id: self._sealer.digest(each.body) for each in customers}
        changed = [each for each in customers if known.get(each.customer_id) != digests[each.customer_id]]

        def prepare(chunk: Sequence[Customer]) -> Write:
            return _putting(
                "INSERT OR REPLACE INTO customer (customer_id, digest, sealed) VALUES (?, ?, ?)",
                [
                    (each.customer_id, digests[each.customer_id], self._sealer.seal(each.body))
                    for each in chunk
                ],
            )

        in_chunks(self._db, changed, prepare, sleep)

    def keep_only(self, numbers: Collection[int]) -> None:
        """Take out all others."""
        _remove(self._db, "customer", self.ids() - set(numbers))


@dataclass(frozen=True, slots=True)
class Mirror:
    """What the till keeps of the shop beside its products."""

    orders: WebOrders
    coupons: Coupons
    customers: Customers

    @classmethod
    def on(cls, db: Database, sealer: Sealer) -> Mirror:
        """All of it on one connection."""
        return cls(WebOrders(db, sealer), Coupons(db), Customers(db, sealer))


def _putting(sql: str, rows: Sequence[tuple[int | str, ...]]) -> Write:
    def write(connection: apsw.Connection) -> None:
        connection.executemany(sql, rows)

    return write


def _remove(db: Database, table: str, numbers: Collection[int]) -> None:
    if numbers:
        with db.transaction() as connection:
            connection.execute(
                f"DELETE FROM {table} WHERE {table}_id IN {_AMONG}", (json.dumps(sorted(numbers)),)
            )
