"""A model of the shop's behaviour under faults: the whole Shop contract in memory, with a fault at every call.

It does what was measured on WooCommerce 9.9.5: a reservation takes the stock when the order is made, committing is
check-then-act (harmless on a reserved order), two overlapping cancels give the stock back twice, an order can be
found by its sale. Which fault strikes is chosen by the explorer, call by call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeVar

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    Anchor,
    BusyError,
    ChangesPage,
    Claim,
    NotOurShopError,
    OrderStatus,
    ShopClock,
    ShopHead,
    ShopOrder,
    ShopOrderLine,
    ShopSettings,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)

FAULTS: Final = (
    "none",
    "no name or no connection",
    "a stranger's page",
    "request lost",
    "done, answer lost",
    "done, half an answer",
    "done, 502 from a proxy",
    "runs after the next request",
    "runs much later",
    "runs together with its retry",
    "delivered twice",
    "too many requests",
    "not done, 500",
    "key refused",
    "a stale list",
)
FOR_TWO: Final[Mapping[str, tuple[str, ...]]] = {
    "find": ("none", "request lost", "a stale list"),
    "order": ("none", "request lost"),
    "write": (
        "none",
        "request lost",
        "done, answer lost",
        "runs after the next request",
        "runs much later",
        "runs together with its retry",
        "delivered twice",
    ),
}
"""One fault of each sort: those that leave the same behind are one where every schedule is to be run."""

T = TypeVar("T")
HOLDS_STOCK: Final = (OrderStatus.RESERVED, OrderStatus.COMMITTED, OrderStatus.PROCESSING)


@dataclass(slots=True)
class _Late:
    """A request that is still under way somewhere; ``due`` counts requests, None waits for its twin."""

    due: int | None
    run: Callable[[], object]
    what: tuple[str, int | None]


@dataclass(slots=True)
class ModelShop:
    """The shop, its stock, and the network before it.

    Attributes:
        pieces: its stock, by product.
        choose: picks the number of the fault for the next call, 0 for none.
        kinds: the faults that can strike, by the sort of call; all of them without.
        claims: which order each sale is, where tills asked.
    """

    pieces: dict[int, int]
    choose: Callable[[int], int] = lambda _kinds: 0
    kinds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    claims: dict[str, Claim] = field(default_factory=dict)
    orders: dict[int, ShopOrder] = field(default_factory=dict)
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    _late: list[_Late] = field(default_factory=list)
    _last_list: list[ShopOrder] = field(default_factory=list)
    _claims_made: int = 0

    # -- the shop itself

    def make(self, completed: CompletedSale) -> ShopOrder:
        """Make a reserved order; its stock is taken at once."""
        lines = tuple(
            ShopOrderLine(line.product_id, line.parent_id, line.name, line.quantity, line.quantity)
            for line in completed.sale.lines
        )
        order_id = 100 + len(self.orders)
        order = ShopOrder(
            order_id,
            str(order_id),
            OrderStatus.RESERVED,
            completed.sale.sale_id,
            completed.sale.total_minor,
            0,
            lines,
            "",
            datetime(2026, 11, 21, tzinfo=UTC),
            f"till-{completed.sale.sale_id}",
            True,
            1,
        )
        self.orders[order_id] = order
        self._move(order, -1)
        return order

    def set_status(self, order_id: int, status: OrderStatus, times: int = 1) -> ShopOrder:
        """Change an order's status ``times`` at the same moment: each reads the old one before any writes."""
        order = self.orders[order_id]
        held, holds = order.status in HOLDS_STOCK, status in HOLDS_STOCK
        for _ in range(times):
            if held and not holds:
                self._move(order, +1)
            if holds and not held:
                self._move(order, -1)
        self.orders[order_id] = replace(order, status=status)
        committed = [each for each in self.orders.values() if each.status is OrderStatus.COMMITTED]
        if len({each.sale_id for each in committed}) < len(committed):
            self.problems.append("one sale is completed twice")
        return self.orders[order_id]

    def settle(self, *, all_of_them: bool = False) -> None:
        """Let the requests that are still under way arrive: those that are due, or all."""
        waiting, self._late = self._late, []
        for late in waiting:
            if all_of_them or (late.due is not None and late.due <= self.requests):
                late.run()
            else:
                self._late.append(late)

    def _move(self, order: ShopOrder, sign: int) -> None:
        for line in order.lines:
            if line.product_id is not None:
                self.pieces[line.product_id] += sign * line.quantity

    # -- the network

    def _fault(self, sort: str) -> str:
        self.requests += 1
        self.settle()
        kinds = self.kinds.get(sort, FAULTS)
        return kinds[self.choose(len(kinds))]

    def _call(self, what: tuple[str, int | None], do: Callable[[int], T]) -> T:
        fault = self._fault("order" if what[0] == "order" else "write")
        times = 1 + self._twin_of(what)
        self._refuse(fault)
        if fault in ("runs after the next request", "runs much later", "runs together with its retry"):
            wait = {"runs after the next request": 1, "runs much later": 4}.get(fault)
            due = None if wait is None else self.requests + wait
            self._late.append(_Late(due, lambda: do(1), what))
            raise UnknownOutcomeError(fault)
        answer = do(times)
        if fault == "delivered twice":
            answer = do(1)
        if fault.startswith("done"):
            raise UnknownOutcomeError(fault)
        return answer

    def _twin_of(self, what: tuple[str, int | None]) -> int:
        """A stalled twin of this request arrives at the same moment (what a herd does after a stall)."""
        twins = [late for late in self._late if late.due is None and late.what == what]
        if what[0] in ("reserve", "claim"):
            for late in twins:
                late.run()
            self._late = [late for late in self._late if late not in twins]
            return 0
        self._late = [late for late in self._late if late not in twins]
        return len(twins)

    def _refuse(self, fault: str) -> None:
        match fault:
            case "no name or no connection":
                raise UnreachableError(fault)
            case "a stranger's page":
                raise NotOurShopError(fault)
            case "request lost" | "not done, 500":
                raise UnknownOutcomeError(fault)
            case "too many requests":
                raise BusyError(fault, 1)
            case "key refused":
                raise UnauthorisedError(fault)
            case _:
                return

    # -- the contract

    def reserve(self, completed: CompletedSale, anchor: Anchor | None = None) -> ShopOrder:
        return self._call(("reserve", None), lambda _times: self.make(completed))

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        assert since.tzinfo is not None
        fault = self._fault("find")
        self._refuse(fault)
        if fault == "a stale list":
            return [each for each in self._last_list if each.sale_id == sale_id]
        if fault not in ("none", "delivered twice"):
            raise UnknownOutcomeError(fault)
        self._last_list = list(self.orders.values())
        return [each for each in self._last_list if each.sale_id == sale_id]

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        return self._call(("order", order_id), lambda _times: self.orders.get(order_id))

    def commit(self, order_id: int) -> ShopOrder:
        return self._call(
            ("commit", order_id), lambda times: self.set_status(order_id, OrderStatus.COMMITTED, times)
        )

    def cancel(self, order_id: int) -> ShopOrder:
        return self._call(
            ("cancel", order_id), lambda times: self.set_status(order_id, OrderStatus.CANCELLED, times)
        )

    def claim(self, sale_id: str, order_id: int) -> Claim:
        return self._call(("claim", order_id), lambda _times: self.lock(sale_id, order_id))

    def lock(self, sale_id: str, order_id: int) -> Claim:
        """The SKU's lock: the first holds. A claim's number is never given again."""
        self._claims_made += 1
        return self.claims.setdefault(sale_id, Claim(900 + self._claims_made, order_id))

    def drop_claim(self, claim_id: int) -> None:
        self._call(("drop", claim_id), lambda _times: self._unlock(claim_id))

    def _unlock(self, claim_id: int) -> None:
        self.claims = {name: each for name, each in self.claims.items() if each.claim_id != claim_id}

    def newest_of(self, series: str) -> ShopHead | None:
        return None

    def clock(self) -> ShopClock | None:
        return None

    def note(self, order_id: int, text: str) -> None:
        self._call(("note", order_id), lambda _times: self.orders[order_id])

    def orders_for(
        self, product_id: int, since: datetime, *, parent_id: int | None = None
    ) -> list[ShopOrder]:
        return [
            order
            for order in reversed(self.orders.values())
            if order.created_at >= since and any(line.product_id == product_id for line in order.lines)
        ]

    def changes(self, cursor: str | None) -> Iterator[ChangesPage]:
        yield ChangesPage(CatalogueChanges((), ()), cursor or "now")

    def stock(self) -> Iterator[dict[int, int]]:
        yield dict(self.pieces)

    def all_product_ids(self) -> set[int]:
        return set(self.pieces)

    def facts(self) -> ShopSettings:
        return ShopSettings("EUR", 2, TaxRules(True, {}), False, (), None)
