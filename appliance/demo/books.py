"""The shop's own books, read from the shop's file: what it says was sold, whatever any till says."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ShopBooks:
    """The shop's side at one moment.

    Attributes:
        till_orders: the total in cents of each completed order that a till made, with the sale that it is.
        unfinished: orders of a till that are neither completed nor cancelled.
        stock: pieces by SKU.
    """

    till_orders: tuple[tuple[str, int], ...]
    unfinished: int
    stock: dict[str, int]

    @property
    def doubled(self) -> int:
        """Completed orders beyond the first of each sale."""
        counts = Counter(sale_id for sale_id, _ in self.till_orders)
        return sum(count - 1 for count in counts.values())

    @property
    def sale_ids(self) -> set[str]:
        """The sales that are in the shop."""
        return {sale_id for sale_id, _ in self.till_orders}

    @property
    def taken_minor(self) -> int:
        """What the tills' orders come to."""
        return sum(total for _, total in self.till_orders)


def read_books(path: Path) -> ShopBooks:
    """Read the shop's file, without changing it."""
    books = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        orders = books.execute(
            "SELECT m.value, o.status, o.totals FROM shop_order AS o JOIN order_meta AS m ON m.order_id = o.id "
            "WHERE m.key = 'till_sale_id'"
        ).fetchall()
        stock = dict(books.execute("SELECT sku, stock FROM product WHERE manage_stock").fetchall())
    finally:
        books.close()
    completed = [(sale_id, _cents(totals)) for sale_id, status, totals in orders if status == "completed"]
    unfinished = sum(status not in ("completed", "cancelled", "trash") for _, status, _ in orders)
    return ShopBooks(tuple(completed), unfinished, stock)


def _cents(totals: str) -> int:
    return int(Decimal(str(json.loads(totals)["total"])) * 100)
