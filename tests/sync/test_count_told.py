"""A count of the shelf on its way to the shop: a difference, told once, that eats no web sale and none of ours."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from appliance.domain.approval import Approval, Guarded
from appliance.domain.shelf_count import CountLine
from appliance.storage.counts import Counts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.stock_moves import StockMoves
from tests.storage.samples import seal
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

HAMMER, SCREWS = "331", "402"


def approve(counter: Counter, **variances: int) -> None:
    """Count products (p331=-2: two fewer than there should be), and let a manager approve it."""
    journal = Journal(counter.database, Identity(counter.database).get(), "Till 1", seal())
    counts = Counts(
        counter.database, journal, StockMoves(counter.database, journal), lambda: uuid.uuid4().hex
    )
    now, lines = counter.clock(), []
    for name, variance in variances.items():
        product = counter.product(name.removeprefix("p"))
        expected = product.on_hand or 0
        head = (product.stock_id, product.product_id, product.parent_id, product.name, product.sku)
        lines.append(CountLine(*head, expected + variance, expected, now, MARTA.person_id))
    word = Approval(2, "Sean", Guarded.STOCK_COUNT, "Counted twice", now)
    counts.settle(lines, MARTA, now, word, {})


def test_the_shop_is_corrected_by_the_difference_and_a_web_sale_stays_sold(counter: Counter) -> None:
    before = counter.books().stock
    approve(counter, p331=-2, p402=3)
    counter.sell(p331=1)
    counter.buy_online(HAMMER, "Niamh Byrne")
    counter.buy_online(SCREWS, "Niamh Byrne")
    counter.clock.ahead += timedelta(minutes=16)
    for _ in range(3):
        counter.service.run_once()
    after = counter.books().stock
    assert (after[HAMMER], after[SCREWS]) == (before[HAMMER] - 4, before[SCREWS] + 2)
    assert counter.product(HAMMER).on_hand == after[HAMMER]
    assert counter.product(SCREWS).on_hand == after[SCREWS]


def test_a_count_made_offline_waits_and_shows_here_at_once(counter: Counter) -> None:
    before = counter.books().stock[HAMMER]
    counter.network.mode = "refuse"
    approve(counter, p331=-2)
    counter.service.round(force=False)
    assert counter.product(HAMMER).on_hand == before - 2
    assert counter.books().stock[HAMMER] == before
    counter.network.mode = "up"
    for _ in range(3):
        counter.service.round(force=True)
    assert counter.books().stock[HAMMER] == before - 2
    assert counter.product(HAMMER).on_hand == before - 2


def test_a_count_whose_answers_are_lost_is_told_once(counter: Counter) -> None:
    before = counter.books().stock[HAMMER]
    approve(counter, p331=-2)
    counter.network.mode = "done-reset"
    for _ in range(4):
        counter.service.round(force=True)
    counter.network.mode = "up"
    for _ in range(6):
        counter.clock.ahead += timedelta(minutes=16)
        counter.service.round(force=True)
    assert counter.books().stock[HAMMER] == before - 2
    assert counter.product(HAMMER).on_hand == before - 2
