"""What the till makes of each kind of answer, and what it sends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.demo.shop.server import KEY, DemoShop
from appliance.domain.money import currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale, Payment
from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    OddAnswerError,
    RefusedError,
    Shop,
    ShopError,
    ShopFailedError,
    ShopOrderLine,
    UnauthorisedError,
    UnknownOutcomeError,
)
from appliance.shops.woocommerce_order_body import order_body
from appliance.shops.woocommerce_orders import count_takings, pieces_moved
from appliance.shops.woocommerce_rest import NoRouteError
from tests.shops.counter import ShopAt, recorded
from tests.shops.scripted import answer, json_answer, scripted

EURO = currency("EUR")
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def sold(*lines: SaleLine) -> CompletedSale:
    sale = Sale(
        "a" * 32,
        NOW,
        TaxRules(True, {}),
        lines or (SaleLine(1, "Mug", 2, 1290, "standard", 230_000, product_id=7),),
    )
    payment = Payment(sale.total_minor, 5).cash(2000).card(sale.total_minor - 2000, "4711")
    return CompletedSale(sale, payment, "T1-000123", NOW, 1, "Marta", "Till 1")


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (answer("200 OK", b"<html>Log in</html>", "text/html"), NotOurShopError),
        (answer("502 Bad Gateway", b"<html>", "text/html"), NotOurShopError),
        (answer("401 Unauthorized", b"<html>", "text/html"), NotOurShopError),
        (json_answer("200 OK", []), NotOurShopError),
        (json_answer("201 Created", {"id": 7}), OddAnswerError),
        (json_answer("400 Bad Request", {"no": "code"}), NotOurShopError),
        (answer("201 Created", b"<br /><b>Notice</b>{}", "application/json"), UnknownOutcomeError),
        (answer("201 Created", b"[" * 90_000, "application/json"), UnknownOutcomeError),
        (answer("200 OK", b"", "application/json"), UnknownOutcomeError),
        (answer("429 Too Many Requests", b"", "text/html", "Retry-After: 7"), BusyError),
    ],
)
def test_only_the_shops_own_true_answer_is_believed(
    shop_at: ShopAt, given: bytes, error: type[ShopError]
) -> None:
    with scripted(given) as server, pytest.raises(error) as raised:
        shop_at(server.url).reserve(sold())
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("error_maintenance_mode", BusyError),
        ("error_401_unknown_key", UnauthorisedError),
        ("error_401_readonly_key_write", UnauthorisedError),
        ("error_no_auth", UnauthorisedError),
        ("error_oauth_clock_skew", UnauthorisedError),
        ("error_500_zero_qty", ShopFailedError),
        ("error_bad_status", RefusedError),
        ("error_no_route", NoRouteError),
        ("error_order_404", RefusedError),
        ("error_empty_body", OddAnswerError),
    ],
)
def test_what_was_recorded_of_a_real_shop_is_told_apart(
    shop_at: ShopAt, name: str, error: type[ShopError]
) -> None:
    record = recorded(name)
    with (
        scripted(json_answer(f"{record['status']} X", record["body"])) as server,
        pytest.raises(error) as raised,
    ):
        shop_at(server.url).reserve(sold())
    assert type(raised.value) is error


def test_a_request_that_reached_the_shop_twice_may_have_been_done(shop_at: ShopAt) -> None:
    refusal = {
        "code": "woocommerce_rest_authentication_error",
        "message": "Invalid nonce - nonce has already been used.",
    }
    with scripted(json_answer("401 X", refusal)) as server, pytest.raises(UnknownOutcomeError):
        shop_at(server.url).reserve(sold())


def test_a_busy_shop_says_for_how_long(shop_at: ShopAt) -> None:
    with (
        scripted(
            json_answer("503 X", recorded("error_maintenance_mode")["body"], "Retry-After: 600")
        ) as server,
        pytest.raises(BusyError) as raised,
    ):
        shop_at(server.url).commit(7)
    assert raised.value.retry_after_seconds == 600


def test_a_redirected_write_that_became_a_list_is_not_an_order(shop_at: ShopAt) -> None:
    orders = [recorded("order_recommended_1_post_pending")["body"]]
    with scripted(json_answer("200 OK", orders)) as server, pytest.raises(NotOurShopError):
        shop_at(server.url).reserve(sold())


def test_another_sales_order_is_not_ours(shop_at: ShopAt) -> None:
    body = recorded("order_post_variation")["body"] | {"status": "on-hold", "total": "25.80"}
    body["line_items"] = body["line_items"][:1]
    for sale_id, is_ours in (("a" * 32, True), ("b" * 32, False)):
        meta = {"till_sale_id": sale_id, "till_lines": "1", "till_total": "25.80"}
        body["meta_data"] = [{"id": 1, "key": key, "value": value} for key, value in meta.items()]
        with scripted(json_answer("201 Created", body)) as server:
            if is_ours:
                assert shop_at(server.url).reserve(sold()).is_whole
            else:
                with pytest.raises(UnknownOutcomeError):
                    shop_at(server.url).reserve(sold())


def test_an_order_cut_short_by_a_crash_is_not_whole(shop_at: ShopAt) -> None:
    body = recorded("order_partial_after_crash")["body"]
    ours = {"till_sale_id": "a" * 32, "till_lines": "3", "till_total": "9.99"}
    body["meta_data"] = [{"id": 1, "key": key, "value": value} for key, value in ours.items()]
    with scripted(json_answer("200 OK", [body])) as server:
        found = shop_at(server.url).find("a" * 32, NOW)
    assert [(each.sale_id, each.is_whole) for each in found] == [("a" * 32, False)]


@pytest.fixture
def slow_clock_shop(tmp_path: Path) -> Iterator[DemoShop]:
    with DemoShop(tmp_path / "shop.db") as shop:
        yield shop


def test_a_till_whose_clock_is_wrong_believes_the_shops(shop_at: ShopAt, slow_clock_shop: DemoShop) -> None:
    shop = shop_at(slow_clock_shop.url, now=datetime.now(UTC) - timedelta(days=400))
    assert shop.facts().currency == "EUR"
    asked = len(slow_clock_shop.requests)
    shop.facts()
    assert len(slow_clock_shop.requests) - asked == asked - 1  # only the first question was asked twice


def test_a_key_that_may_only_read_cannot_reserve(shop_at: ShopAt, slow_clock_shop: DemoShop) -> None:
    shop: Shop = shop_at(slow_clock_shop.url, f"{KEY}_read")
    assert shop.facts().currency == "EUR"
    with pytest.raises(UnauthorisedError):
        shop.reserve(sold())


def test_the_basic_password_goes_over_https_only(shop_at: ShopAt) -> None:
    with scripted(json_answer("200 OK", [])) as server:
        shop_at(server.url).all_product_ids()
    assert b"Authorization" not in server.seen[0]
    assert b"oauth_signature=" in server.seen[0]


def test_a_sale_is_written_as_an_order() -> None:
    apron = SaleLine(2, "Work apron, S", 1, 2100, "untaxed", 0, product_id=42, parent_id=41)
    body = order_body(sold(sold().sale.lines[0], apron), EURO)
    mug, other = body["line_items"]
    assert (mug["product_id"], mug["quantity"], mug["total"], mug["tax_class"]) == (7, 2, "20.975610", "")
    assert (other["product_id"], other["variation_id"], other["tax_class"]) == (41, 42, "")
    assert body["created_via"] == "till-" + "a" * 32
    assert body["status"] == "on-hold"
    meta = {each["key"]: each["value"] for each in body["meta_data"]}
    assert all(isinstance(value, str) for value in meta.values())
    assert [each["amount"] for each in json.loads(meta["till_tenders"])] == ["20.00", "26.80"]


def test_a_sale_that_was_made_on_paper_goes_with_the_time_it_was_made() -> None:
    made = NOW - timedelta(hours=5)
    meta = {
        each["key"]: each["value"] for each in order_body(replace(sold(), sold_at=made), EURO)["meta_data"]
    }
    assert (meta["till_sold_at"], meta["_date_paid"]) == (
        meta["_date_paid"],
        made.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    assert meta["till_booked_at"] == NOW.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "till_booked_at" not in {each["key"] for each in order_body(sold(), EURO)["meta_data"]}


def test_takings_of_a_move_are_told_from_givings_back_by_its_lines() -> None:
    taken, back = (
        "Stock levels reduced: A (1) 5&rarr;3, B (2) 5&rarr;6",
        "Increased: A (1) 3&rarr;5, B (2) 6&rarr;5",
    )
    repaired = "Stock levels reduced: B (2) 5&rarr;6"
    assert count_takings([taken, back, "Item #7 stock increased from 18 to 19."], [2, -1]) == 1
    assert count_takings([taken, repaired], [2, -1]) == 2
    assert count_takings([taken, back], [2, 1]) == 1


def test_takings_are_counted_in_any_language_and_givings_back_are_not() -> None:
    notes = [
        "Stock levels reduced: Mug (12) 49&rarr;47, Apron 10&rarr;9",
        "Lagerbestand reduziert: Becher (12) 0&rarr;-2",
        "Stock levels increased: Mug (12) 47&rarr;49",
        "Order status changed from Pending payment to Completed.",
    ]
    assert count_takings(notes) == 2


def line(name: str, quantity: int, product_id: int | None = 7) -> ShopOrderLine:
    return ShopOrderLine(product_id, None, name, quantity, None)


@pytest.mark.parametrize(
    ("notes", "moved"),
    [
        ([], [0, 0, 0]),
        (["Stock levels reduced: Mug (M1) 9&rarr;7, Mug, blue: big (M2) 5&rarr;3"], [-2, -2, 0]),
        (["Stock levels reduced: Mug, blue: big (M2) 5&rarr;3"], [0, -2, 0]),
        (["Lagerbestand erhöht: Mug (M1) 7&rarr;9", "Augmenté : Mug (M1) 9 → 11"], [4, 0, 0]),
        (["Stock levels increased: Renamed (M1) 7&rarr;9, Renamed too (M2) 3&rarr;5"], [2, 2, 0]),
        (["One 49&rarr;48, two 1&rarr;0, and a third that was added 2&rarr;1"], [-1, -1, 0]),
        (
            ["Item #7 stock increased from 18 to 19.", "Order status changed from On hold to Cancelled."],
            [0] * 3,
        ),
    ],
)
def test_what_notes_say_of_each_line_is_added_up(notes: list[str], moved: list[int]) -> None:
    lines = [line("Mug", 2), line("Mug, blue: big", 2), line("A gift", 1, None)]
    assert pieces_moved(notes, lines) == moved


def test_a_shop_that_ignores_the_filter_still_gives_only_our_orders(shop_at: ShopAt) -> None:
    whole = recorded("order_recommended_2_put_completed")["body"]
    ours = whole | {"meta_data": [{"id": 1, "key": "till_sale_id", "value": "a" * 32}]}
    with scripted(json_answer("200 OK", [whole, ours])) as server:
        found = shop_at(server.url).find("a" * 32, NOW)
    assert len(found) == 1
