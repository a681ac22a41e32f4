"""The shop's own file: products, orders, taxes, settings. SQLite, one connection for each thread."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

Row = sqlite3.Row


class ShopDatabase:
    """The shop's file.

    Args:
        path: made, with its tables, if it is not there.
        now: seconds since 1970.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._local = threading.local()
        self.now = now
        is_new = not path.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        if is_new:
            connection = self._connection()
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(files(__package__).joinpath("schema.sql").read_text())

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """Read all rows."""
        return list(self._connection().execute(sql, values))

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """Read one row, None if there is none."""
        found = self._connection().execute(sql, values).fetchone()
        return found if isinstance(found, Row) else None

    def value(self, sql: str, values: Sequence[object] = ()) -> Any:
        """Read one value, None if there is no row."""
        found = self.row(sql, values)
        return None if found is None else found[0]

    def write(self, sql: str, values: Sequence[object] = ()) -> int:
        """Change something, within a transaction or on its own; return the number of the row put in."""
        return int(self._connection().execute(sql, values).lastrowid or 0)

    def insert(self, table: str, **values: object) -> int:
        """Put one row in and return its number."""
        marks = ", ".join("?" * len(values))
        return self.write(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values())
        )

    def update(self, table: str, row_id: int, **values: object) -> None:
        """Change one row."""
        names = ", ".join(f"{name} = ?" for name in values)
        self.write(f"UPDATE {table} SET {names} WHERE id = ?", [*values.values(), row_id])

    def new_post(self, kind: str) -> int:
        """The next number: products and orders share them."""
        return self.insert("post", kind=kind)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within, or nothing; one writer at a time. Within another one it is part of that."""
        connection = self._connection()
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")

    def stamp(self, seconds: float | None = None) -> str:
        """An instant as WordPress writes it: whole seconds, no zone, UTC here."""
        at = datetime.fromtimestamp(self.now() if seconds is None else seconds, UTC)
        return at.strftime("%Y-%m-%dT%H:%M:%S")

    def setting(self, name: str) -> str:
        """One of the shop's settings."""
        return str(self.value("SELECT value FROM setting WHERE id = ?", (name,)) or "")

    def close(self) -> None:
        """Close this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            del self._local.connection

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(self._path, timeout=20, isolation_level=None)
            connection.row_factory = Row
            connection.execute("PRAGMA synchronous = NORMAL")
            self._local.connection = connection
        return connection


def fill_settings(
    database: ShopDatabase, *, currency: str, decimals: int, country: str, includes_tax: bool
) -> None:
    """Give a new shop its settings, and the tax classes that WooCommerce comes with."""
    general = {
        "woocommerce_default_country": country,
        "woocommerce_store_postcode": "",
        "woocommerce_store_city": "",
        "woocommerce_calc_taxes": "yes",
        "woocommerce_currency": currency,
        "woocommerce_price_num_decimals": str(decimals),
    }
    tax = {
        "woocommerce_prices_include_tax": "yes" if includes_tax else "no",
        "woocommerce_tax_based_on": "base",
        "woocommerce_shipping_tax_class": "inherit",
        "woocommerce_tax_round_at_subtotal": "no",
    }
    with database.transaction():
        for section, values in (("general", general), ("tax", tax)):
            for name, value in values.items():
                database.insert("setting", section=section, id=name, value=value)
        add_tax_classes(database, ("Reduced rate", "Zero rate"))
        database.insert("category", name="Uncategorized", slug="uncategorized")


def add_tax_classes(database: ShopDatabase, names: Iterable[str]) -> None:
    """Add tax classes beside the standard one."""
    for name in names:
        database.insert("tax_class", slug=name.lower().replace(" ", "-"), name=name)
