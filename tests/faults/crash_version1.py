"""A till's file as the first version wrote it: two sales, one of them on its way to the shop, and one in progress."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Final

import apsw

from appliance.domain.sale import Sale
from appliance.domain.staff import Role
from appliance.domain.tender import CompletedSale, Payment
from appliance.storage import chain
from appliance.storage.catalogue import Catalogue
from appliance.storage.codec import completed_to_text, draft_to_text
from appliance.storage.database import Database
from appliance.storage.folding import fold
from appliance.storage.identity import Identity
from appliance.storage.instants import to_text
from appliance.storage.migrating import MIGRATIONS, migrations
from appliance.storage.sale_rows import (
    INSERT_LINE,
    INSERT_SALE,
    INSERT_TENDER,
    INSERT_UNTOLD,
    parts_of,
    sale_row,
    tender_rows,
)
from appliance.storage.staff import Staff
from tests.faults.crash_till import GOODS, OPENS_AT, TAX
from tests.storage.samples import line_of

FIRST_VERSION: Final = 1


def make_version_1(path: Path) -> None:
    """Write such a file."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrations(MIGRATIONS)[FIRST_VERSION], folder)
        with Database.open(path, now=lambda: OPENS_AT, folder=Path(folder)) as db:
            Identity(db).create("f" * 32, "T1", "EUR")
            _furnish(db)
            with db.transaction() as connection:
                previous = chain.FIRST
                for number in (1, 2):
                    previous = _sell(connection, number, previous)
                connection.execute(
                    "UPDATE outbox SET state = 'due', posted_at = ? WHERE seq = 1", (to_text(OPENS_AT),)
                )
                sale = _sale(3)
                connection.execute(
                    "INSERT INTO draft (only_row, sale_id, body) VALUES (1, ?, ?)",
                    (sale.sale_id, draft_to_text(sale, None)),
                )


def _furnish(db: Database) -> None:
    """Goods and people, by the columns of that version."""
    catalogue, staff = Catalogue(db, lambda: OPENS_AT), Staff(db)
    catalogue.set_tax(TAX)
    for name, role in (("Marta", Role.CASHIER), ("Sean", Role.MANAGER)):
        staff.add(name, role, "no hash")
    with db.transaction() as connection:
        connection.execute("INSERT INTO category (category_id, name) VALUES (1, 'Hardware')")
        for each in GOODS:
            values = (each.product_id, each.parent_id, each.name, each.sku, each.gtin, each.price_minor)
            counted = (each.manages_stock, each.parent_manages_stock, fold(each.name))
            connection.execute(
                "INSERT INTO product (product_id, parent_id, name, sku, gtin, price_minor, manages_stock, "
                "parent_manages_stock, name_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*values, *counted),
            )
            connection.execute(
                "INSERT INTO product_category (category_id, name_key, product_id) "
                "SELECT 1, name_key, product_id FROM product WHERE product_id = ?",
                (each.product_id,),
            )
            if each.on_hand is not None:
                connection.execute(
                    "INSERT OR IGNORE INTO shop_stock (stock_id, quantity, read_at) VALUES (?, ?, ?)",
                    (each.stock_id, each.on_hand, to_text(OPENS_AT)),
                )


def _sale(number: int) -> Sale:
    return Sale(f"{number:032x}", OPENS_AT, TAX).add(line_of(GOODS[0], number)).add(line_of(GOODS[1]))


def _sell(connection: apsw.Connection, number: int, previous: bytes) -> bytes:
    sale, at = _sale(number), OPENS_AT + timedelta(minutes=number)
    payment = Payment(sale.total_minor).cash(sale.total_minor)
    completed = CompletedSale(sale, payment, f"T1-{number:06d}", at, 1, "Marta", "Till 1")
    body = completed_to_text(completed)
    entry = chain.Entry(number, chain.SALE, to_text(at), 1, body, "", 0, "", previous, b"", None)
    connection.execute(
        "INSERT INTO journal (seq, kind, at, person_id, body, previous_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, chain.SALE, entry.at, 1, body, previous, entry.right_hash),
    )
    parts = parts_of(sale)
    connection.execute(INSERT_SALE, sale_row(completed, parts, number, "T1", number))
    connection.executemany(INSERT_LINE, [(number, *values) for values in parts.lines])
    connection.executemany(INSERT_TENDER, tender_rows(payment, number))
    connection.executemany(INSERT_UNTOLD, [(stock_id, number, pieces) for stock_id, pieces in parts.untold])
    connection.execute("INSERT INTO outbox (seq, state) VALUES (?, 'due')", (number,))
    connection.execute(
        "INSERT INTO print_job (seq, state, wanted_at) VALUES (?, 'printed', ?)", (number, entry.at)
    )
    return entry.right_hash
