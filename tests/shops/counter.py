"""Both sides of a shop for tests: the till's, and the owner's who makes products and looks at what became of them."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance.domain.catalogue import Product
from appliance.domain.money import Currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale, Payment
from appliance.shops.contract import ChangesPage, Shop
from appliance.shops.woocommerce import WooCommerce
from appliance.shops.woocommerce_rest import Json, Rest

ShopAt = Callable[..., WooCommerce]
"""Builds the till's side of the shop at an address."""


class Owner(Rest):
    """The shop's owner can throw things away; the till never does."""

    @property
    def url(self) -> str:
        return self._http.base_url

    def throw_away(self, path: str) -> None:
        assert self._asked("DELETE", path, {}, None).status == 200


@dataclass(frozen=True, slots=True)
class Counter:
    shop: Shop
    owner: Owner
    currency: Currency
    again: Callable[[], Shop]
    """Another till's side of the same shop."""

    def product(self, **body: Any) -> Json:
        """Make a product with a count of 20 at 9.80, unless told otherwise."""
        usual = {"name": "Beeswax candles, pair", "type": "simple", "regular_price": "9.80", "manage_stock": True,
                 "stock_quantity": 20, "sku": f"T{uuid.uuid4().hex[:12]}"}  # fmt: skip
        return self.owner.write("/wc/v3/products", usual | body)

    def variable(self, options: Sequence[str], **body: Any) -> tuple[Json, list[Json]]:
        """Make a product of several choices, each with a count of 10 unless the parent counts."""
        attribute = {"name": "Size", "options": list(options), "visible": True, "variation": True}
        usual = {"name": "Work apron", "type": "variable", "manage_stock": False, "stock_quantity": None,
                 "regular_price": "", "attributes": [attribute]}  # fmt: skip
        parent = self.product(**(usual | body))
        counted = {} if body.get("manage_stock") else {"manage_stock": True, "stock_quantity": 10}
        path = f"/wc/v3/products/{parent['id']}/variations"
        made = [
            self.owner.write(
                path,
                {"regular_price": "21.00", "attributes": [{"name": "Size", "option": option}], **counted},
            )
            for option in options
        ]
        return parent, [self.owner.read(f"{path}/{each['id']}") for each in made]

    def picture(self) -> Json:
        """A picture that the shop has: TILL_SHOP_PICTURE is the number of one in a real shop's library."""
        number = os.environ.get("TILL_SHOP_PICTURE")
        if number is None or self.owner.url != os.environ.get("TILL_SHOP_URL"):
            return {"src": "http://shop.test/wp-content/uploads/mug.png"}
        made = self.product(images=[{"id": int(number)}])
        return {"id": int(number), "src": made["images"][0]["src"]}

    def read(self, product_id: int) -> Json:
        return self.owner.read(f"/wc/v3/products/{product_id}")

    def stock(self, product_id: int) -> int:
        """What the shop's owner sees."""
        return int(self.read(product_id)["stock_quantity"])

    def tax(self) -> TaxRules:
        return self.shop.facts().tax

    def pull(self, cursor: str | None) -> tuple[dict[int, Product], set[int], str]:
        """A whole pull: products, removed numbers, the next cursor."""
        return gathered(list(self.shop.changes(cursor)))

    def line(self, product: Json, quantity: int = 1, tax: TaxRules | None = None) -> SaleLine:
        """A line as the till makes it of a product."""
        rules = tax or self.tax()
        tax_class = product.get("tax_class") or "standard"
        rate = rules.rate(tax_class)
        parent = product.get("parent_id") or None
        return SaleLine(
            position=1,
            name=product["name"],
            quantity=quantity,
            unit_price_minor=self.currency.parse(product["price"]),
            tax_class=tax_class,
            rate_ppm=rate.rate_ppm,
            tax_label=rate.label,
            product_id=product["id"],
            parent_id=parent,
            stock_id=parent if product.get("manage_stock") == "parent" else product["id"],
        )

    def sale(
        self,
        *lines: SaleLine,
        tax: TaxRules | None = None,
        cash_given: int | None = None,
        receipt: str = "T1-000123",
    ) -> CompletedSale:
        """A sale that was paid, in cash or by card."""
        placed = tuple(replace(line, position=place) for place, line in enumerate(lines, 1))
        sale = Sale(uuid.uuid4().hex, at(), tax or self.tax(), placed)
        payment = Payment(sale.total_minor)
        if sale.total_minor:
            payment = payment.cash(cash_given) if cash_given else payment.card(sale.total_minor, "4711")
        return CompletedSale(sale, payment, receipt, at(), 1, "Marta", "Till 1")


def at() -> datetime:
    return datetime(2026, 11, 19, 10, 11, 12, tzinfo=UTC)


def gathered(pages: list[ChangesPage]) -> tuple[dict[int, Product], set[int], str]:
    """What all pages of a pull say together."""
    products = {each.product_id: each for page in pages for each in page.changes.products}
    removed = {each for page in pages for each in page.changes.removed}
    cursors = [page.next_cursor for page in pages]
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert cursors[-1] is not None
    return products, removed, cursors[-1]


def recorded(name: str) -> Any:
    """A real shop's answer: status, headers, body."""
    return json.loads((Path(__file__).parent / "recorded" / f"{name}.json").read_text())
