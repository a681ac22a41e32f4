"""Orders of which the shop made something else: named once with their number, never made again and again."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from appliance.shops.contract import OddAnswerError, ShopError, WrongTotalError
from tests.shops.counter import ShopAt
from tests.shops.scripted import answer, json_answer, scripted
from tests.shops.test_woocommerce import sold


def echoed(**change: Any) -> dict[str, Any]:
    """The order of ``sold()`` as a shop answers it."""
    sale = sold()
    line = {"product_id": 7, "variation_id": 0, "name": "Mug", "quantity": 2, "meta_data": []}
    meta = {"till_sale_id": sale.sale.sale_id, "till_total": "25.80", "till_lines": "1"}
    return {
        "id": 501,
        "number": "501",
        "status": "on-hold",
        "total": "25.80",
        "created_via": f"till-{sale.sale.sale_id}",
        "date_created_gmt": "2026-11-21T12:00:00",
        "meta_data": [{"key": key, "value": value} for key, value in meta.items()],
        "line_items": [line],
        "fee_lines": [],
        "billing": {},
        **change,
    }


def test_an_order_to_which_the_shop_adds_a_line_is_remembered_and_not_made_again(shop_at: ShopAt) -> None:
    fee = {"name": "Bag", "meta_data": []}
    with (
        scripted(json_answer("201 Created", echoed(fee_lines=[fee]))) as server,
        pytest.raises(WrongTotalError) as refused,
    ):
        shop_at(server.url).reserve(sold())
    assert refused.value.order.order_id == 501


@pytest.mark.parametrize(
    "change",
    [{"meta_data": []}, {"status": "pending"}, {"meta_data": None}, {"id": 1e400}, {"total": None}],
)
def test_an_answer_that_is_not_the_order_is_odd(shop_at: ShopAt, change: dict[str, Any]) -> None:
    with scripted(json_answer("201 Created", echoed(**change))) as server, pytest.raises(OddAnswerError):
        shop_at(server.url).reserve(sold())


def test_an_order_of_somebody_else_that_cannot_be_read_hides_none_of_ours(shop_at: ShopAt) -> None:
    """A shop before 9.9 answers with all orders, and some plugin has had its way with one of them."""
    sale = sold()
    with scripted(json_answer("200 OK", [{"id": 1}, {"meta_data": [None]}, echoed()])) as server:
        (found,) = shop_at(server.url).find(sale.sale.sale_id, sale.completed_at)
    assert found.order_id == 501


@pytest.mark.parametrize(
    "header",
    [
        "Date: Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Date: Fri, 31 Dec 9999 23:59:59 -0500",
        "X-WP-Total: \u00b2",
        f"X-WP-TotalPages: {'9' * 5000}",
        f"Retry-After: {'9' * 5000}",
    ],
)
@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable"])
def test_a_header_that_no_shop_sends_is_no_header(shop_at: ShopAt, header: str, status: str) -> None:
    whole = answer(status, b"[]", "application/json", header.encode().decode("latin-1"))
    with scripted(whole) as server:
        shop = shop_at(server.url)
        try:
            shop.all_product_ids()
        except ShopError:
            assert status != "200 OK"


def test_neither_key_nor_signature_reaches_the_log(shop_at: ShopAt, caplog: pytest.LogCaptureFixture) -> None:
    broken = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n no header\r\n: \r\n\r\n[]"
    caplog.set_level(logging.INFO)
    seen: list[str] = []
    for pieces in ((broken,), (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n",), (b"rubbish\r\n\r\n",)):
        with scripted(*pieces) as server:
            try:
                shop_at(server.url).all_product_ids()
            except ShopError as error:
                logging.getLogger("test").exception("%s", error)
            seen += [request.decode() for request in server.seen]
    assert "oauth_signature" in seen[0], "it is sent"
    written = caplog.text
    for word in ("oauth_", "ck_demo", "cs_demo"):
        assert word not in written
