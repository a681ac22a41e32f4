"""Products as no shop should have them: one that cannot be read never keeps the others from the till."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from typing import Any

import pytest

from appliance.domain.catalogue import Product
from appliance.shops.contract import Shop
from tests.shops.counter import ShopAt
from tests.shops.scripted import ScriptedServer, json_answer

GOOD: dict[str, Any] = {
    "id": 7,
    "name": "Mug",
    "type": "simple",
    "status": "publish",
    "sku": "MUG",
    "global_unique_id": "",
    "price": "12.90",
    "regular_price": "12.90",
    "sale_price": "",
    "date_on_sale_from_gmt": None,
    "date_on_sale_to_gmt": None,
    "tax_status": "taxable",
    "tax_class": "",
    "manage_stock": True,
    "stock_quantity": 3,
    "backorders": "no",
    "categories": [],
    "variations": [],
}
FAMILY = {**GOOD, "id": 20, "type": "variable", "sku": "SHIRT", "variations": [21, 22, 23]}


def variation(number: int, **odd: Any) -> dict[str, Any]:
    made = {**GOOD, "id": number, "type": "variation", "sku": f"SHIRT-{number}", "attributes": [], **odd}
    return {key: value for key, value in made.items() if key not in ("categories", "variations")}


class OddShop:
    """Answers each path with what a test gave it, and with an empty list else."""

    def __init__(self, **lists: Any) -> None:
        self.lists = lists
        self.server = ScriptedServer(self._answer)

    def _answer(self, request: bytes) -> Iterable[bytes]:
        path = request.split(b" ")[1].partition(b"?")[0].decode()
        name = path.rpartition("/")[2]
        return [json_answer("200 OK", [] if b"status=trash" in request else self.lists.get(name, []))]


def products_of(shop: Shop) -> list[Product]:
    return [product for page in shop.changes(None) for product in page.changes.products]


ODD: tuple[dict[str, Any], ...] = (
    {"price": None},
    {"price": "abc"},
    {"price": "NaN"},
    {"price": "1e-99999999"},
    {"price": "9" * 400},
    {"price": []},
    {"name": None},
    {"name": {"rendered": "Mug"}},
    {"id": None},
    {"id": 10**30},
    {"id": -1},
    {"stock_quantity": 10**30},
    {"stock_quantity": "many"},
    {"stock_quantity": float("inf")},
    {"categories": None},
    {"categories": [{}]},
    {"date_on_sale_from_gmt": "soon"},
    {"sku": ["a"]},
    {"type": "variable", "id": "x"},
)


@pytest.mark.parametrize("odd", ODD, ids=[json.dumps(each)[:40] for each in ODD])
def test_one_product_that_cannot_be_read_keeps_no_other_from_the_till(
    shop_at: ShopAt, caplog: pytest.LogCaptureFixture, odd: dict[str, Any]
) -> None:
    products = [GOOD, {**GOOD, "id": 8, "name": "Odd", **odd}, {**GOOD, "id": 9}]
    bench = OddShop(products=products, stock=[*products, "x"][:3])
    try:
        shop = shop_at(bench.server.url)
        with caplog.at_level(logging.WARNING):
            found = [*products_of(shop), *products_of(shop)]
        ids = shop.all_product_ids()
        counts = [count for page in shop.stock() for count in page.counts.items()]
    finally:
        bench.server.stop()
    assert [product.product_id for product in found] == [7, 9, 7, 9]
    assert sum("cannot be read" in record.message for record in caplog.records) == 1, "said once"
    assert {7, 9} <= ids
    assert {(7, 3), (9, 3)} <= set(counts)


@pytest.mark.parametrize("field", ["type", "status", "price", "name", "id", "manage_stock", "sku"])
def test_a_product_without_a_field_keeps_no_other_from_the_till(shop_at: ShopAt, field: str) -> None:
    odd = {key: value for key, value in GOOD.items() if key != field}
    bench = OddShop(products=[odd, {**GOOD, "id": 9}])
    try:
        assert [product.product_id for product in products_of(shop_at(bench.server.url))] == [9]
        assert 9 in shop_at(bench.server.url).all_product_ids()
    finally:
        bench.server.stop()


def test_a_variation_that_cannot_be_read_leaves_its_siblings(shop_at: ShopAt) -> None:
    bench = OddShop(products=[FAMILY], variations=[variation(21), variation(22, price=None), variation(23)])
    try:
        assert [product.product_id for product in products_of(shop_at(bench.server.url))] == [21, 23]
    finally:
        bench.server.stop()


def test_texts_that_no_screen_or_file_can_take_are_cleaned(shop_at: ShopAt) -> None:
    odd = {**GOOD, "name": "Mug\u0000 \ud800\u001b[2J\tgreen &amp; blue", "sku": "A\u00001\ud9ff"}
    bench = OddShop(products=[odd, {**GOOD, "id": 9, "sku": 4711, "price": 12.5, "stock_quantity": "2.0"}])
    try:
        first, second = products_of(shop_at(bench.server.url))
    finally:
        bench.server.stop()
    assert (first.name, first.sku) == ("Mug [2J green & blue", "A 1")
    assert first.name.encode()
    assert (second.sku, second.price_minor, second.on_hand) == ("4711", 1250, 2)


def test_a_product_that_became_a_choice_of_several_is_no_longer_sold_by_itself(shop_at: ShopAt) -> None:
    bench = OddShop(products=[FAMILY], variations=[variation(21)])
    try:
        removed = [each for page in shop_at(bench.server.url).changes(None) for each in page.changes.removed]
    finally:
        bench.server.stop()
    assert removed == [20]


def test_a_network_that_loses_an_answer_now_and_then_does_not_begin_a_long_list_anew(shop_at: ShopAt) -> None:
    """At two in a hundred the 100 pages of a large catalogue would come through once in eight tries."""
    asked: list[int] = []

    def answer_page(request: bytes) -> Iterable[bytes]:
        if b"status=trash" in request:
            return [json_answer("200 OK", [])]
        page = int(request.split(b"page=")[1].split(b"&")[0])
        asked.append(page)
        if page > 1 and asked.count(page) == 1:
            return [b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nha"]
        items = [{**GOOD, "id": 100 * page + number} for number in range(100 if page < 4 else 5)]
        return [json_answer("200 OK", items)]

    server = ScriptedServer(answer_page)
    try:
        found = products_of(shop_at(server.url))
    finally:
        server.stop()
    assert len(found) == 305
    assert asked == [1, 2, 2, 3, 3, 4, 4]
