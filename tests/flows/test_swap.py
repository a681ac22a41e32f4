"""A dead till is swapped: a spare card, its stick, three touches and a PIN; the shop has every sale once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.demo.books import read_books
from appliance.demo.stage import Stage, staged, wait_until
from appliance.storage.identity import Identity
from appliance.storage.staff import Staff
from tests.flows.agreement import till_file, total_minor
from tests.flows.careful import NAME, PIN, CarefulCashier
from tests.flows.second_till import board, bound_because, receipts_in_shop, receipts_of
from tests.flows.spare_card import SpareCard, spare
from tests.flows.switching import switch_off
from tests.flows.test_restore_at_start import is_level

HAMMER, MUG, TAPE, TROWEL = "331", "1209", "347", "815"


@pytest.fixture
def dead(tmp_path: Path) -> Iterator[Stage]:
    """A till that sold three baskets, one of them unknown to the shop, and died; its stick is in it still."""
    with staged(
        (800, 480), "dark", headless=True, late_minutes=0.1, hardware_root=board(tmp_path, "10000000aaaa")
    ) as stage:
        cashier = CarefulCashier(stage)
        cashier.sign_in()
        cashier.sell([HAMMER])
        cashier.sell([MUG, TAPE])
        wait_until("the shop has two", lambda: len(read_books(stage.shop_file).till_orders) == 2, 60)
        stage.network.mode = "refuse"
        cashier.sell([TROWEL])
        wait_until("the stick has it", lambda: is_level(stage), 10)
        switch_off(stage)
        stage.network.mode = "up"
        yield stage


@pytest.fixture
def card(dead: Stage, tmp_path: Path) -> Iterator[SpareCard]:
    with spare(dead, tmp_path / "spare", board(tmp_path, "10000000bbbb")) as made:
        yield made


def move_stick(dead: Stage, card: SpareCard) -> None:
    """Pull it out of the one, plug it into the other."""
    dead.stick.rename(card.places.stick)


def shown(card: SpareCard, screen: str) -> None:
    hand = card.stage.hand
    wait_until(f"the page {screen} is shown", lambda: hand.screen() == screen, 20)


def sign_in(card: SpareCard, screen: str) -> None:
    """One person works here: the PIN is enough."""
    for digit in PIN:
        card.stage.hand.tap(digit)
    shown(card, screen)


def test_a_dead_till_is_swapped_by_card_and_stick_and_every_sale_is_in_the_shop_once(
    dead: Stage, card: SpareCard
) -> None:
    hand = card.stage.hand
    move_stick(dead, card)
    card.switch_on()
    shown(card, "begin")
    for words in ("Go on as Till 1?", "receipts T1.", "Its last receipt is T1-000003."):
        assert hand.sees(words), hand.texts()
    assert not (card.places.journal / "till.db").exists(), (
        "nothing is founded before somebody said what this is"
    )
    hand.tap("Go on as Till 1")
    assert card.carry_out_wish() == 0
    sign_in(card, "moved")
    assert hand.sees("restored from its stick")
    hand.tap("Sell on as T1B")
    shown(card, "sell")
    wait_until("the goods are here", lambda: bool(_products(card)), 60)
    cashier = CarefulCashier(card.stage)
    cashier.sell([HAMMER])
    wait_until("the shop has all", lambda: len(read_books(dead.shop_file).till_orders) == 4, 90)
    wait_until("nothing is left to tell", lambda: not _waiting(card), 60)
    books, file = read_books(dead.shop_file), card.stage.database_path
    assert books.doubled == 0
    assert books.unfinished == 0
    assert books.taken_minor == sum(map(total_minor, ([HAMMER], [MUG, TAPE], [TROWEL], [HAMMER])))
    assert receipts_of(file) == ["T1-000001", "T1-000002", "T1-000003", "T1B-000001"]
    assert dict(receipts_in_shop(dead.shop_file)) == dict.fromkeys(receipts_of(file), 1)
    assert bound_because(file) == "restored"
    with till_file(card.stage) as till:
        assert till.journal.verify() is None
        assert [person.name for person in Staff(till.database).people()] == [NAME]
    wait_until("the stick goes on too, in a folder of the new id", lambda: _is_on_stick(card), 20)


def _is_on_stick(card: SpareCard) -> bool:
    with till_file(card.stage) as till:
        folder = f"gapless-{Identity(till.database).get().till_id[:8]}"
        journal = card.places.stick / folder / "journal.jsonl"
        return journal.exists() and journal.read_bytes() == till.lines()


def _products(card: SpareCard) -> int:
    with till_file(card.stage) as till:
        return int(till.database.rows("SELECT count(*) FROM product")[0][0])


def _waiting(card: SpareCard) -> bool:
    with till_file(card.stage) as till:
        return bool(till.outbox.waiting())
