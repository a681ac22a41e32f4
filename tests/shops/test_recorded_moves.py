"""The demo's shop refunds and moves stock as a WooCommerce was recorded to (9.9.5), word for word in refusing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from appliance.demo.shop.server import DemoShop
from appliance.domain.money import currency
from appliance.shops.woocommerce_orders import count_takings, read_order
from appliance.shops.woocommerce_sales import sales
from tests.shops.contract_moves import long_ago, move, moved
from tests.shops.contract_refunds import back, sold
from tests.shops.counter import Counter, recorded
from tests.shops.test_recorded import ask, assert_same_shape, shape

POUND = currency("GBP")


@pytest.fixture
def counter(demo_shop: DemoShop, connect: Callable[..., Counter]) -> Counter:
    opened = connect(demo_shop.url)
    opened.owner.write("/wc/v3/taxes", {"country": "IE", "rate": "20", "name": "VAT", "class": "standard"})
    return opened


def test_a_refund_and_its_list_look_as_recorded(counter: Counter) -> None:
    completed = counter.sale(counter.line(counter.product(), 3))
    order_id = sold(counter, completed)
    counter.shop.refund(order_id, back(completed, {1: 1}))
    ours = counter.owner.page(f"/wc/v3/orders/{order_id}/refunds", {}).items
    assert_same_shape(shape(ours[0]), shape(recorded("refund_partial_restock")["body"]))
    assert set(ours[0]) >= set(recorded("refunds_list")["body"][0])


def test_an_order_of_which_a_part_came_back_looks_as_recorded(counter: Counter) -> None:
    theirs = recorded("order_partly_refunded")["body"]
    completed = counter.sale(counter.line(counter.product(name="B thing"), 3))
    order_id = sold(counter, completed)
    counter.shop.refund(order_id, back(completed, {1: 1}))
    ours = counter.owner.read(f"/wc/v3/orders/{order_id}")
    assert_same_shape(shape(ours), shape(theirs))
    stock = ("_reduced_stock", "_restock_refunded_items")
    for each in (ours, theirs):
        meta = {one["key"]: one["value"] for one in each["line_items"][0]["meta_data"]}
        assert [meta[key] for key in stock] == ["2", "1"]
        assert read_order(each, counter.currency).lines[0].reduced == 3
    assert ours["status"] == theirs["status"] == "completed"
    words = [each["note"] for each in recorded("order_partly_refunded_notes")["body"]]
    assert _masked(words) <= _masked(counter.shop.notes(order_id)) | {
        "Order status changed from Pending payment to Completed."
    }
    assert count_takings(words) == 1


def test_a_move_of_stock_looks_as_recorded(counter: Counter) -> None:
    theirs = recorded("order_stock_move")["body"]
    made = counter.shop.reserve(move(moved(counter.product(name="B thing"), 3)))
    ours = counter.owner.read(f"/wc/v3/orders/{made.order_id}")
    assert_same_shape(shape(ours), shape(theirs))
    for each in (ours, theirs):
        (line,) = read_order(each, POUND).lines
        assert (each["status"], each["total"], line.quantity, line.reduced) == ("on-hold", "0.00", -3, -3)
    words = [each["note"] for each in recorded("order_stock_move_notes")["body"]]
    assert _masked(words) == _masked(counter.shop.notes(made.order_id))
    assert count_takings(words, [-3]) == 1
    assert count_takings(["Stock levels increased: B thing (B18) 23&rarr;20"], [-3]) == 0


def test_a_till_that_is_restored_hears_of_sales_and_not_of_moves(counter: Counter) -> None:
    product = counter.product()
    counter.shop.reserve(move(moved(product, 3)))
    made = counter.shop.reserve(counter.sale(counter.line(product)))
    found = [each for page in sales(counter.owner, counter.currency, long_ago()) for each in page]
    assert [each.sale_id for each in found] == [made.sale_id]


def _masked(notes: list[str]) -> set[str]:
    """Notes without the numbers of one shop."""
    return {re.sub(r"\([^)]*\)|\d+", "#", note) for note in notes}


REFUSED = [
    ({"amount": "999.00", "api_refund": False}, "error_refund_too_much"),
    ({"amount": "0.10"}, "error_refund_api_refund_true"),
    ({"amount": "-1.00", "api_refund": False}, "error_refund_below_nothing"),
]


@pytest.mark.parametrize(("body", "record"), REFUSED, ids=[each[-1] for each in REFUSED])
def test_a_refund_is_refused_as_recorded(counter: Counter, body: dict[str, object], record: str) -> None:
    order_id = sold(counter, counter.sale(counter.line(counter.product())))
    path = f"/wc/v3/orders/{order_id}/refunds"
    ours, theirs = ask(counter.owner, "POST", path, json.dumps(body).encode()), recorded(record)
    assert (ours.status, json.loads(ours.body)) == (theirs["status"], theirs["body"])


def test_a_refund_of_an_order_that_is_gone_is_refused_as_recorded(counter: Counter) -> None:
    body = b'{"amount":"1.00","api_refund":false}'
    ours = ask(counter.owner, "POST", "/wc/v3/orders/99999999/refunds", body)
    theirs = recorded("error_refund_order_gone")
    assert (ours.status, json.loads(ours.body)) == (theirs["status"], theirs["body"])
