"""The late look at twins: cancelled once; where the way there doubled that, a person is told which counts are off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from appliance.demo.shop.server import KEY, SECRET
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.shops.contract import OrderStatus, Shop, ShopOrder, UnknownOutcomeError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.stock_moves import StockMoves
from appliance.sync.sweep import MOST_CANCELS, NOT_CANCELLED
from tests.shops.signed_again import signing_again
from tests.storage.samples import seal

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

LATE = timedelta(minutes=16)


def sold_with_a_twin(counter: Counter, **quantities: int) -> tuple[str, int]:
    """A sale that the shop has, and a twin of it on hold."""
    sale_id = counter.sell(**quantities)
    counter.service.run_once()
    twin = counter.service.telling.shop.reserve(counter.service.telling.read(sale_id))
    return sale_id, twin.order_id


def look(counter: Counter) -> int:
    """Let it be late, and have the service look; how many requests all of that round was."""
    counter.clock.ahead += LATE
    before = counter.network.met.total()
    counter.service.sweep.run()
    if counter.service.errands is not None:
        counter.service.errands.sweep.run()
    return counter.network.met.total() - before


def words(counter: Counter) -> list[str]:
    return [each.reason for each in counter.outbox.problems()]


class OldList:
    """A shop whose list of orders is out of a cache: as it was once, whatever the orders are by now."""

    def __init__(self, shop: Shop, sale_id: str, since: datetime) -> None:
        self._shop, self._listed = shop, shop.find(sale_id, since)

    def find(self, _sale_id: str, _since: datetime) -> Sequence[ShopOrder]:
        return self._listed

    def __getattr__(self, name: str) -> Any:
        return getattr(self._shop, name)


@contextmanager
def doubling(counter: Counter) -> Iterator[None]:
    """Each request is delivered twice at the same moment, to a shop that takes its time."""
    assert counter.demo is not None
    counter.network.again = signing_again(KEY, SECRET, lambda: counter.clock().timestamp())
    counter.network.mode, counter.demo.work_seconds = "twice", 0.6
    yield
    counter.network.mode, counter.demo.work_seconds = "up", 0.0


def test_a_cancel_that_was_delivered_twice_at_once_is_told_with_products_pieces_and_order(
    counter: Counter,
) -> None:
    before = counter.books().stock
    sale_id, twin = sold_with_a_twin(counter, p331=2, p402=1)
    with doubling(counter):
        look(counter)
    after = counter.books().stock
    assert (after["331"], after["402"]) == (before["331"], before["402"]), (
        "sold, and given back once too often"
    )
    assert words(counter) == [], "the doubled request may not have ended yet"
    look(counter)
    names = [counter.product(sku).name for sku in ("331", "402")]
    (told,) = words(counter)
    assert told == (
        f"The shop did not give the stock of order {twin}, which it cancelled, back exactly once. "
        f"Its count is 2 too high for {names[0]}, 1 too high for {names[1]}: count these products."
    )
    counter.outbox.look_again(sale_id)
    look(counter)
    assert words(counter) == [told], "its notes still say so"


def test_a_stock_moves_cancel_that_was_delivered_twice_is_told_too(counter: Counter) -> None:
    product = counter.product("331")
    line = StockMoveLine(product.product_id, None, product.stock_id, product.name, 3, product.sku)
    moves = StockMoves(
        counter.database, Journal(counter.database, Identity(counter.database).get(), "Till 1", seal())
    )
    moves.record(MoveKind.COUNT, [line], "Counted", None, counter.clock(), move_id="6d" * 16)
    counter.service.run_once()
    errands = counter.service.errands
    assert errands is not None
    twin = errands.telling.shop.reserve(errands.telling.read("6d" * 16))
    with doubling(counter):
        look(counter)
    try:
        look(counter)
    except UnknownOutcomeError:  # the line of a doubled request may end late: the next round asks again
        look(counter)
    (problem,) = errands.moves.problems()
    assert f"order {twin.order_id}," in problem.reason
    assert f"3 too low for {product.name}" in problem.reason


def test_a_twin_costs_four_requests_and_a_second_look_and_no_twin_costs_three(counter: Counter) -> None:
    counter.sell(p331=1)
    counter.service.run_once()
    assert look(counter) == 3
    sold_with_a_twin(counter, p331=1)
    assert [look(counter) for _ in range(3)] == [4, 5, 0]
    assert words(counter) == []


def test_a_twin_that_comes_back_is_cancelled_again_and_gives_nothing_back_then(counter: Counter) -> None:
    """The first half of a cancel, delivered once more after the second."""
    before = counter.books().stock["331"]
    _, twin = sold_with_a_twin(counter, p331=1)
    look(counter)
    assert counter.demo is not None
    counter.demo.database.write("UPDATE shop_order SET status = 'pending' WHERE id = ?", (twin,))
    for _ in range(2):
        look(counter)
    books = counter.books()
    assert (books.unfinished, books.stock["331"], words(counter)) == (0, before - 1, [])


def test_a_twin_that_never_stays_cancelled_is_told_in_the_end(counter: Counter) -> None:
    sale_id, twin = sold_with_a_twin(counter, p331=1)
    for _ in range(MOST_CANCELS):
        counter.outbox.note_attempt(sale_id, None)
    look(counter)
    assert words(counter) == [NOT_CANCELLED]
    counter.outbox.look_again(sale_id)
    look(counter)
    assert words(counter) == []


def test_an_order_that_was_completed_since_it_was_listed_is_not_cancelled(counter: Counter) -> None:
    sweep = counter.service.sweep
    sale_id, twin = sold_with_a_twin(counter, p331=2)
    old = OldList(sweep.shop, sale_id, counter.clock() - timedelta(days=1))
    sweep.shop.commit(twin)
    counter.clock.ahead += LATE
    replace(sweep, shop=cast("Shop", old)).run()
    order = sweep.shop.order(twin)
    assert order is not None
    assert order.status is OrderStatus.COMMITTED, "it is read again before it is cancelled"


@pytest.mark.parametrize("thrown", ["trash", "gone"])
def test_a_twin_that_the_owner_threw_away_is_no_finding(counter: Counter, thrown: str) -> None:
    _, twin = sold_with_a_twin(counter, p331=1)
    look(counter)
    assert counter.demo is not None
    if thrown == "gone":
        counter.demo.database.write("DELETE FROM shop_order WHERE id = ?", (twin,))
    else:
        counter.demo.database.write("UPDATE shop_order SET status = 'trash' WHERE id = ?", (twin,))
    look(counter)
    assert words(counter) == []
