"""A card that was copied, and a card that was set back: the till asks once, and no sale or number comes up twice."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

from appliance.demo.books import read_books
from appliance.demo.stage import Stage, staged, wait_until
from tests.flows.agreement import till_file, verified
from tests.flows.careful import CarefulCashier
from tests.flows.second_till import board, bound_because, copied, receipts_in_shop, receipts_of
from tests.flows.switching import switch_off, switch_on

HAMMER, MUG, TAPE, TROWEL = "331", "1209", "347", "815"


def wait_for_shop(stage: Stage, sales: int) -> None:
    wait_until(
        f"the shop has {sales} sales", lambda: len(read_books(stage.shop_file).till_orders) == sales, 60
    )


def wait_for_nothing_left(stage: Stage) -> None:
    """All is told. The late look at what came with the card is for chance to choose, within two hours."""

    def is_told() -> bool:
        with till_file(stage) as till:
            return not till.outbox.waiting()

    wait_until("the till has nothing left to tell", is_told, 60)


def confirm(stage: Stage, cashier: CarefulCashier, reason: str) -> None:
    """Sign in, read what the till asks, and touch its one key."""
    cashier.sign_in()
    hand = stage.hand
    wait_until("the till asks", lambda: hand.screen() == "moved", 10)
    assert hand.sees("Is this a new till?")
    assert hand.sees(reason)
    hand.tap("Sell on as T1B")
    wait_until("it sells on", lambda: hand.screen() == "sell", 10)


def test_a_copied_card_in_another_computer_sells_on_as_another_till(tmp_path: Path) -> None:
    (tmp_path / "clone").mkdir()
    with staged(
        (800, 480), "dark", headless=True, late_minutes=0.1, hardware_root=board(tmp_path, "10000000aaaa")
    ) as stage:
        cashier = CarefulCashier(stage)
        cashier.sign_in()
        cashier.sell([HAMMER])
        wait_for_shop(stage, 1)
        stage.network.mode = "refuse"
        cashier.sell([MUG])
        switch_off(stage)
        with copied(stage, tmp_path / "clone", board(tmp_path, "10000000bbbb")) as clone:
            sell_on_with_both(stage, cashier, clone)
        switch_off(stage)
        switch_on(stage)
        cashier.sign_in()
        assert stage.hand.screen() == "sell"


def sell_on_with_both(stage: Stage, cashier: CarefulCashier, clone: Stage) -> None:
    """The copy asks and goes on under its own numbers; both tell the sale that is on both cards."""
    second = CarefulCashier(clone)
    switch_on(stage)
    switch_on(clone)
    cashier.sign_in()
    cashier.sell([TAPE])
    confirm(clone, second, "different computer")
    assert bound_because(clone.database_path) == "other computer"
    second.sell([TROWEL])
    stage.network.mode = "up"
    wait_for_shop(stage, 4)
    for till in (stage, clone):
        wait_for_nothing_left(till)
    cashier.sell([HAMMER])
    second.sell([MUG])
    wait_for_shop(stage, 6)
    assert receipts_of(stage.database_path) == [f"T1-{number:06d}" for number in range(1, 5)]
    assert receipts_of(clone.database_path) == [
        *(f"T1-{number:06d}" for number in (1, 2)),
        *(f"T1B-{number:06d}" for number in (1, 2)),
    ]
    both = {*receipts_of(stage.database_path), *receipts_of(clone.database_path)}
    assert receipts_in_shop(stage.shop_file) == Counter(both)
    check_books(stage)
    assert "intact" in verified(clone)


def check_books(stage: Stage) -> None:
    """Two hammers, two mugs, one tape, one trowel: each once."""
    books = read_books(stage.shop_file)
    assert books.doubled == books.unfinished == 0
    assert books.taken_minor == 2 * 2490 + 2 * 1290 + 395 + 1750
    assert [books.stock[sku] for sku in (HAMMER, MUG, TAPE, TROWEL)] == [14, 46, 79, 13]


def test_a_card_that_was_set_back_to_an_old_copy_sells_on_as_another_till(stage: Stage) -> None:
    """The stick was not there either: only the shop can know."""
    stage.stick.rename(stage.folder / "pocket")
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    cashier.sell([HAMMER])
    wait_for_shop(stage, 1)
    switch_off(stage)
    old = stage.folder / "old"
    shutil.copytree(stage.card, old)
    switch_on(stage)
    cashier.sign_in()
    for _ in range(2):
        cashier.sell([MUG])
    wait_for_shop(stage, 3)
    set_back(stage, old)
    switch_on(stage)
    wait_until("the shop was asked", lambda: "shop_head" in facts_of(stage), 20)
    confirm(stage, cashier, "The card is an older copy.")
    assert bound_because(stage.database_path) == "the shop knows more"
    (stage.folder / "pocket").rename(stage.stick)
    cashier.sold = cashier.sold[:1]  # what this card knows of
    cashier.sell([TAPE])
    cashier.sell([TROWEL])
    wait_for_shop(stage, 5)
    wait_for_nothing_left(stage)
    check_books_after_set_back(stage)


def set_back(stage: Stage, old: Path) -> None:
    """An old copy of the card goes in, while the till is off."""
    switch_off(stage)
    shutil.rmtree(stage.card)
    old.rename(stage.card)


def check_books_after_set_back(stage: Stage) -> None:
    """The two receipts that the card lost are the shop's, and no number comes up twice."""
    assert receipts_of(stage.database_path) == ["T1-000001", "T1B-000001", "T1B-000002"]
    wanted = ["T1-000001", "T1-000002", "T1-000003", "T1B-000001", "T1B-000002"]
    assert receipts_in_shop(stage.shop_file) == Counter(wanted)
    books = read_books(stage.shop_file)
    assert books.doubled == books.unfinished == 0
    assert books.taken_minor == 2490 + 2 * 1290 + 395 + 1750
    assert "intact" in verified(stage)


def facts_of(stage: Stage) -> set[str]:
    with till_file(stage) as till:
        return {name for (name,) in till.database.rows("SELECT name FROM shop_fact")}
