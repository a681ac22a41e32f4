"""Fills a new shop with the demo's goods."""

from __future__ import annotations

from appliance.demo.goods import CATEGORIES, GOODS, TAX_RATES
from appliance.demo.shop.database import ShopDatabase
from appliance.demo.shop.product_writes import add_product


def fill(database: ShopDatabase) -> None:
    """Put the categories, the tax rates and the goods in."""
    with database.transaction():
        numbers = {
            name: database.insert(
                "category", name=name, slug="-".join(name.lower().split()), menu_order=place
            )
            for place, name in enumerate(CATEGORIES)
        }
        country = database.setting("woocommerce_default_country")
        for tax_class, rate, label in TAX_RATES:
            database.insert("tax_rate", country=country, rate=rate, name=label, **{"class": tax_class})
        for good in GOODS:
            add_product(
                database,
                {
                    "name": good.name,
                    "sku": good.sku,
                    "global_unique_id": good.gtin,
                    "regular_price": good.price,
                    "tax_class": "" if good.tax_class == "standard" else good.tax_class,
                    "manage_stock": True,
                    "stock_quantity": good.stock,
                    "categories": [{"id": numbers[good.category]}],
                },
            )
