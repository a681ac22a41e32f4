"""The shop's side of the campaign: its products, those who buy on the web meanwhile, and what it says at the end."""

from __future__ import annotations

import random
import re
import time
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path

from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.domain.money import Currency, currency
from appliance.shops.http import HttpClient
from appliance.shops.woocommerce_claims import sku as sku_of
from appliance.shops.woocommerce_rest import Json, Rest

STOCK = 20_000
START_SECONDS = 30.0
WORK_SECONDS = 0.002
"""Between the steps of a write in the demo's shop: requests that overlap see each other half-way."""
PRODUCTS = "/wc/v3/products"
ORDERS = "/wc/v3/orders"
FIELDS = "id,status,total,created_via,meta_data,refunds"


class OwnersRest(Rest):
    """The shop's owner can throw things away; the till never does."""

    def throw_away(self, path: str) -> None:
        self._asked("DELETE", path, {"force": "true"}, None)


def keep_shop(file: Path, address: Connection) -> None:
    """Run the demo's shop in a process of its own, until killed."""
    shop = DemoShop(file, work_seconds=WORK_SECONDS)
    fill(shop.database)
    with shop:
        address.send(shop.url)
        while True:
            time.sleep(3600)


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def demo_shop(context: ForkServerContext, folder: Path) -> Iterator[Owner]:
    """The demo's shop and its owner."""
    here, there = context.Pipe()
    process = context.Process(target=keep_shop, args=(folder / "shop.db", there), daemon=True)
    process.start()
    try:
        if not here.poll(START_SECONDS):
            raise TimeoutError("the demo's shop did not start")
        with Owner(here.recv(), KEY, SECRET) as owner:
            yield owner
    finally:
        process.kill()


@dataclass(slots=True)
class Owner:
    """Who owns the shop, without any fault between. For one thread.

    Attributes:
        products: what was made for the campaign, by number.
        bought: pieces that the web bought.
        began: before anything was made.
    """

    url: str
    key: str
    secret: str
    products: dict[int, Json] = field(default_factory=dict)
    bought: Counter[int] = field(default_factory=Counter)
    web_orders: list[int] = field(default_factory=list)
    began: datetime = field(default_factory=_now)
    http: HttpClient = field(init=False)
    rest: OwnersRest = field(init=False)

    def __post_init__(self) -> None:
        """Connect."""
        self.http = HttpClient(self.url, deadline_seconds=60)
        self.rest = OwnersRest(self.http, self.key, self.secret, now=_now, new_id=lambda: uuid.uuid4().hex)

    def __enter__(self) -> Owner:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def currency(self) -> Currency:
        found = self.rest.read("/wc/v3/settings/general/woocommerce_currency")
        return currency(str(found["value"]))

    def make_products(self, count: int, prefix: str) -> list[str]:
        """Make them, and return their SKUs."""
        for number in range(count):
            price = f"{1 + number * 37 % 50}.{number * 13 % 100:02d}"
            made = self.rest.write(
                PRODUCTS,
                {
                    "name": f"Campaign {prefix} {number}",
                    "type": "simple",
                    "sku": f"{prefix}{number:03d}",
                    "regular_price": price,
                    "manage_stock": True,
                    "stock_quantity": STOCK,
                },
            )
            self.products[int(made["id"])] = made
        return [str(each["sku"]) for each in self.products.values()]

    def buy(self, chance: random.Random) -> None:
        """Somebody buys on the web."""
        basket = chance.sample(list(self.products), min(len(self.products), chance.randint(1, 3)))
        lines = [{"product_id": each, "quantity": chance.randint(1, 2)} for each in basket]
        body = {"status": "processing", "created_via": "checkout", "line_items": lines}
        self.web_orders.append(int(self.rest.write(ORDERS, body)["id"]))
        for line in lines:
            self.bought[line["product_id"]] += line["quantity"]

    def stock(self) -> dict[int, int]:
        return {
            number: int(self.rest.read(f"{PRODUCTS}/{number}")["stock_quantity"]) for number in self.products
        }

    def orders(self, series: Sequence[str]) -> list[Json]:
        """All orders of these tills, whatever became of them; trash too."""
        after = (self.began - timedelta(days=1)).replace(microsecond=0, tzinfo=None).isoformat()
        asked = {"_fields": FIELDS, "after": after, "dates_are_gmt": "true", "orderby": "id", "order": "asc"}
        found = [
            item
            for status in ("any", "trash")
            for page in self.rest.pages(ORDERS, {**asked, "status": status})
            for item in page.items
        ]
        return [each for each in found if self._is_of(each, series)]

    def refunds(self, order_id: int) -> list[Json]:
        """All refunds of an order."""
        pages = self.rest.pages(f"{ORDERS}/{order_id}/refunds", {})
        return [item for page in pages for item in page.items]

    def moved(self, order_id: int) -> Counter[int]:
        """By how much all notes of an order say that its products' counts changed."""
        notes = " ".join(str(each["note"]) for each in self.rest.page(f"{ORDERS}/{order_id}/notes", {}).items)
        found: Counter[int] = Counter()
        for number, product in self.products.items():
            for was, to in re.findall(rf"\({product['sku']}\) (-?\d+)(?:&rarr;|→)(-?\d+)", notes):
                found[number] += int(to) - int(was)
        return found

    @staticmethod
    def _is_of(order: Json, series: Sequence[str]) -> bool:
        """Whether an order is a sale of these tills, or one of their stock moves, whose label begins as receipts do."""
        label = meta_of(order, "till_receipt_number") or meta_of(order, "till_label")
        return label.rpartition("-")[0] in series

    def clean_up(self, series: Sequence[str]) -> None:
        """Take away what the campaign made: orders, products, and the claims that the tills keep for a day."""
        orders = self.orders(series)
        claims = {sku_of(meta_of(each, "till_sale_id")) for each in orders}
        claims |= {sku_of(f"{meta_of(each, 'till_refund_id')}-refund") for each in self._refunds_of(orders)}
        for number in [*(int(each["id"]) for each in orders), *self.web_orders]:
            self.rest.throw_away(f"{ORDERS}/{number}")
        asked = {"_fields": "id,sku", "search_sku": "CLAIM-", "status": "private"}
        found = [item for page in self.rest.pages(PRODUCTS, asked) for item in page.items]
        mine = [int(each["id"]) for each in found if each["sku"] in claims]
        for each in [*mine, *self.products]:
            self.rest.throw_away(f"{PRODUCTS}/{each}")

    def _refunds_of(self, orders: Sequence[Json]) -> list[Json]:
        return [each for order in orders if order["refunds"] for each in self.refunds(int(order["id"]))]


def meta_of(order: Json, key: str) -> str:
    """One of an order's meta data, "" if it has none of that name."""
    return next((str(each["value"]) for each in order["meta_data"] if each["key"] == key), "")
