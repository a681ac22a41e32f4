"""What the till makes of each way in which the network to the shop can fail, and that each does what it says."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from appliance.demo.network import MODES, Network
from appliance.demo.network_faults import GROUPS, KINDS
from appliance.demo.shop.server import KEY, SECRET, DemoShop
from appliance.domain.sale import SaleLine
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    OddAnswerError,
    OrderStatus,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from tests.shops.counter import Counter
from tests.shops.signed_again import signing_again

SINCE = datetime.now(UTC) - timedelta(hours=1)
DEADLINE_SECONDS = 0.3
LATE_SECONDS = 0.1
MUCH_LATER_SECONDS = 0.3

FAILURES: dict[str, tuple[type[ShopError] | None, int, int]] = {
    "refuse": (UnreachableError, 0, 0),
    "nothing": (UnknownOutcomeError, 0, 0),
    "reset": (UnknownOutcomeError, 0, 0),
    "html": (NotOurShopError, 0, 0),
    "redirect": (NotOurShopError, 0, 0),
    "mute": (UnknownOutcomeError, 1, 1),
    "done-reset": (UnknownOutcomeError, 1, 1),
    "500-done": (ShopFailedError, 1, 1),
    "502": (NotOurShopError, 1, 1),
    "empty": (UnknownOutcomeError, 1, 1),
    "half": (UnknownOutcomeError, 1, 1),
    "notice": (UnknownOutcomeError, 1, 1),
    "bomb": (NotOurShopError, 1, 1),
    "endless": (NotOurShopError, 1, 1),
    "drip": (UnknownOutcomeError, 1, 1),
    "late": (UnknownOutcomeError, 0, 1),
    "much-later": (UnknownOutcomeError, 0, 1),
    "with-retry": (UnknownOutcomeError, 0, 1),
    "twice": (None, 2, 2),
    "504-late": (NotOurShopError, 0, 1),
    "429": (BusyError, 0, 0),
    "500": (NotOurShopError, 0, 0),
    "503": (BusyError, 0, 0),
    "504": (NotOurShopError, 0, 0),
    "401": (UnauthorisedError, 0, 0),
    "stale": (None, 1, 1),
    "other": (OddAnswerError, 1, 1),
}
"""What a sale meets that is told under each: its error, the orders that are there at once, and later."""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    with DemoShop(tmp_path_factory.mktemp("shop") / "shop.db") as shop:
        yield shop


@pytest.fixture(scope="module")
def direct(shop: DemoShop, connect_module: Callable[..., Counter]) -> Counter:
    """The shop without a cable."""
    return connect_module(shop.url)


@pytest.fixture(scope="module")
def line(direct: Counter) -> SaleLine:
    return direct.line(direct.product(stock_quantity=500))


@pytest.fixture
def network(shop: DemoShop) -> Iterator[Network]:
    with Network.in_front_of(shop.url) as cable:
        cable.again = signing_again(KEY, SECRET)
        cable.road.late_seconds, cable.road.drip_seconds = LATE_SECONDS, 0.01
        cable.road.much_later_seconds = MUCH_LATER_SECONDS
        yield cable


@pytest.fixture
def counter(network: Network, connect: Callable[..., Counter]) -> Counter:
    return connect(network.url, deadline=DEADLINE_SECONDS)


def orders_of(counter: Counter, completed: CompletedSale) -> int:
    return len(counter.shop.find(completed.sale.sale_id, SINCE))


def wait_for_orders(counter: Counter, completed: CompletedSale, wanted: int) -> None:
    end = time.monotonic() + 10
    while orders_of(counter, completed) < wanted:
        assert time.monotonic() < end
        time.sleep(0.02)


def test_there_are_at_least_25_kinds_and_each_says_in_a_sentence_what_it_is_like() -> None:
    assert set(FAILURES) == set(KINDS) == set(MODES) - {"up", "any"}
    assert len(KINDS) >= 25
    assert all(kind.words.endswith(".") and kind.note for kind in KINDS.values())
    assert sum(len(kinds) for kinds in GROUPS.values()) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_its_error_and_leaves_what_it_says(
    network: Network, counter: Counter, direct: Counter, line: SaleLine, kind: str
) -> None:
    error, made, later = FAILURES[kind]
    completed = direct.sale(line)
    counter.shop.reserve(direct.sale(line))  # its answer is what another request may get
    network.mode = kind
    if error is None:
        assert counter.shop.reserve(completed).sale_id == completed.sale.sale_id
    else:
        with pytest.raises(error) as raised:
            counter.shop.reserve(completed)
        assert type(raised.value) is error
    if made == later or kind != "504-late":  # which is late by less than a look at the shop
        assert orders_of(direct, completed) == made
    wait_for_orders(direct, completed, later)
    assert orders_of(direct, completed) == later


def test_a_request_that_waits_for_its_retry_runs_together_with_it(
    network: Network, counter: Counter, direct: Counter, line: SaleLine
) -> None:
    network.road.much_later_seconds = 30.0
    kinds = iter(["with-retry"])
    network.pick = lambda: next(kinds, "up")
    completed = direct.sale(line)
    with pytest.raises(UnknownOutcomeError):
        counter.shop.reserve(completed)
    assert orders_of(counter, completed) == 0, "a question is not the retry"
    counter.shop.reserve(completed)
    wait_for_orders(direct, completed, 2)


def test_a_request_that_is_heard_twice_over_http_is_done_once_and_its_second_answer_is_known(
    network: Network, counter: Counter, direct: Counter, line: SaleLine
) -> None:
    network.again = bytes
    network.mode = "twice"
    completed = direct.sale(line)
    try:
        counter.shop.reserve(completed)
    except UnknownOutcomeError as error:
        assert "twice" in str(error)
    assert orders_of(direct, completed) == 1


def test_a_cache_answers_as_it_was_answered_first(
    network: Network, counter: Counter, direct: Counter, line: SaleLine
) -> None:
    completed = direct.sale(line)
    network.mode = "stale"
    assert orders_of(counter, completed) == 0
    made = counter.shop.reserve(completed)
    assert orders_of(counter, completed) == 0
    order = counter.shop.order(made.order_id)
    counter.shop.commit(made.order_id)
    assert counter.shop.order(made.order_id) == order
    network.mode = "up"
    committed = counter.shop.order(made.order_id)
    assert committed is not None and committed.status is OrderStatus.COMMITTED


def test_an_answer_that_is_another_orders_is_not_believed(
    network: Network, counter: Counter, direct: Counter, line: SaleLine
) -> None:
    one, other = (direct.shop.reserve(direct.sale(line)).order_id for _ in range(2))
    counter.shop.commit(other)
    network.mode = "other"
    with pytest.raises(OddAnswerError, match="another order"):
        counter.shop.order(one)


def test_a_claim_that_is_another_sales_is_not_believed(
    network: Network, counter: Counter, direct: Counter
) -> None:
    winner = direct.shop.claim("5a" * 16, 7)
    other = direct.shop.claim("5b" * 16, 8)
    counter.shop.order(1)
    network.road.others.clear()
    assert counter.shop.claim("5b" * 16, 9) == other
    network.mode = "other"
    with pytest.raises(ShopError):
        counter.shop.claim("5a" * 16, 9)
    network.mode = "up"
    assert counter.shop.claim("5a" * 16, 9) == winner


def test_busy_shops_say_how_long_they_want_to_be_left_alone(network: Network, counter: Counter) -> None:
    for kind, seconds in (("429", 2), ("503", 600)):
        network.mode = kind
        with pytest.raises(BusyError) as raised:
            counter.shop.facts()
        assert raised.value.retry_after_seconds == seconds


def test_a_network_that_comes_back_is_used_at_once(network: Network, counter: Counter) -> None:
    for mode in ("refuse", "nothing", "refuse", "html"):
        network.mode = mode
        with pytest.raises(ShopError):
            counter.shop.facts()
        network.mode = "up"
        assert counter.shop.facts().currency == "EUR"


def test_a_mixture_is_chosen_for_each_request_and_counted(network: Network, counter: Counter) -> None:
    kinds = iter(["500", "up", "refuse", "up", "up"])
    network.pick = lambda: next(kinds, "html")
    with pytest.raises(NotOurShopError):
        counter.shop.order(1)
    assert counter.shop.order(1) is None
    with pytest.raises(UnknownOutcomeError):
        counter.shop.order(1)
    assert counter.shop.order(1) is counter.shop.order(1) is None
    assert network.met == {"500": 1, "up": 3, "refuse": 1}


def test_any_fault_comes_sooner_or_later_and_most_requests_get_through(
    network: Network, connect: Callable[..., Counter]
) -> None:
    counter = connect(network.url, deadline=0.1)
    network.mode = "any"
    for _ in range(25):
        with suppress(ShopError):
            counter.shop.order(1)
    assert network.met["up"] >= 5
    assert len(network.met) >= 3


def test_a_mode_that_does_not_exist_is_refused(network: Network) -> None:
    with pytest.raises(ValueError, match=MODES[0]):
        network.mode = "nonsense"
