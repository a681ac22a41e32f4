"""Counts, holds and goods back reach the shop's count once, and eat no web sale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from appliance.domain.stock import MoveKind
from tests.sync.beside import Beside

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@pytest.fixture
def beside(counter: Counter) -> Beside:
    return Beside(counter)


@pytest.mark.parametrize("quantity", [-4, 3])
def test_a_count_corrects_the_shop_by_what_it_found_and_a_web_sale_in_between_stays(
    counter: Counter, beside: Beside, quantity: int
) -> None:
    counter.network.mode = "refuse"
    move_id = beside.move("1209", quantity)
    assert counter.product("1209").on_hand == 48 + quantity
    counter.buy_online("1209", "Niamh Byrne")
    counter.network.mode = "up"
    beside.rounds(3)
    assert counter.books().stock["1209"] == counter.product("1209").on_hand == 47 + quantity
    entry = beside.moves.entry(move_id)
    assert (entry.state, entry.reason) == ("sent", "")
    assert entry.checked_at is not None
    assert counter.outbox.problems() == []


def test_what_is_held_back_cannot_be_bought_online_and_is_on_the_shelf(
    counter: Counter, beside: Beside
) -> None:
    beside.move("1209", -8, MoveKind.HOLD)
    counter.service.run_once()
    assert (counter.books().stock["1209"], counter.product("1209").on_hand) == (40, 48)
    beside.move("1209", 5, MoveKind.HOLD)
    beside.rounds(2)
    assert (counter.books().stock["1209"], counter.product("1209").on_hand) == (45, 48)
    assert counter.database.rows("SELECT quantity FROM held_back") == [(3,)]


@pytest.mark.parametrize("mode", ["half", "nothing", "late", "500"])
def test_a_network_that_lies_corrects_nothing_twice(counter: Counter, beside: Beside, mode: str) -> None:
    for _ in range(2):
        beside.move("1209", -3)
    counter.network.mode = mode
    counter.service.round(force=False)
    counter.network.mode = "up"
    beside.rounds(4)
    assert counter.books().stock["1209"] == counter.product("1209").on_hand == 42
    assert {beside.moves.entry(each.sale_id).state for each in beside.moves.problems()} == set()
    assert counter.books().unfinished == 0


def test_an_inherited_move_is_told_once_by_two_copies(counter: Counter, beside: Beside) -> None:
    move_id = beside.move("1209", -3)
    counter.outbox.inherit_all()
    counter.service.run_once()
    entry = beside.moves.entry(move_id)
    assert (entry.state, entry.claim_id is not None) == ("sent", True)
    assert counter.books().stock["1209"] == 45
