"""The demo's shop keeps WooCommerce's traps where money goes back, and where a twin is cancelled."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.demo.shop.server import DemoShop
from appliance.shops.contract import OrderStatus, ShopRefund, UnknownOutcomeError
from tests.shops.contract_refunds import back, sold, told
from tests.shops.counter import Counter

Connect = Callable[..., Counter]


@pytest.fixture
def slow_shop(tmp_path: Path) -> Iterator[DemoShop]:
    """A shop that takes a while between looking and acting."""
    with DemoShop(tmp_path / "slow.db") as shop:
        yield shop


def test_a_till_that_gives_up_leaves_a_refund_that_only_its_reason_names_for_a_while(
    slow_shop: DemoShop, connect: Connect
) -> None:
    patient, hasty = connect(slow_shop.url), connect(slow_shop.url, deadline=0.5)
    product = patient.product()
    completed = patient.sale(patient.line(product))
    order_id, refund = sold(patient, completed), back(completed, {1: 1})
    slow_shop.work_seconds = 0.4
    with pytest.raises(UnknownOutcomeError):
        hasty.shop.refund(order_id, refund)
    slow_shop.work_seconds = 0.0
    seen = set[tuple[bool, bool]]()
    end = time.monotonic() + 10
    while (found := patient.shop.refunds(order_id)) == [] or not found[0].is_whole:
        seen |= {(each.till_refund_id == refund.refund.refund_id, each.is_whole) for each in found}
        assert time.monotonic() < end
    assert seen == {(True, False)}
    assert len(patient.shop.refunds(order_id)) == 1
    assert patient.stock(product["id"]) == 20


def test_two_over_the_whole_at_once_are_both_made_and_the_stock_comes_back_twice(
    slow_shop: DemoShop, connect: Connect
) -> None:
    counter = connect(slow_shop.url)
    product = counter.product()
    completed = counter.sale(counter.line(product, 2))
    order_id, refund = sold(counter, completed), back(completed, {1: 2})
    slow_shop.work_seconds = 0.3
    shops = [connect(slow_shop.url).shop for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        made: list[ShopRefund | None] = list(pool.map(lambda shop: told(shop, order_id, refund), shops))
    assert [each.total_minor for each in made if each] == [1960, 1960]
    assert counter.stock(product["id"]) == 22


def test_two_cancels_at_once_give_the_stock_back_twice_and_the_notes_tell(
    slow_shop: DemoShop, connect: Connect
) -> None:
    counter = connect(slow_shop.url)
    product, other = counter.product(), counter.product(name="Mug")
    made = counter.shop.reserve(counter.sale(counter.line(product, 2), counter.line(other)))
    slow_shop.work_seconds = 0.3
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(lambda shop: shop.cancel(made.order_id), [connect(slow_shop.url).shop for _ in range(2)])
        )
    assert [counter.stock(each["id"]) for each in (product, other)] == [22, 21]
    seen = counter.shop.order(made.order_id, with_notes=True)
    assert seen is not None
    assert seen.status is OrderStatus.CANCELLED
    assert [(each.reduced, each.moved) for each in seen.lines] == [(None, 2), (None, 1)]


def test_a_twin_is_cancelled_by_way_of_pending_which_holds_nothing(
    demo_shop: DemoShop, connect: Connect
) -> None:
    counter = connect(demo_shop.url)
    product = counter.product()
    completed = counter.sale(counter.line(product, 2))
    made = counter.shop.reserve(completed)
    counter.owner.write(
        f"/wc/v3/orders/{made.order_id}", {"status": "pending"}
    )  # and the till's power is cut
    (half,) = counter.shop.find(completed.sale.sale_id, datetime.now(UTC) - timedelta(hours=1))
    assert (half.status, half.is_whole, counter.stock(product["id"])) == (OrderStatus.PENDING, False, 20)
    assert counter.shop.cancel(made.order_id).status is OrderStatus.CANCELLED
    assert counter.stock(product["id"]) == 20
    asked = [
        path for method, path in demo_shop.requests if method == "POST" and path.endswith(str(made.order_id))
    ]
    assert len(asked) == 3
