"""A clock that was wrong by days or years, and is put right: nothing may wait for it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from appliance.shops.contract import ShopError
from appliance.storage.facts import ShopFacts

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

YEARS = timedelta(days=3650)


class Steps(threading.Event):
    """A stop that lets a service go round a few times, and does something between two rounds."""

    def __init__(self, *between: Callable[[], object]) -> None:
        super().__init__()
        self._between = list(between)

    def wait(self, timeout: float | None = None) -> bool:
        if not self._between:
            self.set()
        else:
            self._between.pop(0)()
        return self.is_set()


def test_a_sale_that_was_put_off_under_a_clock_years_ahead_is_told_once_it_is_right(counter: Counter) -> None:
    counter.clock.ahead = YEARS
    counter.network.mode = "nothing"
    sale_id = counter.sell(p331=1)
    with pytest.raises(ShopError):
        counter.service.run_once()
    counter.clock.ahead = timedelta(0)
    counter.network.mode = "up"
    counter.service.run_once()
    assert sale_id in counter.books().sale_ids


def test_products_are_looked_for_again_once_a_clock_years_ahead_is_right(counter: Counter) -> None:
    counter.clock.ahead = YEARS
    counter.service.run_once()
    counter.clock.ahead = timedelta(0)
    counter.buy_online("1209", "Niamh Byrne")
    before = counter.product("1209").on_hand
    assert before is not None
    counter.service.run_once()
    assert counter.product("1209").on_hand == before - 1


def test_the_service_goes_round_again_once_a_clock_years_ahead_is_right(counter: Counter) -> None:
    def put_right() -> None:
        counter.clock.ahead = timedelta(0)
        counter.buy_online("1209", "Niamh Byrne")

    before = counter.product("1209").on_hand
    assert before is not None
    counter.clock.ahead = YEARS
    counter.service.run(Steps(put_right, lambda: None, lambda: None))
    assert counter.product("1209").on_hand == before - 1


def test_a_twin_made_under_a_clock_years_ahead_is_found_and_cancelled(counter: Counter) -> None:
    counter.clock.ahead = YEARS
    counter.network.mode = "half"
    sale_id = counter.sell(p331=1)
    with pytest.raises(ShopError):
        counter.service.run_once()
    counter.network.mode = "up"
    counter.clock.ahead += timedelta(minutes=5)
    counter.service.run_once()
    assert counter.outbox.entry(sale_id).state == "sent"
    counter.clock.ahead = timedelta(0)
    for _ in range(3):
        counter.service.run_once()
        counter.clock.ahead += timedelta(minutes=16)
    books = counter.books()
    assert (len(books.till_orders), books.doubled, books.unfinished, books.stock["331"]) == (1, 0, 0, 15)
    assert counter.outbox.unchecked(counter.clock() + YEARS) == []


def test_the_late_look_waits_its_time_after_the_clock_jumped_ahead(counter: Counter) -> None:
    """A till without a clock of its own sends yesterday's sales before the network sets its clock."""
    counter.sell(p331=1)

    def set_clock() -> None:
        counter.clock.ahead += timedelta(hours=15)

    counter.service.run(Steps(set_clock, lambda: None))
    assert len(counter.outbox.unchecked(counter.clock() + YEARS)) == 1, "a request may still be under way"


def test_the_late_look_waits_its_time_after_the_clock_was_put_back(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)
    counter.clock.ahead = YEARS
    counter.service.run_once()
    counter.clock.ahead = timedelta(0)
    counter.service.run_once()
    assert counter.outbox.entry(sale_id).checked_at is None
    counter.clock.ahead = timedelta(minutes=16)
    counter.service.run_once()
    assert counter.outbox.entry(sale_id).checked_at is not None


def test_a_contact_noted_under_a_clock_years_ahead_is_noted_again(counter: Counter) -> None:
    facts = ShopFacts(counter.database)
    counter.clock.ahead = YEARS
    counter.service.round(force=True)
    counter.clock.ahead = timedelta(0)
    counter.service.round(force=True)
    last_at = facts.contact().last_at
    assert last_at is not None
    assert last_at <= counter.clock()
