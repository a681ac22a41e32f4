"""What a till does beside selling, for the tests of how the shop is told of it."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from appliance.domain.refund_planning import of_sale
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.domain.tender import TenderKind
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.refunds import Refunds
from appliance.storage.set_back import SetBacks
from appliance.storage.stock_moves import StockMoveOutbox, StockMoves
from tests.storage.samples import seal

if TYPE_CHECKING:
    from appliance.sync.errands import Errands
    from tests.sync.conftest import Counter


@dataclass
class Odd:
    """The shop, with other ways to do some things."""

    shop: Any
    ways: dict[str, Callable[..., Any]]

    def __getattr__(self, name: str) -> Any:
        return self.ways.get(name) or getattr(self.shop, name)


@dataclass(frozen=True)
class Beside:
    """A counter's books beside the sales."""

    counter: Counter

    @property
    def journal(self) -> Journal:
        return Journal(self.counter.database, Identity(self.counter.database).get(), "Till 1", seal())

    @property
    def refunds(self) -> RefundOutbox:
        return RefundOutbox(self.counter.database, self.journal)

    @property
    def moves(self) -> StockMoveOutbox:
        return StockMoveOutbox(self.counter.database, self.journal)

    @property
    def set_backs(self) -> SetBacks:
        return SetBacks(self.counter.database, self.journal)

    @property
    def errands(self) -> Errands:
        errands = self.counter.service.errands
        assert errands is not None
        return errands

    def give_back(self, sale_id: str, quantities: dict[int, int], damaged: tuple[int, ...] = ()) -> str:
        records = Refunds(self.counter.database, self.journal)
        plan = of_sale(uuid.uuid4().hex, records.refundable(sale_id), quantities, damaged)
        person = _person()
        records.record(plan, TenderKind.CASH, "Faulty", person, self.counter.clock())
        return plan.refund_id

    def move(self, sku: str, quantity: int, kind: MoveKind = MoveKind.COUNT) -> str:
        product = self.counter.product(sku)
        line = StockMoveLine(
            product.product_id, product.parent_id, product.stock_id, product.name, quantity, product.sku
        )
        moves, move_id = StockMoves(self.counter.database, self.journal), uuid.uuid4().hex
        moves.record(kind, [line], "Counted", _person(), self.counter.clock(), move_id=move_id)
        return move_id

    def refund_to(self, **ways: Callable[..., Any]) -> Any:
        """Put an odd shop before the real one, for refunds; returns the real one."""
        telling = self.errands.refund_telling
        odd: Any = Odd(telling.shop, ways)
        self.errands.refund_telling = replace(telling, shop=odd)
        return telling.shop

    def in_shop(self) -> list[tuple[str, int]]:
        """The refunds that the shop has: which of ours each is, and how much."""
        with closing(sqlite3.connect(f"file:{self.counter.shop_file}?mode=ro", uri=True)) as books:
            order_ids = [row[0] for row in books.execute("SELECT id FROM shop_order ORDER BY id")]
        shop = self.errands.noting.shop
        found = [each for order_id in order_ids for each in shop.refunds(order_id)]
        return [(each.till_refund_id or "", each.total_minor) for each in found]

    def rounds(self, count: int, minutes: float = 16) -> None:
        for _ in range(count):
            self.counter.clock.ahead += timedelta(minutes=minutes)
            self.counter.service.round(force=False)

    def fact(self, name: str) -> Any:
        return json.loads(self.counter.service.facts.get(name) or "null")


def _person() -> Any:
    from tests.sync.conftest import MARTA

    return MARTA
