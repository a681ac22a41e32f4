"""Counting the shelf while selling goes on: what was found against what should have been there at that moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appliance.domain.errors import QuantityError
from appliance.till.errors import (
    NotCountedError,
    NotSignedInError,
)
from appliance.till.recognising import FoundReceipt, Unknown
from tests.till.conftest import CANDLES, HAMMER, KINDLING, MUG, RAIL, SHIRT_M, SHIRT_S
from tests.till.counted_shelf import Shelf

if TYPE_CHECKING:
    from tests.till.conftest import Bench


@pytest.fixture
def shelf(bench: Bench) -> Shelf:
    return Shelf(bench)


def test_each_scan_is_a_piece_and_is_compared_with_what_is_there_now(shelf: Shelf) -> None:
    line = shelf.scan(*["331"] * 7)
    assert (line.counted, line.expected, line.variance) == (7, 8, -1)
    assert shelf.scan("1209").variance == 1 - 3
    assert [line.name for line in shelf.counting.lines()] == [HAMMER.name, MUG.name]


def test_what_is_sold_after_it_was_counted_is_no_variance(shelf: Shelf) -> None:
    shelf.scan(*["331"] * 8)
    shelf.bench.sell(331, 331)
    shelf.shop_says(331, 4)
    assert shelf.variances() == {331: 0}


def test_counted_again_after_a_sale_it_is_right_again(shelf: Shelf) -> None:
    shelf.scan("331")
    shelf.counting.set(331, 8)
    shelf.bench.sell(331)
    shelf.scan("1209")
    assert shelf.counting.set(331, 7).variance == 0
    shelf.bench.sell(331)
    shelf.counting.set(331, 6)
    assert shelf.variances()[331] == 0


def test_piece_by_piece_with_a_sale_of_one_that_was_not_counted_yet(shelf: Shelf) -> None:
    shelf.scan(*["331"] * 3)
    shelf.bench.sell(331)
    line = shelf.scan(*["331"] * 4)
    assert (line.counted, line.expected, line.variance) == (7, 7, 0)
    assert line.moved == -1, "a person should know that one went"


def test_piece_by_piece_with_a_sale_of_one_that_was_counted_the_minus_key_says_so(shelf: Shelf) -> None:
    shelf.scan(*["331"] * 3)
    shelf.bench.sell(331)
    shelf.scan(*["331"] * 5)
    line = shelf.counting.add(331, -1)
    assert (line.counted, line.variance, line.moved) == (7, 0, 0)


def test_one_more_that_turns_up_later_does_not_count_the_sold_ones_again(shelf: Shelf) -> None:
    shelf.scan(*["331"] * 8)
    shelf.scan("1209")
    shelf.bench.sell(331, 331)
    line = shelf.scan("331")
    assert (line.counted, line.expected, line.variance, line.moved) == (7, 6, 1, 0)


def test_a_web_sale_that_the_till_hears_of_meanwhile_is_no_variance(shelf: Shelf) -> None:
    shelf.scan("331")
    shelf.counting.set(331, 8)
    shelf.scan("1209")
    shelf.shop_says(331, 6)
    assert shelf.variances()[331] == 0
    shelf.approve()
    assert shelf.on_hand(331) == 6


def test_what_is_on_the_counter_or_set_aside_does_not_lie_on_the_shelf(shelf: Shelf) -> None:
    bench = shelf.bench
    bench.selling.add_product(331, 2)
    bench.holding.hold()
    bench.selling.add_product(331, 1)
    shelf.scan("331")
    assert shelf.counting.set(331, 5).variance == 0
    bench.selling.void_sale()
    assert shelf.counting.set(331, 6).variance == 0


def test_a_piece_that_is_owed_to_a_web_customer_is_not_expected_but_one_sold_on_wrong_books_is(
    shelf: Shelf,
) -> None:
    bench = shelf.bench
    sale_id = bench.sell(707, 707)  # one on the books: -1 now
    assert shelf.scan("RAIL-5").variance == 1 - -1
    assert shelf.counting.set(707, 0).variance == 1, "nobody waits for one: the books were wrong"
    bench.oversold.found(
        product_id=707, product_name=RAIL.name, units=1, sale_id=sale_id, found_at=bench.clock()
    )
    assert shelf.counting.set(707, 0).variance == 0, "somebody does: the next one that comes is theirs"
    assert shelf.counting.set(707, 1).variance == 1


def test_choices_that_share_a_count_are_counted_together(shelf: Shelf) -> None:
    shelf.scan(SHIRT_S.sku, SHIRT_M.sku)
    assert shelf.variances() == {900: 0}
    shelf.approve()
    assert shelf.bench.entry("stock-counted")["lines"][0]["counted"] == 2


@pytest.mark.parametrize("sku", [KINDLING.sku, "77"])
def test_what_the_shop_does_not_count_is_refused_in_words(shelf: Shelf, sku: str) -> None:
    with pytest.raises(NotCountedError, match="is not counted. Turn on its stock in the shop"):
        shelf.counting.scan(sku)
    assert shelf.counting.lines() == []


def test_unknown_codes_and_receipts_change_nothing(shelf: Shelf) -> None:
    assert isinstance(shelf.counting.scan("99999999"), Unknown)
    assert isinstance(shelf.counting.add_number(4711), Unknown)
    assert isinstance(shelf.counting.scan("T1-000001"), FoundReceipt)
    assert shelf.counting.lines() == []


def test_fewer_than_none_and_absurd_numbers_are_refused(shelf: Shelf) -> None:
    shelf.scan("331")
    shelf.counting.add(331, -1)
    with pytest.raises(QuantityError):
        shelf.counting.add(331, -1)
    with pytest.raises(QuantityError):
        shelf.counting.set(331, 5_012_345_678_900)
    assert shelf.variances() == {331: -8}


def test_a_count_survives_a_power_cut(shelf: Shelf) -> None:
    shelf.scan("331", "331", "1209")
    shelf.bench.restart()
    shelf.begin()
    assert shelf.variances() == {331: -6, 1209: -2}
    assert shelf.scan("1209").counted == 2


def test_giving_up_leaves_the_stock_and_is_journalled(shelf: Shelf) -> None:
    shelf.scan("331")
    shelf.counting.give_up()
    assert shelf.counting.lines() == []
    assert shelf.on_hand(331) == 8
    assert shelf.bench.entry("count-given-up")["lines"][0]["counted"] == 1


def test_nobody_signed_in_counts_nothing(shelf: Shelf) -> None:
    shelf.bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        shelf.counting.scan("331")
    assert shelf.counting.lines() == []


def test_goods_on_backorder_can_be_counted_too(shelf: Shelf) -> None:
    assert shelf.scan(CANDLES.sku).variance == 1
