"""What comes back, as it is ticked: lines of a receipt, or products without one."""

from typing import Any

import pytest

from appliance.domain.tax import TaxRules
from appliance.till.coming_back import OfReceipt, OfShelf
from tests.till.conftest import HAMMER, TAX
from tests.till.test_refunding import back


def of_receipt(bench: Any) -> OfReceipt:
    """Three hammers and a rail, of which one hammer came back."""
    bench.selling.add_number(331, 3)
    bench.selling.add_number(707)
    bench.tendering.take_cash(20000)
    back(bench, "T1-000001", {1: 1})
    return OfReceipt(bench.refunding, bench.refunding.find("1"))


def test_a_tick_takes_all_that_can_come_back(bench: Any) -> None:
    coming = of_receipt(bench)
    assert coming.plan() is None
    coming.tick(1)
    hammer, rail = coming.rows()
    assert (hammer.chosen, hammer.most, hammer.sold, hammer.amount_minor) == (2, 2, 3, 4980)
    assert (rail.chosen, rail.amount_minor) == (0, 4600)
    coming.tick(1)
    assert coming.plan() is None


@pytest.mark.parametrize(("wanted", "chosen"), [(-1, 0), (0, 0), (1, 1), (2, 2), (9, 2)])
def test_no_more_can_be_ticked_than_can_come_back(bench: Any, wanted: int, chosen: int) -> None:
    coming = of_receipt(bench)
    coming.set_quantity(1, wanted)
    assert coming.rows()[0].chosen == chosen


def test_the_rows_add_up_to_the_plan(bench: Any) -> None:
    coming = of_receipt(bench)
    coming.tick_all()
    coming.set_damaged(2, True)
    plan = coming.plan()
    assert plan is not None
    assert plan.total_minor == sum(row.amount_minor for row in coming.rows()) == 9580
    assert [line.restock for line in plan.lines] == [True, False]
    coming.set_damaged(2, False)
    again = coming.plan()
    assert again is not None
    assert [line.restock for line in again.lines] == [True, True]


def test_a_scan_ticks_one_piece_at_the_price_of_the_receipt(bench: Any) -> None:
    coming, hammer, screws = of_receipt(bench), bench.catalogue.get(331), bench.catalogue.get(402)
    assert [coming.scan(hammer, 1) for _ in range(3)] == [1, 1, None]
    assert coming.scan(screws, 875) is None
    assert coming.rows()[0].amount_minor == 4980


def test_what_came_back_says_so(bench: Any) -> None:
    coming = of_receipt(bench)
    hammer, rail = coming.rows()
    assert (hammer.last_at, rail.last_at) == (bench.clock(), None)


def test_without_a_receipt_each_scan_adds_a_piece_at_its_price(bench: Any) -> None:
    coming, hammer = OfShelf(bench.refunding), bench.catalogue.get(331)
    assert coming.plan() is None
    assert [coming.scan(hammer, price) for price in (2490, 2490, 1990)] == [1, 1, 2]
    coming.set_damaged(2, True)
    assert [(row.chosen, row.amount_minor, row.is_damaged) for row in coming.rows()] == [
        (2, 4980, False),
        (1, 1990, True),
    ]
    coming.tick_all()
    coming.tick(1)
    plan = coming.plan()
    assert plan is not None
    assert (plan.total_minor, plan.of_sale_id) == (1990, "")
    assert coming.scan(hammer, 2490) == 3


def test_a_row_without_a_receipt_says_what_the_customer_gets(bench: Any) -> None:
    """Where prices are without tax, too: the rows add up to the money."""
    bench.catalogue.set_tax(TaxRules(False, TAX.rates))
    shelf = OfShelf(bench.refunding)
    shelf.scan(HAMMER, 2490)
    refund = shelf.plan()
    assert refund is not None
    assert [row.amount_minor for row in shelf.rows()] == [refund.total_minor] == [3063]
