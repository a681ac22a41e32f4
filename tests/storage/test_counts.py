"""The count in progress and what is held back, as rows: order, who waits for what, and the drift."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from appliance.domain.catalogue import Category
from appliance.domain.safety import SafetyRules
from appliance.domain.shelf_count import CountLine
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.storage.counts import Counts
from appliance.storage.safety import HeldBack, HeldCount
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from tests.storage.samples import NOON, product, sealer

if TYPE_CHECKING:
    from tests.storage.conftest import Till


@pytest.fixture
def moves(till: Till) -> StockMoves:
    return StockMoves(till.db, till.journal)


@pytest.fixture
def counts(till: Till, moves: StockMoves) -> Counts:
    return Counts(till.db, till.journal, moves, lambda: uuid.uuid4().hex)


def line(number: int, counted: int = 1, expected: int = 50) -> CountLine:
    made = product(number)
    return CountLine(number, number, None, made.name, made.sku, counted, expected, NOON, 1)


def hold(till: Till, moves: StockMoves, number: int, pieces: int, *, is_told: bool = True) -> str:
    made = StockMoveLine(number, None, number, product(number).name, -pieces)
    move = moves.record(MoveKind.HOLD, [made], "Held back", None, NOON, move_id=uuid.uuid4().hex)
    outbox = StockMoveOutbox(till.db)
    outbox.note_posted(move.move_id, NOON)
    if is_told:
        outbox.remember(move.move_id, 500 + number)
        outbox.mark_sent(move.move_id, NOON)
    return move.move_id


def test_what_was_touched_last_is_the_newest_whatever_the_clock_says(counts: Counts) -> None:
    for number in (3, 1, 2):
        counts.put(line(number))
    counts.put(line(3, counted=2))
    assert [(each.stock_id, each.counted) for each in counts.lines()] == [(1, 1), (2, 1), (3, 2)]
    assert counts.newest() == 3
    counts.remove(3)
    assert counts.newest() == 2
    assert counts.get(3) is None


def test_what_web_orders_wait_for_is_known_by_count(till: Till, counts: Counts) -> None:
    till.learn(product(1), product(2))
    rows = (
        (7, "processing", "", 1, 2),
        (8, "completed", "", 1, 5),
        (9, "on-hold", "f" * 32, 1, 5),
        (10, "on-hold", "", 2, 1),
    )
    for order_id, status, sale_id, product_id, pieces in rows:
        till.db.rows(
            "INSERT INTO web_order (order_id, number, status, sale_id, total_minor, created_at, modified_at) "
            "VALUES (?1, ?1, ?2, ?3, 0, '', '')",
            (order_id, status, sale_id),
        )
        till.db.rows(
            "INSERT INTO web_order_line (order_id, position, product_id, name, quantity) VALUES (?, 1, ?, '', ?)",
            (order_id, product_id, pieces),
        )
    assert counts.promised() == {1: 2, 2: 1}


def test_only_pieces_that_somebody_still_waits_for_are_owed(till: Till, counts: Counts) -> None:
    recorded = till.sell(1)
    oversold = till.oversold(sealer())
    sale_id = recorded.completed.sale.sale_id
    oversold.found(product_id=7, product_name="x", units=2, sale_id=sale_id, found_at=NOON)
    assert counts.owed(7) == 2
    till.db.rows("UPDATE oversold SET settled_at = ?, way = 'back-order'", (NOON.isoformat(),))
    assert counts.owed(7) == 2, "it is sent when it comes"
    till.db.rows("UPDATE oversold SET way = 'found'")
    assert counts.owed(7) == 0


def test_what_is_held_back_is_counted_and_what_is_on_its_way_covers_too(
    till: Till, moves: StockMoves
) -> None:
    till.learn(product(1), product(2))
    held = HeldBack(till.db)
    hold(till, moves, 1, 3)
    assert held.count() == HeldCount(1, 3)
    assert held.covers(1) == 3
    assert held.being_told() == set()
    hold(till, moves, 2, 2, is_told=False)
    assert held.count() == HeldCount(1, 3)
    assert held.covers(2) == 2, "the shop may have taken them already"
    assert held.being_told() == {2}


def test_the_shelves_are_those_of_rules_of_drift_and_of_what_is_held(till: Till, moves: StockMoves) -> None:
    till.catalogue.set_categories([Category(1, "Tea"), Category(2, "Coffee")])
    shared = {"parent_id": 900, "parent_manages_stock": True, "category_ids": (2,)}
    till.learn(
        product(1, category_ids=(1,)),
        product(2, category_ids=(2,)),
        product(3, category_ids=()),
        product(4, category_ids=()),
        product(901, sku="S", **shared),
        product(902, sku="M", **shared),
    )
    hold(till, moves, 3, 2)
    held, rules = HeldBack(till.db), SafetyRules.from_texts(["category tea: 1", "sku m: 2"])
    found = {each.stock_id: each for each in held.shelves(rules, {900: 1})}
    assert set(found) == {1, 3, 900}
    assert (found[1].categories, found[1].on_hand, found[1].held) == (("1", "tea"), 50, 0)
    assert (found[3].on_hand, found[3].held) == (50, 2)
    assert found[900].skus == ("S", "M")
    assert set(found[900].categories) == {"2", "coffee"}


def test_drift_is_the_largest_shortfall_of_late(till: Till, moves: StockMoves) -> None:
    def count(number: int, variance: int, days: int) -> None:
        made = StockMoveLine(number, None, number, "x", variance, expected=50, counted=50 + variance)
        at = NOON + timedelta(days=days)
        moves.record(MoveKind.COUNT, [made], "Lost", till.person, at, move_id=uuid.uuid4().hex)

    recorded = till.sell(1)
    for number, variance, days in ((1, -9, 0), (1, -2, 11), (1, -4, 88), (2, 5, 90)):
        count(number, variance, days)
    sale_id = recorded.completed.sale.sale_id
    at = NOON + timedelta(days=90)
    till.oversold(sealer()).found(product_id=3, product_name="x", units=2, sale_id=sale_id, found_at=at)
    assert HeldBack(till.db).drift(NOON + timedelta(days=1)) == {1: 4, 3: 2}
