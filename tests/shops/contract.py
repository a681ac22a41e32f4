"""What every shop does with the till's sales. Each test gets a shop through the ``counter`` fixture."""

from __future__ import annotations

import json
import random
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from appliance.domain.sale import SaleLine
from appliance.shops.contract import (
    OrderStatus,
    RefusedError,
    Shop,
    ShopError,
    ShopFailedError,
    WrongTotalError,
)
from tests.shops.counter import Counter, at


def long_ago() -> datetime:
    return datetime.now(UTC) - timedelta(hours=1)


def cancelled_somehow(shop: Shop, order_id: int) -> None:
    """Cancel it; where another does so at the same moment, the answer may be of the other's half."""
    with suppress(ShopError):
        shop.cancel(order_id)


class OrdersContract:
    def test_a_reserved_sale_has_taken_its_stock(self, counter: Counter) -> None:
        product = counter.product()
        made = counter.shop.reserve(counter.sale(counter.line(product, 3)))
        assert made.status is OrderStatus.RESERVED
        assert made.is_whole
        assert [(line.product_id, line.quantity, line.reduced) for line in made.lines] == [
            (product["id"], 3, 3)
        ]
        assert counter.stock(product["id"]) == 17

    def test_the_shops_total_is_the_tills(self, counter: Counter) -> None:
        lines = [
            counter.line(counter.product(tax_class=name), 7) for name in ("", "reduced-rate", "zero-rate")
        ]
        completed = counter.sale(*lines)
        made = counter.shop.reserve(completed)
        assert made.total_minor == completed.sale.total_minor
        assert made.difference_minor == 0

    def test_fifty_random_sales_agree_to_the_cent(self, counter: Counter) -> None:
        chance = random.Random(7)
        tax = counter.tax()
        classes = ("", "reduced-rate", "zero-rate")
        products = [
            counter.product(tax_class=name, manage_stock=False, stock_quantity=None) for name in classes * 2
        ]
        for _ in range(50):
            lines = [
                replace(
                    counter.line(chance.choice(products), chance.choice((1, 1, 2, 3, 7, 12)), tax),
                    unit_price_minor=chance.choice((1, 5, chance.randint(1, 999), chance.randint(1, 9_999))),
                )
                for _ in range(chance.randint(1, 12))
            ]
            if chance.random() < 0.3:
                lines.append(replace(lines[0], product_id=None, name="Something else"))
            completed = counter.sale(*lines, tax=tax)
            made = counter.shop.reserve(completed)
            raw = counter.owner.read(f"/wc/v3/orders/{made.order_id}", {"_fields": "total,total_tax"})
            assert made.difference_minor == 0
            assert counter.currency.parse(raw["total_tax"]) == completed.sale.tax_total_minor

    def test_a_commit_takes_no_stock_and_may_be_said_again(self, counter: Counter) -> None:
        product = counter.product()
        made = counter.shop.reserve(counter.sale(counter.line(product, 2)))
        for _ in range(3):
            assert counter.shop.commit(made.order_id).status is OrderStatus.COMMITTED
        assert counter.stock(product["id"]) == 18
        seen = counter.shop.order(made.order_id, with_notes=True)
        assert seen is not None
        assert (seen.stock_notes, seen.lines[0].reduced, seen.lines[0].moved) == (1, 2, -2)

    def test_cancelling_gives_the_stock_back_once(self, counter: Counter) -> None:
        product = counter.product()
        made = counter.shop.reserve(counter.sale(counter.line(product, 2)))
        for _ in range(2):
            cancelled = counter.shop.cancel(made.order_id)
            assert (cancelled.status, cancelled.lines[0].reduced) == (OrderStatus.CANCELLED, None)
        assert counter.stock(product["id"]) == 20
        seen = counter.shop.order(made.order_id, with_notes=True)
        assert seen is not None
        assert (seen.stock_notes, seen.lines[0].reduced, seen.lines[0].moved) == (1, None, 0)

    def test_the_notes_tell_what_cancels_that_meet_gave_back_however_often_it_was(
        self, counter: Counter
    ) -> None:
        products = [counter.product(name=name) for name in ("Mug, blue: big", "Mug")]
        _, (small, _) = counter.variable(["S", "M"])
        sold = [*(counter.line(each, 2) for each in products), counter.line(small)]
        for _ in range(4):
            before = [counter.stock(each["id"]) for each in products]
            made = counter.shop.reserve(counter.sale(*sold))
            shops = [counter.again() for _ in range(2)]
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda shop, made=made: cancelled_somehow(shop, made.order_id), shops))
            cancelled_somehow(counter.shop, made.order_id)
            seen = counter.shop.order(made.order_id, with_notes=True)
            assert seen is not None
            surplus = [counter.stock(each["id"]) - was for each, was in zip(products, before, strict=True)]
            assert seen.status is OrderStatus.CANCELLED
            assert [line.moved for line in seen.lines] == [*surplus, surplus[0] // 2]

    def test_a_sale_is_found_by_its_name_with_all_its_twins(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product()))
        other = counter.shop.reserve(counter.sale(counter.line(counter.product())))
        made = [counter.shop.reserve(completed) for _ in range(2)]
        found = counter.shop.find(completed.sale.sale_id, long_ago())
        assert [each.order_id for each in found] == [each.order_id for each in made]
        assert other.order_id not in [each.order_id for each in found]
        assert all(each.is_whole and each.sale_id == completed.sale.sale_id for each in found)

    def test_a_sale_that_was_never_told_is_not_found(self, counter: Counter) -> None:
        counter.shop.reserve(counter.sale(counter.line(counter.product())))
        assert counter.shop.find(uuid.uuid4().hex, long_ago()) == []

    def test_an_order_that_is_not_there_is_none(self, counter: Counter) -> None:
        assert counter.shop.order(999_999_999) is None

    def test_a_commit_of_an_order_that_is_not_there_is_refused(self, counter: Counter) -> None:
        with pytest.raises(RefusedError):
            counter.shop.commit(999_999_999)

    def test_the_time_the_tenders_and_the_cashier_go_with_the_sale(self, counter: Counter) -> None:
        completed = counter.sale(counter.line(counter.product()), cash_given=2000)
        made = counter.shop.commit(counter.shop.reserve(completed).order_id)
        raw = counter.owner.read(f"/wc/v3/orders/{made.order_id}")
        meta = {each["key"]: each["value"] for each in raw["meta_data"]}
        assert raw["date_paid_gmt"] == "2026-11-19T10:11:12"
        assert meta["till_sold_at"] == at().strftime("%Y-%m-%dT%H:%M:%SZ")
        assert (meta["till_receipt_number"], meta["till_cashier"]) == ("T1-000123", "Marta")
        assert json.loads(meta["till_tenders"])[0]["given"] == "20.00"
        assert meta["_cash_change_amount"] == "10.20"
        assert raw["payment_method"] == "till_cash"

    def test_the_shop_sells_below_zero_and_says_so(self, counter: Counter) -> None:
        product = counter.product(stock_quantity=1)
        counter.shop.reserve(counter.sale(counter.line(product, 3)))
        assert counter.stock(product["id"]) == -2

    def test_a_variation_takes_its_own_stock(self, counter: Counter) -> None:
        parent, (small, medium) = counter.variable(["S", "M"])
        made = counter.shop.reserve(counter.sale(counter.line(small, 2)))
        assert (made.lines[0].product_id, made.lines[0].parent_id) == (small["id"], parent["id"])
        path = f"/wc/v3/products/{parent['id']}/variations"
        counts = [counter.owner.read(f"{path}/{each['id']}")["stock_quantity"] for each in (small, medium)]
        assert counts == [8, 10]

    def test_a_shared_count_is_taken_from_the_parent(self, counter: Counter) -> None:
        parent, (small, _) = counter.variable(["S", "M"], manage_stock=True, stock_quantity=6)
        counter.shop.reserve(counter.sale(counter.line(small, 2)))
        assert counter.stock(parent["id"]) == 4

    def test_something_that_the_catalogue_does_not_know_is_sold_with_its_pieces(
        self, counter: Counter
    ) -> None:
        tax = counter.tax()
        rate = tax.rate("reduced-rate")
        thing = SaleLine(1, "Old mirror", 3, 1999, "reduced-rate", rate.rate_ppm, barcode="000123")
        known = counter.line(counter.product(), tax=tax)
        completed = counter.sale(thing, known, tax=tax)
        made = counter.shop.reserve(completed)
        assert [(line.product_id, line.name, line.quantity) for line in made.lines][0] == (
            None,
            "Old mirror",
            3,
        )
        assert (made.is_whole, made.difference_minor) == (True, 0)

    def test_a_product_deleted_since_it_was_sold_refuses_nothing(self, counter: Counter) -> None:
        product = counter.product()
        line = counter.line(product)
        counter.owner.remove(f"/wc/v3/products/{product['id']}")
        made = counter.shop.reserve(counter.sale(line))
        assert (made.is_whole, made.lines[0].product_id) == (True, None)

    def test_a_product_that_is_not_taxed_is_sold_without_tax(self, counter: Counter) -> None:
        product = counter.product(tax_status="none")
        products, _, _ = counter.pull(None)
        pulled = products[product["id"]]
        line = counter.line(product)
        untaxed = replace(
            line, tax_class=pulled.tax_class, rate_ppm=counter.tax().rate(pulled.tax_class).rate_ppm
        )
        completed = counter.sale(untaxed)
        made = counter.shop.reserve(completed)
        assert made.total_minor == completed.sale.total_minor == 980

    def test_a_quantity_of_nothing_breaks_the_shop_and_is_told_from_a_lost_network(
        self, counter: Counter
    ) -> None:
        line = replace(counter.line(counter.product()), quantity=0)
        with pytest.raises(ShopFailedError):
            counter.shop.reserve(counter.sale(line))

    def test_a_tax_that_changed_since_the_sale_is_shown_and_not_hidden(self, counter: Counter) -> None:
        tax = counter.tax()
        line = replace(counter.line(counter.product(), 5), rate_ppm=90_000)
        completed = counter.sale(line, tax=tax)
        with pytest.raises(WrongTotalError) as raised:
            counter.again().reserve(completed)  # it has not asked for the shop's rates of now
        order = raised.value.order
        assert (order.sale_id, order.is_whole, order.status) == (
            completed.sale.sale_id,
            False,
            OrderStatus.RESERVED,
        )

    def test_where_the_new_tax_is_known_the_order_comes_to_what_was_paid(self, counter: Counter) -> None:
        line = replace(counter.line(counter.product(), 5), rate_ppm=90_000)
        completed = counter.sale(line, tax=counter.tax())
        made = counter.shop.reserve(completed)
        assert made.is_whole
        assert made.total_minor == completed.sale.total_minor

    def test_who_bought_the_same_unit_is_found(self, counter: Counter) -> None:
        product = counter.product(stock_quantity=1)
        web = counter.owner.write(
            "/wc/v3/orders",
            {"status": "processing", "billing": {"first_name": "Niamh", "last_name": "Byrne"},
             "line_items": [{"product_id": product["id"], "quantity": 1}]},
        )  # fmt: skip
        ours = counter.shop.reserve(counter.sale(counter.line(product)))
        found = counter.shop.orders_for(product["id"], long_ago())
        assert [each.order_id for each in found] == [ours.order_id, web["id"]]
        assert (found[1].customer, found[1].sale_id, found[1].status) == (
            "Niamh Byrne",
            None,
            OrderStatus.PROCESSING,
        )

    def test_who_bought_the_same_variation_is_found(self, counter: Counter) -> None:
        parent, (small, medium) = counter.variable(["S", "M"])
        ours = [counter.shop.reserve(counter.sale(counter.line(each))) for each in (small, medium)]
        found = counter.shop.orders_for(small["id"], long_ago(), parent_id=parent["id"])
        assert [each.order_id for each in found] == [ours[0].order_id]
        both = counter.shop.orders_for(parent["id"], long_ago())
        assert len(both) == 2

    def test_a_note_is_left_on_an_order_and_is_no_taking(self, counter: Counter) -> None:
        made = counter.shop.reserve(counter.sale(counter.line(counter.product())))
        counter.shop.note(made.order_id, "One unit was sold twice: the till's customer has it.")
        notes = counter.owner.page(f"/wc/v3/orders/{made.order_id}/notes", {}).items
        assert any("sold twice" in each["note"] for each in notes)
        seen = counter.shop.order(made.order_id, with_notes=True)
        assert seen is not None
        assert seen.stock_notes == 1
