"""A shop that is restored from yesterday's backup: found, shown, and told again when a person says so."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appliance.shops.contract import ShopFailedError
from tests.sync.beside import Beside
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@pytest.fixture
def beside(counter: Counter) -> Beside:
    return Beside(counter)


@pytest.fixture
def set_back(counter: Counter, tmp_path: Path) -> tuple[Callable[[], None], Callable[[], None]]:
    """Keep a copy of the shop; and put it back, as a host does with a backup."""
    kept = tmp_path / "yesterday.db"

    def keep() -> None:
        with closing(sqlite3.connect(counter.shop_file)) as shop, closing(sqlite3.connect(kept)) as copy:
            shop.backup(copy)

    def restore() -> None:
        with closing(sqlite3.connect(kept)) as copy, closing(sqlite3.connect(counter.shop_file)) as shop:
            copy.backup(shop)

    return keep, restore


def a_day(beside: Beside) -> None:
    """So long after, the shop is asked what it knows."""
    beside.counter.clock.ahead += timedelta(hours=25)
    beside.rounds(3, minutes=2)


def test_what_it_lost_is_found_shown_and_told_again_and_all_numbers_agree(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    before = counter.sell(p331=1)
    counter.service.run_once()
    keep()
    lost = [counter.sell(p402=2), counter.sell(p55=1), counter.sell(p402=1)]
    counter.service.run_once()
    moved, refund_id = beside.move("1209", -3), beside.give_back(lost[0], {1: 1})
    counter.service.run_once()
    beside.rounds(2)
    restore()
    a_day(beside)
    found = beside.set_backs.found()
    assert found is not None
    assert (set(found.sale_ids), found.move_ids) == (set(lost), (moved,))
    assert counter.books().sale_ids == {before}, "nothing is told again before a person says so"

    assert beside.set_backs.tell_again(MARTA, counter.clock()) == 4
    beside.rounds(6)
    books = counter.books()
    assert books.sale_ids >= {before, *lost}
    assert (books.doubled, books.unfinished) == (0, 0)
    assert [each for each, _ in beside.in_shop()] == [refund_id]
    for sku, count in (("402", 88), ("55", 34), ("331", 15), ("1209", 45)):
        assert (books.stock[sku], counter.product(sku).on_hand) == (count, count), sku
    assert counter.outbox.problems() == []
    assert beside.set_backs.found() is None


def test_a_sale_that_gets_the_number_of_a_lost_one_waits_and_goes_up_with_them(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    keep()
    lost = [counter.sell(p402=1) for _ in range(3)]
    counter.service.run_once()
    restore()
    after = counter.sell(p331=1)
    beside.rounds(3, minutes=2)
    assert counter.outbox.entry(after).state == "parked"
    found = beside.set_backs.found()
    assert found is not None
    assert set(found.sale_ids) == set(lost)
    beside.set_backs.tell_again(MARTA, counter.clock())
    beside.rounds(5)
    books = counter.books()
    assert (books.sale_ids, books.doubled, books.unfinished) == ({*lost, after}, 0, 0)
    assert (books.stock["402"], books.stock["331"]) == (87, 15)


def test_a_person_may_leave_it_and_is_not_asked_each_day(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    keep()
    counter.sell(p402=1)
    counter.sell(p402=1)
    counter.service.run_once()
    restore()
    a_day(beside)
    assert beside.set_backs.found() is not None
    beside.set_backs.leave(MARTA, counter.clock())
    a_day(beside)
    assert beside.set_backs.found() is None
    assert counter.books().sale_ids == set()


def test_a_shop_that_has_everything_costs_one_small_question_a_day(counter: Counter, beside: Beside) -> None:
    for _ in range(5):
        counter.sell(p402=1)
    counter.service.run_once()
    watch = beside.errands.set_back
    before = counter.network.connections
    assert watch.look() == 0
    assert counter.network.connections - before <= 1
    assert beside.set_backs.found() is None


def test_an_order_that_the_owner_deleted_among_others_is_no_shop_set_back(
    counter: Counter, beside: Beside
) -> None:
    sold = [counter.sell(p402=1) for _ in range(3)]
    counter.service.run_once()
    with closing(sqlite3.connect(counter.shop_file)) as shop:
        shop.execute("DELETE FROM shop_order WHERE id = ?", (counter.outbox.entry(sold[1]).order_id,))
        shop.commit()
    assert beside.errands.set_back.look() == 0
    assert beside.set_backs.found() is None


def test_a_refund_that_failed_before_is_told_as_one_when_its_sale_is_told_again(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    counter.sell(p55=1)
    counter.service.run_once()
    keep()
    sale_id = counter.sell(p402=2)
    counter.sell(p331=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})

    def fails(*_arguments: Any) -> Any:
        raise ShopFailedError("The shop broke.")

    real = beside.refund_to(refund=fails)
    counter.service.round(force=False)
    beside.refund_to(refund=real.refund)
    restore()
    beside.rounds(3)
    assert beside.set_backs.found() is not None
    assert beside.refunds.entry(refund_id).state == "due"
    beside.set_backs.tell_again(MARTA, counter.clock())
    beside.rounds(4, minutes=61)
    assert [each for each, _ in beside.in_shop()] == [refund_id]
    assert counter.books().stock["402"] == counter.product("402").on_hand == 89


def test_a_move_that_gets_the_number_of_a_lost_sale_does_not_hide_the_loss(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    keep()
    lost = [counter.sell(p402=1), counter.sell(p331=1)]
    counter.service.run_once()
    restore()
    move_id = beside.move("1209", -3)
    beside.rounds(2)
    assert beside.moves.entry(move_id).order_id == counter.outbox.entry(lost[0]).order_id
    found = beside.set_backs.found()
    assert found is not None
    assert (set(found.sale_ids), found.move_ids) == (set(lost), ())


def test_a_refund_is_lost_though_its_sale_is_not(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    first, before = counter.sell(p402=2), counter.sell(p1209=1)
    counter.service.run_once()
    kept = beside.give_back(before, {1: 1})
    counter.service.run_once()
    keep()
    refund_id = beside.give_back(first, {1: 1})
    counter.service.run_once()
    counter.sell(p55=2)
    counter.service.run_once()
    restore()
    a_day(beside)
    beside.set_backs.tell_again(MARTA, counter.clock())
    beside.rounds(4, minutes=61)
    assert {each for each, _ in beside.in_shop()} == {kept, refund_id}
    assert len(beside.in_shop()) == 2
    for sku, count in (("402", 89), ("1209", 48)):
        assert (counter.books().stock[sku], counter.product(sku).on_hand) == (count, count), sku


def test_numbers_of_what_was_left_are_free_for_new_sales(
    counter: Counter, beside: Beside, set_back: tuple[Callable[[], None], Callable[[], None]]
) -> None:
    keep, restore = set_back
    keep()
    lost = [counter.sell(p402=1), counter.sell(p402=1)]
    counter.service.run_once()
    restore()
    a_day(beside)
    beside.set_backs.leave(MARTA, counter.clock())
    after = counter.sell(p331=1)
    beside.rounds(3)
    assert counter.outbox.entry(after).state == "sent"
    assert counter.books().sale_ids == {after}
    assert all(counter.outbox.entry(each).is_settled for each in lost)
    assert (counter.outbox.problems(), beside.set_backs.found()) == ([], None)
