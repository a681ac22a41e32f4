"""Finding products by what a finger types: exact number first, then names that begin so, then the rest.

The order is stable and does not rank: a rank over 100,000 products costs 3 to 40 ms, and a list that
reorders itself while one types is hard to hit. Names that begin with the text come from their own index, in
the order of names; the rest comes from the word index, of which the first :data:`LOOKED_AT` hits are put in
order.
"""

from __future__ import annotations

from typing import Final

from appliance.domain.catalogue import Product
from appliance.storage.database import Database
from appliance.storage.folding import fold, words
from appliance.storage.product_rows import SELECT, to_product

FROM_LETTERS: Final = 2
LOOKED_AT: Final = 400
_AFTER_ALL: Final = "\U0010ffff"


def search(db: Database, text: str, limit: int) -> list[Product]:
    """Products for a text, best first, at most ``limit``."""
    folded = fold(text)
    wanted = words(folded)
    found: dict[int, None] = dict.fromkeys(_exact(db, folded))
    if len(folded) >= FROM_LETTERS and wanted:
        found.update(dict.fromkeys(_beginning(db, folded, limit)))
        if len(found) < limit:
            found.update(dict.fromkeys(_containing(db, wanted, limit)))
    return _products(db, list(found)[:limit])


def _exact(db: Database, folded: str) -> list[int]:
    if not (folded.isascii() and folded.isdigit()) or len(folded) > 14:
        return []
    number = number_holder(db, int(folded))
    found = [] if number is None else [number]
    if len(folded) >= 8:
        rows = db.rows(
            "SELECT product_id FROM product WHERE gtin = ? ORDER BY product_id", (folded.zfill(14),)
        )
        found += [row[0] for row in rows]
    return found


def number_holder(db: Database, number: int) -> int | None:
    """The product that goes by a short number: whose SKU it is, else whose id in the shop it is."""
    row = db.one(
        "SELECT product_id FROM product WHERE number = ?1 UNION ALL "
        "SELECT product_id FROM product WHERE product_id = ?1 AND number IS NULL LIMIT 1",
        (number,),
    )
    return None if row is None else int(row[0])


def _beginning(db: Database, folded: str, limit: int) -> list[int]:
    rows = db.rows(
        "SELECT product_id FROM product WHERE name_key >= ? AND name_key < ? "
        "ORDER BY name_key, product_id LIMIT ?",
        (folded, folded + _AFTER_ALL, limit),
    )
    return [row[0] for row in rows]


def _containing(db: Database, wanted: list[str], limit: int) -> list[int]:
    query = " ".join(f'"{word}"*' for word in wanted)
    rows = db.rows(
        "SELECT product_id FROM product WHERE product_id IN "
        "(SELECT rowid FROM product_word WHERE product_word MATCH ? ORDER BY rowid LIMIT ?) "
        "ORDER BY substr(name_key, 1, ?) <> ?, name_key, product_id LIMIT ?",
        (query, LOOKED_AT, len(wanted[0]), wanted[0], 2 * limit),
    )
    return [row[0] for row in rows]


def _products(db: Database, ids: list[int]) -> list[Product]:
    marks = ", ".join("?" * len(ids))
    rows = db.rows(f"{SELECT} WHERE product_id IN ({marks})", ids)
    by_id = {row[0]: to_product(row) for row in rows}
    return [by_id[each] for each in ids if each in by_id]
