"""What runs out, over both channels, and which product numbers will fail: found by the sync service, read by all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.catalogue import Product
from appliance.domain.mismatches import Mismatch, MismatchKind, find
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.instants import to_text

PACE_OVER: Final = timedelta(days=30)
MOST_KEPT: Final = 200
"""So many are kept of each list; a catalogue in which more is wrong has one cause."""

_LOW: Final = "stock_low"
_MISMATCHES: Final = "stock_mismatches"


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product that runs out.

    Attributes:
        product_id: the shop's number; name, sku: as in the shop.
        available: what can be sold now: on hand less what is reserved.
        low_at: the number at which the owner wants to know.
        sold_here, sold_online: pieces of the last 30 days.
    """

    product_id: int
    name: str
    sku: str
    available: int
    low_at: int
    sold_here: int
    sold_online: int

    @property
    def days_left(self) -> int | None:
        """For how many days it lasts at this pace; None if none was sold."""
        sold = self.sold_here + self.sold_online
        return None if not sold else max(self.available, 0) * PACE_OVER.days // sold


_FIND_LOW: Final = """
WITH untold AS (SELECT stock_id, quantity AS pieces FROM untold_total),
     moved  AS (SELECT stock_id, sum(quantity) AS pieces FROM untold_move  GROUP BY stock_id),
     held   AS (SELECT stock_id, sum(quantity) AS pieces FROM held_stock   GROUP BY stock_id),
     here   AS (SELECT l.stock_id, sum(l.quantity) AS pieces FROM sale AS s JOIN sale_line AS l USING (seq)
                WHERE s.seq >= coalesce((SELECT min(seq) FROM sale WHERE completed_at >= ?1), 9e18)
                AND l.stock_id IS NOT NULL GROUP BY l.stock_id),
     online AS (SELECT l.product_id AS stock_id, sum(l.quantity) AS pieces
                FROM web_order AS w JOIN web_order_line AS l USING (order_id)
                WHERE w.created_at >= ?1 AND w.sale_id = '' AND w.status <> 'cancelled'
                AND l.product_id IS NOT NULL GROUP BY l.product_id),
     counted AS (
        SELECT c.stock_id, c.quantity - coalesce(u.pieces, 0) + coalesce(m.pieces, 0) + coalesce(b.quantity, 0)
            - coalesce(h.pieces, 0) AS available,
            coalesce(here.pieces, 0) AS here, coalesce(online.pieces, 0) AS online
        FROM shop_stock AS c LEFT JOIN untold AS u USING (stock_id) LEFT JOIN moved AS m USING (stock_id)
        LEFT JOIN held AS h USING (stock_id) LEFT JOIN held_back AS b USING (stock_id)
        LEFT JOIN here USING (stock_id) LEFT JOIN online USING (stock_id))
SELECT p.product_id, p.name, p.sku, c.available, coalesce(p.low_stock_amount, ?2) AS low_at, c.here, c.online
FROM counted AS c JOIN product AS p ON p.product_id = coalesce(
    (SELECT product_id FROM product WHERE product_id = c.stock_id),
    (SELECT min(product_id) FROM product WHERE parent_id = c.stock_id AND parent_manages_stock))
WHERE NOT p.backorders AND (c.available <= coalesce(p.low_stock_amount, ?2)
    OR (c.here + c.online > 0 AND c.available * 30 <= ?3 * (c.here + c.online)))
ORDER BY c.here + c.online = 0, c.available * 1.0 / max(c.here + c.online, 1), p.name_key LIMIT ?4"""

_NUMBERS: Final = """
SELECT p.product_id, p.name, p.sku, p.gtin, p.barcode, coalesce(p.number,
    iif(EXISTS (SELECT 1 FROM product AS q WHERE q.number = p.product_id), NULL, p.product_id))
FROM product AS p"""


class StockList:
    """What runs out and what is misnumbered. ``look`` computes, the sync service keeps it; the others read."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db
        self._facts = ShopFacts(db)

    def look_low(self, now: datetime, low_at: int, low_days: int) -> list[LowStock]:
        """Find what runs out, what sells fastest for what is left first, and keep it."""
        values = (to_text(now - PACE_OVER), low_at, low_days, MOST_KEPT)
        found = [LowStock(*row) for row in self._db.rows(_FIND_LOW, values)]
        self._facts.set(_LOW, json.dumps([asdict(each) for each in found]))
        return found

    def look_numbers(self) -> list[Mismatch]:
        """Find product numbers that will fail at the counter, and keep the worst of them."""
        found = find(self._products())
        kept = {"count": len(found), "worst": [asdict(each) for each in found[:MOST_KEPT]]}
        self._facts.set(_MISMATCHES, json.dumps(kept))
        return found

    def low(self) -> list[LowStock]:
        """What ran out when it was last looked at."""
        return [LowStock(**each) for each in json.loads(self._facts.get(_LOW) or "[]")]

    def mismatches(self) -> tuple[int, Sequence[Mismatch]]:
        """How many product numbers were wrong when it was last looked at, and the worst of them."""
        kept = json.loads(self._facts.get(_MISMATCHES) or '{"count": 0, "worst": []}')
        return kept["count"], [_mismatch(each) for each in kept["worst"]]

    def _products(self) -> Iterator[Product]:
        for product_id, name, sku, gtin, barcode, number in self._db.rows(_NUMBERS):
            yield Product(product_id, name, 0, sku=sku, gtin=gtin, barcode=barcode, number=number)


def _mismatch(kept: dict[str, object]) -> Mismatch:
    ids, names = kept["product_ids"], kept["names"]
    assert isinstance(ids, list)
    assert isinstance(names, list)
    kind = MismatchKind(str(kept["kind"]))
    return Mismatch(kind, tuple(ids), tuple(names), str(kept["code"]), str(kept["advice"]))
