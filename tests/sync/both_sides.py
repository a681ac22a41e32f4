"""A shop that is edited, by its REST and past it, and a network that dies between it and the till."""

from __future__ import annotations

import subprocess
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, Protocol

from appliance.demo.shop.database import ShopDatabase
from appliance.shops.contract import UnknownOutcomeError, UnreachableError
from appliance.shops.http import HttpAnswer, HttpClient
from tests.shops.counter import Owner

Json = dict[str, Any]
PRODUCTS, ORDERS = "/wc/v3/products", "/wc/v3/orders"


def new_id() -> str:
    return uuid.uuid4().hex


class PowerCutError(BaseException):
    """The till is off; whatever was not on its disk is gone."""


class CutHttp(HttpClient):
    """Our HTTP client; after so many requests the network, or the till itself, is off."""

    left: int | None = None
    how = "refuse"
    requests = 0

    def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        self.requests += 1
        if self.left is not None:
            self.left -= 1
        if self.left is None or self.left >= 0:
            return super().request(method, target, headers, body)
        if self.how == "refuse":
            raise UnreachableError("The network is off.")
        if self.how == "power":
            self.left = None
            raise PowerCutError
        super().request(method, target, headers, body)
        raise UnknownOutcomeError("The answer was lost.")

    def cut(self, after: int, how: str) -> None:
        """refuse: nothing is sent; lost: it is done, and nobody hears; power: the till goes off, once."""
        self.left, self.how = after, how

    def mend(self) -> None:
        self.left = None


class Sql(Protocol):
    """Writes past the shop: no date moves."""

    def price(self, product_id: int, price: str) -> None: ...
    def stock(self, product_id: int, count: int) -> None: ...
    def forget_customer(self, customer_id: int) -> None: ...


@dataclass(frozen=True, slots=True)
class DemoSql:
    database: ShopDatabase

    def price(self, product_id: int, price: str) -> None:
        sql = "UPDATE product SET price = ?, regular_price = ?, sale_price = '' WHERE id = ?"
        self.database.write(sql, (price, price, product_id))

    def stock(self, product_id: int, count: int) -> None:
        self.database.write(
            "UPDATE product SET stock = ? WHERE id = ? AND manage_stock = 1", (count, product_id)
        )

    def forget_customer(self, customer_id: int) -> None:
        self.database.write("DELETE FROM customer WHERE id = ?", (customer_id,))


@dataclass(frozen=True, slots=True)
class RealSql:
    """Through the database's socket, as an importer writes; the shop's caches are emptied as it would."""

    command: tuple[str, ...]

    def price(self, product_id: int, price: str) -> None:
        for key in ("_price", "_regular_price"):
            self._meta(product_id, key, price)
        self._meta(product_id, "_sale_price", "")

    def stock(self, product_id: int, count: int) -> None:
        self._meta(product_id, "_stock", str(count))
        self._run(
            f"UPDATE wp_wc_product_meta_lookup SET stock_quantity = {int(count)} WHERE product_id = {int(product_id)};"
        )

    def forget_customer(self, customer_id: int) -> None:
        where = f"ID = {int(customer_id)}"
        self._run(f"DELETE FROM wp_users WHERE {where}; DELETE FROM wp_usermeta WHERE user_{where};")

    def _meta(self, product_id: int, key: str, value: str) -> None:
        self._run(
            f"UPDATE wp_postmeta SET meta_value = '{value}' WHERE post_id = {int(product_id)} AND meta_key = '{key}';"
        )

    def _run(self, sql: str) -> None:
        subprocess.run(self.command, input=sql, text=True, check=True, capture_output=True)


@dataclass(slots=True)
class Side:
    """What the shop was made to hold; only that is compared, for a real shop has other tills.

    Attributes:
        owner: the owner's program. minor: amounts in it to minor units.
    """

    owner: Owner
    sql: Sql
    minor: Callable[[str], int]
    products: list[int] = field(default_factory=list)
    variables: list[int] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    coupons: list[int] = field(default_factory=list)
    customers: list[int] = field(default_factory=list)
    category: int = 0
    ever: set[int] = field(default_factory=set)

    def add_product(self, **body: Any) -> int:
        usual = {"name": "Candle", "type": "simple", "regular_price": "9.80", "manage_stock": True,
                 "stock_quantity": 20, "sku": f"M{uuid.uuid4().hex[:12]}"}  # fmt: skip
        made = self.owner.write(PRODUCTS, usual | body)
        (self.variables if made["type"] == "variable" else self.products).append(made["id"])
        self.ever.add(made["id"])
        return int(made["id"])

    def add_variation(self, parent: int, option: str, **body: Any) -> int:
        attributes = [{"name": "Size", "option": option}]
        path = f"{PRODUCTS}/{parent}/variations"
        made = self.owner.write(path, {"regular_price": "21.00", "attributes": attributes, **body})
        self.ever.add(int(made["id"]))
        return int(made["id"])

    def variations(self, parent: int) -> list[Json]:
        return [
            each for page in self.owner.pages(f"{PRODUCTS}/{parent}/variations", {}) for each in page.items
        ]

    def expected(self) -> dict[int, Json]:
        """What the till must hold of its products, by number."""
        found: dict[int, Json] = {}
        numbers = ",".join(map(str, [*self.products, *self.variables]))
        if not numbers:
            return found
        for page in self.owner.pages(PRODUCTS, {"include": numbers, "orderby": "id", "order": "asc"}):
            for item in page.items:
                if item["status"] not in ("publish", "private"):
                    continue
                if item["type"] != "variable":
                    found |= {item["id"]: self._fields(item, item)} if item["price"] != "" else {}
                    continue
                for each in self.variations(item["id"]):
                    if each["status"] == "publish" and each["price"] != "":
                        found[each["id"]] = self._fields(each, item)
        return found

    def _fields(self, item: Json, parent: Json) -> Json:
        options = ", ".join(each["option"] for each in item["attributes"]) if item is not parent else ""
        manages = item["manage_stock"]
        images = item.get("images") or ([item["image"]] if item.get("image") else [])
        return {
            "name": unescape(parent["name"]) + (f", {options}" if options else ""),
            "sku": item["sku"] if item is parent or item["sku"] != parent["sku"] else "",
            "price": self.minor(item["price"]),
            "regular": self.minor(item["regular_price"]) if item["regular_price"] else None,
            "sale": self.minor(item["sale_price"]) if item["sale_price"] else None,
            "from": item["date_on_sale_from_gmt"],
            "until": item["date_on_sale_to_gmt"],
            "tax": (parent if item["tax_class"] == "parent" else item)["tax_class"] or "standard",
            "counted": bool(manages),
            "shared": manages == "parent",
            "stock": item["stock_quantity"] if manages else None,
            "backorders": item["backorders"] != "no",
            "low": item["low_stock_amount"] or None,
            "image": images[0]["src"] if images else "",
            "categories": sorted(each["id"] for each in parent["categories"]),
        }


def real_sql(socket: Path, name: str) -> RealSql:
    return RealSql(("mysql", f"--socket={socket}", name))
