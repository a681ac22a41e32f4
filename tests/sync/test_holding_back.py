"""Pieces held back from the web: over real HTTP to the demo's shop, told like sales, freed when the last ones sell."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.domain.safety import SafetyRules
from appliance.domain.shelf_count import CountLine
from appliance.shops.errors import ShopError
from appliance.storage.counts import Counts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.safety import HeldBack, HeldCount
from appliance.storage.stock_moves import StockMoves
from appliance.sync.holding_back import LINES_IN_A_MOVE, MOVES_AT_ONCE, HoldingBack
from appliance.sync.oversell import Oversell
from tests.storage.samples import seal
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter

HAMMER, SCREWS = "331", "402"


@dataclass(slots=True)
class Holder:
    """A till that holds pieces back from the web."""

    counter: Counter
    holding: HoldingBack

    def __post_init__(self) -> None:
        assert self.counter.service.errands is not None
        self.counter.service.errands.hold_back = self.free

    def free(self) -> int:
        """By the rules of now."""
        return self.holding.free()

    @property
    def held(self) -> HeldBack:
        return self.holding.held_back

    def go(self) -> int:
        """A reading of the counts and the rounds around it; how many orders over nothing were made."""
        before = len(self.holding.moves.all_of(self.counter.product(HAMMER).stock_id))
        self.counter.clock.ahead += timedelta(minutes=16)
        self.counter.service.run_once()
        self.holding.reconcile()
        self.counter.service.run_once()
        return len(self.holding.moves.all_of(self.counter.product(HAMMER).stock_id)) - before

    def rules(self, *texts: str, learns: bool = False) -> None:
        self.holding = replace(self.holding, rules=SafetyRules.from_texts(texts, learns=learns))

    def on_hand(self, sku: str) -> int | None:
        return self.counter.product(sku).on_hand

    def in_shop(self, sku: str) -> int:
        return self.counter.books().stock[sku]

    def held_of(self, sku: str) -> int:
        return self.held.covers(self.counter.product(sku).stock_id)


@pytest.fixture
def holder(counter: Counter) -> Holder:
    database, clock = counter.database, counter.clock
    moves = StockMoves(database, Journal(database, Identity(database).get(), "Till 1", seal()))
    return Holder(
        counter, HoldingBack(SafetyRules(), HeldBack(database), moves, lambda: uuid.uuid4().hex, clock)
    )


def test_the_shop_counts_fewer_and_the_till_as_many_as_before(holder: Holder) -> None:
    before = {sku: holder.in_shop(sku) for sku in (HAMMER, SCREWS)}
    holder.rules("sku 331: 2", "sku 402: 3")
    assert holder.go() == 1, "one order for both"
    assert {sku: holder.in_shop(sku) for sku in before} == {
        HAMMER: before[HAMMER] - 2,
        SCREWS: before[SCREWS] - 3,
    }
    assert {sku: holder.on_hand(sku) for sku in before} == before
    assert holder.held.count() == HeldCount(products=2, pieces=5)
    assert holder.go() == 0, "it comes to rest"
    assert not holder.counter.oversold.open()


def test_a_rule_that_is_gone_frees_what_was_held(holder: Holder) -> None:
    before = holder.in_shop(HAMMER)
    holder.rules("sku 331: 2")
    holder.go()
    holder.rules()
    assert holder.go() == 1
    assert (holder.in_shop(HAMMER), holder.held.count().pieces) == (before, 0)


def test_the_last_pieces_sell_here_and_the_shops_count_does_not_stay_below_zero(holder: Holder) -> None:
    """A sale of plenty makes no order; the last two make one each; nobody is called for it."""
    holder.rules("sku 331: 2")
    holder.go()
    pieces = holder.on_hand(HAMMER) or 0
    holder.counter.sell(p331=pieces - 2)
    assert holder.go() == 0
    assert (holder.in_shop(HAMMER), holder.on_hand(HAMMER)) == (0, 2)
    for left in (1, 0):
        holder.counter.sell(p331=1)
        holder.counter.service.run_once()
        assert (holder.in_shop(HAMMER), holder.on_hand(HAMMER), holder.held_of(HAMMER)) == (0, left, left)
        assert holder.go() == 0, "the very round that told the sale has freed it"
    assert not holder.counter.oversold.open()


def test_below_zero_by_what_is_held_is_not_sold_twice_but_beyond_it_is(holder: Holder) -> None:
    holder.rules("sku 331: 2")
    holder.go()
    counter = holder.counter
    oversell = Oversell(
        counter.service.telling.shop,
        counter.catalogue,
        counter.outbox,
        counter.oversold,
        counter.clock,
        holder.held.covers,
    )
    counter.sell(p331=1)
    counter.service.run_once()
    stock_id = counter.product(HAMMER).stock_id
    assert oversell.look({stock_id: -2}) == 0
    assert oversell.look({stock_id: -3}) == 1


def test_while_a_hold_is_being_told_nothing_more_is_written_for_it(holder: Holder) -> None:
    holder.rules("sku 331: 2")
    holder.counter.network.mode = "refuse"
    assert holder.holding.reconcile() == 1
    with pytest.raises(ShopError):
        holder.counter.service.run_once()
    holder.rules("sku 331: 5")
    assert holder.holding.reconcile() == 0
    holder.counter.network.mode = "up"
    before = holder.in_shop(HAMMER)
    holder.go()
    holder.go()
    assert (holder.in_shop(HAMMER), holder.held_of(HAMMER)) == (before - 5, 5)


def test_the_till_learns_from_what_a_count_found_missing(holder: Holder) -> None:
    counter, holding = holder.counter, holder.holding
    journal = Journal(counter.database, Identity(counter.database).get(), "Till 1", seal())
    counts = Counts(counter.database, journal, holding.moves, lambda: uuid.uuid4().hex)
    hammer, before = counter.product(HAMMER), holder.in_shop(HAMMER)
    now = counter.clock()
    line = CountLine(
        hammer.stock_id, hammer.product_id, None, hammer.name, "331", before - 3, before, now, MARTA.person_id
    )
    word = Approval(2, "Sean", Guarded.STOCK_COUNT, "Counted twice", now)
    counts.settle([line], MARTA, now, word, {})
    holder.rules(learns=True)
    holder.go()
    assert (holder.in_shop(HAMMER), holder.on_hand(HAMMER), holder.held_of(HAMMER)) == (
        before - 6,
        before - 3,
        3,
    )
    counter.clock.ahead += timedelta(days=91)
    holder.go()
    assert (holder.in_shop(HAMMER), holder.held_of(HAMMER)) == (before - 3, 0)


def test_a_rule_for_a_large_category_is_met_within_some_rounds(holder: Holder) -> None:
    made = 60 * MOVES_AT_ONCE
    beads = [
        Product(
            90_000 + at, f"Bead {at}", 100, sku=f"B{at}", category_ids=(17,), manages_stock=True, on_hand=5
        )
        for at in range(made)
    ]
    holder.counter.catalogue.apply(CatalogueChanges(tuple(beads), read_at=holder.counter.clock()))
    holder.counter.catalogue.set_categories([Category(17, "Beads")])
    holder.rules("category beads: 1")
    holder.holding = replace(holder.holding, may_tell=lambda: False)
    assert holder.holding.reconcile() == 0, "a card that was moved or copied holds nothing back"
    holder.holding = replace(holder.holding, may_tell=lambda: True)
    assert holder.holding.reconcile() == MOVES_AT_ONCE
    written = holder.counter.database.rows("SELECT count(*) FROM stock_move_line")
    assert written == [(LINES_IN_A_MOVE * MOVES_AT_ONCE,)]
