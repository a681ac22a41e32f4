"""Money that went back is told once, whatever the network and the shop do."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from appliance.shops.contract import (
    RefusedError,
    ShopRefund,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)
from appliance.storage.binding import Bindings
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.refund_outbox import RefundOutbox
from appliance.sync.refund_steps import LESS_LEFT
from appliance.sync.service import Service
from tests.storage.samples import seal
from tests.sync.beside import Beside, Odd

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@pytest.fixture
def beside(counter: Counter) -> Beside:
    return Beside(counter)


def test_a_refund_goes_up_after_its_sale_with_its_money_and_its_pieces(
    counter: Counter, beside: Beside
) -> None:
    sale_id = counter.sell(p402=3)
    refund_id = beside.give_back(sale_id, {1: 2})
    assert counter.product("402").on_hand == 89
    counter.service.run_once()
    assert beside.in_shop() == [(refund_id, 2 * 875)]
    assert (counter.books().stock["402"], counter.product("402").on_hand) == (89, 89)
    beside.rounds(3)
    assert (len(beside.in_shop()), beside.refunds.problems(), counter.outbox.problems()) == (1, [], [])
    assert beside.refunds.entry(refund_id).checked_at is not None


def test_all_of_a_sale_may_come_back_in_parts_and_what_is_damaged_stays_off_the_shelf(
    counter: Counter, beside: Beside
) -> None:
    sale_id = counter.sell(p402=2, p331=1)
    counter.service.run_once()
    beside.give_back(sale_id, {1: 1}, damaged=(1,))
    beside.give_back(sale_id, {1: 1, 2: 1})
    counter.service.run_once()
    stock = counter.books().stock
    assert (stock["402"], stock["331"]) == (89, 16)
    assert (counter.product("402").on_hand, counter.product("331").on_hand) == (89, 16)
    assert sum(total for _, total in beside.in_shop()) == 2 * 875 + 2490
    beside.rounds(3)
    assert counter.outbox.problems() == [], "an order that the till refunded is as it should be"


def test_money_that_somebody_gave_back_in_the_shop_is_said(counter: Counter, beside: Beside) -> None:
    sale_id = counter.sell(p402=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    telling = beside.errands.refund_telling
    done = telling.read(refund_id)
    theirs = replace(done, refund=replace(done.refund, refund_id="f" * 32), receipt_number="T9-000001")
    telling.shop.refund(counter.outbox.entry(sale_id).order_id or 0, theirs)
    counter.service.run_once()
    assert [each.reason for each in beside.refunds.problems()] == [LESS_LEFT]


def test_an_order_that_only_the_shop_gave_back_is_said(counter: Counter, beside: Beside) -> None:
    sale_id, other = counter.sell(p402=1), counter.sell(p402=1)
    counter.service.run_once()
    telling = beside.errands.refund_telling
    done = telling.read(beside.give_back(other, {1: 1}))
    theirs = replace(done, refund=replace(done.refund, refund_id="f" * 32, of_sale_id=sale_id))
    telling.shop.refund(counter.outbox.entry(sale_id).order_id or 0, theirs)
    counter.clock.ahead += timedelta(minutes=16)
    counter.service.run_once()
    (problem,) = counter.outbox.problems()
    assert problem.sale_id == sale_id
    assert "given back in the shop" in problem.reason


def test_an_answer_that_was_lost_is_found_again_at_once(counter: Counter, beside: Beside) -> None:
    sale_id = counter.sell(p402=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})

    def refund(*arguments: Any) -> ShopRefund:
        real.refund(*arguments)
        raise UnknownOutcomeError("The answer was lost.")

    real = beside.refund_to(refund=refund)
    counter.service.round(force=False)
    assert beside.refunds.entry(refund_id).state == "due"
    beside.rounds(1, minutes=1)
    assert beside.refunds.entry(refund_id).state == "sent"
    assert len(beside.in_shop()) == 1


def test_a_request_that_comes_late_is_waited_for_and_one_that_never_came_is_made_again(
    counter: Counter, beside: Beside
) -> None:
    sale_id = counter.sell(p402=2)
    counter.service.run_once()
    first, second = beside.give_back(sale_id, {1: 1}), beside.give_back(sale_id, {1: 1})
    under_way: list[Any] = []
    posted: list[str] = []

    def refund(*arguments: Any) -> ShopRefund:
        refund_id = arguments[1].refund.refund_id
        posted.append(refund_id)
        if posted.count(refund_id) == 1:
            under_way.append(arguments)
            raise UnknownOutcomeError("No answer.")
        return real.refund(*arguments)  # type: ignore[no-any-return]

    real = beside.refund_to(refund=refund)
    beside.rounds(5, minutes=2)
    assert sorted(posted) == sorted([first, second])
    late = next(each for each in under_way if each[1].refund.refund_id == first)
    real.refund(*late)
    beside.rounds(3)
    assert sorted(each for each, _ in beside.in_shop()) == sorted([first, second])
    assert posted.count(first) == 1
    assert posted.count(second) == 2
    assert counter.books().stock["402"] == 90


@pytest.mark.parametrize("error", [UnreachableError("No network."), UnauthorisedError("Wrong key.")])
def test_what_certainly_never_left_is_tried_again_at_once(
    counter: Counter, beside: Beside, error: Exception
) -> None:
    sale_id = counter.sell(p402=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    fails = [True]

    def refund(*arguments: Any) -> ShopRefund:
        if fails:
            raise error
        return real.refund(*arguments)  # type: ignore[no-any-return]

    real = beside.refund_to(refund=refund)
    counter.service.round(force=False)
    assert beside.refunds.entry(refund_id).posted_at is None
    fails.clear()
    beside.rounds(1, minutes=1)
    assert beside.refunds.entry(refund_id).state == "sent"


def test_a_refund_that_the_shop_refuses_waits_for_a_person_and_holds_up_nothing(
    counter: Counter, beside: Beside
) -> None:
    first, second = counter.sell(p402=1), counter.sell(p331=1)
    counter.service.run_once()
    refund_id, other = beside.give_back(first, {1: 1}), beside.give_back(second, {1: 1})

    def refund(*arguments: Any) -> ShopRefund:
        if arguments[1].refund.refund_id == refund_id:
            raise RefusedError("no", "Refunds are switched off.")
        return real.refund(*arguments)  # type: ignore[no-any-return]

    real = beside.refund_to(refund=refund)
    counter.service.run_once()
    entry = beside.refunds.entry(refund_id)
    assert (entry.state, entry.reason) == ("parked", "The shop refused it: Refunds are switched off.")
    assert beside.in_shop() == [(other, 2490)]
    beside.refund_to(refund=real.refund)
    beside.refunds.unpark(refund_id)
    beside.rounds(2)  # a refusal may come after something was made: it is looked for late
    assert len(beside.in_shop()) == 2


def test_the_pieces_of_a_refund_whose_order_the_owner_deleted_come_back_all_the_same(
    counter: Counter, beside: Beside
) -> None:
    sale_id, after = counter.sell(p402=2), counter.sell(p331=1)
    counter.service.run_once()
    order_id = counter.outbox.entry(sale_id).order_id
    with closing(sqlite3.connect(counter.shop_file)) as shop:
        shop.execute("DELETE FROM shop_order WHERE id = ?", (order_id,))
        shop.commit()
    refund_id = beside.give_back(sale_id, {1: 2})
    beside.rounds(6, minutes=70)
    assert (counter.books().stock["402"], counter.product("402").on_hand) == (90, 90)
    assert beside.moves.entry(refund_id).state == "sent"
    assert beside.set_backs.found() is None, "one order that an owner deletes is no shop set back"
    assert counter.outbox.entry(after).reason == ""


def test_the_late_look_says_what_the_shop_has_twice(counter: Counter, beside: Beside) -> None:
    sale_id = counter.sell(p402=2)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    counter.service.run_once()

    def refunds(order_id: int) -> list[ShopRefund]:
        (once,) = real.refunds(order_id)
        return [once, replace(once, refund_id=once.refund_id + 7)]

    real = beside.refund_to(refunds=refunds)
    beside.rounds(1)
    (problem,) = beside.refunds.problems()
    assert (problem.refund_id, "2 times" in problem.reason) == (refund_id, True)


@pytest.mark.parametrize("mode", ["html", "500", "half", "nothing", "late"])
def test_a_network_that_lies_doubles_no_refund(counter: Counter, beside: Beside, mode: str) -> None:
    sale_id = counter.sell(p402=3)
    counter.service.run_once()
    told = [beside.give_back(sale_id, {1: 1}) for _ in range(2)]
    counter.network.mode = mode
    counter.service.round(force=False)
    counter.clock.ahead += timedelta(minutes=1)
    counter.network.mode = "up"
    beside.rounds(5)
    assert sorted(each for each, _ in beside.in_shop()) == sorted(told)
    assert counter.books().stock["402"] == counter.product("402").on_hand == 89


def test_a_refund_that_two_cards_hold_is_told_by_one_and_adopted_by_the_other(
    counter: Counter, beside: Beside, tmp_path: Path
) -> None:
    sale_id = counter.sell(p402=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    counter.outbox.inherit_all()
    with copied(counter, tmp_path) as (database, service):
        service.round(force=False)
        counter.service.round(force=False)
        assert RefundOutbox(database).entry(refund_id).is_ours
        mine = beside.refunds.entry(refund_id)
        assert (mine.state, mine.is_ours) == ("sent", False)
        assert len(beside.in_shop()) == 1


def test_what_the_other_card_never_tells_is_given_to_a_person_in_the_end(
    counter: Counter, beside: Beside, tmp_path: Path
) -> None:
    sale_id = counter.sell(p402=1)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    counter.outbox.inherit_all()
    with copied(counter, tmp_path) as (_, service):
        telling = replace(
            service.errands.refund_telling, shop=Odd(counter.service.telling.shop, {"refund": _dies})
        )
        service.errands.refund_telling = telling
        service.round(force=False)
    beside.rounds(26, minutes=61)
    entry = beside.refunds.entry(refund_id)
    assert (entry.state, "Another card" in entry.reason) == ("parked", True)
    assert beside.in_shop() == []


def _dies(*_arguments: Any) -> Any:
    raise UnreachableError("The card went into a drawer.")


@contextmanager
def copied(counter: Counter, tmp_path: Path) -> Iterator[tuple[Database, Service]]:
    """The same card in another machine, where it has gone on under another name."""
    counter.database.rows("VACUUM INTO ?", (str(tmp_path / "copy.db"),))
    with Database.open(tmp_path / "copy.db", now=counter.clock) as database:
        journal = Journal(database, Identity(database).get(), "Till 1", seal())
        bindings = Bindings(database)
        bindings.begin(journal, "a" * 64, counter.clock())
        bindings.rebind(journal, "b" * 64, counter.clock(), (1, "Marta"), "72" * 16)
        yield database, counter.another(counter.service.telling.shop, database, "b0" * 16)  # type: ignore[arg-type]
