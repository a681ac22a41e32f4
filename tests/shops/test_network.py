"""What the till makes of each way in which the network to the shop can fail."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from appliance.demo.network import MODES, Network
from appliance.demo.shop.server import DemoShop
from appliance.shops.contract import NotOurShopError, ShopError, UnknownOutcomeError, UnreachableError
from tests.shops.counter import Counter


@pytest.fixture
def network(demo_shop: DemoShop) -> Iterator[Network]:
    with Network.in_front_of(demo_shop.url) as cable:
        cable.late_seconds = 0.3
        yield cable


@pytest.fixture
def counter(network: Network, connect: Callable[..., Counter]) -> Counter:
    return connect(network.url, deadline=1.0)


def orders_of(counter: Counter, sale_id: str) -> int:
    return len(counter.shop.find(sale_id, datetime.now(UTC) - timedelta(hours=1)))


@pytest.mark.parametrize(
    ("mode", "error", "made"),
    [
        ("refuse", UnreachableError, 0),
        ("html", NotOurShopError, 0),
        ("500", NotOurShopError, 0),
        ("half", UnknownOutcomeError, 1),
        ("nothing", UnknownOutcomeError, 0),
        ("late", UnknownOutcomeError, 0),
    ],
)
def test_each_failure_has_its_error_and_leaves_what_it_leaves(
    network: Network, counter: Counter, mode: str, error: type[ShopError], made: int
) -> None:
    completed = counter.sale(counter.line(counter.product()))
    network.mode = mode
    with pytest.raises(error) as raised:
        counter.shop.reserve(completed)
    assert type(raised.value) is error
    network.mode = "up"
    assert orders_of(counter, completed.sale.sale_id) == made


def test_a_late_request_makes_its_order_after_the_till_gave_up(network: Network, counter: Counter) -> None:
    completed = counter.sale(counter.line(counter.product()))
    network.mode = "late"
    with pytest.raises(UnknownOutcomeError):
        counter.shop.reserve(completed)
    network.mode = "up"
    end = time.monotonic() + 10
    while not orders_of(counter, completed.sale.sale_id):
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_network_that_comes_back_is_used_at_once(network: Network, counter: Counter) -> None:
    for mode in ("refuse", "nothing", "refuse", "html"):
        network.mode = mode
        with pytest.raises(ShopError):
            counter.shop.facts()
        network.mode = "up"
        assert counter.shop.facts().currency == "EUR"


def test_a_mixture_is_chosen_for_each_connection(
    demo_shop: DemoShop, connect: Callable[..., Counter]
) -> None:
    kinds = iter(["500", "up"])
    network = Network(int(demo_shop.url.rsplit(":", 1)[1]), pick=lambda: next(kinds)).start()
    counter = connect(network.url)
    with pytest.raises(NotOurShopError):
        counter.shop.order(1)
    assert counter.shop.order(1) is None
    assert network.connections == 2
    network.stop()


def test_a_mode_that_does_not_exist_is_refused(network: Network) -> None:
    with pytest.raises(ValueError, match=MODES[0]):
        network.mode = "nonsense"
