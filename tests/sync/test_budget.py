"""What a till costs a cheap host: requests and bytes of an idle hour, of a sale, of a web sale, of a first load.

The figures stand in the README. Bytes are those of both directions, above the encryption; an answer's headers are
counted as a real WooCommerce sends them, for the demo's shop sends fewer.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from appliance.demo.goods import GOODS
from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.demo.shopper import buy_online
from appliance.domain.money import currency
from appliance.domain.web_orders import WebOrder
from appliance.shops.http import HttpAnswer, HttpClient
from appliance.shops.woocommerce import WooCommerce
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.sync.due import Part
from appliance.sync.service import Service
from tests.sync.conftest import Clock, Counter, Machine, build_service

HEADERS: Final = 630
"""Of an answer of WordPress 6.9 with WooCommerce 9.9.5 behind nginx, the median of those that were recorded."""

HOURS: Final = 3

SIGNED: Final = 240
"""What OAuth's signature adds to a request over http beyond Basic's header over https."""


class CountingHttp(HttpClient):
    """Our HTTP client, with a count of requests and bytes."""

    requests = sent = received = 0
    paths: list[str]

    def request(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        answer = super().request(method, target, headers, body)
        self.requests += 1
        self.sent += len(target) - SIGNED + 290 + len(body or b"")
        self.received += HEADERS + len(answer.body)
        self.paths.append(f"{method} {target.partition('?')[0]}")
        return answer

    def begin(self) -> None:
        self.requests = self.sent = self.received = 0
        self.paths = []


@dataclass(slots=True)
class Till:
    shop: DemoShop
    http: CountingHttp
    service: Service
    counter: Counter

    def live(self, span: timedelta) -> None:
        """Let so much time pass; a round whenever it is due."""
        clock = self.counter.clock
        end = clock() + span
        while clock() < end:
            at = self.service.round(force=False)
            clock.ahead += max(min(at, end) - clock(), timedelta(seconds=0.5))


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    """A till of the default settings, whose morning is over."""
    yield from opened(tmp_path, 60.0)


def opened(folder: Path, poll_seconds: float) -> Iterator[Till]:
    clock = Clock()
    shop = DemoShop(folder / "shop.db", now=lambda: clock().timestamp())
    fill(shop.database)
    with shop, Database.open(folder / "till.db", now=clock) as database:
        Identity(database).create("71" * 16, "T1", "EUR")
        http = CountingHttp(shop.url, deadline_seconds=5.0)
        http.begin()
        woocommerce = WooCommerce(
            http, KEY, SECRET, currency("EUR"), now=clock, new_id=lambda: uuid.uuid4().hex
        )
        machine = Machine()
        service = build_service(woocommerce, database, clock, machine)
        service.looking.poll = timedelta(seconds=poll_seconds)
        counter = Counter(folder / "shop.db", shop.url, None, database, clock, service, machine)  # type: ignore[arg-type]
        yield Till(shop, http, service, counter)
        http.close()


def test_an_idle_hour_costs_a_small_request_a_minute_with_all_parts_included(till: Till) -> None:
    till.live(timedelta(hours=2))
    till.http.begin()
    till.live(timedelta(hours=HOURS))
    http = till.http
    each = [count // HOURS for count in (http.requests, http.sent, http.received)]
    print("idle hour: {} requests, {} B sent, {} B received".format(*each))
    assert http.requests <= HOURS * 60
    assert http.received <= HOURS * 60 * 1024
    asked = {path.rpartition("/")[2] for path in http.paths}
    assert {"products", "orders", "stock", "taxes", "categories", "coupons", "customers"} <= asked


def test_a_sale_costs_two_requests_and_the_look_at_what_it_left(till: Till) -> None:
    till.live(timedelta(minutes=30))
    till.http.begin()
    till.counter.sell(p331=1, p402=2)
    till.service.round(force=False)
    http = till.http
    print(f"sale: {http.requests} requests, {http.sent} B sent, {http.received} B received", http.paths)
    assert http.requests <= 4
    assert http.sent + http.received <= 16 * 1024


def test_a_hundred_sales_at_once_share_their_looks(till: Till) -> None:
    till.live(timedelta(minutes=30))
    till.http.begin()
    for _ in range(25):
        till.counter.sell(p331=1)
    till.service.round(force=False)
    assert till.http.requests <= 2 * 25 + 4


@pytest.mark.parametrize(
    "is_odd", [False, True], ids=["after a look for the rest", "after a look for products"]
)
def test_a_web_sale_is_seen_within_ten_seconds_where_each_five_are_allowed(
    tmp_path: Path, is_odd: bool
) -> None:
    """Also when it comes just after one of the looks, and the next is for something that is seldom looked at."""
    for till in opened(tmp_path, 5.0):
        looking = till.service.looking
        for number in range(8):
            till.live(timedelta(seconds=0.5))
            while looking.is_odd is not is_odd:
                till.live(timedelta(seconds=0.5))
            looking.parts.due.put_off(Part.STOCK, looking.now(), timedelta(0))
            before = till.counter.product("1209").on_hand
            assert before is not None
            buy_online(till.shop.url, "1209", f"Niamh {number}")
            till.live(timedelta(seconds=9.5))
            assert till.counter.product("1209").on_hand == before - 1
            (order,) = orders_of(till, f"Niamh {number}")
            assert [line.reduced for line in order.lines] == [1]


def orders_of(till: Till, customer: str) -> list[WebOrder]:
    """A customer's orders that the till knows."""
    return [
        each for each in till.service.download.mirror.orders.among(range(1, 500)) if each.customer == customer
    ]


def test_a_mass_edit_is_read_once_or_twice_and_not_for_minutes(till: Till) -> None:
    till.live(timedelta(minutes=30))
    till.shop.database.write("UPDATE product SET modified = ?", (till.shop.database.stamp(),))
    till.http.begin()
    till.live(timedelta(minutes=12))
    bodies = [path for path in till.http.paths if path.endswith("/products")]
    print(
        f"{len(GOODS)} products edited at once: {len(bodies)} questions, {till.http.received} B in 12 minutes"
    )
    assert till.http.received <= len(GOODS) * 700 * 2 + 15 * 1024


def test_a_shop_that_answers_slowly_is_asked_less_often(till: Till) -> None:
    backoff, poll = till.service.backoff, timedelta(seconds=5)
    waits = [backoff.until_next_look(poll, timedelta(seconds=took)) for took in (0.1, 2.0, 20.0, 600.0)]
    assert poll <= waits[0] <= poll * 1.15
    assert timedelta(seconds=20) <= waits[1] <= timedelta(seconds=23)
    assert timedelta(seconds=200) <= waits[2] <= timedelta(seconds=230)
    assert timedelta(minutes=5) <= waits[3] <= timedelta(minutes=5.75)
