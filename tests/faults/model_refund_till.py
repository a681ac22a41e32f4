"""A till that tells refunds, in virtual time: the real queue, telling and late look, as ``model_till`` for sales."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from appliance.domain.refund import CompletedRefund, Refund, RefundLine
from appliance.domain.tender import TenderKind
from appliance.shops.contract import OrderStatus, ShopError
from appliance.storage.refund_rows import RefundEntry
from appliance.sync.late_look import CLAIM_KEPT
from appliance.sync.queue import Queue
from appliance.sync.refund_telling import RefundTelling
from tests.faults.memory_refunds import MemoryRefunds
from tests.faults.model_faults import Kind, kinds_for
from tests.faults.model_orders import ModelOrder, ShopState
from tests.faults.model_paths import Round
from tests.faults.model_shop import ModelShop
from tests.faults.model_till import (
    BOOT,
    CUTS,
    LATE,
    PAUSE,
    RESTART,
    SALE_ID,
    KilledError,
    PowerCutError,
    completed,
)
from tests.faults.model_time import START, Clock, at, shop_moved
from tests.faults.schedules import KNOWN, Choices

REFUND_ID: Final = "7e" * 16
ORDER_ID: Final = 100
TOTAL_MINOR: Final = 500
TWICE: Final = "the shop has it twice, for something delivered it twice"
CUT_SHORT: Final = "the shop died over it"


@dataclass(frozen=True, slots=True)
class RefundParts:
    """What is explored."""

    telling: type[RefundTelling] = RefundTelling
    outbox: type[MemoryRefunds] = MemoryRefunds
    shop: type[ModelShop] = ModelShop
    kinds: Callable[[str], tuple[Kind, ...]] = kinds_for
    late: timedelta = LATE


class RefundState(NamedTuple):
    """All that outlives a round. Instants are as if it were START now."""

    entries: tuple[RefundEntry, ...]
    shop: ShopState
    told_at: datetime | None = None
    is_new_start: bool = False


def fresh_refund() -> RefundEntry:
    """One piece came back of a sale that the shop has."""
    return RefundEntry(
        REFUND_ID, "T1-000002", SALE_ID, "T1-000001", "sent", ORDER_ID, "due", "", None, None, None, None, 0,
        None, False, None, None, START, TOTAL_MINOR,
    )  # fmt: skip


def told_sale() -> ShopState:
    """A shop that has the sale."""
    return ShopState((ModelOrder(ORDER_ID, SALE_ID, OrderStatus.COMMITTED, True, 1, 1, True, START),))


def completed_refund(refund_id: str = REFUND_ID) -> CompletedRefund:
    """The refund itself."""
    line = RefundLine(1, 1, 1, 1, "Product 1", 1, TOTAL_MINOR, 230_000, "VAT 23%", 93)
    refund = Refund(refund_id, (line,), SALE_ID, "T1-000001")
    return CompletedRefund(
        refund, TenderKind.CASH, "", 0, "Faulty", None, "T1-000002", START, 1, "Marta", "Till 1"
    )


class RefundTill:
    """One till and its shop at the moment that a state describes."""

    def __init__(self, state: RefundState, choose: Choices, parts: RefundParts) -> None:
        self.clock, self.choose, self.parts, self.is_new_start = Clock(), choose, parts, state.is_new_start
        self.outbox = parts.outbox(state.entries, self._write)
        self.shop = parts.shop(self.clock, self.clock.pass_by, choose.of, parts.kinds)
        self.shop.know(completed())
        self.shop.restore(state.shop)
        self.telling = parts.telling(
            self.shop.whole, self.outbox, completed_refund, self.clock, parts.late, lambda: "till-1"
        )
        self.queue: Queue[RefundEntry] = Queue(self.outbox, self.clock, state.told_at)

    def state(self) -> RefundState:
        """All that the next round will know."""
        back = START - self.clock.now
        return RefundState(
            tuple(_moved(entry, back) for entry in self.outbox.rows.values()),
            shop_moved(self.shop.state(), back),
            at(self.queue.told_at, back),
            self.is_new_start,
        )

    def go_round(self) -> bool:
        """One round, and the time until the next; False when there is nothing more to do."""
        try:
            if self.is_new_start:
                self.outbox.inherit_all()
            self.is_new_start = False
            self.queue.run(self.telling.tell, lambda: None)
            self.telling.look_late()
            self.telling.drop_claims()
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
        wakes = [at for entry in self.outbox.rows.values() if (at := self._wakes_at(entry)) is not None]
        if not wakes:
            return False
        self.clock.now = max(min(wakes), now + timedelta(seconds=1))
        return True

    def _wakes_at(self, entry: RefundEntry) -> datetime | None:
        if entry.state == "parked":
            return None
        if entry.state != "sent" or entry.sent_at is None:
            return entry.next_try_at or self.clock.now
        if entry.checked_at is None:
            return max(entry.sent_at + self.parts.late, entry.next_try_at or START)
        if entry.claim_id is not None and entry.is_ours and not entry.reason:
            return entry.checked_at + CLAIM_KEPT
        return None

    def _write(self, write: Callable[[], None]) -> None:
        cut = self.choose.of(CUTS)
        if cut not in (1, 3):
            write()
        if cut:
            raise PowerCutError if cut < 3 else KilledError


def play(
    state: RefundState, prefix: tuple[int, ...], parts: RefundParts
) -> tuple[Round[RefundState], Choices]:
    """One round from a state."""
    choose = Choices(prefix)
    till = RefundTill(state, choose, parts)
    if till.go_round():
        return Round(till.state()), choose
    till.clock.pass_by(LATE * 2)
    till.shop.settle(all_of_them=True)
    return Round(None, tuple(wrong(till.outbox.entry(REFUND_ID), till.shop))), choose


def wrong(entry: RefundEntry, shop: ModelShop) -> list[str]:
    """What is wrong when all is over. What the audit tells a person is known."""
    found = [] if entry.state == "sent" else [f"the till does not count it as sent, but as {entry.state}"]
    made = shop.given_back
    if len(made) > 1:
        found.append(
            (KNOWN if entry.reason and entry.state == "sent" else "") + f"refunded {len(made)} times"
        )
    elif len(made) == 1 and not made[0].is_whole:
        found.append((KNOWN if entry.reason else "") + CUT_SHORT)
    elif not made:
        found.append("not refunded")
    elif entry.reason:
        found.append(f"a person is called: {entry.reason}")
    if entry.state == "sent" and not 701 <= (entry.shop_refund_id or 0) <= 700 + len(made):
        found.append("the till knows another refund")
    if shop.claims and not entry.reason:
        found.append("claims left over")
    return found


@lru_cache(maxsize=200_000)
def _moved(entry: RefundEntry, back: timedelta) -> RefundEntry:
    """The same with all its instants moved."""
    return replace(
        entry,
        posted_at=at(entry.posted_at, back),
        sent_at=at(entry.sent_at, back),
        checked_at=at(entry.checked_at, back),
        next_try_at=at(entry.next_try_at, back),
    )
