"""The shop's orders as the till follows them. Only the sync service writes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import apsw

from appliance.domain.web_orders import OPEN_STATUSES, WebOrder, WebOrderLine
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_text
from appliance.storage.pacing import Sleep, Write, in_chunks
from appliance.storage.sealed import Sealer

_COLUMNS: Final = (
    "order_id, number, status, sale_id, customer, total_minor, created_at, modified_at, is_pickup, is_gone"
)
_PUT: Final = f"INSERT OR REPLACE INTO web_order ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
_FORGET_LINES: Final = "DELETE FROM web_order_line WHERE order_id = ?"
_PUT_LINE: Final = (
    "INSERT INTO web_order_line (order_id, position, product_id, parent_id, name, quantity, reduced) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_AMONG: Final = "(SELECT value FROM json_each(?))"


class WebOrders:
    """The orders, customers' names sealed."""

    def __init__(self, db: Database, sealer: Sealer) -> None:
        """Use a connection of the calling thread, and the till's sealer."""
        self._db = db
        self._sealer = sealer

    def get(self, order_id: int) -> WebOrder | None:
        """One order, None if the till knows of none such."""
        return next(iter(self.among([order_id])), None)

    def among(self, numbers: Iterable[int]) -> list[WebOrder]:
        """Those of these that the till knows."""
        return self._orders(f"WHERE order_id IN {_AMONG}", json.dumps(list(numbers)))

    def of_sale(self, sale_id: str) -> list[WebOrder]:
        """The orders of a till's sale or stock move, oldest first."""
        return self._orders("WHERE sale_id = ? AND sale_id <> ''", sale_id)

    def open_ids(self) -> list[int]:
        """Orders with which something is still to be done."""
        sql = f"SELECT order_id FROM web_order WHERE NOT is_gone AND status IN {_AMONG}"
        return [row[0] for row in self._db.rows(sql, (json.dumps(OPEN_STATUSES),))]

    def ids_since(self, at: datetime) -> list[int]:
        """Orders made since then that the shop still had when it was last asked."""
        sql = "SELECT order_id FROM web_order WHERE NOT is_gone AND created_at >= ? ORDER BY order_id"
        return [row[0] for row in self._db.rows(sql, (to_text(at),))]

    def put(self, orders: Sequence[WebOrder], *, sleep: Sleep | None = None) -> int:
        """Write orders as far as they changed; return how many did."""
        known = {each.order_id: each for each in self.among(order.order_id for order in orders)}
        changed = [order for order in orders if known.get(order.order_id) != order]
        in_chunks(self._db, changed, self._prepare, sleep)
        return len(changed)

    def _prepare(self, chunk: Sequence[WebOrder]) -> Write:
        rows = [self._row(each) for each in chunk]
        lines = [
            (order.order_id, place, each.product_id, each.parent_id, each.name, each.quantity, each.reduced)
            for order in chunk
            for place, each in enumerate(order.lines, 1)
        ]

        def write(connection: apsw.Connection) -> None:
            connection.executemany(_FORGET_LINES, [(each.order_id,) for each in chunk])
            connection.executemany(_PUT, rows)
            connection.executemany(_PUT_LINE, lines)

        return write

    def mark_gone(self, numbers: Sequence[int]) -> None:
        """Note that the shop has these no more; what is known of them stays."""
        known = [each.order_id for each in self.among(numbers) if not each.is_gone]
        if known:
            with self._db.transaction() as connection:
                connection.execute(
                    f"UPDATE web_order SET is_gone = 1 WHERE order_id IN {_AMONG}", (json.dumps(known),)
                )

    def _row(self, order: WebOrder) -> tuple[object, ...]:
        return (
            order.order_id,
            order.number,
            order.status,
            order.sale_id,
            self._sealer.seal(order.customer),
            order.total_minor,
            to_text(order.created_at),
            to_text(order.modified_at),
            int(order.is_pickup),
        )

    def _orders(self, condition: str, value: str) -> list[WebOrder]:
        rows = self._db.rows(f"SELECT {_COLUMNS} FROM web_order {condition} ORDER BY order_id", (value,))
        lines: dict[int, list[WebOrderLine]] = {row[0]: [] for row in rows}
        sql = f"SELECT * FROM web_order_line WHERE order_id IN {_AMONG} ORDER BY order_id, position"
        for order_id, _, *line in self._db.rows(sql, (json.dumps(list(lines)),)):
            lines[order_id].append(WebOrderLine(*line))
        return [self._order(row, tuple(lines[row[0]])) for row in rows]

    def _order(self, row: Row, lines: tuple[WebOrderLine, ...]) -> WebOrder:
        return WebOrder(
            order_id=row[0],
            number=row[1],
            status=row[2],
            sale_id=row[3],
            customer=self._sealer.open(row[4]),
            total_minor=row[5],
            created_at=to_instant(row[6]),
            modified_at=to_instant(row[7]),
            lines=lines,
            is_pickup=bool(row[8]),
            is_gone=bool(row[9]),
        )
