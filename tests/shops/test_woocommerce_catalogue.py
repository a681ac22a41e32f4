"""How the till reads WooCommerce's catalogue, counts and taxes where a shop is awkward."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from appliance.shops.woocommerce_catalogue import gtin
from appliance.shops.woocommerce_facts import tax_rules
from tests.shops.counter import ShopAt, recorded
from tests.shops.scripted import ScriptedServer, json_answer, scripted


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5000000000012", "05000000000012"),
        ("4006381333931", "04006381333931"),
        ("036000291452", "00036000291452"),
        ("96385074", "00000096385074"),
        ("978-3-16-148410-0", "09783161484100"),
        ("4006381333932", None),
        ("", None),
        ("ABC", None),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", None),
    ],
)
def test_a_gtin_is_believed_by_its_check_digit(text: str, digits: str | None) -> None:
    assert gtin(text) == digits


def tax(rate: str, **given: Any) -> dict[str, Any]:
    usual = {"country": "", "state": "", "postcode": "", "city": "", "postcodes": [], "cities": [], "rate": rate,
             "name": "VAT", "priority": 1, "compound": False, "class": "standard"}  # fmt: skip
    return usual | given


@pytest.mark.parametrize(
    ("taxes", "percent"),
    [
        ([tax("20", country="GB"), tax("23", country="IE"), tax("5")], "23"),
        ([tax("5"), tax("20", country="GB")], "5"),
        ([tax("20", country="GB")], "0"),
        ([tax("23", country="IE"), tax("0", country="IE", postcodes=["D01"])], "23"),
        ([tax("23", country="IE"), tax("9", country="IE", cities=["CORK"])], "9"),
        ([tax("5", country="IE"), tax("7", country="IE", priority=2)], "12"),
        ([tax("5", country="IE"), tax("10", country="IE", priority=2, compound=True)], "15.5"),
        ([tax("13.5", country="IE")], "13.5"),
    ],
)
def test_the_rates_of_the_shops_own_address_are_chosen(taxes: list[dict[str, Any]], percent: str) -> None:
    values = {
        "woocommerce_default_country": "IE:C",
        "woocommerce_store_city": "Cork",
        "woocommerce_calc_taxes": "yes",
        "woocommerce_prices_include_tax": "yes",
    }
    assert tax_rules(values, taxes).rate("standard").rate_ppm == Decimal(percent) * 10_000
    assert tax_rules(values | {"woocommerce_calc_taxes": "no"}, taxes).rates == {}


def test_pages_are_read_until_the_last(shop_at: ShopAt) -> None:
    def script(request: bytes) -> list[bytes]:
        page = int(request.split(b"page=")[1].split(b"&")[0])
        items = [
            {"id": page * 1000 + each, "type": "simple", "status": "publish", "price": "1"}
            for each in range(100)
        ]
        return [
            json_answer("200 OK", items if page < 4 else items[:3], "X-WP-Total: 303", "X-WP-TotalPages: 4")
        ]

    server = ScriptedServer(script)
    assert len(shop_at(server.url).all_product_ids()) == 303
    server.stop()
    assert len(server.seen) == 4


def test_counts_come_from_the_lists_where_the_report_is_switched_off(shop_at: ShopAt) -> None:
    missing = recorded("error_no_route")
    parent = recorded("product_variable")["body"] | {"manage_stock": True, "stock_quantity": 17}
    shared = recorded("variation_parent_managed")["body"] | {"parent_id": parent["id"]}

    def script(request: bytes) -> list[bytes]:
        if b"/wc-analytics/" in request:
            return [json_answer("404 X", missing["body"])]
        return [json_answer("200 OK", [shared] if b"/variations?" in request else [parent])]

    server = ScriptedServer(script)
    assert [page.counts for page in shop_at(server.url).stock()] == [{parent["id"]: 17}]
    server.stop()


def test_a_cursor_that_makes_no_sense_begins_again(shop_at: ShopAt) -> None:
    with scripted(json_answer("200 OK", [], "Date: Sat, 21 Nov 2026 12:00:00 GMT")) as server:
        for cursor in (None, "", "nonsense", "a/b/c", "2026-11-21T11:55:00+00:00/2026-11-21T11:55:00+00:00"):
            (page,) = shop_at(server.url).changes(cursor)
            assert page.next_cursor == "2/2026-11-21T12:00:00+00:00/2026-11-21T12:00:00+00:00"


def test_a_pull_during_which_a_product_left_the_list_is_done_again(shop_at: ShopAt) -> None:
    product = recorded("product_simple")["body"]
    totals = iter(["201", "200", "200", "200", "200"])

    def script(request: bytes) -> list[bytes]:
        page = int(request.split(b"page=")[1].split(b"&")[0])
        items = [product | {"id": page * 1000 + each} for each in range(100)]
        return [json_answer("200 OK", items, f"X-WP-Total: {next(totals)}", "X-WP-TotalPages: 2")]

    server = ScriptedServer(script)
    pages = list(shop_at(server.url).changes(None))
    server.stop()
    assert len(server.seen) == 4
    assert pages[-1].next_cursor is not None
