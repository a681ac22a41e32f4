"""What the service brings up and down, over real HTTP, with the network as it is."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from appliance.domain.sale import Sale, SaleLine
from appliance.shops.contract import ShopError
from appliance.storage.facts import ShopFacts

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


def test_the_first_round_brings_the_whole_catalogue_with_prices_tax_and_stock(counter: Counter) -> None:
    mug = counter.product("1209")
    assert (mug.name, mug.price_minor, mug.on_hand, mug.number) == (
        "Enamel mug, forest green",
        1290,
        48,
        1209,
    )
    assert counter.catalogue.tax_rules().rate("reduced-rate").rate_ppm == 135_000
    assert counter.catalogue.tax_rules().prices_include_tax
    assert "Kitchen" in [category.name for category in counter.catalogue.categories()]


def test_a_sale_reaches_the_shop_once_with_its_total_and_takes_its_stock(counter: Counter) -> None:
    sale_id = counter.sell(p331=1, p402=2, p55=1)
    assert counter.product("402").on_hand == 88
    counter.service.run_once()
    books = counter.books()
    assert books.till_orders == ((sale_id, 2490 + 2 * 875 + 650),)
    assert (books.stock["331"], books.stock["402"], books.stock["55"]) == (15, 88, 34)
    assert counter.product("402").on_hand == 88
    assert counter.outbox.counts().sent == 1


def test_a_round_with_nothing_new_tells_nothing_twice(counter: Counter) -> None:
    counter.sell(p331=1)
    for _ in range(3):
        counter.service.run_once()
        counter.clock.ahead += timedelta(minutes=20)
    assert len(counter.books().till_orders) == 1
    assert counter.outbox.unchecked(counter.clock()) == []


def test_sales_made_without_a_network_go_up_oldest_first_when_it_is_back(counter: Counter) -> None:
    counter.network.mode = "refuse"
    sold = [counter.sell(p347=1) for _ in range(5)]
    with pytest.raises(ShopError):
        counter.service.run_once()
    assert counter.outbox.counts().due == 5
    counter.network.mode = "up"
    counter.service.run_once()
    assert [sale_id for sale_id, _ in counter.books().till_orders] == sold


@pytest.mark.parametrize("mode", ["html", "500", "half", "nothing", "late"])
def test_a_network_that_lies_loses_and_doubles_nothing(counter: Counter, mode: str) -> None:
    counter.sell(p331=1)
    counter.network.mode = mode
    for _ in range(2):
        counter.sell(p402=1)
        with pytest.raises(ShopError):
            counter.service.run_once()
        counter.clock.ahead += timedelta(minutes=1)
    counter.network.mode = "up"
    counter.clock.ahead += timedelta(minutes=10)
    counter.service.run_once()
    assert counter.outbox.counts().sent == 3
    for _ in range(3):
        counter.clock.ahead += timedelta(minutes=16)
        counter.service.run_once()
    books = counter.books()
    assert (len(books.till_orders), books.doubled, books.unfinished) == (3, 0, 0)
    assert (books.stock["331"], books.stock["402"]) == (15, 88)


def test_a_sale_that_breaks_the_shop_is_parked_and_never_holds_up_the_next(counter: Counter) -> None:
    counter.record(poison(counter))
    after = counter.sell(p331=1)
    for _ in range(10):
        counter.service.run_once()
        counter.clock.ahead += timedelta(minutes=6)
    assert after in counter.books().sale_ids
    (parked,) = [each for each in counter.outbox.waiting() if each.entry.state == "parked"]
    assert parked.entry.reason


def poison(counter: Counter) -> Sale:
    """A sale that the shop refuses: it has no such tax class."""
    line = SaleLine(0, "Odd", 1, 100, "no-such-class", 0, product_id=counter.product("331").product_id)
    return Sale(uuid.uuid4().hex, counter.clock(), counter.catalogue.tax_rules()).add(line)


def test_a_price_changed_in_the_shop_comes_down_with_the_next_look(counter: Counter) -> None:
    mug = counter.product("1209")
    counter.buy_online("1209", "Niamh Byrne")
    counter.clock.ahead += timedelta(minutes=2)
    counter.service.run_once()
    assert mug.on_hand is not None
    assert counter.product("1209").on_hand == mug.on_hand - 1


def test_the_last_unit_sold_on_both_sides_is_found_with_both_parties(counter: Counter) -> None:
    counter.network.mode = "refuse"
    sale_id = counter.sell(p640=1)
    counter.buy_online("640", "Niamh Byrne")
    counter.network.mode = "up"
    counter.service.run_once()
    (unit,) = counter.oversold.open()
    assert (unit.sale_id, unit.customer, unit.units) == (sale_id, "Niamh Byrne", 1)
    assert unit.product_name == "Wool blanket, moss"
    counter.clock.ahead += timedelta(minutes=20)
    counter.service.run_once()
    assert len(counter.oversold.all()) == 1


def test_being_lost_and_being_back_is_logged_once_each(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    counter.network.mode = "refuse"
    counter.sell(p331=1)
    for _ in range(3):
        counter.service.round(force=False)
    assert not ShopFacts(counter.database).contact().reachable
    counter.network.mode = "up"
    for _ in range(3):
        counter.service.round(force=True)
    assert ShopFacts(counter.database).contact().reachable
    words = [record.message for record in caplog.records]
    assert sum("out of reach" in each for each in words) == 1
    assert sum("is back" in each for each in words) == 1


def test_an_idle_hour_costs_at_most_one_request_a_minute(counter: Counter) -> None:
    before = counter.network.connections
    for _ in range(60 * 4):
        counter.clock.ahead += timedelta(seconds=15)
        counter.service.run_once()
    assert counter.network.connections - before <= 60


def test_what_was_put_off_while_the_network_came_and_went_goes_up_when_it_is_back(counter: Counter) -> None:
    counter.network.mode = "half"
    counter.sell(p331=1)
    for _ in range(5):
        counter.service.round(force=False)
        counter.clock.ahead += timedelta(minutes=6)
    (entry,) = [each.entry for each in counter.outbox.waiting()]
    assert entry.next_try_at is not None
    counter.clock.ahead = entry.next_try_at - counter.clock() + counter.clock.ahead - timedelta(seconds=30)
    counter.network.mode = "up"
    assert counter.service.round(force=False) <= counter.clock(), "the next round comes at once"
    counter.service.round(force=False)
    assert counter.outbox.counts().sent == 1
