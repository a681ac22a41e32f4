"""Orders, coupons and customers on the till, and a first load that goes on where it broke off."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from appliance.demo.shop.database import ShopDatabase
from appliance.shops.contract import ChangesPage
from appliance.storage.facts import FirstLoad, ShopFacts
from tests.sync.test_numbers import edit
from tests.sync.test_poison import download_from, rounds

if TYPE_CHECKING:
    from appliance.domain.web_orders import WebOrder
    from tests.sync.conftest import Counter


def bought(counter: Counter) -> WebOrder | None:
    orders = counter.service.download.mirror.orders.among(range(1, 500))
    return next((each for each in orders if each.customer == "Niamh Byrne"), None)


def until(counter: Counter, is_so: Callable[[], bool]) -> None:
    for _ in range(6):
        if not is_so():
            rounds(counter, 1)
    assert is_so()


def test_a_web_order_is_followed_until_it_is_deleted(counter: Counter) -> None:
    rounds(counter, 12)
    counter.buy_online("1209", "Niamh Byrne")
    rounds(counter, 3)
    order = bought(counter)
    assert order is not None
    assert (order.status, order.is_gone) == ("processing", False)
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write(
        "UPDATE shop_order SET status = 'trash', modified = ? WHERE id = ?", (shop.stamp(), order.order_id)
    )
    shop.close()
    rounds(counter, 14)
    thrown = bought(counter)
    assert thrown is not None
    assert thrown.status == "trash"
    edit(counter, f"DELETE FROM shop_order WHERE id = {order.order_id}")
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 30)
    gone = bought(counter)
    assert gone is not None
    assert gone.is_gone


def test_a_status_that_was_written_past_the_dates_is_known_after_the_night(counter: Counter) -> None:
    rounds(counter, 12)
    counter.buy_online("1209", "Niamh Byrne")
    rounds(counter, 3)
    edit(counter, "UPDATE shop_order SET status = 'completed'")
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 30)
    order = bought(counter)
    assert order is not None
    assert order.status == "completed"


def test_no_customer_can_be_read_in_the_tills_file(counter: Counter) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    body = {"email": "ann@example.test", "first_name": "Annabel", "last_name": "Lee", "username": "ann"}
    shop.insert("customer", body=json.dumps(body), created=shop.stamp())
    shop.close()
    counter.buy_online("1209", "Niamh Byrne")
    rounds(counter, 24)
    mirror = counter.service.download.mirror
    (customer_id,) = mirror.customers.ids()
    customer = mirror.customers.get(customer_id)
    assert customer is not None
    assert json.loads(customer.body)["first_name"] == "Annabel"
    assert bought(counter) is not None
    counter.database.checkpoint()
    raw = b"".join(each.read_bytes() for each in counter.database.path.parent.glob("till.db*"))
    assert b"Annabel" not in raw
    assert b"Niamh" not in raw


def test_a_coupon_is_kept_with_its_rules_until_it_is_deleted(counter: Counter) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    body = json.dumps({"code": "TEN", "amount": "10.00"})
    coupon = {"status": "publish", "body": body, "created": shop.stamp(), "modified": shop.stamp()}
    shop.insert("coupon", id=9001, **coupon)
    shop.close()
    rounds(counter, 24)
    found = counter.service.download.mirror.coupons.find("ten")
    assert found is not None
    assert json.loads(found.body)["amount"] == "10.00"
    edit(counter, "DELETE FROM coupon")
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 20)
    assert counter.service.download.mirror.coupons.find("ten") is None


def test_a_first_load_shows_how_far_it_is_sells_meanwhile_and_goes_on_where_it_broke_off(
    counter: Counter,
) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    row = dict(shop.rows("SELECT * FROM product WHERE sku = '331'")[0])
    for number in range(230):
        product_id = shop.new_post("product")
        shop.insert(
            "product", **(row | {"id": product_id, "sku": uuid.uuid4().hex, "name": f"Nail {number}"})
        )
    shop.close()
    facts = ShopFacts(counter.database)
    facts.set_cursor(None)
    real, asked = counter.service.download.shop, list[str | None]()

    def changes(cursor: str | None) -> Iterator[ChangesPage]:
        """Breaks off after a page, twice."""
        asked.append(cursor)
        yield from islice(real.changes(cursor), 1 if len(asked) < 3 else None)
        if len(asked) < 3:
            raise KeyError("the till goes off")

    download_from(counter, changes=changes)
    total = 230 + 36
    until(counter, lambda: len(asked) == 1)
    assert facts.first_load() == FirstLoad(100, total)
    counter.sell(p331=1)
    until(counter, lambda: len(asked) == 2)
    assert facts.first_load() == FirstLoad(200, total)
    until(counter, lambda: len(asked) >= 3)
    assert facts.first_load() is None
    assert asked[0] is None
    assert len(set(asked[:3])) == 3, "each goes on where the one before broke off"
    assert counter.catalogue.count() == total
