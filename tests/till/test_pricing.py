from typing import Any

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.errors import AmountError, NoSuchLineError, QuantityError, TenderError
from appliance.storage.errors import StorageError
from appliance.till.errors import ApprovalError, ApprovalNeededError, NotSignedInError

HAMMER = "5012345678900"


def hammer(bench: Any) -> None:
    bench.selling.scan(HAMMER)


def word(bench: Any, needed: Any) -> Any:
    return bench.approve(needed.value.what, needed.value.about, "Scratched")


def test_a_price_within_the_limit_is_lowered_by_the_cashier_and_journalled(bench: Any) -> None:
    hammer(bench)
    line = bench.pricing.set_price(1, 2241)

    assert (line.unit_price_minor, line.regular_unit_price_minor, line.price_approved_by) == (
        2241,
        2490,
        None,
    )
    assert bench.entry("price-changed") == {
        "sale_id": bench.selling.sale.sale_id,
        "position": 1,
        "name": "Claw hammer 450 g",
        "quantity": 1,
        "from_minor": 2490,
        "to_minor": 2241,
        "regular_minor": 2490,
    }


def test_one_cent_over_the_limit_needs_a_manager(bench: Any) -> None:
    hammer(bench)
    with pytest.raises(ApprovalNeededError) as needed:
        bench.pricing.set_price(1, 2240)
    assert needed.value.what is Guarded.DISCOUNT_OVER_LIMIT
    assert bench.selling.sale.lines[0].unit_price_minor == 2490

    line = bench.pricing.set_price(1, 2240, word(bench, needed))
    assert (line.unit_price_minor, line.price_approved_by) == (2240, bench.sean.person_id)
    assert bench.entry("price-changed")["approved"]["why"] == "Scratched"


def test_small_steps_are_one_large_one(bench: Any) -> None:
    hammer(bench)
    bench.pricing.set_price(1, 2300)
    with pytest.raises(ApprovalNeededError):
        bench.pricing.set_price(1, 2100)


def test_the_word_is_for_that_price_of_that_line_and_that_many(bench: Any) -> None:
    hammer(bench)
    bench.selling.add_product(707)
    with pytest.raises(ApprovalNeededError) as needed:
        bench.pricing.set_price(1, 2000)
    given = word(bench, needed)

    for position, price in ((1, 1000), (2, 2000)):
        with pytest.raises(ApprovalError, match="something else"):
            bench.pricing.set_price(position, price, given)
    bench.selling.set_quantity(1, 3)
    with pytest.raises(ApprovalError, match="something else"):
        bench.pricing.set_price(1, 2000, given)
    bench.selling.set_quantity(1, 1)
    bench.pricing.set_price(1, 2000, given)


def test_an_approved_price_does_not_spread_to_further_pieces(bench: Any) -> None:
    hammer(bench)
    with pytest.raises(ApprovalNeededError) as needed:
        bench.pricing.set_price(1, 100)
    bench.pricing.set_price(1, 100, word(bench, needed))
    with pytest.raises(QuantityError, match="approved for 1"):
        bench.selling.change_quantity(1, 1)

    hammer(bench)
    assert [(line.quantity, line.unit_price_minor) for line in bench.selling.sale.lines] == [
        (1, 100),
        (1, 2490),
    ]


def test_a_scan_never_joins_a_line_whose_price_was_changed(bench: Any) -> None:
    hammer(bench)
    bench.pricing.set_price(1, 2400)
    bench.learn_price(331, 2400)
    hammer(bench)

    assert [(line.quantity, line.regular_minor) for line in bench.selling.sale.lines] == [
        (1, 2490),
        (1, 2400),
    ]


def test_raising_a_price_and_putting_it_back_need_nobody(bench: Any) -> None:
    hammer(bench)
    assert bench.pricing.set_price(1, 9900).regular_unit_price_minor == 2490
    assert bench.pricing.set_price(1, 2490).regular_unit_price_minor is None


def test_the_changed_price_is_in_the_sale_for_ever(bench: Any) -> None:
    hammer(bench)
    bench.pricing.set_price(1, 2300)
    bench.restart()
    bench.selling.resume()
    bench.tendering.take_cash(2300)

    (line,) = bench.journal.last(1)[0].sale.lines
    assert (line.unit_price_minor, line.regular_unit_price_minor) == (2300, 2490)


def test_what_cannot_be_meant_is_refused(bench: Any) -> None:
    with pytest.raises(NoSuchLineError):
        bench.pricing.set_price(1, 100)
    hammer(bench)
    with pytest.raises(NoSuchLineError):
        bench.pricing.set_price(2, 100)
    with pytest.raises(AmountError):
        bench.pricing.set_price(1, 10**13)
    with pytest.raises(ApprovalNeededError) as needed:
        bench.pricing.set_price(1, -1)
    with pytest.raises(AmountError):
        bench.pricing.set_price(1, -1, word(bench, needed))
    bench.selling.hand_over(None)
    with pytest.raises(NotSignedInError):
        bench.pricing.set_price(1, 2300)
    assert bench.kinds() == []


def test_a_price_is_not_lowered_below_what_is_paid(bench: Any) -> None:
    hammer(bench)
    bench.tendering.take_cash(2400)
    with pytest.raises(TenderError):
        bench.pricing.set_price(1, 2300)
    assert bench.kinds() == []


@pytest.mark.parametrize("table", ["journal", "draft"])
def test_price_and_entry_are_written_together_or_not_at_all(bench: Any, table: str) -> None:
    hammer(bench)
    with bench.broken(table), pytest.raises(StorageError):
        bench.pricing.set_price(1, 2300)

    assert bench.kinds() == []
    assert bench.drafts.load().sale == bench.selling.sale
    assert bench.selling.sale.total_minor == 2490
