"""Writing what the shop says of its products, in small transactions: a sale never waits for it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import apsw

from appliance.domain.catalogue import Category, Product
from appliance.storage.database import Database, Row
from appliance.storage.folding import fold
from appliance.storage.instants import to_text
from appliance.storage.pacing import Sleep, Write, in_chunks
from appliance.storage.product_rows import NAME, SKU, STORED, UPSERT, to_row

STOCK_KEPT_FOR: Final = timedelta(hours=6)
"""An unchanged count is written again after this long; in between ``stock_read_at`` says how fresh it is."""


def put_products(db: Database, products: Sequence[Product], read_at: datetime, sleep: Sleep | None) -> None:
    """Write products, their categories, words and counts, as far as they changed.

    Most changes that a shop reports are a count and nothing else, and words cost far more than the product's row.
    """
    names = category_names(db)

    def prepare(chunk: Sequence[Product]) -> Write | None:
        described = [(product, _described(product)) for product in chunk]
        held = _held(db, chunk)
        changed = [each for each in described if held.get(each[0].product_id) != each[1]]
        put_rows = [row for _, (row, _) in changed]
        sorted_anew = [p for p, now in changed if _sorted_by(held.get(p.product_id)) != _sorted_by(now)]
        put_categories = [
            (each, fold(p.name), p.product_id) for p in sorted_anew for each in dict.fromkeys(p.category_ids)
        ]
        put_words = [(p.product_id, words_of(p, names)) for p in sorted_anew]
        counts = _Counts.to_write(db, chunk, read_at)
        if not (changed or counts.put or counts.forget):
            return None

        def write(connection: apsw.Connection) -> None:
            connection.executemany(UPSERT, put_rows)
            connection.executemany(_FORGET_CATEGORIES, [(p.product_id,) for p in sorted_anew])
            connection.executemany(_PUT_CATEGORY, put_categories)
            connection.executemany(_PUT_WORDS, put_words)
            connection.executemany(_PUT_COUNT, counts.put)
            connection.executemany(_FORGET_COUNT, counts.forget)

        return write

    in_chunks(db, products, prepare, sleep)


_FORGET_CATEGORIES: Final = "DELETE FROM product_category WHERE product_id = ?"
_PUT_CATEGORY: Final = (
    "INSERT OR IGNORE INTO product_category (category_id, name_key, product_id) VALUES (?, ?, ?)"
)

Described = tuple[Row, tuple[int, ...]]
"""A product's row and its categories."""


def _described(product: Product) -> Described:
    return to_row(product), tuple(sorted(set(product.category_ids)))


def _held(db: Database, chunk: Sequence[Product]) -> dict[int, Described]:
    ids = (json.dumps([product.product_id for product in chunk]),)
    rows = db.rows(f"{STORED} WHERE product_id IN (SELECT value FROM json_each(?))", ids)
    categories: dict[int, list[int]] = {row[0]: [] for row in rows}
    held_in = "SELECT product_id, category_id FROM product_category WHERE product_id IN "
    for product_id, category_id in db.rows(f"{held_in} (SELECT value FROM json_each(?))", ids):
        categories[product_id].append(category_id)
    return {row[0]: (row, tuple(sorted(categories[row[0]]))) for row in rows}


def _sorted_by(described: Described | None) -> tuple[object, ...] | None:
    return None if described is None else (described[0][NAME], described[0][SKU], described[1])


_PUT_WORDS: Final = "INSERT OR REPLACE INTO product_word (rowid, words) VALUES (?, ?)"


def words_of(product: Product, category_names: Mapping[int, str]) -> str:
    """All words by which a product is found, folded."""
    categories = (category_names.get(each, "") for each in product.category_ids)
    return fold(" ".join((product.name, product.sku, str(product.product_id), *categories)))


def category_names(db: Database) -> dict[int, str]:
    """Names of categories by their number."""
    return {row[0]: row[1] for row in db.rows("SELECT category_id, name FROM category")}


def remove_products(db: Database, ids: Iterable[int], sleep: Sleep | None) -> None:
    """Take products out of the catalogue. What was sold keeps its lines: they hold all that they need."""

    def prepare(chunk: Sequence[int]) -> Write:
        keys = [(each,) for each in chunk]

        def write(connection: apsw.Connection) -> None:
            connection.executemany("DELETE FROM product_word WHERE rowid = ?", keys)
            connection.executemany("DELETE FROM product WHERE product_id = ?", keys)
            connection.executemany(_FORGET_COUNT, keys)

        return write

    in_chunks(db, ids, prepare, sleep)


def put_counts(db: Database, counts: Mapping[int, int], read_at: datetime, sleep: Sleep | None) -> None:
    """Write the shop's counts; one that did not change is left alone for six hours, for the card's sake."""
    read, stale = to_text(read_at), to_text(read_at - STOCK_KEPT_FOR)
    rows = [(stock_id, quantity, read, stale) for stock_id, quantity in counts.items()]

    def prepare(chunk: Sequence[Count]) -> Write | None:
        changed = _changed(chunk, _counts_held(db, [row[0] for row in chunk]))
        return _putting(_PUT_COUNT, changed) if changed else None

    in_chunks(db, rows, prepare, sleep)


Count = tuple[int, int, str, str]
"""The values of :data:`_PUT_COUNT`: stock id, quantity, when it was read, and what is too old to be left alone."""


def _counts_held(db: Database, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    sql = "SELECT stock_id, quantity, read_at FROM shop_stock WHERE stock_id IN (SELECT value FROM json_each(?))"
    return {row[0]: (row[1], row[2]) for row in db.rows(sql, (json.dumps(ids),))}


def _changed(rows: Sequence[Count], held: Mapping[int, tuple[int, str]]) -> list[Count]:
    """What :data:`_PUT_COUNT` would write: most counts that a shop reports are as before, and need no lock."""
    return [row for row in rows if (now := held.get(row[0])) is None or now[0] != row[1] or now[1] < row[3]]


_PUT_COUNT: Final = (
    "INSERT INTO shop_stock (stock_id, quantity, read_at) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE "
    "SET quantity = excluded.quantity, read_at = excluded.read_at "
    "WHERE quantity <> excluded.quantity OR read_at < ?4"
)


_FORGET_COUNT: Final = (
    "DELETE FROM shop_stock WHERE stock_id = ?1 "
    "AND NOT EXISTS (SELECT 1 FROM product WHERE parent_id = ?1 AND parent_manages_stock)"
)
"""A count that variations share stays: it is theirs."""


@dataclass(frozen=True, slots=True)
class _Counts:
    put: list[Count]
    forget: list[tuple[int]]

    @classmethod
    def to_write(cls, db: Database, chunk: Sequence[Product], read_at: datetime) -> _Counts:
        """The counts of products, as far as they changed, and those that the shop no longer keeps."""
        read, stale = to_text(read_at), to_text(read_at - STOCK_KEPT_FOR)
        counted = [p for p in chunk if p.manages_stock or p.parent_manages_stock]
        rows = [(p.stock_id, p.on_hand, read, stale) for p in counted if p.on_hand is not None]
        uncounted = [p.product_id for p in chunk if not p.manages_stock and not p.parent_manages_stock]
        held = _counts_held(db, [row[0] for row in rows] + uncounted)
        return cls(_changed(rows, held), [(each,) for each in uncounted if each in held])


def put_categories(db: Database, categories: Sequence[Category], sleep: Sleep | None) -> None:
    """Write the shop's categories.

    First the products of a renamed one get its new words: a crash in between is healed by doing it all again.
    """
    before = category_names(db)
    after = {each.category_id: each.name for each in categories}
    renamed = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    touched = {
        row[0]
        for key in renamed
        for row in db.rows("SELECT product_id FROM product_category WHERE category_id = ?", (key,))
    }
    in_chunks(db, sorted(touched), lambda chunk: _putting(_PUT_WORDS, _words_again(db, chunk, after)), sleep)
    with db.transaction() as connection:
        connection.execute("DELETE FROM category")
        connection.executemany(
            "INSERT OR REPLACE INTO category (category_id, name, position) VALUES (?, ?, ?)",
            [(each.category_id, each.name, each.position) for each in categories],
        )


def _putting(sql: str, rows: Iterable[tuple[int | str, ...]]) -> Write:
    values = list(rows)

    def write(connection: apsw.Connection) -> None:
        connection.executemany(sql, values)

    return write


def _words_again(db: Database, ids: Sequence[int], names: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    for product_id in ids:
        key = (product_id,)
        ((name, sku),) = db.rows("SELECT name, sku FROM product WHERE product_id = ?", key)
        rows = db.rows("SELECT category_id FROM product_category WHERE product_id = ?", key)
        held = tuple(row[0] for row in rows)
        yield product_id, words_of(Product(product_id, name, 0, sku=sku, category_ids=held), names)
