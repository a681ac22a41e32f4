"""Any mix of scans, sales here and online, uploads and readings: after a count the books are what truly lies there.

The true shelf is a model beside the till: pieces that a person can touch, each counted already or not. A piece that was
sold online leaves it when this till shows the order, for then somebody puts it aside. Once people count elsewhere, what
goes is what was counted: of a product that they left half counted nothing else goes before they are back (see rule 2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from appliance.domain.approval import Guarded
from appliance.domain.catalogue import CatalogueChanges
from appliance.storage.stock_moves import StockMoveOutbox
from tests.till.conftest import SCREWS
from tests.till.counted_shelf import Shelf

if TYPE_CHECKING:
    from tests.till.conftest import Bench

PRODUCTS = count(20_001)
ORDERS = count(1)


@dataclass
class Day:
    """One product: the shop's count, the pieces on the shelf, and who sold what.

    Attributes:
        shop: the shop's own count.
        counted, waiting: pieces on the shelf that were scanned already, and that were not.
        bought: pieces that the web sold and this till has not heard of; they still lie there.
        is_newest: nothing else was touched since.
        is_unsaid: since the last touch a piece went that was not counted yet.
    """

    shelf: Shelf
    product_id: int
    shop: int
    waiting: int
    counted: int = 0
    bought: int = 0
    is_newest: bool = False
    is_unsaid: bool = False

    @property
    def free(self) -> int:
        """Pieces that nobody has bought."""
        return self.counted + self.waiting - self.bought

    def scan(self, _: bool) -> None:
        if self.waiting:
            self.shelf.scan(f"ANY-{self.product_id}")
            self.waiting, self.counted = self.waiting - 1, self.counted + 1
            self.is_newest, self.is_unsaid = True, False

    def look_elsewhere(self, _: bool) -> None:
        self._say()
        self.shelf.scan("1209")
        self.is_newest = False

    def sell(self, takes_counted: bool) -> None:
        if self.free > 0 and self._can_go(1):
            self.shelf.bench.sell(self.product_id)
            self._take(1, takes_counted=takes_counted)

    def buy_online(self, _: bool) -> None:
        if self.free > 0 and self.shop > 0:
            self.shop, self.bought = self.shop - 1, self.bought + 1

    def read(self, takes_counted: bool) -> None:
        """The till reads the shop's count, and what was bought online is put aside."""
        if not self._can_go(self.bought):
            return
        self.shelf.shop_says(self.product_id, self.shop)
        bought, self.bought = self.bought, 0
        self._take(bought, takes_counted=takes_counted)

    def steal(self, _: bool) -> None:
        """Nobody can know of a piece that goes after it was counted."""
        if self.waiting > self.bought:
            self.waiting -= 1

    def upload(self, _: bool) -> None:
        bench, now = self.shelf.bench, self.shelf.bench.clock()
        for entry in bench.outbox.due(now, 100):
            sale = bench.journal.sale(entry.sale_id).sale
            self.shop -= sum(line.quantity for line in sale.lines if line.stock_id == self.product_id)
            bench.outbox.remember(entry.sale_id, next(ORDERS))
            bench.outbox.mark_sent(entry.sale_id, now)
        moves = StockMoveOutbox(bench.database)
        for waiting in moves.waiting():
            lines = self.shelf.moves.get(waiting.sale_id).lines
            self.shop += sum(line.quantity for line in lines if line.stock_id == self.product_id)
            moves.remember(waiting.sale_id, next(ORDERS))
            moves.mark_sent(waiting.sale_id, now)

    @property
    def _is_left(self) -> bool:
        """People began with it, and count elsewhere now."""
        return not self.is_newest and any(
            each.stock_id == self.product_id for each in self.shelf.counting.lines()
        )

    def _can_go(self, pieces: int) -> bool:
        return not self._is_left or self.counted >= pieces

    def _take(self, pieces: int, *, takes_counted: bool) -> None:
        """Pieces leave the shelf. Who is still at the product and had counted one takes it off with the minus key."""
        is_said = False  # the minus key answers for all that went at once
        for _ in range(pieces):
            if self.counted and (takes_counted or not self.waiting or self._is_left):
                self.counted -= 1
                if self.is_newest:
                    self.shelf.counting.add(self.product_id, -1)
                    self.is_unsaid, is_said = False, True
            else:
                self.waiting -= 1
                self.is_unsaid = self.is_newest and not is_said

    def _say(self) -> None:
        """The page says that a piece went, and nothing will be scanned after it: a person says what lies there."""
        if self.is_unsaid:
            line = next(each for each in self.shelf.counting.lines() if each.stock_id == self.product_id)
            assert self.shelf.counting.went(line)
            self.shelf.counting.set(self.product_id, self.counted)
            self.is_unsaid = False

    def finish(self) -> None:
        """Scan what is left, approve, and let everything be told and read."""
        while self.waiting:
            self.scan(False)
        self._say()
        line = {each.stock_id for each in self.shelf.counting.lines()}
        if self.product_id not in line:
            self.shelf.scan(f"ANY-{self.product_id}")
            self.shelf.counting.set(self.product_id, 0)
        comparison = self.shelf.counting.compare()
        word = self.shelf.bench.approve(Guarded.STOCK_COUNT, comparison.mark)
        self.shelf.counting.approve(comparison, word)
        self.is_newest = False
        self.upload(False)
        self.read(False)


DEEDS = (
    Day.scan,
    Day.scan,
    Day.scan,
    Day.look_elsewhere,
    Day.sell,
    Day.buy_online,
    Day.read,
    Day.upload,
    Day.steal,
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, 6),
    st.integers(0, 6),
    st.lists(st.tuples(st.sampled_from(DEEDS), st.booleans()), min_size=4, max_size=24),
)
@example(2, 2, [(Day.scan, False), (Day.buy_online, False), (Day.buy_online, False), (Day.read, True)])
def test_after_a_count_the_shops_number_is_what_truly_lies_there(
    bench: Bench, on_books: int, on_shelf: int, deeds: list[tuple[object, bool]]
) -> None:
    product_id = next(PRODUCTS)
    product = replace(
        SCREWS,
        product_id=product_id,
        sku=f"ANY-{product_id}",
        number=None,
        on_hand=on_books,
        name=f"Any {product_id}",
    )
    bench.catalogue.apply(CatalogueChanges((product,), read_at=bench.clock()))
    day = Day(Shelf(bench), product_id, shop=on_books, waiting=on_shelf)
    for deed, choice in deeds:
        bench.clock.pass_by(seconds=1)
        deed(day, choice)  # type: ignore[operator]
    day.finish()
    assert day.shop == day.counted
    assert day.shelf.on_hand(product_id) == day.counted
