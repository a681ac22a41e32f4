"""What the shop has yet to hear, and what that does to the count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.storage.errors import NoSuchSaleError, RuleBrokenError
from tests.storage.conftest import Till
from tests.storage.samples import NOON, product, sale

ID = sale(0).sale_id
LATER = NOON + timedelta(minutes=5)


def on_hand(till: Till, product_id: int) -> int | None:
    found = till.catalogue.get(product_id)
    assert found is not None
    return found.on_hand


def untold_as_derived(till: Till) -> list[tuple[object, ...]]:
    return till.db.rows(
        "SELECT stock_id, seq, sum(quantity) FROM sale_line JOIN outbox USING (seq) "
        "WHERE order_id IS NULL AND stock_id IS NOT NULL GROUP BY stock_id, seq ORDER BY stock_id, seq"
    )


def test_sales_are_due_oldest_first_and_not_before_their_time(till: Till) -> None:
    for number in range(4):
        till.sell(number)
    till.outbox.note_attempt(ID, LATER)
    till.outbox.park(sale(1).sale_id, "The shop refused it.")
    assert [entry.sale_id for entry in till.outbox.due(NOON, 9)] == [sale(n).sale_id for n in (2, 3)]
    assert [entry.sale_id for entry in till.outbox.due(NOON, 1)] == [sale(2).sale_id]
    assert [entry.attempts for entry in till.outbox.due(LATER, 9)] == [1, 0, 0]
    assert till.outbox.next_try_at(NOON) == LATER
    till.outbox.hurry()
    assert till.outbox.due(NOON, 1)[0].sale_id == ID
    assert till.outbox.next_try_at(NOON) is None


def test_on_hand_is_the_shops_count_less_what_it_has_not_heard(till: Till) -> None:
    till.learn(*(product(number) for number in range(1, 30)))
    till.sell(0)
    till.sell(40)  # the same five products again
    assert [on_hand(till, n) for n in (1, 2, 6)] == [48, 46, 50]
    till.outbox.remember(ID, 900)
    assert [on_hand(till, n) for n in (1, 2)] == [48, 46]
    till.catalogue.set_stock({1: 40, 2: 40}, NOON)
    assert [on_hand(till, n) for n in (1, 2)] == [39, 38]
    till.outbox.forget_order(ID)
    assert [on_hand(till, n) for n in (1, 2)] == [39, 38]
    assert untold_as_derived(till) == till.db.rows("SELECT * FROM untold_stock ORDER BY stock_id, seq")


def test_a_step_done_twice_counts_once(till: Till) -> None:
    till.learn(product(1))
    till.sell(0)
    till.outbox.forget_order(ID)
    for _ in range(2):
        till.outbox.remember(ID, 900)
        assert till.db.rows("SELECT quantity FROM shop_stock") == [(49,)]
    for _ in range(2):
        till.outbox.forget_order(ID)
        assert till.db.rows("SELECT quantity FROM shop_stock") == [(50,)]
    assert untold_as_derived(till) == till.db.rows("SELECT * FROM untold_stock ORDER BY stock_id, seq")


def test_a_sale_goes_its_way_and_each_step_is_kept(till: Till) -> None:
    till.sell(0)
    till.outbox.note_posted(ID, NOON)
    till.outbox.note_posted(ID, LATER)
    till.outbox.remember(ID, 900)
    till.outbox.note_committing(ID, LATER)
    entry = till.outbox.entry(ID)
    assert (entry.state, entry.posted_at, entry.order_id, entry.committing_at) == (
        "reserved",
        NOON,
        900,
        LATER,
    )
    till.outbox.mark_sent(ID, LATER)
    assert till.outbox.due(LATER, 9) == []
    assert till.outbox.unchecked(NOON) == []
    assert [each.sale_id for each in till.outbox.unchecked(LATER)] == [ID]
    till.outbox.mark_checked(ID, LATER)
    assert till.outbox.unchecked(LATER) == []
    assert till.outbox.problems() == []


def test_what_the_late_look_found_stays_to_be_seen(till: Till) -> None:
    till.sell(0)
    till.outbox.remember(ID, 900)
    till.outbox.mark_sent(ID, NOON)
    till.outbox.mark_checked(ID, LATER, "The shop took one piece twice.")
    assert [entry.reason for entry in till.outbox.problems()] == ["The shop took one piece twice."]


def test_what_the_shop_has_heard_stays_heard(till: Till) -> None:
    till.sell(0)
    till.outbox.remember(ID, 900)
    till.outbox.mark_sent(ID, NOON)
    with pytest.raises(RuleBrokenError):
        till.outbox.park(ID, "no")
    with pytest.raises(RuleBrokenError):
        till.outbox.forget_order(ID)
    assert till.outbox.entry(ID).state == "sent"


def test_one_order_cannot_be_two_sales(till: Till) -> None:
    till.learn(product(1), product(6))
    till.sell(0)
    till.sell(1)
    till.outbox.remember(ID, 900)
    with pytest.raises(RuleBrokenError):
        till.outbox.remember(sale(1).sale_id, 900)
    assert till.outbox.entry(sale(1).sale_id).state == "due"
    assert on_hand(till, 6) == 49
    assert till.db.rows("SELECT quantity FROM shop_stock WHERE stock_id = 6") == [(50,)]


def test_a_parked_sale_waits_for_a_person_and_goes_on_where_it_was(till: Till) -> None:
    till.sell(0)
    till.sell(1)
    till.outbox.remember(ID, 900)
    for number in (0, 1):
        till.outbox.park(sale(number).sale_id, "The shop refused it: product deleted.")
    waiting = till.outbox.waiting()
    assert [each.entry.reason for each in waiting] == ["The shop refused it: product deleted."] * 2
    assert (waiting[0].receipt_number, waiting[0].lines, waiting[0].cashier_name) == ("T1-000001", 5, "Mara")
    assert waiting[0].total_minor == sale(0).total_minor
    for number in (0, 1):
        till.outbox.unpark(sale(number).sale_id)
    assert [entry.state for entry in till.outbox.due(NOON, 9)] == ["reserved", "due"]


def test_the_counts_add_up_to_all_sales(till: Till) -> None:
    assert tuple(getattr(till.outbox.counts(), name) for name in ("due", "parked", "sent")) == (0, 0, 0)
    for number in range(6):
        till.sell(number)
        till.journal.note("no-sale", 1, NOON)
    till.outbox.park(sale(5).sale_id, "no")
    for number in range(3):
        till.outbox.remember(sale(number).sale_id, 900 + number)
    till.outbox.mark_sent(ID, NOON)
    assert tuple(getattr(till.outbox.counts(), name) for name in ("due", "parked", "sent")) == (4, 1, 1)


def test_the_lines_that_drew_on_a_count_are_found_newest_first(till: Till) -> None:
    for number in (0, 40, 1):
        till.sell(number)
        till.outbox.remember(sale(number).sale_id, 900 + number)
    found = till.outbox.sold_lines(2, NOON)
    assert [(line.receipt_number, line.quantity) for line in found] == [("T1-000002", 2), ("T1-000001", 2)]
    assert till.outbox.sold_lines(2, LATER) == []


def test_a_sale_that_is_not_here_is_refused(till: Till) -> None:
    with pytest.raises(NoSuchSaleError):
        till.outbox.remember("f" * 32, 1)
