"""What every shop says of its orders, coupons and customers. Each test gets a shop by the ``counter`` fixture."""

from __future__ import annotations

import json
import uuid
from typing import Any

from appliance.domain.coupons import Coupon
from appliance.domain.customers import Customer
from appliance.domain.web_orders import WebOrder
from tests.shops.counter import Counter


def web_order(counter: Counter, product_id: int, **body: Any) -> int:
    usual = {
        "status": "processing",
        "billing": {"first_name": "Niamh", "last_name": "Byrne"},
        "line_items": [{"product_id": product_id, "quantity": 2}],
    }
    return int(counter.owner.write("/wc/v3/orders", usual | body)["id"])


def orders(counter: Counter, cursor: str | None) -> tuple[dict[int, WebOrder], str]:
    pages = list(counter.shop.orders_since(cursor))
    assert all(page.next_cursor is None for page in pages[:-1])
    assert pages[-1].next_cursor is not None
    return {each.order_id: each for page in pages for each in page.orders}, pages[-1].next_cursor


def coupons(counter: Counter, cursor: str | None) -> tuple[dict[int, Coupon], str]:
    pages = list(counter.shop.coupons(cursor))
    assert pages[-1].next_cursor is not None
    return {each.coupon_id: each for page in pages for each in page.coupons}, pages[-1].next_cursor


def customers(counter: Counter) -> dict[int, Customer]:
    return {each.customer_id: each for page in counter.shop.customers() for each in page}


class WebOrdersContract:
    def test_a_web_order_is_seen_with_what_it_took(self, counter: Counter) -> None:
        product = counter.product()
        _, cursor = orders(counter, None)
        order_id = web_order(counter, product["id"])
        seen = orders(counter, cursor)[0][order_id]
        assert (seen.status, seen.customer, seen.sale_id, seen.is_open) == (
            "processing",
            "Niamh Byrne",
            "",
            True,
        )
        assert [(line.product_id, line.quantity, line.reduced) for line in seen.lines] == [
            (product["id"], 2, 2)
        ]
        assert seen.total_minor > 0
        assert not seen.is_pickup

    def test_a_change_of_status_is_seen(self, counter: Counter) -> None:
        order_id = web_order(counter, counter.product()["id"])
        before, cursor = orders(counter, None)
        counter.owner.write(f"/wc/v3/orders/{order_id}", {"status": "completed"})
        after = orders(counter, cursor)[0][order_id]
        assert (before[order_id].status, after.status, after.is_open) == ("processing", "completed", False)

    def test_an_order_to_be_collected_is_one(self, counter: Counter) -> None:
        line = {"method_id": "local_pickup", "method_title": "Collect", "total": "0.00"}
        order_id = web_order(counter, counter.product()["id"], shipping_lines=[line])
        assert orders(counter, None)[0][order_id].is_pickup

    def test_the_tills_own_sale_is_told_by_its_name_and_is_no_pickup(self, counter: Counter) -> None:
        _, cursor = orders(counter, None)
        completed = counter.sale(counter.line(counter.product()))
        made = counter.shop.reserve(completed)
        seen = orders(counter, cursor)[0][made.order_id]
        assert (seen.sale_id, seen.status, seen.is_pickup) == (completed.sale.sale_id, "on-hold", False)

    def test_the_open_orders_are_listed_and_the_others_not(self, counter: Counter) -> None:
        product = counter.product()
        waiting, done = (web_order(counter, product["id"], status=each) for each in ("on-hold", "completed"))
        found = {each.order_id for page in counter.shop.open_orders() for each in page.orders}
        assert waiting in found
        assert done not in found

    def test_orders_that_are_asked_for_are_there_thrown_away_or_gone(self, counter: Counter) -> None:
        product = counter.product()
        kept, thrown, deleted = (web_order(counter, product["id"]) for _ in range(3))
        counter.owner.throw_away(f"/wc/v3/orders/{thrown}")
        counter.owner.remove(f"/wc/v3/orders/{deleted}")
        (page,) = counter.shop.orders_among([kept, thrown, deleted])
        assert {each.order_id: each.status for each in page.orders} == {kept: "processing", thrown: "trash"}
        assert page.gone == (deleted,)


class PeopleContract:
    def test_a_coupon_comes_with_its_rules_and_a_changed_one_again(self, counter: Counter) -> None:
        code = f"T{uuid.uuid4().hex[:10]}"
        made = counter.owner.write(
            "/wc/v3/coupons", {"code": code, "amount": "10", "discount_type": "percent"}
        )
        found, cursor = coupons(counter, None)
        coupon = found[made["id"]]
        rules = json.loads(coupon.body)
        assert (coupon.code.lower(), rules["amount"], rules["discount_type"]) == (
            code.lower(),
            "10.00",
            "percent",
        )
        counter.owner.write(f"/wc/v3/coupons/{made['id']}", {"amount": "15"})
        again = coupons(counter, cursor)[0][made["id"]]
        assert json.loads(again.body)["amount"] == "15.00"

    def test_a_coupon_that_is_thrown_away_says_so(self, counter: Counter) -> None:
        made = counter.owner.write("/wc/v3/coupons", {"code": f"T{uuid.uuid4().hex[:10]}", "amount": "1"})
        _, cursor = coupons(counter, None)
        counter.owner.throw_away(f"/wc/v3/coupons/{made['id']}")
        assert json.loads(coupons(counter, cursor)[0][made["id"]].body)["status"] == "trash"
        assert made["id"] not in coupons(counter, None)[0]

    def test_all_customers_are_read_and_the_newest_by_their_numbers(self, counter: Counter) -> None:
        first, second = (customer(counter, name) for name in ("Ann", "Bob"))
        found = customers(counter)
        assert json.loads(found[first].body)["first_name"] == "Ann"
        newest = [each.customer_id for page in counter.shop.newest_customers(first) for each in page]
        assert second in newest
        assert first not in newest
        assert list(counter.shop.newest_customers(max(customers(counter)))) == []

    def test_a_customer_that_changed_is_known_by_reading_all(self, counter: Counter) -> None:
        changed = customer(counter, "Ann")
        before = customers(counter)
        counter.owner.write(f"/wc/v3/customers/{changed}", {"last_name": "Lee"})
        assert before[changed].body != customers(counter)[changed].body


def customer(counter: Counter, name: str) -> int:
    email = f"{uuid.uuid4().hex[:12]}@example.test"
    return int(counter.owner.write("/wc/v3/customers", {"email": email, "first_name": name})["id"])
