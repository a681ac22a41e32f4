"""WooCommerce's settings, tax rates and categories as the till needs them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from html import unescape
from typing import Final

from appliance.domain.catalogue import Category
from appliance.domain.tax import PPM, TaxRate, TaxRules
from appliance.shops.contract import OddAnswerError, ShopSettings
from appliance.shops.woocommerce_rest import Json, Rest

_SMALL: Final = {"_fields": "id,value"}
"""The whole of the general settings is 130 KB of lists of countries."""


def read_facts(rest: Rest) -> ShopSettings:
    """Ask for everything that does not say when it changes.

    Raises:
        ShopError: the shop did not answer, or not so that it can be understood.
    """
    first = rest.page("/wc/v3/settings/general", _SMALL)
    values = {
        item["id"]: item["value"] for item in (*first.items, *rest.page("/wc/v3/settings/tax", _SMALL).items)
    }
    taxes = [
        item for page in rest.pages("/wc/v3/taxes", {"orderby": "id", "order": "asc"}) for item in page.items
    ]
    categories = [
        item
        for page in rest.pages(
            "/wc/v3/products/categories", {"_fields": "id,name,menu_order", "hide_empty": "true"}
        )
        for item in page.items
    ]
    try:
        return ShopSettings(
            currency=values["woocommerce_currency"],
            decimals=int(values["woocommerce_price_num_decimals"]),
            tax=tax_rules(values, taxes),
            rounds_at_subtotal=values["woocommerce_tax_round_at_subtotal"] == "yes",
            categories=tuple(
                Category(int(each["id"]), unescape(each["name"]), int(each["menu_order"]))
                for each in categories
            ),
            server_at=first.server_at,
        )
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise OddAnswerError(f"The shop's settings cannot be read ({error!r}).") from error


def tax_rules(values: Json, taxes: Iterable[Json]) -> TaxRules:
    """Choose the rates at the shop's own address, as the shop chooses them for an order collected there.

    Of the rates of one class and priority the most exact place wins; rates of several priorities add up, a
    compound one on top of the others.
    """
    country, _, state = str(values["woocommerce_default_country"]).partition(":")
    rates: dict[str, TaxRate] = {}
    if values["woocommerce_calc_taxes"] == "yes":
        chosen: dict[tuple[str, int], Json] = {}
        for tax in sorted(taxes, key=_exactness):
            if _applies(tax, country, state, values):
                chosen[tax["class"], int(tax["priority"])] = tax
        for tax_class in {tax_class for tax_class, _ in chosen}:
            parts = [chosen[key] for key in sorted(chosen) if key[0] == tax_class]
            rates[tax_class] = _combined(tax_class, parts)
    return TaxRules(values["woocommerce_prices_include_tax"] == "yes", rates)


def _exactness(tax: Json) -> tuple[bool, ...]:
    return (
        bool(tax["country"]),
        bool(tax["state"]),
        bool(_places(tax, "postcode")),
        bool(_places(tax, "city")),
    )


def _applies(tax: Json, country: str, state: str, values: Json) -> bool:
    postcodes, cities = _places(tax, "postcode"), _places(tax, "city")
    return (
        tax["country"].upper() in ("", country)
        and tax["state"].upper() in ("", state)
        and (not postcodes or _plain(values.get("woocommerce_store_postcode")) in postcodes)
        and (not cities or _plain(values.get("woocommerce_store_city")) in cities)
    )


def _places(tax: Json, kind: str) -> set[str]:
    plural = "cities" if kind == "city" else "postcodes"
    return {_plain(each) for each in (tax.get(kind), *tax.get(plural, ())) if each}


def _plain(text: object) -> str:
    return str(text or "").replace(" ", "").upper()


def _combined(tax_class: str, parts: list[Json]) -> TaxRate:
    total = Decimal(0)
    for part in parts:
        rate = Decimal(part["rate"]) / 100
        total += rate * (1 + total) if part["compound"] else rate
    return TaxRate(
        tax_class,
        int((total * PPM).to_integral_value()),
        unescape(" + ".join(each["name"] for each in parts)),
    )
