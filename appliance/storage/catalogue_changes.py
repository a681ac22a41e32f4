"""Writing what the shop says of its products, in small transactions: a sale never waits for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, TypeVar

import apsw

from appliance.domain.catalogue import Category, Product
from appliance.storage.database import Database, Row, fetched
from appliance.storage.folding import fold
from appliance.storage.instants import to_text
from appliance.storage.product_rows import NAME, SKU, STORED, UPSERT, to_row

ROWS_AT_ONCE: Final = 50
PAUSE_SECONDS: Final = 0.005
STOCK_KEPT_FOR: Final = timedelta(hours=6)
"""An unchanged count is written again after this long; in between ``stock_read_at`` says how fresh it is."""

Sleep = Callable[[float], None]
Item = TypeVar("Item")


def in_chunks(
    db: Database,
    items: Iterable[Item],
    write: Callable[[apsw.Connection, list[Item]], None],
    sleep: Sleep | None,
) -> None:
    """Write items by the chunk, each chunk in a transaction of its own, with a pause between two."""
    source = iter(items)
    chunk = list(islice(source, ROWS_AT_ONCE))
    while chunk:
        with db.transaction() as connection:
            write(connection, chunk)
        chunk = list(islice(source, ROWS_AT_ONCE))
        if chunk and sleep is not None:
            sleep(PAUSE_SECONDS)


def put_products(db: Database, products: Sequence[Product], read_at: datetime, sleep: Sleep | None) -> None:
    """Write products, their categories, words and counts, as far as they changed.

    Most changes that a shop reports are a count and nothing else, and words cost far more than the product's row.
    """
    names = category_names(db)

    def write(connection: apsw.Connection, chunk: list[Product]) -> None:
        held = _held(connection, chunk)
        changed = [p for p in chunk if held.get(p.product_id) != _described(p)]
        connection.executemany(UPSERT, map(to_row, changed))
        sorted_anew = [p for p in changed if _sorted_by(held.get(p.product_id)) != _sorted_by(_described(p))]
        ids = [(p.product_id,) for p in sorted_anew]
        connection.executemany("DELETE FROM product_category WHERE product_id = ?", ids)
        connection.executemany(
            "INSERT OR IGNORE INTO product_category (category_id, name_key, product_id) VALUES (?, ?, ?)",
            [
                (each, fold(p.name), p.product_id)
                for p in sorted_anew
                for each in dict.fromkeys(p.category_ids)
            ],
        )
        connection.executemany(_PUT_WORDS, [(p.product_id, words_of(p, names)) for p in sorted_anew])
        _put_counts(connection, chunk, read_at)

    in_chunks(db, products, write, sleep)


Described = tuple[Row, tuple[int, ...]]
"""A product's row and its categories."""


def _described(product: Product) -> Described:
    return to_row(product), tuple(sorted(set(product.category_ids)))


def _held(connection: apsw.Connection, chunk: Sequence[Product]) -> dict[int, Described]:
    ids = (json.dumps([product.product_id for product in chunk]),)
    rows = fetched(connection.execute(f"{STORED} WHERE product_id IN (SELECT value FROM json_each(?))", ids))
    categories: dict[int, list[int]] = {row[0]: [] for row in rows}
    held_in = "SELECT product_id, category_id FROM product_category WHERE product_id IN "
    for product_id, category_id in fetched(
        connection.execute(f"{held_in} (SELECT value FROM json_each(?))", ids)
    ):
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

    def write(connection: apsw.Connection, chunk: list[int]) -> None:
        keys = [(each,) for each in chunk]
        connection.executemany("DELETE FROM product_word WHERE rowid = ?", keys)
        connection.executemany("DELETE FROM product WHERE product_id = ?", keys)
        connection.executemany(_FORGET_COUNT, keys)

    in_chunks(db, ids, write, sleep)


def put_counts(db: Database, counts: Mapping[int, int], read_at: datetime, sleep: Sleep | None) -> None:
    """Write the shop's counts; one that did not change is left alone for six hours, for the card's sake."""
    read, stale = to_text(read_at), to_text(read_at - STOCK_KEPT_FOR)
    rows = ((stock_id, quantity, read, stale) for stock_id, quantity in counts.items())
    in_chunks(db, rows, lambda connection, chunk: _put(connection, _PUT_COUNT, chunk), sleep)


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


def _put_counts(connection: apsw.Connection, chunk: Sequence[Product], read_at: datetime) -> None:
    read, stale = to_text(read_at), to_text(read_at - STOCK_KEPT_FOR)
    counted = [p for p in chunk if p.manages_stock or p.parent_manages_stock]
    rows = [(p.stock_id, p.on_hand, read, stale) for p in counted if p.on_hand is not None]
    connection.executemany(_PUT_COUNT, rows)
    uncounted = [(p.product_id,) for p in chunk if not p.manages_stock and not p.parent_manages_stock]
    connection.executemany(_FORGET_COUNT, uncounted)


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
    in_chunks(
        db,
        sorted(touched),
        lambda connection, chunk: _put(connection, _PUT_WORDS, list(_words_again(connection, chunk, after))),
        sleep,
    )
    with db.transaction() as connection:
        connection.execute("DELETE FROM category")
        connection.executemany(
            "INSERT OR REPLACE INTO category (category_id, name, position) VALUES (?, ?, ?)",
            [(each.category_id, each.name, each.position) for each in categories],
        )


def _put(connection: apsw.Connection, sql: str, rows: Sequence[tuple[int | str, ...]]) -> None:
    connection.executemany(sql, rows)


def _words_again(
    connection: apsw.Connection, ids: Sequence[int], names: Mapping[int, str]
) -> Iterator[tuple[int, str]]:
    for product_id in ids:
        key = (product_id,)
        named = connection.execute("SELECT name, sku FROM product WHERE product_id = ?", key)
        rows = connection.execute("SELECT category_id FROM product_category WHERE product_id = ?", key)
        held = tuple(row[0] for row in fetched(rows))
        ((name, sku),) = fetched(named)
        yield product_id, words_of(Product(product_id, name, 0, sku=sku, category_ids=held), names)
