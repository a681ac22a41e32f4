"""A model of the shop's behaviour under faults: the whole Shop contract in memory, with a fault at every call.

It does what was measured on WooCommerce 9.9.5: a reservation takes the stock when the order is made, committing is
check-then-act (harmless on a reserved order), two overlapping cancels give the stock back twice, an order can be
found by its sale. Which fault strikes is chosen by the explorer, call by call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.tax import TaxRules
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    BusyError,
    ChangesPage,
    NotOurShopError,
    OrderStatus,
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
    """

    pieces: dict[int, int]
    choose: Callable[[int], int] = lambda _kinds: 0
    orders: dict[int, ShopOrder] = field(default_factory=dict)
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    _late: list[_Late] = field(default_factory=list)
    _last_list: list[ShopOrder] = field(default_factory=list)

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

    def _call(self, what: tuple[str, int | None], do: Callable[[int], ShopOrder | None]) -> ShopOrder | None:
        self.requests += 1
        self.settle()
        fault = FAULTS[self.choose(len(FAULTS))]
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
        if what[0] == "reserve":
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

    def reserve(self, completed: CompletedSale) -> ShopOrder:
        answer = self._call(("reserve", None), lambda _times: self.make(completed))
        assert answer is not None
        return answer

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        assert since.tzinfo is not None
        self.requests += 1
        self.settle()
        fault = FAULTS[self.choose(len(FAULTS))]
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
        answer = self._call(
            ("commit", order_id), lambda times: self.set_status(order_id, OrderStatus.COMMITTED, times)
        )
        assert answer is not None
        return answer

    def cancel(self, order_id: int) -> ShopOrder:
        answer = self._call(
            ("cancel", order_id), lambda times: self.set_status(order_id, OrderStatus.CANCELLED, times)
        )
        assert answer is not None
        return answer

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
