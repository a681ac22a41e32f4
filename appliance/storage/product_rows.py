"""Products between their rows and the domain."""

from __future__ import annotations

import re
from typing import Any, Final

from appliance.domain.catalogue import Product
from appliance.storage.database import Row
from appliance.storage.folding import fold
from appliance.storage.instants import to_instant_or_none, to_text_or_none

_COLUMNS: Final = (
    "product_id, parent_id, name, tile_name, sku, number, gtin, price_minor, regular_price_minor, "
    "sale_price_minor, sale_from, sale_until, tax_class, category_ids, manages_stock, parent_manages_stock, "
    "on_hand, backorders, reserved, low_stock_amount, image_url, barcode"
)
SELECT: Final = f"SELECT {_COLUMNS} FROM product_now AS p "

UPSERT: Final = """
INSERT INTO product (product_id, parent_id, name, tile_name, sku, number, gtin, price_minor, regular_price_minor,
    sale_price_minor, sale_from, sale_until, tax_class, manages_stock, parent_manages_stock, backorders, name_key,
    low_stock_amount, image_url, barcode)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET parent_id = excluded.parent_id, name = excluded.name, tile_name = excluded.tile_name,
    sku = excluded.sku, number = excluded.number, gtin = excluded.gtin, price_minor = excluded.price_minor,
    regular_price_minor = excluded.regular_price_minor, sale_price_minor = excluded.sale_price_minor,
    sale_from = excluded.sale_from, sale_until = excluded.sale_until, tax_class = excluded.tax_class,
    manages_stock = excluded.manages_stock, parent_manages_stock = excluded.parent_manages_stock,
    backorders = excluded.backorders, name_key = excluded.name_key,
    low_stock_amount = excluded.low_stock_amount, image_url = excluded.image_url,
    barcode = excluded.barcode"""

STORED: Final = """
SELECT product_id, parent_id, name, tile_name, sku, number, gtin, price_minor, regular_price_minor,
    sale_price_minor, sale_from, sale_until, tax_class, manages_stock, parent_manages_stock, backorders, name_key,
    low_stock_amount, image_url, barcode
FROM product"""
NAME: Final = 2
SKU: Final = 4

_SHORT_NUMBER: Final = re.compile(r"[1-9][0-9]{0,5}")


def short_number(sku: str) -> int | None:
    """The number that a SKU is, if it is one of one to six digits without a leading zero."""
    return int(sku) if _SHORT_NUMBER.fullmatch(sku) and sku.isascii() else None


def to_product(row: Row) -> Product:
    """A product from a row of :data:`SELECT`."""
    return Product(
        product_id=row[0],
        parent_id=row[1],
        name=row[2],
        tile_name=row[3],
        sku=row[4],
        number=row[5],
        gtin=row[6],
        price_minor=row[7],
        regular_price_minor=row[8],
        sale_price_minor=row[9],
        sale_from=to_instant_or_none(row[10]),
        sale_until=to_instant_or_none(row[11]),
        tax_class=row[12],
        category_ids=tuple(sorted(map(int, row[13].split(",")))) if row[13] else (),
        manages_stock=bool(row[14]),
        parent_manages_stock=bool(row[15]),
        on_hand=row[16],
        backorders=bool(row[17]),
        reserved=row[18],
        low_stock_amount=row[19],
        image_url=row[20],
        barcode=row[21],
    )


def to_row(product: Product) -> tuple[Any, ...]:
    """The values of :data:`UPSERT`."""
    return (
        product.product_id,
        product.parent_id,
        product.name,
        product.tile_name,
        product.sku,
        short_number(product.sku),
        product.gtin,
        product.price_minor,
        product.regular_price_minor,
        product.sale_price_minor,
        to_text_or_none(product.sale_from),
        to_text_or_none(product.sale_until),
        product.tax_class,
        int(product.manages_stock),
        int(product.parent_manages_stock),
        int(product.backorders),
        fold(product.name),
        product.low_stock_amount,
        product.image_url,
        product.barcode,
    )
