"""What is held back from the web: how much, of what, and what the rules would have.

``held_back`` is changed only where the shop has heard of it (``stock_moves``); this module reads.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.safety import SafetyRules, Shelf
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_text

_OPEN: Final = """
SELECT DISTINCT l.stock_id
FROM stock_move_outbox AS o JOIN stock_move AS m USING (seq) JOIN stock_move_line AS l USING (seq)
WHERE o.state <> 'sent' AND m.kind = 'hold'"""
_ON_THE_WAY: Final = """
SELECT coalesce(-sum(l.quantity), 0)
FROM stock_move_outbox AS o JOIN stock_move AS m USING (seq) JOIN stock_move_line AS l USING (seq)
WHERE o.state <> 'sent' AND o.order_id IS NULL AND o.posted_at IS NOT NULL
  AND m.kind = 'hold' AND l.quantity < 0 AND l.stock_id = ?"""
_DRIFT: Final = """
SELECT stock_id, max(short) FROM (
    SELECT l.stock_id AS stock_id, -l.quantity AS short FROM stock_move AS m JOIN stock_move_line AS l USING (seq)
    WHERE m.kind = 'count' AND m.moved_at >= ?1 AND l.quantity < 0
    UNION ALL SELECT product_id, units FROM oversold WHERE found_at >= ?1)
GROUP BY stock_id"""
_BY_SKU: Final = "SELECT product_id FROM product WHERE sku = ? COLLATE NOCASE AND sku <> ''"
_BY_CATEGORY: Final = (
    "SELECT product_id FROM product_category WHERE category_id IN (SELECT value FROM json_each(?))"
)
_BY_STOCK: Final = (
    "SELECT product_id FROM product WHERE product_id IN (SELECT value FROM json_each(?1)) UNION "
    "SELECT product_id FROM product WHERE parent_id IN (SELECT value FROM json_each(?1)) AND parent_manages_stock"
)
_SHELVES: Final = """
SELECT p.stock_id, v.product_id, v.parent_id, v.name, v.sku, v.category_ids, v.on_hand, v.backorders,
    coalesce((SELECT b.quantity FROM held_back AS b WHERE b.stock_id = p.stock_id), 0)
FROM product AS p JOIN product_now AS v USING (product_id)
WHERE p.product_id IN (SELECT value FROM json_each(?)) ORDER BY p.stock_id, p.product_id"""


@dataclass(frozen=True, slots=True)
class HeldCount:
    """How much is held back in all."""

    products: int
    pieces: int


class HeldBack:
    """Pieces that the shop's count lacks because this till holds them back."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def count(self) -> HeldCount:
        """How much, over all products."""
        ((products, pieces),) = self._db.rows(
            "SELECT count(*), coalesce(sum(quantity), 0) FROM held_back WHERE quantity > 0"
        )
        return HeldCount(products, pieces)

    def covers(self, stock_id: int) -> int:
        """So far below zero may the shop's count be by our holding alone: held, or just being told so."""
        held = self._db.one("SELECT quantity FROM held_back WHERE stock_id = ?", (stock_id,))
        ((on_the_way,),) = self._db.rows(_ON_THE_WAY, (stock_id,))
        return int(on_the_way) + (int(held[0]) if held else 0)

    def being_told(self) -> set[int]:
        """The stock ids of which the shop is still to hear something: one at a time."""
        return {row[0] for row in self._db.rows(_OPEN)}

    def drift(self, since: datetime) -> dict[int, int]:
        """The largest number of pieces that was missing at once since an instant, by stock id."""
        return {row[0]: row[1] for row in self._db.rows(_DRIFT, (to_text(since),))}

    def shelves(self, rules: SafetyRules, drift: Mapping[int, int]) -> list[Shelf]:
        """All that a rule names, that drifted, or of which something is held."""
        held = [row[0] for row in self._db.rows("SELECT stock_id FROM held_back")]
        names = {row[0]: row[1].casefold() for row in self._db.rows("SELECT category_id, name FROM category")}
        categories = [key for key, name in names.items() if {name, str(key)} & rules.categories.keys()]
        found = self._ids(_BY_CATEGORY, categories) | self._ids(_BY_STOCK, [*held, *drift])
        for sku in rules.skus:
            found |= {row[0] for row in self._db.rows(_BY_SKU, (sku,))}
        return _by_stock(self._db.rows(_SHELVES, (json.dumps(sorted(found)),)), names)

    def _ids(self, sql: str, values: Iterable[int]) -> set[int]:
        return {row[0] for row in self._db.rows(sql, (json.dumps(list(values)),))}


def _by_stock(rows: list[Row], names: Mapping[int, str]) -> list[Shelf]:
    """One shelf for each count: choices that share one stand together."""
    shared: dict[int, list[Row]] = {}
    for row in rows:
        shared.setdefault(row[0], []).append(row)
    return [_shelf(group, names) for group in shared.values()]


def _shelf(rows: list[Row], names: Mapping[int, str]) -> Shelf:
    first = rows[0]
    ids = {int(each) for row in rows if row[5] for each in row[5].split(",")}
    return Shelf(
        stock_id=first[0],
        product_id=first[1],
        parent_id=first[2],
        name=first[3],
        sku=first[4],
        skus=tuple(row[4] for row in rows if row[4]),
        categories=tuple(word for each in sorted(ids) for word in (str(each), names.get(each, "")) if word),
        on_hand=first[6],
        backorders=bool(first[7]),
        held=first[8],
    )
