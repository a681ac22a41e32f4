"""What runs out over both channels, and which numbers will fail at the counter."""

from __future__ import annotations

from datetime import timedelta

from appliance.domain.mismatches import MismatchKind
from appliance.domain.sale import Sale
from appliance.storage.instants import to_text
from appliance.storage.stock_list import StockList
from tests.storage.conftest import Till
from tests.storage.samples import NOON, RULES, line_of, paid, product

LATER = NOON + timedelta(hours=1)


def sell(till: Till, number: int, pieces: int) -> None:
    made = Sale(f"{number:032x}", NOON, RULES).add(line_of(product(number), pieces))
    till.journal.record(made, paid(made), till.person, NOON)


def order_online(till: Till, number: int, pieces: int) -> None:
    at = to_text(NOON)
    with till.db.transaction() as connection:
        connection.execute(
            "INSERT INTO web_order (order_id, number, status, total_minor, created_at, modified_at) "
            "VALUES (?, 'W', 'processing', 0, ?, ?)",
            (900 + number, at, at),
        )
        connection.execute(
            "INSERT INTO web_order_line (order_id, position, product_id, name, quantity) VALUES (?, 1, ?, 'x', ?)",
            (900 + number, number, pieces),
        )


def names(till: Till, low_at: int = 2, low_days: int = 0) -> list[tuple[int, int]]:
    return [
        (each.product_id, each.available) for each in StockList(till.db).look_low(LATER, low_at, low_days)
    ]


def test_what_is_at_the_number_of_the_owner_or_below_is_listed(till: Till) -> None:
    till.learn(product(1, on_hand=2), product(2, on_hand=3), product(3, on_hand=9, low_stock_amount=10))
    assert names(till) == [(1, 2), (3, 9)] or names(till) == [(3, 9), (1, 2)]


def test_a_sale_that_the_shop_has_not_heard_counts_and_so_does_one_that_was_set_aside(till: Till) -> None:
    till.learn(product(1, on_hand=4), product(2, on_hand=4))
    sell(till, 1, 2)
    with till.db.transaction() as connection:
        connection.execute(
            "INSERT INTO held_sale (sale_id, body, held_at, person_id) VALUES (?, '{}', '2026', 1)",
            ("f" * 32,),
        )
        connection.execute("INSERT INTO held_stock VALUES (?, 2, 3)", ("f" * 32,))
    assert sorted(names(till)) == [(1, 2), (2, 1)]


def test_what_will_not_last_a_week_at_the_pace_of_both_channels_is_listed_first(till: Till) -> None:
    till.learn(product(1, on_hand=2), product(2, on_hand=30), product(3, on_hand=100))
    sell(till, 2, 20)
    order_online(till, 2, 40)
    sell(till, 3, 3)
    (fast, slow) = StockList(till.db).look_low(LATER, 2, 7)
    assert (fast.product_id, fast.sold_here, fast.sold_online, fast.days_left) == (2, 20, 40, 5)
    assert (slow.product_id, slow.days_left) == (1, None)


def test_what_may_be_sold_below_nothing_is_never_low(till: Till) -> None:
    till.learn(product(1, on_hand=0, backorders=True))
    assert names(till) == []


def test_what_was_found_is_kept_for_the_other_program(till: Till) -> None:
    till.learn(product(1, on_hand=1, sku="A"), product(2, on_hand=9, sku="a"))
    looked = StockList(till.db)
    low, wrong = looked.look_low(LATER, 2, 0), looked.look_numbers()
    count, worst = StockList(till.db).mismatches()
    assert StockList(till.db).low() == low
    assert (count, list(worst)) == (len(wrong), wrong)
    assert [each.kind for each in worst] == [MismatchKind.SKU_CASE]
