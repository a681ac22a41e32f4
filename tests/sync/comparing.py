"""Whether the till is as the shop is, in every field that it uses.

The shop is read as an owner's program would, with none of the till's own reading.
"""

from __future__ import annotations

import json
from decimal import Decimal
from html import unescape
from typing import Any

from appliance.domain.catalogue import Product
from appliance.shops.contract import ShopError
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.mirror import Mirror
from tests.storage.samples import sealer
from tests.sync.both_sides import ORDERS, PRODUCTS, Side

Json = dict[str, Any]


def shown(product: Product) -> Json:
    """The same fields as the till holds them."""
    return {
        "name": product.name,
        "sku": product.sku,
        "price": product.price_minor,
        "regular": product.regular_price_minor,
        "sale": product.sale_price_minor,
        "from": product.sale_from.strftime("%Y-%m-%dT%H:%M:%S") if product.sale_from else None,
        "until": product.sale_until.strftime("%Y-%m-%dT%H:%M:%S") if product.sale_until else None,
        "tax": product.tax_class,
        "counted": product.manages_stock,
        "shared": product.parent_manages_stock,
        "stock": product.on_hand,
        "backorders": product.backorders,
        "low": product.low_stock_amount,
        "image": product.image_url,
        "categories": sorted(product.category_ids),
    }


def differences(side: Side, database: Database, catalogue: Catalogue) -> list[str]:
    """All in which the till is not as the shop is."""
    found = list(_products(side, catalogue))
    mirror = Mirror.on(database, sealer())
    found += _orders(side, mirror)
    found += _people(side, mirror)
    categories = {each.category_id: each.name for each in catalogue.categories()}
    for page in side.owner.pages(f"{PRODUCTS}/categories", {"hide_empty": "true"}):
        found += [
            f"category {each['id']}: {categories.get(each['id'])!r}, not {each['name']!r}"
            for each in page.items
            if each["id"] == side.category
            and catalogue.in_category(each["id"], 0, 1)
            and categories.get(each["id"]) != unescape(each["name"])
        ]
    rates = {
        each["class"]: Decimal(each["rate"]) * 10_000 for each in side.owner.page("/wc/v3/taxes", {}).items
    }
    found += [
        f"tax {name}: {catalogue.tax_rules().rate(name).rate_ppm}, not {rate}"
        for name, rate in rates.items()
        if catalogue.tax_rules().rate(name).rate_ppm != rate
    ]
    if ShopFacts(database).first_load() is not None:
        found.append("a first load is still shown")
    return found


def _products(side: Side, catalogue: Catalogue) -> list[str]:
    expected = side.expected()
    held = {each: catalogue.get(each) for each in side.ever}
    found = [f"product {each} is still sold" for each in side.ever - expected.keys() if held[each]]
    for number, fields in expected.items():
        product = held.get(number)
        ours = shown(product) if product else {}
        found += [
            f"product {number} {name}: {ours.get(name)!r}, not {value!r}"
            for name, value in fields.items()
            if name not in ours or ours[name] != value
        ]
    return found


def _orders(side: Side, mirror: Mirror) -> list[str]:
    found = []
    theirs = {}
    for number in side.orders:
        try:
            theirs[number] = side.owner.read(f"{ORDERS}/{number}")
        except ShopError:  # there is none any more
            theirs[number] = {}
    for number, order in theirs.items():
        ours = mirror.orders.get(number)
        if not order:
            found += [] if ours is None or ours.is_gone else [f"order {number} is not known to be gone"]
        elif ours is None or (ours.status, ours.is_gone) != (order["status"], False):
            found.append(f"order {number}: {ours!r}, not {order['status']}")
        elif ours.total_minor != side.minor(order["total"]):
            found.append(f"order {number}: total {ours.total_minor}, not {order['total']}")
        elif [each.quantity for each in ours.lines] != [each["quantity"] for each in order["line_items"]]:
            found.append(f"order {number}: other lines")
    return found


def _people(side: Side, mirror: Mirror) -> list[str]:
    found = []
    codes = {each.coupon_id: json.loads(each.body) for each in mirror.coupons.all()}
    theirs = {each["id"]: each for page in side.owner.pages("/wc/v3/coupons", {}) for each in page.items}
    for number in side.coupons:
        ours = codes.get(number)
        live = ours if ours and ours["status"] != "trash" else None
        if (live or {}).get("amount") != theirs.get(number, {}).get("amount"):
            found.append(f"coupon {number}: {live!r}, not {theirs.get(number)!r}")
    people = {each["id"]: each for page in side.owner.pages("/wc/v3/customers", {}) for each in page.items}
    for number in side.customers:
        held = mirror.customers.get(number)
        name = json.loads(held.body)["first_name"] if held else None
        if name != people.get(number, {}).get("first_name"):
            found.append(f"customer {number}: {name!r}, not {people.get(number)!r}")
    return found
