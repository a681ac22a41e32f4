"""The timeline of a count: every change has its channel and its cause, and the sum is the stock."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund_planning import Unproven, of_products
from appliance.domain.sale import Sale
from appliance.domain.tax import TaxRate, TaxRules
from appliance.domain.tender import TenderKind
from appliance.storage.instants import to_text
from appliance.storage.mending import Mend, Mending
from appliance.storage.outbox import Outbox
from appliance.storage.refunds import Refunds
from appliance.storage.timeline import Channel, Timeline, timeline
from tests.storage.conftest import Till
from tests.storage.samples import NOON, RULES, fresh_till, line_of, paid, product, sealer, ticking


class Shelf:
    """One product at one till and in one shop, minute by minute."""

    def __init__(self, till: Till) -> None:
        self.till, self.minutes, self.sales, self.orders = till, 0, 0, 500
        self.shop = 10
        self.product = product(1, on_hand=10)
        self.stock_id = self.product.stock_id
        till.learn(self.product)
        till.catalogue.set_stock({self.stock_id: 10}, NOON)

    def now(self) -> datetime:
        self.minutes += 10
        return NOON + timedelta(minutes=self.minutes)

    def sell(self) -> str:
        self.sales += 1
        made = Sale(f"{self.sales:032x}", NOON, RULES).add(line_of(self.product, 1 + self.sales % 2))
        self.till.journal.record(made, paid(made, 55), self.till.person, self.now())
        return made.sale_id

    def tell(self, sale_id: str) -> None:
        self.orders += 1
        pieces = self.till.journal.sale(sale_id).sale.lines[0].quantity
        self.shop -= pieces
        self.till.outbox.note_posted(sale_id, self.now())
        self.till.outbox.remember(sale_id, self.orders)
        self.till.outbox.mark_sent(sale_id, self.now())

    def web_order(self, pieces: int, *, status: str = "processing") -> None:
        self.orders += 1
        self.shop -= 0 if status == "cancelled" else pieces
        at = to_text(self.now())
        with self.till.db.transaction() as connection:
            connection.execute(
                "INSERT INTO web_order (order_id, number, status, customer, total_minor, created_at, modified_at) "
                "VALUES (?, ?, ?, ?, 0, ?, ?)",
                (self.orders, str(self.orders), status, sealer().seal("Niamh Byrne"), at, at),
            )
            connection.execute(
                "INSERT INTO web_order_line (order_id, position, product_id, name, quantity, reduced) "
                "VALUES (?, 1, ?, 'Mug', ?, ?)",
                (self.orders, self.stock_id, pieces, None if status == "cancelled" else pieces),
            )

    def edit(self, pieces: int) -> None:
        self.shop += pieces
        self.now()

    def read(self) -> None:
        self.till.catalogue.set_stock({self.stock_id: self.shop}, self.now())

    def timeline(self) -> Timeline:
        return timeline(self.till.db, sealer(), self.stock_id)


@pytest.fixture
def shelf(till: Till) -> Shelf:
    return Shelf(till)


@pytest.fixture
def new_till(tmp_path: Path) -> Iterator[Callable[[], Till]]:
    """Makes a till on a file of its own at each call."""
    made: list[Till] = []

    def make() -> Till:
        now = ticking()
        db, identity, person = fresh_till(tmp_path / f"till-{len(made)}.db", now)
        made.append(Till(db, identity, person, now))
        return made[-1]

    yield make
    for each in made:
        each.db.close()


def changes(found: Timeline) -> list[tuple[Channel, int]]:
    return [(move.channel, move.change) for move in found.moves]


def test_it_begins_with_the_count_that_the_till_first_knew(shelf: Shelf) -> None:
    found = shelf.timeline()
    assert changes(found) == [(Channel.SHOP, 10)]
    assert (found.total, found.on_hand, found.disagreed_at) == (10, 10, None)


def test_a_sale_here_counts_before_and_after_the_shop_has_heard(shelf: Shelf) -> None:
    sale_id = shelf.sell()
    pieces = shelf.till.journal.sale(sale_id).sale.lines[0].quantity
    untold = shelf.timeline()
    shelf.tell(sale_id)
    shelf.read()
    told = shelf.timeline()
    assert changes(untold) == changes(told) == [(Channel.SHOP, 10), (Channel.TILL, -pieces)]
    assert [untold.moves[1].is_told, told.moves[1].is_told] == [False, True]
    assert untold.total == untold.on_hand == told.total == told.on_hand == 10 - pieces
    assert told.moves[1].who == shelf.till.person.name
    assert told.disagreed_at is None


def test_a_web_order_is_named_with_its_buyer(shelf: Shelf) -> None:
    shelf.web_order(3)
    shelf.read()
    found = shelf.timeline()
    assert changes(found) == [(Channel.SHOP, 10), (Channel.WEB, -3)]
    assert (found.moves[1].who, found.moves[1].why) == ("Niamh Byrne", "Order 501")
    assert (found.total, found.on_hand, found.disagreed_at) == (7, 7, None)


def test_a_change_that_no_order_explains_is_where_both_sides_began_to_disagree(shelf: Shelf) -> None:
    shelf.web_order(1)
    shelf.read()
    shelf.edit(-2)
    shelf.read()
    odd_at = NOON + timedelta(minutes=shelf.minutes)
    shelf.edit(+1)
    shelf.read()
    found = shelf.timeline()
    assert changes(found)[1:] == [(Channel.WEB, -1), (Channel.SHOP, -2), (Channel.SHOP, 1)]
    assert found.disagreed_at == odd_at
    assert found.total == found.on_hand == 8


def test_an_order_that_was_cancelled_before_a_reading_takes_and_gives(shelf: Shelf) -> None:
    shelf.web_order(4, status="cancelled")
    shelf.edit(-1)
    shelf.read()
    found = shelf.timeline()
    assert [move.change for move in found.moves] == [10, -4, 4, -1]
    assert found.total == found.on_hand == 9


def test_an_order_that_no_reading_has_seen_yet_does_not_count_yet(shelf: Shelf) -> None:
    shelf.web_order(2)
    found = shelf.timeline()
    assert (found.total, found.on_hand) == (10, 10)


DEEDS = st.lists(st.sampled_from(("sell", "tell", "web", "cancelled", "edit", "read")), max_size=12)


@given(deeds=DEEDS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_the_sum_of_the_timeline_is_the_stock(
    deeds: list[str], new_till: Callable[[], Till]
) -> None:
    shelf, untold = Shelf(new_till()), []
    for deed in deeds:
        if deed == "sell":
            untold.append(shelf.sell())
        elif deed == "tell" and untold:
            shelf.tell(untold.pop(0))
        elif deed == "web":
            shelf.web_order(2)
        elif deed == "cancelled":
            shelf.web_order(1, status="cancelled")
        elif deed == "edit":
            shelf.edit(25)  # more than all orders take: what they undo exactly, nobody can see
        elif deed == "read":
            shelf.read()
    shelf.read()
    found = shelf.timeline()
    assert found.total == found.on_hand
    assert [move.before + move.change for move in found.moves] == [move.after for move in found.moves]
    assert not [move for move in found.moves if move.why == "Between two readings"]
    assert bool(found.disagreed_at) == ("edit" in deeds)


def test_a_line_told_as_another_product_explains_what_the_shop_takes_of_that(till: Till) -> None:
    """The shop's order is ours, though this till sold something else."""
    shelf, mug = Shelf(till), product(2, on_hand=5)
    till.learn(mug)
    till.catalogue.set_stock({mug.stock_id: 5}, NOON)
    sale_id = shelf.sell()
    till.outbox.park(sale_id, "The shop does not know it.")
    pieces = till.journal.sale(sale_id).sale.lines[0].quantity
    mend = Mend(1, mug.product_id, None, mug.stock_id)
    Mending(till.db, till.journal).mend(sale_id, mend, till.person, shelf.now(), "The new number")
    old = shelf.timeline()
    assert changes(old) == [(Channel.SHOP, 10), (Channel.TILL, -pieces), (Channel.TILL, pieces)]
    assert "The new number" in old.moves[-1].why
    at = to_text(shelf.now())
    till.db.rows(
        "INSERT INTO web_order (order_id, number, status, sale_id, total_minor, created_at, modified_at) "
        "VALUES (900, '900', 'completed', ?, 0, ?, ?)",
        (sale_id, at, at),
    )
    till.db.rows(
        "INSERT INTO web_order_line (order_id, position, product_id, name, quantity, reduced) "
        "VALUES (900, 1, ?, 'Mug', ?, ?)",
        (mug.stock_id, pieces, pieces),
    )
    till.catalogue.set_stock({mug.stock_id: 5 - pieces}, shelf.now())
    found = timeline(till.db, sealer(), mug.stock_id)
    assert changes(found) == [(Channel.SHOP, 5), (Channel.TILL, -pieces)]
    assert found.disagreed_at is None


def test_goods_that_came_back_without_a_receipt_count_once(till: Till) -> None:
    shelf = Shelf(till)
    rules = TaxRules(True, {"standard": TaxRate("standard", 230_000, "VAT 23%")})
    refund = of_products("e" * 32, [Unproven(shelf.product, 2, 1000)], rules)
    word = Approval(1, "Sean", Guarded.REFUND_WITHOUT_RECEIPT, "Faulty", NOON)
    Refunds(till.db, till.journal).record(
        refund, TenderKind.CASH, "Faulty", till.person, shelf.now(), approval=word
    )
    found = shelf.timeline()
    assert changes(found) == [(Channel.SHOP, 10), (Channel.TILL, 2)]
    assert (found.on_hand, found.disagreed_at, found.moves[-1].is_told) == (12, None, False)


def test_a_sale_settled_by_hand_is_not_taken_for_a_quarrel(till: Till) -> None:
    shelf = Shelf(till)
    sale_id = shelf.sell()
    pieces = till.journal.sale(sale_id).sale.lines[0].quantity
    till.outbox.park(sale_id, "The shop refused it.")
    Outbox(till.db, till.journal).settle(sale_id, till.person, "Typed there by hand", shelf.now())
    found = shelf.timeline()
    assert changes(found) == [(Channel.SHOP, 10), (Channel.TILL, -pieces), (Channel.TILL, pieces)]
    assert "Typed there by hand" in found.moves[-1].why
    assert found.disagreed_at is None
