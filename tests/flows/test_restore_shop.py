"""A restored till and the online shop: what both have, what one of them has, and what is nowhere."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.domain.money import currency
from appliance.shops.http import HttpClient
from appliance.shops.orders import OrderStatus
from appliance.shops.woocommerce import WooCommerce
from appliance.shops.woocommerce_rest import Rest
from appliance.shops.woocommerce_sales import sales
from appliance.storage.outbox import Outbox
from tests.flows.restoring import LostTill, open_new
from tests.storage.samples import NOON, sale


def now() -> datetime:
    return datetime.now(UTC)


class ToldTill(LostTill):
    """A lost till that had told a shop some of its sales."""

    def __init__(self, folder: Path, shop: DemoShop) -> None:
        super().__init__(folder)
        self.shop_url = shop.url

    def tell(self, *numbers: int, commit: bool = True) -> dict[int, int]:
        """Bring sales to the shop; the orders by the sale's number."""
        with closing(HttpClient(self.shop_url, deadline_seconds=20)) as http:
            shop = WooCommerce(http, KEY, SECRET, currency("EUR"), now=now, new_id=lambda: uuid.uuid4().hex)
            orders = {n: shop.reserve(self.journal.sale(sale(n).sale_id)).order_id for n in numbers}
            if commit:
                for order_id in orders.values():
                    shop.commit(order_id)
        return orders


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[DemoShop]:
    with DemoShop(tmp_path / "shop.db") as running:
        with closing(HttpClient(running.url, deadline_seconds=20)) as http:
            rest = Rest(http, KEY, SECRET, now=now, new_id=lambda: uuid.uuid4().hex)
            rate = {"country": "IE", "rate": "23", "name": "VAT", "class": "standard"}
            rest.write("/wc/v3/taxes", rate)
        yield running


@pytest.fixture
def till(tmp_path: Path, shop: DemoShop) -> Iterator[ToldTill]:
    made = ToldTill(tmp_path, shop)
    yield made
    made.db.close()


def sell(till: ToldTill, first: int, last: int) -> None:
    for number in range(first, last + 1):
        till.sell(number)


def test_all_that_the_shop_holds_is_done_and_is_not_told_again(till: ToldTill) -> None:
    sell(till, 1, 105)
    till.keep()
    orders = till.tell(*range(1, 106))
    code, said = till.restore()
    assert code == 0, said
    assert "105 sales rebuilt; all agree with the shop; 0 sales could be lost." in said
    with open_new(till) as new:
        rows = new.rows("SELECT state, order_id, checked_at IS NOT NULL FROM outbox ORDER BY seq")
        assert rows == [("sent", orders[number], 1) for number in range(1, 106)]
        assert new.rows("SELECT * FROM untold_stock") == []
        assert Outbox(new).due(now(), 9) == []


def test_what_the_shop_does_not_have_yet_goes_there_by_itself(till: ToldTill) -> None:
    sell(till, 1, 6)
    till.keep()
    till.tell(1, 2, 4)
    till.tell(5, commit=False)
    code, said = till.restore()
    assert code == 0
    assert "6 sales rebuilt; 3 agree with the shop; 0 sales could be lost." in said
    assert "go there by themselves: T1-000003, T1-000005, T1-000006." in said
    with open_new(till) as new:
        due = Outbox(new).due(now(), 9)
        assert [(each.receipt_number, each.posted_at) for each in due] == [
            (f"T1-{number:06d}", NOON) for number in (3, 5, 6)
        ]
        assert new.rows("SELECT DISTINCT seq FROM untold_stock ORDER BY seq") == [(4,), (6,), (7,)]


def test_sales_that_only_the_shop_has_and_numbers_that_are_nowhere_are_named(till: ToldTill) -> None:
    """The stick was out for the last five sales; the shop had heard of three of them when the card died."""
    sell(till, 1, 4)
    till.keep()
    sell(till, 5, 9)
    orders = till.tell(1, 2, 3, 4, 5, 6, 8)
    code, said = till.restore()
    assert code == 1
    assert "4 sales rebuilt; all agree with the shop; 1 sale could be lost." in said
    named = ", ".join(f"T1-{number:06d} (order {orders[number]})" for number in (5, 6, 8))
    assert f"In the shop, and not on the stick: {named}." in said
    assert "Neither in the shop nor on the stick, sale or refund: T1-000007." in said


def test_what_somebody_did_with_an_order_later_does_not_bring_the_sale_there_twice(
    till: ToldTill, shop: DemoShop
) -> None:
    sell(till, 1, 2)
    till.keep()
    orders = till.tell(1, 2)
    with closing(HttpClient(shop.url, deadline_seconds=20)) as http:
        rest = Rest(http, KEY, SECRET, now=now, new_id=lambda: uuid.uuid4().hex)
        rest.write(f"/wc/v3/orders/{orders[1]}", {"status": "refunded"})
        pages = list(sales(rest, currency("EUR"), NOON))
        assert [each.status for each in pages[0]] == [OrderStatus.COMMITTED, OrderStatus.COMMITTED]
    code, said = till.restore()
    assert code == 0 and "2 sales rebuilt; all agree" in said


def test_a_shop_that_does_not_answer_leaves_no_till_behind(till: ToldTill) -> None:
    sell(till, 1, 2)
    till.keep()
    till.shop_url = "http://127.0.0.1:9"
    code, said = till.restore()
    assert code == 1 and "restore with --no-shop" in said
    assert list(till.card.iterdir()) == []


def test_orders_of_other_tills_and_of_the_web_are_passed_over(till: ToldTill, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = LostTill(tmp_path / "other")
    with closing(other.db):
        other.journal.series = "T2"
        neighbour = ToldTill.__new__(ToldTill)
        neighbour.shop_url, neighbour.journal = till.shop_url, other.journal
        other.sell(50)
        neighbour.tell(50)
    sell(till, 1, 1)
    till.keep()
    till.tell(1)
    code, said = till.restore()
    assert code == 0 and "1 sale rebuilt; all agree with the shop; 0 sales could be lost." in said
    assert "T2" not in said
