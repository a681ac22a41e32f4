"""A till's uploader in virtual time: the real queue, telling and late look, on an outbox and a shop in memory.

One round is one turn of the sync service: at the first after a start of the machine all that is unsent is inherited
(:mod:`appliance.sync.witnessing`), then the queue is told, then come the late looks. A shop that fails ends the round;
so does the power, which may go before or after each write, and the program, which may be killed there. What is on
disk, what the shop holds and what is under way is then all that the next round knows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from appliance.domain.sale import Sale, SaleLine
from appliance.domain.stock import MoveKind, StockMove, StockMoveLine
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale, Payment
from appliance.shops.contract import OrderStatus, ShopError
from appliance.storage.outbox import Outbox
from appliance.storage.outbox_rows import OutboxEntry
from appliance.sync.late_look import CLAIM_KEPT
from appliance.sync.queue import Queue
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Tellable, Telling
from tests.faults.memory_outbox import MemoryOutbox, fresh
from tests.faults.model_faults import Kind, kinds_for
from tests.faults.model_orders import Goods, ShopState, goods_of
from tests.faults.model_paths import Round
from tests.faults.model_shop import ModelShop
from tests.faults.model_time import START, Clock, at, shop_moved
from tests.faults.schedules import KNOWN, Choices

LATE: Final = timedelta(minutes=15)
SALE_ID: Final = "5a" * 16
OTHER_ID: Final = "5b" * 16
MOVE_ID: Final = "6c" * 16
SOLD: Final = {1: 2, 2: 1, 3: 1}
PAUSE: Final = timedelta(seconds=20)
"""Between two rounds where the shop failed."""
RESTART: Final = timedelta(seconds=5)
BOOT: Final = timedelta(seconds=40)

CUTS: Final = ("none", "power cut before a write", "power cut after a write", "killed before a write",
               "killed after a write")  # fmt: skip


class PowerCutError(BaseException):  # no part of the till may catch it
    """All that is in memory is gone; what is on disk stays."""


class KilledError(PowerCutError):
    """So it is where only the program ends: the machine goes on, and no card was copied meanwhile."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What is explored.

    Attributes:
        telling, queue, sweep, outbox: what the till is made of. late: how long its late look waits.
        shop, kinds: what it meets.
        may_be_told: an end at which something is wrong and a person is told of it counts as known.
    """

    telling: type[Telling] = Telling
    queue: type[Queue[OutboxEntry]] = Queue
    sweep: type[Sweep] = Sweep
    outbox: type[MemoryOutbox] = MemoryOutbox
    shop: type[ModelShop] = ModelShop
    kinds: Callable[[str], tuple[Kind, ...]] = kinds_for
    late: timedelta = LATE
    may_be_told: bool = False


class State(NamedTuple):
    """All that outlives a round. Instants are as if it were START now."""

    entries: tuple[OutboxEntry, ...]
    shop: ShopState = ShopState()
    told_at: datetime | None = None
    is_new_start: bool = False


def moved(move_id: str = MOVE_ID) -> StockMove:
    """A count that found one piece more of one product, and two fewer of another."""
    lines = (StockMoveLine(1, None, 1, "Product 1", 1), StockMoveLine(2, None, 2, "Product 2", -2))
    return StockMove(move_id, "T1-S2", MoveKind.COUNT, "Counted", lines, START, 1, "Marta", "Till 1")


def completed(sale_id: str = SALE_ID) -> CompletedSale:
    """A sale of three lines."""
    sale = Sale(sale_id, START, TaxRules(True, {}))
    for product, count in SOLD.items():
        sale = sale.add(
            SaleLine(
                0, f"Product {product}", count, 500, "standard", 230_000, product_id=product, stock_id=product
            )
        )
    payment = Payment(sale.total_minor).cash(5000)
    return CompletedSale(sale, payment, "T1-000001", START, 1, "Marta", "Till 1")


@dataclass(frozen=True)
class Told:
    """What is told itself, as the journal has it: sales, or moves of stock."""

    things: dict[str, Tellable]

    @cached_property
    def goods(self) -> dict[str, Goods]:
        """What they are about."""
        return {name: goods_of(each) for name, each in self.things.items()}

    def read(self, told_id: str) -> Tellable:
        return self.things[told_id]

    def start(self) -> State:
        """Nothing of it is told."""
        return State(tuple(fresh(name, f"T1-{n:06d}") for n, name in enumerate(self.things, 1)))


class Till:
    """One till and its shop.

    Args:
        outbox: what is to be told; its writes go through :meth:`write`.
        told: the sales themselves.
        choose: what befalls it.
        parts: what it is made of.
    """

    def __init__(
        self,
        outbox: Callable[[Till], MemoryOutbox | Outbox],
        told: Told,
        choose: Choices,
        parts: Parts,
        *,
        is_new_start: bool = False,
        told_at: datetime | None = None,
    ) -> None:
        self.clock, self.choose, self.parts, self.is_new_start = Clock(), choose, parts, is_new_start
        self.outbox = outbox(self)
        self.shop = parts.shop(self.clock, self.clock.pass_by, choose.of, parts.kinds)
        self.shop.goods.update(told.goods)
        self.telling = parts.telling(self.shop.whole, self.outbox, told.read, self.clock)
        self.queue = parts.queue(self.outbox, self.clock, told_at)
        self.sweep = parts.sweep(self.shop.whole, self.outbox, told.read, self.clock, parts.late, lambda: 0.0)
        self._ids = tuple(told.things)

    @classmethod
    def at(cls, state: State, told: Told, choose: Choices, parts: Parts) -> Till:
        """A till in memory, at the moment that a state describes."""
        till = cls(
            lambda till: parts.outbox(state.entries, till.write),
            told,
            choose,
            parts,
            is_new_start=state.is_new_start,
            told_at=state.told_at,
        )
        till.shop.restore(state.shop)
        return till

    @property
    def entries(self) -> list[OutboxEntry]:
        """How far the telling of each sale has come."""
        return [self.outbox.entry(sale_id) for sale_id in self._ids]

    def state(self) -> State:
        """All that the next round will know."""
        back = START - self.clock.now
        return State(
            tuple(_moved(entry, back) for entry in self.entries),
            shop_moved(self.shop.state(), back),
            None if self.queue.told_at is None else self.queue.told_at + back,
            self.is_new_start,
        )

    def go_round(self) -> bool:
        """One round, and the time until the next; False when there is nothing more to do."""
        try:
            if self.is_new_start:
                self.outbox.inherit_all()
            self.is_new_start = False
            self.queue.run(self.telling.tell, lambda: None)
            self.sweep.run()
            self.sweep.drop_claims()
        except ShopError:
            self.clock.pass_by(PAUSE)
        except PowerCutError as cut:
            self.queue.told_at = None
            self.is_new_start = self.is_new_start or not isinstance(cut, KilledError)
            self.clock.pass_by(RESTART if isinstance(cut, KilledError) else BOOT)
        else:
            return self._sleep()
        return True

    def _sleep(self) -> bool:
        now = self.clock.now
        wakes = [at for entry in self.entries if (at := self._wakes_at(entry)) is not None]
        if not wakes:
            return False
        self.clock.now = max(min(wakes), now + timedelta(seconds=1))
        return True

    def _wakes_at(self, entry: OutboxEntry) -> datetime | None:
        """When something is next to be done about a sale, None if never again."""
        if entry.state == "parked":
            return None
        if entry.state != "sent" or entry.sent_at is None:
            return entry.next_try_at or self.clock.now
        if entry.checked_at is None:
            return max(entry.sent_at + self.parts.late, entry.next_try_at or START)
        if entry.claim_id is not None and not entry.reason:
            return entry.checked_at + CLAIM_KEPT
        return None

    def write(self, write: Callable[[], None]) -> None:
        """Write as a whole, unless the power goes before; and then, perhaps, let it go."""
        cut = self.choose.of(CUTS)
        if cut not in (1, 3):
            write()
        if cut:
            raise PowerCutError if cut < 3 else KilledError


def play(state: State, prefix: tuple[int, ...], told: Told, parts: Parts) -> tuple[Round[State], Choices]:
    """One round from a state."""
    choose = Choices(prefix)
    till = Till.at(state, told, choose, parts)
    if till.go_round():
        return Round(till.state()), choose
    return Round(None, tuple(at_the_end(till))), choose


def at_the_end(till: Till) -> list[str]:
    """What is wrong when all is over and nothing is under way: the till's word against the shop's."""
    till.clock.pass_by(LATE * 2)
    till.shop.settle(all_of_them=True)
    entries = till.entries
    found = [complaint for entry in entries for complaint in _wrong(entry, till.shop)]
    if till.shop.taken() != till.shop.meant(entry.sale_id for entry in entries):
        found.append("units")
    if any(each.status in (OrderStatus.RESERVED, OrderStatus.PENDING) for each in till.shop.orders.values()):
        found.append("left on hold")
    if till.shop.claims:
        found.append("claims left over")
    if till.parts.may_be_told and _is_told(till.shop, [entry.reason for entry in entries]):
        return [KNOWN + each for each in found]
    return found


def _is_told(shop: ModelShop, reasons: Sequence[str]) -> bool:
    """Whether a person is told something, and each order is named whose stock is not as it should be."""
    words = " ".join(reasons)
    off = [each for each in shop.orders.values() if each.taken != (each.status is OrderStatus.COMMITTED)]
    return bool(words) and all(f"order {each.order_id}" in words for each in off)


def _wrong(entry: OutboxEntry, shop: ModelShop) -> list[str]:
    found = []
    if entry.state != "sent":
        found.append(f"the till does not count it as sent, but as {entry.state}")
    elif entry.reason:
        found.append(f"a person is called: {entry.reason}")
    committed = [
        each
        for each in shop.orders.values()
        if each.status is OrderStatus.COMMITTED and each.sale_id == entry.sale_id
    ]
    if len(committed) != 1:
        found.append(f"{len(committed)} completed orders")
    elif committed[0].order_id != entry.order_id:
        found.append("the till knows another order")
    elif not committed[0].is_whole:
        found.append("cents")
    return found


@lru_cache(maxsize=200_000)
def _moved(entry: OutboxEntry, back: timedelta) -> OutboxEntry:
    """The same with all its instants moved."""
    return replace(
        entry,
        posted_at=at(entry.posted_at, back),
        committing_at=at(entry.committing_at, back),
        sent_at=at(entry.sent_at, back),
        checked_at=at(entry.checked_at, back),
        next_try_at=at(entry.next_try_at, back),
    )
