"""The demo's shop keeps WooCommerce's traps, and sells to strangers on its page."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import urlopen

import pytest

from appliance.demo.goods import GOODS
from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.shops import woocommerce_auth as auth
from appliance.shops.contract import OrderStatus, UnauthorisedError, UnknownOutcomeError
from tests.shops.counter import Counter, Owner

Connect = Callable[..., Counter]


@pytest.fixture
def counter(demo_shop: DemoShop, connect: Connect) -> Counter:
    return connect(demo_shop.url)


@pytest.fixture
def slow_shop(tmp_path: Path) -> Iterator[DemoShop]:
    """A shop that takes a tenth of a second between looking and acting."""
    with DemoShop(tmp_path / "slow.db", work_seconds=0.1) as shop:
        yield shop


def order(owner: Owner, product_id: int, status: str, quantity: int = 1, **more: object) -> int:
    body = {"status": status, "line_items": [{"product_id": product_id, "quantity": quantity}], **more}
    return int(owner.write("/wc/v3/orders", body)["id"])


def complete_at_once(shop: DemoShop, connect: Connect, order_id: int, times: int) -> None:
    tills = [connect(shop.url) for _ in range(times)]
    with ThreadPoolExecutor(times) as pool:
        list(pool.map(lambda till: till.shop.commit(order_id), tills))


def test_overlapping_completions_of_a_pending_order_take_stock_several_times(
    slow_shop: DemoShop, connect: Connect
) -> None:
    counter = connect(slow_shop.url)
    product = counter.product()
    order_id = order(counter.owner, product["id"], "pending")
    complete_at_once(slow_shop, connect, order_id, 4)
    assert counter.stock(product["id"]) < 19
    seen = counter.shop.order(order_id, with_notes=True)
    assert seen is not None
    assert seen.lines[0].reduced == 1  # the line does not tell; only the notes do
    assert seen.stock_notes == 20 - counter.stock(product["id"])


def test_overlapping_completions_of_an_order_on_hold_take_nothing_more(
    slow_shop: DemoShop, connect: Connect
) -> None:
    counter = connect(slow_shop.url)
    product = counter.product()
    order_id = order(counter.owner, product["id"], "on-hold")
    complete_at_once(slow_shop, connect, order_id, 4)
    assert counter.stock(product["id"]) == 19


def test_a_till_that_gives_up_leaves_an_order_behind_that_is_half_written_for_a_while(
    slow_shop: DemoShop, connect: Connect
) -> None:
    slow_shop.work_seconds = 0.5
    patient, hasty = connect(slow_shop.url), connect(slow_shop.url, deadline=0.3)
    completed = patient.sale(patient.line(patient.product()))
    with pytest.raises(UnknownOutcomeError):
        hasty.shop.reserve(completed)
    long_ago = datetime.now(UTC) - timedelta(hours=1)
    (half,) = patient.shop.find(completed.sale.sale_id, long_ago)
    assert (half.status, half.is_whole, half.total_minor, half.lines) == (OrderStatus.PENDING, False, 0, ())
    end = datetime.now(UTC) + timedelta(seconds=10)
    while not (found := patient.shop.find(completed.sale.sale_id, long_ago))[0].is_whole:
        assert datetime.now(UTC) < end
    assert found[0].status is OrderStatus.RESERVED


def test_stock_follows_the_status_as_measured(counter: Counter) -> None:
    product = counter.product(stock_quantity=28)
    order_id = order(counter.owner, product["id"], "pending", 2)
    counts = []
    statuses = ("completed", "completed", "processing", "completed", "on-hold", "completed", "pending", "completed",
                "cancelled", "completed", "failed", "completed", "refunded", "completed")  # fmt: skip
    for status in statuses:
        counter.owner.write(f"/wc/v3/orders/{order_id}", {"status": status})
        counts.append(counter.stock(product["id"]))
    assert counts == [26, 26, 26, 26, 26, 26, 28, 26, 28, 26, 26, 26, 26, 26]


def test_a_quantity_below_nothing_puts_stock_in(counter: Counter) -> None:
    product = counter.product()
    order(counter.owner, product["id"], "completed", -1)
    assert counter.stock(product["id"]) == 21


def test_an_order_said_to_have_taken_its_stock_takes_none(counter: Counter) -> None:
    product = counter.product()
    order(
        counter.owner, product["id"], "completed", meta_data=[{"key": "_order_stock_reduced", "value": "yes"}]
    )
    assert counter.stock(product["id"]) == 20


def test_throwing_an_order_away_gives_nothing_back(counter: Counter) -> None:
    product = counter.product()
    for remove in (counter.owner.throw_away, counter.owner.remove):
        remove(f"/wc/v3/orders/{order(counter.owner, product['id'], 'on-hold')}")
    assert counter.stock(product["id"]) == 18


def test_an_unknown_filter_answers_with_every_order(counter: Counter) -> None:
    product = counter.product()
    for _ in range(3):
        order(counter.owner, product["id"], "on-hold")
    for parameters in (
        {"transaction_id": "x"},
        {"meta_key": "till_sale_id", "meta_value": "x"},
        {"number": "1"},
    ):
        assert len(counter.owner.page("/wc/v3/orders", parameters).items) == 3
    assert counter.owner.page("/wc/v3/orders", {"created_via": "till-x"}).items == []


def test_a_list_since_a_second_leaves_out_that_second(tmp_path: Path, connect: Connect) -> None:
    clock = [1_795_000_000.9]
    with DemoShop(tmp_path / "shop.db", now=lambda: clock[0]) as shop:
        counter = connect(shop.url)
        product = counter.product()
        stamp = product["date_modified_gmt"]
        parameters = {"modified_after": stamp, "dates_are_gmt": "true"}
        assert counter.owner.page("/wc/v3/products", parameters).items == []
        clock[0] += 0.2
        counter.owner.write(f"/wc/v3/products/{product['id']}", {})
        assert len(counter.owner.page("/wc/v3/products", parameters).items) == 1


def test_an_amount_with_a_comma_becomes_a_hundred_times_as_much(counter: Counter) -> None:
    product = counter.product()
    line = {"product_id": product["id"], "quantity": 1, "subtotal": "5,00", "total": "5,00"}
    made = counter.owner.write("/wc/v3/orders", {"line_items": [line]})
    assert made["total"] == "500.00"


def test_a_request_that_a_proxy_delivers_twice_is_done_once(demo_shop: DemoShop, counter: Counter) -> None:
    counter.product()
    address = urlsplit(demo_shop.url)
    target = signed_target(demo_shop)
    statuses = []
    for _ in range(2):
        connection = http.client.HTTPConnection(address.hostname or "", address.port)
        connection.request("POST", target, b"{}", {"Content-Type": "application/json"})
        statuses.append(connection.getresponse().status)
        connection.close()
    assert statuses == [201, 401]


def test_a_wrong_secret_is_refused_at_the_till(demo_shop: DemoShop, connect: Connect) -> None:
    with pytest.raises(UnauthorisedError, match="signature"):
        connect(demo_shop.url, secret="cs_wrong").shop.facts()


def test_the_goods_of_the_demo_can_all_be_sold(demo_shop: DemoShop, counter: Counter) -> None:
    fill(demo_shop.database)
    products, removed, _ = counter.pull(None)
    assert {each.sku for each in products.values()} == {good.sku for good in GOODS}
    assert all(each.gtin and each.manages_stock and each.category_ids for each in products.values())
    assert removed == set()
    assert {each.name for each in counter.shop.facts().categories} >= {good.category for good in GOODS}


def signed_target(shop: DemoShop) -> str:
    path = "/wp-json/wc/v3/orders"
    seconds = int(shop.database.now())
    query = auth.signed("POST", shop.url + path, {}, key=KEY, secret=SECRET, seconds=seconds, nonce="once")
    return f"{path}?{auth.query(query)}"


# The page -----------------------------------------------------------------------------------------------------------


def page(url: str, form: dict[str, object] | None = None) -> tuple[int, str, str]:
    data = urlencode(form).encode() if form is not None else None
    try:
        with urlopen(url, data, timeout=10) as answer:
            return answer.status, answer.read().decode(), answer.url
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), url


def test_a_stranger_sees_what_is_left(demo_shop: DemoShop, counter: Counter) -> None:
    counter.product(name="Mug <oat>", stock_quantity=2)
    counter.product(name="Blanket", stock_quantity=0)
    counter.variable(["S"])
    _, text, _ = page(demo_shop.url)
    assert "Mug &lt;oat&gt;" in text
    assert "Only 2 left" in text
    assert "Sold out" in text
    assert "Work apron - S" in text
    assert "€9.80" in text


def test_a_stranger_buys_and_the_till_finds_who_it_was(demo_shop: DemoShop, counter: Counter) -> None:
    product = counter.product()
    form = {"product_id": product["id"], "quantity": 2, "name": "Niamh Byrne"}
    status, text, url = page(f"{demo_shop.url}/buy", form)
    assert status == 200
    assert "/orders?made=" in url
    assert "Niamh Byrne" in text
    (made,) = counter.shop.orders_for(product["id"], datetime.now(UTC) - timedelta(minutes=5))
    assert (made.customer, made.created_via, made.status) == (
        "Niamh Byrne",
        "checkout",
        OrderStatus.PROCESSING,
    )
    assert counter.stock(product["id"]) == 18


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"quantity": 21, "name": "Niamh"}, "Only 20 left"),
        ({"quantity": 1, "name": " "}, "your name"),
        ({"quantity": 0, "name": "Niamh"}, "from 1 to"),
        ({"quantity": "x", "name": "Niamh"}, "from 1 to"),
    ],
)
def test_a_stranger_is_refused_what_cannot_be_sold(
    demo_shop: DemoShop, counter: Counter, form: dict[str, object], words: str
) -> None:
    product = counter.product()
    status, text, _ = page(f"{demo_shop.url}/buy", form | {"product_id": product["id"]})
    assert status == 409
    assert words in text
    assert counter.stock(product["id"]) == 20
    assert counter.owner.page("/wc/v3/orders", {}).items == []


def test_the_last_one_is_sold_to_one_of_many_strangers(demo_shop: DemoShop, counter: Counter) -> None:
    product = counter.product(stock_quantity=1)
    form: dict[str, object] = {"product_id": product["id"], "quantity": 1, "name": "Niamh Byrne"}
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: page(f"{demo_shop.url}/buy", form)[0], range(8)))
    assert sorted(statuses) == [200, *[409] * 7]
    assert counter.stock(product["id"]) == 0


def test_the_orders_page_shows_the_tills_receipts(demo_shop: DemoShop, counter: Counter) -> None:
    counter.shop.commit(counter.shop.reserve(counter.sale(counter.line(counter.product()))).order_id)
    _, text, _ = page(f"{demo_shop.url}/orders")
    assert "Till, receipt T1-000123" in text
    assert re.search(r"completed</td><td class=\"amount\">€9\.80", text)


def test_a_page_that_is_not_there_says_so(demo_shop: DemoShop) -> None:
    assert page(f"{demo_shop.url}/nonsense")[0] == 404
    assert page(f"{demo_shop.url}/buy?product_id=99")[0] == 404
    assert page(f"{demo_shop.url}/page.css")[0] == 200


def test_the_shop_starts_as_a_program_and_says_where_it_is(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "appliance.demo.shop", "--data", str(tmp_path / "shop.db")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as shop:
        assert shop.stdout is not None
        url = json.loads(shop.stdout.readline())["url"]
        assert "Beeswax candles" in page(url)[1]
        shop.terminate()
        assert shop.wait(10) == 0


def test_of_four_claims_at_once_one_holds_though_all_looked_before(
    slow_shop: DemoShop, connect: Connect
) -> None:
    """The losers are told so by another refusal than those who come later, as by the real shop."""
    shops = [connect(slow_shop.url).shop for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda shop, number: shop.claim("5a" * 16, number), shops, range(1, 5)))
    assert len(set(told)) == 1
    kept = slow_shop.database.rows("SELECT name FROM product WHERE sku = ?", ("CLAIM-" + "5a" * 16,))
    assert [row["name"] for row in kept] == [f"Claim of order {told[0].order_id}"]
