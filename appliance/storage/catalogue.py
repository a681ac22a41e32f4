"""The catalogue: what can be sold, found by scan, number, text or category, and how many are left."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.domain.tax import TaxRate, TaxRules
from appliance.storage import catalogue_changes as changing
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.instants import to_instant, to_text
from appliance.storage.pacing import Sleep
from appliance.storage.product_rows import SELECT, to_product
from appliance.storage.search import number_holder, search

FAVOURITES_FROM_SALES: Final = 400
_STOCK_READ_AT: Final = "stock_read_at"
_PRICES_INCLUDE_TAX: Final = "prices_include_tax"


class Catalogue:
    """The shop's products as the till knows them. The till reads; only the sync service writes."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        """Use a connection of the calling thread."""
        self._db = db
        self._now = now
        self._facts = ShopFacts(db)

    def find_barcode(self, gtin: str | None, raw: str) -> Product | None:
        """The product of a scan: by its GTIN in 14 digits, else the one whose SKU is the scanned text."""
        if gtin is not None:
            found = self._first("WHERE gtin = ? ORDER BY product_id LIMIT 1", gtin)
            if found is not None:
                return found
        return self._first("WHERE sku = ? COLLATE NOCASE AND sku <> '' ORDER BY product_id LIMIT 1", raw)

    def find_number(self, number: int) -> Product | None:
        """The product that goes by a short number: whose SKU it is, else whose id in the shop it is."""
        holder = number_holder(self._db, number)
        return None if holder is None else self.get(holder)

    def get(self, product_id: int) -> Product | None:
        """The product with the shop's number."""
        return self._first("WHERE product_id = ?", product_id)

    def search(self, text: str, limit: int = 30) -> list[Product]:
        """Products for what was typed, best first (see ``search``); nothing before the second letter."""
        return search(self._db, text, limit)

    def categories(self) -> list[Category]:
        """The shop's categories that hold a product, in its order."""
        rows = self._db.rows(
            "SELECT category_id, name, position FROM category AS c "
            "WHERE EXISTS (SELECT 1 FROM product_category AS p WHERE p.category_id = c.category_id) "
            "ORDER BY position, name, category_id"
        )
        return [Category(*row) for row in rows]

    def in_category(self, category_id: int | None, offset: int, limit: int) -> list[Product]:
        """A page of a category's products, or of all, in the order of their names."""
        if category_id is None:
            ids = "SELECT product_id FROM product ORDER BY name_key, product_id LIMIT ? OFFSET ?"
            rows = self._db.rows(ids, (limit, offset))
        else:
            ids = (
                "SELECT product_id FROM product_category WHERE category_id = ? ORDER BY name_key, product_id"
            )
            rows = self._db.rows(f"{ids} LIMIT ? OFFSET ?", (category_id, limit, offset))
        return self._products([row[0] for row in rows])

    def favourites(self, limit: int) -> list[Product]:
        """What sold most in this till's last sales, latest first on ties; then the newest products."""
        rows = self._db.rows(
            "SELECT product_id FROM sale_line WHERE seq >= coalesce("
            "(SELECT seq FROM sale ORDER BY seq DESC LIMIT 1 OFFSET ?), 0) "
            "AND product_id IN (SELECT product_id FROM product) "
            "GROUP BY product_id ORDER BY sum(quantity) DESC, max(seq) DESC, product_id LIMIT ?",
            (FAVOURITES_FROM_SALES - 1, limit),
        )
        ids = [row[0] for row in rows]
        newest = self._db.rows(
            "SELECT product_id FROM product ORDER BY product_id DESC LIMIT ?", (2 * limit,)
        )
        ids += [row[0] for row in newest if row[0] not in ids]
        return self._products(ids[:limit])

    def tax_rules(self) -> TaxRules:
        """How the shop taxes; its rules are empty until the sync service has read them."""
        rows = self._db.rows("SELECT tax_class, rate_ppm, label FROM tax_rate ORDER BY tax_class")
        included = self._facts.get(_PRICES_INCLUDE_TAX) != "0"
        return TaxRules(included, {row[0]: TaxRate(*row) for row in rows})

    def knows_tax_rules(self) -> bool:
        """Whether the sync service has read how the shop taxes."""
        return self._facts.get(_PRICES_INCLUDE_TAX) is not None

    def count(self) -> int:
        """How many products there are."""
        return int(self._db.rows("SELECT count(*) FROM product")[0][0])

    def product_ids(self) -> set[int]:
        """The shop's numbers of all products, for the sweep that finds what the shop no longer has."""
        return {row[0] for row in self._db.rows("SELECT product_id FROM product")}

    def held(self, ids: Iterable[int]) -> set[int]:
        """Which of these numbers the till has."""
        asked = (json.dumps(sorted(set(ids))),)
        sql = "SELECT product_id FROM product WHERE product_id IN (SELECT value FROM json_each(?))"
        return {row[0] for row in self._db.rows(sql, asked)}

    def variations_of(self, parents: Iterable[int]) -> dict[int, set[int]]:
        """The variations that the till has, by the number of their product."""
        asked = (json.dumps(sorted(set(parents))),)
        sql = "SELECT parent_id, product_id FROM product WHERE parent_id IN (SELECT value FROM json_each(?))"
        found: dict[int, set[int]] = {}
        for parent_id, product_id in self._db.rows(sql, asked):
            found.setdefault(parent_id, set()).add(product_id)
        return found

    def products_of(self, numbers: Iterable[int]) -> dict[int, int]:
        """The product that each of these is, or is a variation of."""
        asked = (json.dumps(sorted(set(numbers))),)
        sql = "SELECT product_id, coalesce(parent_id, product_id) FROM product WHERE product_id IN "
        return dict(self._db.rows(f"{sql} (SELECT value FROM json_each(?))", asked))

    def stock_age(self, stock_id: int) -> datetime | None:
        """When the shop was last asked for this count, None if it is not counted."""
        row = self._db.one("SELECT read_at FROM shop_stock WHERE stock_id = ?", (stock_id,))
        if row is None:
            return None
        return to_instant(max(row[0], self._facts.get(_STOCK_READ_AT) or ""))

    def apply(self, changes: CatalogueChanges, *, sleep: Sleep | None = None) -> None:
        """Write what changed, in small transactions; a crash in between is healed by applying it again."""
        changing.put_products(self._db, changes.products, changes.read_at or self._now(), sleep)
        self.remove(changes.removed, sleep=sleep)

    def remove(self, ids: Iterable[int], *, sleep: Sleep | None = None) -> None:
        """Take products out of the catalogue."""
        changing.remove_products(self._db, ids, sleep)

    def set_stock(self, counts: Mapping[int, int], read_at: datetime, *, sleep: Sleep | None = None) -> None:
        """Write the shop's counts as read at an instant: when that reading began."""
        changing.put_counts(self._db, counts, read_at, sleep)

    def note_stock_read(self, read_at: datetime) -> None:
        """Note that all counts were read, beginning at an instant."""
        self._facts.set(_STOCK_READ_AT, to_text(read_at))

    def set_tax(self, rules: TaxRules) -> None:
        """Replace the shop's tax rules; writes nothing if they are the same."""
        if rules == self.tax_rules() and self._facts.get(_PRICES_INCLUDE_TAX) is not None:
            return
        with self._db.transaction() as connection:
            connection.execute("DELETE FROM tax_rate")
            rates = [(key, rate.rate_ppm, rate.label) for key, rate in rules.rates.items()]
            connection.executemany(
                "INSERT INTO tax_rate (tax_class, rate_ppm, label) VALUES (?, ?, ?)", rates
            )
            self._facts.set(_PRICES_INCLUDE_TAX, "1" if rules.prices_include_tax else "0")

    def set_categories(self, categories: Sequence[Category], *, sleep: Sleep | None = None) -> None:
        """Replace the shop's categories."""
        changing.put_categories(self._db, categories, sleep)

    def _first(self, condition: str, value: str | int) -> Product | None:
        row = self._db.one(SELECT + condition, (value,))
        return None if row is None else to_product(row)

    def _products(self, ids: Sequence[int]) -> list[Product]:
        found = (self.get(each) for each in ids)
        return [product for product in found if product is not None]
