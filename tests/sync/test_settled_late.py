"""What a person settled by hand, and the shop made all the same: the answer came late, or nobody had seen it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from appliance.shops.contract import OddAnswerError, UnknownOutcomeError
from appliance.storage.outbox import Outbox
from tests.sync.beside import Beside, Odd
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@pytest.fixture
def beside(counter: Counter) -> Beside:
    return Beside(counter)


def reserve_by(counter: Counter, reserve: Any) -> Any:
    """Put an odd shop before the real one; returns the real one."""
    telling = counter.service.telling
    odd: Any = Odd(telling.shop, {"reserve": reserve})
    counter.service.telling = replace(telling, shop=odd)
    return telling.shop


def test_an_order_that_comes_after_its_sale_was_settled_is_said(counter: Counter, beside: Beside) -> None:
    sale_id, under_way = counter.sell(p402=3), []

    def reserve(*arguments: Any) -> Any:
        under_way.append(arguments)
        raise OddAnswerError("Something else.")

    real = reserve_by(counter, reserve)
    beside.rounds(3, minutes=5)
    outbox = Outbox(counter.database, beside.journal)
    assert outbox.entry(sale_id).state == "parked"
    outbox.settle(sale_id, MARTA, "Typed into the shop by hand", counter.clock())
    late = real.reserve(*under_way[0])
    counter.service.telling = replace(counter.service.telling, shop=real)
    beside.rounds(2)
    (problem,) = outbox.problems()
    assert (problem.sale_id, f"order {late.number}" in problem.reason) == (sale_id, True)
    real.cancel(late.order_id)
    outbox.look_again(sale_id)
    beside.rounds(1)
    assert outbox.problems() == []


def test_what_is_settled_while_it_is_told_ends_no_round(counter: Counter, beside: Beside) -> None:
    sale_id, other = counter.sell(p402=3), counter.sell(p331=1)
    outbox = Outbox(counter.database, beside.journal)

    def reserve(*arguments: Any) -> Any:
        if arguments[0].sale.sale_id == sale_id:
            outbox.settle(sale_id, MARTA, "Typed into the shop by hand", counter.clock())
        return real.reserve(*arguments)

    real = reserve_by(counter, reserve)
    counter.service.run_once()
    assert (outbox.entry(sale_id).is_settled, outbox.entry(other).state) == (True, "sent")
    counter.service.telling = replace(counter.service.telling, shop=real)
    beside.rounds(1)
    assert [each.sale_id for each in outbox.problems()] == [sale_id]


def test_a_refund_that_comes_after_it_was_settled_is_said(counter: Counter, beside: Beside) -> None:
    sale_id = counter.sell(p402=3)
    counter.service.run_once()
    refund_id, under_way = beside.give_back(sale_id, {1: 1}), []

    def refund(*arguments: Any) -> Any:
        under_way.append(arguments)
        raise UnknownOutcomeError("No answer.")

    real = beside.refund_to(refund=refund)
    counter.service.round(force=False)
    beside.refunds.settle(refund_id, MARTA, "Done in the shop", counter.clock())
    real.refund(*under_way[0])
    beside.refund_to(refund=real.refund)
    beside.rounds(1)
    (problem,) = beside.refunds.problems()
    assert "settled by hand" in problem.reason


def test_a_refund_told_under_a_wrong_clock_is_looked_at_all_the_same(
    counter: Counter, beside: Beside
) -> None:
    sale_id = counter.sell(p402=3)
    counter.service.run_once()
    refund_id = beside.give_back(sale_id, {1: 1})
    counter.clock.ahead += timedelta(days=900)
    counter.service.run_once()
    assert beside.refunds.entry(refund_id).state == "sent"
    counter.clock.ahead -= timedelta(days=900)
    beside.rounds(3)
    assert beside.refunds.entry(refund_id).checked_at is not None
