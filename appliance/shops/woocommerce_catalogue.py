"""WooCommerce's products and variations as the till's.

Measured on 9.9.5: ``price`` follows a scheduled sale only when the shop's cron runs, so the dates are read
too; a variation's ``manage_stock`` can be the text "parent"; its name lacks the parent's.
"""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Final

from appliance.domain.barcodes.numbers import is_gtin
from appliance.domain.catalogue import Product
from appliance.domain.errors import AmountError
from appliance.domain.money import Currency
from appliance.shops.contract import UnknownOutcomeError
from appliance.shops.woocommerce_rest import Json, utc

UNTAXED: Final = "untaxed"
"""The tax class of a product that is not taxable; no shop has a rate for it, so the till takes none."""

FIELDS: Final = (
    "id,name,type,status,sku,global_unique_id,price,regular_price,sale_price,date_on_sale_from_gmt,"
    "date_on_sale_to_gmt,tax_status,tax_class,manage_stock,stock_quantity,backorders"
)
PRODUCT_FIELDS: Final = f"{FIELDS},categories,variations"
VARIATION_FIELDS: Final = f"{FIELDS},attributes,parent_id"

_SOLD: Final = ("publish", "private")
"""Private products are not on the web; many shops keep what only the counter sells so."""


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
        UnknownOutcomeError: it is no product.
    """
    return _read(item, currency, {"name": unescape(item["name"]), "category_ids": _categories(item)})


def read_variation(item: Json, parent: Json, currency: Currency) -> Product:
    """Read a variation of a product.

    Raises:
        UnknownOutcomeError: it is no variation.
    """
    item = {**item}
    if item["tax_class"] == "parent":
        item["tax_class"] = parent["tax_class"]
    if item["sku"] == parent["sku"]:
        item["sku"] = ""  # a variation without one shows its parent's, which would name all of them
    options = [unescape(str(each["option"])) for each in item["attributes"]]
    name = unescape(parent["name"])
    return _read(
        item,
        currency,
        {
            "name": f"{name}, {', '.join(options)}" if options else name,
            "parent_id": parent["id"],
            "parent_manages_stock": item["manage_stock"] == "parent",
            "category_ids": _categories(parent),
        },
    )


def gtin(text: str) -> str | None:
    """The 14 digits of what the owner typed as GTIN, None where the check digit says that it is none."""
    digits = re.sub(r"[\s-]", "", text)
    return digits.zfill(14) if digits.isascii() and digits.isdigit() and is_gtin(digits) else None


def _read(item: Json, currency: Currency, given: Json) -> Product:
    try:
        manages = bool(item["manage_stock"])
        quantity = item["stock_quantity"] if manages else None
        return Product(
            product_id=int(item["id"]),
            price_minor=currency.parse_rounded(item["price"]),
            regular_price_minor=_price(item["regular_price"], currency),
            sale_price_minor=_price(item["sale_price"], currency),
            sale_from=_instant(item["date_on_sale_from_gmt"]),
            sale_until=_instant(item["date_on_sale_to_gmt"]),
            sku=item["sku"] or "",
            gtin=gtin(item.get("global_unique_id") or ""),
            tax_class=_tax_class(item),
            manages_stock=manages,
            on_hand=None if quantity is None else int(quantity),
            backorders=item["backorders"] != "no",
            **given,
        )
    except (KeyError, TypeError, ValueError, AmountError) as error:
        raise UnknownOutcomeError(f"The shop's product cannot be read ({error!r}).") from error


def _tax_class(item: Json) -> str:
    return (item["tax_class"] or "standard") if item["tax_status"] == "taxable" else UNTAXED


def _price(text: str, currency: Currency) -> int | None:
    return currency.parse_rounded(text) if text else None


def _instant(text: str | None) -> datetime | None:
    return utc(text) if text else None


def _categories(item: Json) -> tuple[int, ...]:
    return tuple(int(each["id"]) for each in item["categories"])
