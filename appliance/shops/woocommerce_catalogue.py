"""WooCommerce's products and variations as the till's.

Measured on 9.9.5: ``price`` follows a scheduled sale only when the shop's cron runs, so the dates are read
too; a variation's ``manage_stock`` can be the text "parent"; its name lacks the parent's. Plugins and imports
write what the shop itself never would: a product that cannot be read is one of its own, whatever is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from html import unescape
from typing import Final

from appliance.domain.barcodes.numbers import is_gtin
from appliance.domain.catalogue import Product
from appliance.domain.errors import AmountError
from appliance.domain.money import Currency
from appliance.shops.contract import OddAnswerError
from appliance.shops.woocommerce_rest import Json, utc

UNTAXED: Final = "untaxed"
"""The tax class of a product that is not taxable; no shop has a rate for it, so the till takes none."""

FIELDS: Final = (
    "id,name,type,status,sku,global_unique_id,price,regular_price,sale_price,date_on_sale_from_gmt,"
    "date_on_sale_to_gmt,tax_status,tax_class,manage_stock,stock_quantity,backorders,low_stock_amount"
)
PRODUCT_FIELDS: Final = f"{FIELDS},categories,variations,images"  # "images.src" keeps none: measured
VARIATION_FIELDS: Final = f"{FIELDS},attributes,parent_id,image.src"

_SOLD: Final = ("publish", "private")
"""Private products are not on the web; many shops keep what only the counter sells so."""

LONGEST_TEXT: Final = 250
LONGEST_ADDRESS: Final = 2_000
LARGEST_NUMBER: Final = 10**15
_UNREADABLE: Final = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, AmountError)
_BROKEN: Final = re.compile(r"(?:\s*[\x00-\x1f\x7f-\x9f\ud800-\udfff])+\s*")
"""Control characters, and halves of a character that no file takes."""


@contextmanager
def readable(item: Json) -> Iterator[None]:
    """Read something of a product within.

    Raises:
        OddAnswerError: it is not as a product is.
    """
    try:
        yield
    except _UNREADABLE as error:
        raise OddAnswerError(f"The shop's product {item.get('id')} cannot be read ({error!r}).") from error


def whole(value: object) -> int:
    """A whole number of a size that can be meant; some plugins write it as a text, or with decimals.

    Raises:
        ValueError, ArithmeticError: it is none.
    """
    number = Decimal(str(value))
    if not abs(number) <= LARGEST_NUMBER:
        raise ValueError(f"{value!r} is too large")
    return int(number)


def number_of(item: Json) -> int:
    """Its number in the shop."""
    number = whole(item["id"])
    if number < 1:
        raise ValueError(f"{number} is no number of a product")
    return number


def _clean(value: object) -> str:
    if not isinstance(value, (str, int)):
        raise TypeError(f"{value!r} is no text")
    return _BROKEN.sub(" ", unescape(str(value))).strip()[:LONGEST_TEXT]


def is_sold(item: Json) -> bool:
    """Whether the counter can sell it: has a price, is no draft, and is one thing rather than a choice of several."""
    status = ("publish",) if item["type"] == "variation" else _SOLD  # a private variation is one switched off
    return (
        item["status"] in status
        and item["type"] not in ("variable", "grouped", "external")
        and item["price"] != ""
    )


def read_product(item: Json, currency: Currency) -> Product:
    """Read a product that is one thing.

    Raises:
        OddAnswerError: it is no product.
    """
    with readable(item):
        return _read(item, currency, {"name": _clean(item["name"]), "category_ids": _categories(item)})


def read_variation(item: Json, parent: Json, currency: Currency) -> Product:
    """Read a variation of a product.

    Raises:
        OddAnswerError: it is no variation.
    """
    with readable(item):
        return _variation({**item}, parent, currency)


def _variation(item: Json, parent: Json, currency: Currency) -> Product:
    if item["tax_class"] == "parent":
        item["tax_class"] = parent["tax_class"]
    if item["sku"] == parent["sku"]:
        item["sku"] = ""  # a variation without one shows its parent's, which would name all of them
    options = [_clean(each["option"]) for each in item["attributes"]]
    name = _clean(parent["name"])
    return _read(
        item,
        currency,
        {
            "name": f"{name}, {', '.join(options)}" if options else name,
            "parent_id": number_of(parent),
            "parent_manages_stock": item["manage_stock"] == "parent",
            "category_ids": _categories(parent),
        },
    )


def gtin(text: str) -> str | None:
    """The 14 digits of what the owner typed as GTIN, None where the check digit says that it is none."""
    digits = re.sub(r"[\s-]", "", text)
    return digits.zfill(14) if digits.isascii() and digits.isdigit() and is_gtin(digits) else None


def _read(item: Json, currency: Currency, given: Json) -> Product:
    manages = bool(item["manage_stock"])
    quantity = item["stock_quantity"] if manages else None
    return Product(
        product_id=number_of(item),
        price_minor=currency.parse_rounded(_clean_amount(item["price"])),
        regular_price_minor=_price(item["regular_price"], currency),
        sale_price_minor=_price(item["sale_price"], currency),
        sale_from=_instant(item["date_on_sale_from_gmt"]),
        sale_until=_instant(item["date_on_sale_to_gmt"]),
        sku=_clean(item["sku"] or ""),
        gtin=gtin(str(item.get("global_unique_id") or "")),
        barcode=_clean(item.get("global_unique_id") or ""),
        tax_class=_tax_class(item),
        manages_stock=manages,
        on_hand=None if quantity is None else whole(quantity),
        backorders=item["backorders"] != "no",
        low_stock_amount=_low_stock(item.get("low_stock_amount")),
        image_url=_image(item.get("images") or item.get("image")),
        **given,
    )


def _low_stock(value: object) -> int | None:
    return None if value in (None, "") else whole(value)


def _image(images: object) -> str:
    """Where the first picture is, "" without one; whatever else a plugin makes of it is none."""
    first = images[0] if isinstance(images, list) and images else images
    source = first.get("src") if isinstance(first, dict) else None
    return _BROKEN.sub("", source)[:LONGEST_ADDRESS] if isinstance(source, str) else ""


def _tax_class(item: Json) -> str:
    return _clean(item["tax_class"] or "standard") if item["tax_status"] == "taxable" else UNTAXED


def _price(value: object, currency: Currency) -> int | None:
    return currency.parse_rounded(_clean_amount(value)) if value not in ("", None) else None


def _clean_amount(value: object) -> str:
    if not isinstance(value, (str, int, float)):
        raise TypeError(f"{value!r} is no price")
    return str(value)


def _instant(text: str | None) -> datetime | None:
    return utc(text) if text else None


def _categories(item: Json) -> tuple[int, ...]:
    return tuple(number_of(each) for each in item["categories"])
