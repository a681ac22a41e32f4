"""A shop that breaks over one sale, refuses one, or makes something else of it; and what people do to its orders."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from appliance.demo.shop.database import ShopDatabase
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    Anchor,
    OrderStatus,
    Shop,
    ShopFailedError,
    ShopOrder,
    UnknownOutcomeError,
    WrongTotalError,
)
from appliance.sync.sweep import audit

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@dataclass
class Odd:
    """The shop, with another way to reserve."""

    shop: Any
    reserving: Callable[[CompletedSale], ShopOrder]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shop, name)

    def reserve(self, completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        return self.reserving(completed)


def let_it_be_odd(counter: Counter, reserving: Callable[[CompletedSale], ShopOrder]) -> Shop:
    """Put an odd shop in front of the real one, and return the real one."""
    real = counter.service.telling.shop
    odd: Any = Odd(real, reserving)
    counter.service.telling = replace(counter.service.telling, shop=odd)
    return real


def pass_minutes(counter: Counter, rounds: int) -> None:
    for _ in range(rounds):
        counter.service.run_once()
        counter.clock.ahead += timedelta(minutes=6)


def parked(counter: Counter) -> list[str]:
    return [each.entry.sale_id for each in counter.outbox.waiting() if each.entry.state == "parked"]


def test_a_sale_over_which_the_shop_breaks_is_parked_once_later_ones_went_through(counter: Counter) -> None:
    poison = counter.sell(p331=1)

    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        if completed.sale.sale_id == poison:
            raise ShopFailedError("The shop broke over it.")
        return real.reserve(completed)

    real = let_it_be_odd(counter, reserve)
    pass_minutes(counter, 2)
    good = counter.sell(p402=1)
    pass_minutes(counter, 8)
    assert good in counter.books().sale_ids
    assert parked(counter) == [poison]


def test_a_shop_that_breaks_over_every_sale_parks_none_of_them_for_a_good_while(counter: Counter) -> None:
    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        raise ShopFailedError("The shop broke over it.")

    let_it_be_odd(counter, reserve)
    for _ in range(2):
        counter.sell(p331=1)
    pass_minutes(counter, 10)
    assert parked(counter) == []
    pass_minutes(counter, 30)
    assert len(parked(counter)) == 2


def test_an_order_with_another_total_is_remembered_and_finished_by_a_persons_word(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)

    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        raise WrongTotalError(real.reserve(completed), "The shop comes to 25.00, the till took 24.90.")

    real = let_it_be_odd(counter, reserve)
    counter.service.run_once()
    assert parked(counter) == [sale_id]
    assert counter.outbox.entry(sale_id).order_id is not None
    counter.outbox.unpark(sale_id)
    counter.service.run_once()
    assert [each for each, _ in counter.books().till_orders] == [sale_id]
    assert counter.books().stock["331"] == 15


def test_an_order_that_somebody_cancelled_before_it_was_finished_is_made_again(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)
    shop = counter.service.telling.shop
    order = shop.reserve(counter.service.telling.read(sale_id))
    counter.outbox.note_posted(sale_id, counter.clock())
    counter.outbox.remember(sale_id, order.order_id)
    counter.outbox.note_committing(sale_id, counter.clock())
    shop.cancel(order.order_id)
    counter.service.run_once()
    books = counter.books()
    assert [each for each, _ in books.till_orders] == [sale_id]
    assert books.stock["331"] == 15


def test_the_late_look_cancels_a_twin_and_gives_its_stock_back(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)
    counter.service.run_once()
    counter.service.telling.shop.reserve(counter.service.telling.read(sale_id))
    assert counter.books().stock["331"] == 14
    counter.service.run_once()
    assert counter.books().unfinished == 1, "a twin may still be under way: it is left alone for 15 minutes"
    counter.clock.ahead += timedelta(minutes=16)
    counter.service.run_once()
    books = counter.books()
    assert (books.unfinished, books.doubled, books.stock["331"]) == (0, 0, 15)
    assert counter.outbox.problems() == []


def test_a_sale_that_the_shop_has_twice_is_told_to_a_person_until_it_is_mended(counter: Counter) -> None:
    sale_id = counter.sell(p331=1)
    counter.service.run_once()
    shop = counter.service.telling.shop
    twin = shop.reserve(counter.service.telling.read(sale_id))
    shop.commit(twin.order_id)
    counter.clock.ahead += timedelta(minutes=16)
    counter.service.run_once()
    (problem,) = counter.outbox.problems()
    assert "twice" in problem.reason
    shop.cancel(twin.order_id)
    counter.outbox.look_again(sale_id)
    counter.service.run_once()
    assert counter.outbox.problems() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": OrderStatus.CANCELLED}, "no longer completed"),
        ({"is_whole": False}, "other lines or another total"),
        ({"stock_notes": 2}, "exactly once"),
    ],
)
def test_an_order_that_is_not_as_it_was_sold_is_named(counter: Counter, change: Any, words: str) -> None:
    sale_id = counter.sell(p331=1)
    counter.service.run_once()
    order_id = counter.outbox.entry(sale_id).order_id
    assert order_id is not None
    order = counter.service.telling.shop.order(order_id, with_notes=True)
    assert order is not None
    assert audit(order) == ""
    assert words in audit(replace(order, **change))


def test_an_order_that_is_gone_is_named() -> None:
    assert "no longer in the shop" in audit(None)


def test_an_order_of_which_the_shop_made_something_else_is_made_once_though_its_answer_was_lost(
    counter: Counter,
) -> None:
    """A plugin that adds a line to each order, in a shop that is too slow to say so."""
    sale_id = counter.sell(p331=1)
    made: list[int] = []

    def reserve(completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        made.append(real.reserve(completed).order_id)
        raise UnknownOutcomeError("The shop did not answer in time.")

    real = let_it_be_odd(counter, reserve)
    odd: Any = counter.service.telling.shop
    odd.find = lambda *asked: [replace(order, is_whole=False) for order in real.find(*asked)]
    for _ in range(20):
        counter.service.round(force=False)
        counter.clock.ahead += timedelta(minutes=6)
    assert len(made) == 1
    assert parked(counter) == [sale_id]
    assert counter.books().stock["331"] == 15
    counter.outbox.unpark(sale_id)
    counter.service.round(force=False)
    assert counter.outbox.entry(sale_id).order_id == made[0]
    assert counter.outbox.entry(sale_id).state == "sent"


def test_a_line_whose_stock_the_shop_never_took_is_told_to_a_person(counter: Counter) -> None:
    """The shop's program can die between two lines of an order."""
    sale_id = counter.sell(p331=1, p402=2)
    counter.service.run_once()
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE order_item SET reduced = NULL WHERE name LIKE 'Wood screws%'")
    shop.close()
    counter.clock.ahead += timedelta(minutes=16)
    counter.service.run_once()
    (problem,) = counter.outbox.problems()
    assert problem.sale_id == sale_id
    assert "count these products" in problem.reason
