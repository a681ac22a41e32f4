"""A model of the shop's behaviour under faults: the Shop contract in memory, with a choice of faults at every call.

It does what was measured on WooCommerce 9.9.5: a reservation takes the stock when the order is made; a commit takes it
only where it was not taken, by a look and then a write, so that two which overlap take it twice; two overlapping
cancels give it back twice; a refund is not idempotent. All of it can be taken out as a value and put back, so that
an explorer can go on from any moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, cast

from appliance.domain.refund import CompletedRefund
from appliance.domain.stock import StockMove
from appliance.domain.tender import CompletedSale
from appliance.shops.contract import (
    Anchor,
    Claim,
    OrderStatus,
    RefusedError,
    Shop,
    ShopClock,
    ShopHead,
    ShopOrder,
    ShopRefund,
    UnknownOutcomeError,
)
from tests.faults.model_faults import LATE, LATEST, Does, Kind, kinds_for
from tests.faults.model_orders import (
    Flight,
    GivenBack,
    Goods,
    ModelOrder,
    ShopState,
    goods_of,
    order_shown,
    pieces_of,
    refund_shown,
)

DAY: Final = timedelta(days=1)
_HOLDING: Final = (OrderStatus.RESERVED, OrderStatus.COMMITTED)
_CHANGING: Final = ("commit", "cancel")
"""Requests that change an order's status, and so its stock: two that overlap do that twice."""


class ModelShop:
    """The shop, and the network before it.

    Args:
        now: the clock; pass_by: lets it go on, as answers take their time.
        choose: picks one of the kinds of fault for the next call, 0 for none.
        kinds: what can befall a request of a sort.
    """

    def __init__(
        self,
        now: Callable[[], datetime],
        pass_by: Callable[[timedelta], None],
        choose: Callable[[tuple[Kind, ...]], int],
        kinds: Callable[[str], tuple[Kind, ...]] = kinds_for,
    ) -> None:
        self._now, self._pass_by, self.choose, self._kinds = now, pass_by, choose, kinds
        self.goods: dict[str, Goods] = {}
        self.requests = 0
        self.restore(ShopState())

    @property
    def whole(self) -> Shop:
        """As a shop. What the till only reads (products, web orders, people) is not there: nothing here asks for it."""
        return cast("Shop", self)

    # -- as a value

    def state(self) -> ShopState:
        """All of it."""
        return ShopState(
            tuple(self.orders.values()),
            tuple(self.given_back),
            tuple(self.claims.items()),
            self._claims_made,
            tuple(self._flights),
            self._last_list,
            self._last_refunds,
        )

    def restore(self, state: ShopState) -> None:
        """Be as it was."""
        self.orders = {order.order_id: order for order in state.orders}
        self.given_back = list(state.refunds)
        self.claims = dict(state.claims)
        self._claims_made = state.claims_made
        self._flights = list(state.flights)
        self._last_list, self._last_refunds = state.last_list, state.last_refunds

    # -- the shop itself

    def make(self, sale_id: str, *, is_whole: bool = True, takes: bool = True) -> ModelOrder:
        """Make a reserved order; its stock is taken at once. One that is not whole is pending, and takes nothing."""
        status = OrderStatus.RESERVED if is_whole else OrderStatus.PENDING
        order = ModelOrder(
            100 + len(self.orders), sale_id, status, is_whole, int(takes), int(takes), takes, self._now()
        )
        self.orders[order.order_id] = order
        return order

    def set_status(self, order_id: int, status: OrderStatus, times: int = 1) -> ModelOrder:
        """Change an order's status ``times`` at the same moment: each reads the old one before any writes.

        0 times: the status is written, and the server dies before it moves the stock.
        """
        order = self.orders[order_id]
        changed = order._replace(status=status)
        if times and status in _HOLDING and not order.is_marked:
            changed = changed._replace(taken=order.taken + times, notes=order.notes + times, is_marked=True)
        elif times and status is OrderStatus.CANCELLED and order.is_marked:
            changed = changed._replace(taken=order.taken - times, given=order.given + times, is_marked=False)
        self.orders[order_id] = changed
        return changed

    def lock(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        """The SKU's lock: the first holds. A claim's number is never given again."""
        self._claims_made += 1
        return self.claims.setdefault(sale_id, Claim(900 + self._claims_made, order_id, by))

    def taken(self) -> dict[int | None, int]:
        """How many pieces of each product are off the count now."""
        return pieces_of((self.goods[order.sale_id], order.taken) for order in self.orders.values())

    def meant(self, told_ids: Iterable[str]) -> dict[int | None, int]:
        """How many should be, when each of these is told once."""
        return pieces_of((self.goods[told_id], 1) for told_id in told_ids)

    def settle(self, *, all_of_them: bool = False) -> None:
        """Let the requests that are still under way arrive: those that are due, or all."""
        if not self._flights:
            return
        waiting, self._flights, now = self._flights, [], self._now()
        for each in waiting:
            if all_of_them or each.latest <= now or (each.after is not None and each.after <= 0):
                self._do(each.what, 1)
            else:
                self._flights.append(each)

    def _do(self, what: tuple[Any, ...], times: int, does: Does = Does.ONCE) -> Any:
        match what:
            case ("reserve", sale_id):
                return self.make(
                    sale_id, is_whole=does is not Does.IN_PART, takes=does is Does.ONCE or does is Does.TWICE
                )
            case ("commit", order_id):
                return self.set_status(order_id, OrderStatus.COMMITTED, 0 if does is Does.HALF else times)
            case ("cancel", order_id):
                return self.set_status(order_id, OrderStatus.CANCELLED, 0 if does is Does.HALF else times)
            case ("end of a cancel", order_id):
                self.orders[order_id] = self.orders[order_id]._replace(is_marked=True)
                self.set_status(order_id, OrderStatus.CANCELLED)
            case ("claim", sale_id, order_id, by):
                return self.lock(sale_id, order_id, by)
            case ("drop", claim_id):
                self.claims = {key: each for key, each in self.claims.items() if each.claim_id != claim_id}
            case ("refund", order_id, refund_id, total_minor):
                self.given_back.append(
                    GivenBack(refund_id, order_id, total_minor, does not in (Does.IN_PART, Does.HALF))
                )
                return refund_shown(len(self.given_back) - 1, self.given_back[-1])
        return None

    # -- the network

    def _meet(self, sort: str) -> Kind:
        """What befalls the next request."""
        self.requests += 1
        self._flights = [
            each._replace(after=each.after - 1) if each.after is not None else each for each in self._flights
        ]
        self.settle()
        kinds = self._kinds(sort)
        kind = kinds[self.choose(kinds)]
        self._pass_by(kind.took)
        return kind

    def _ask(self, sort: str) -> Kind:
        kind = self._meet(sort)
        if kind.error is not None:
            raise kind.error(kind.name)
        return kind

    def _call(self, what: tuple[Any, ...], sort: str = "write") -> Any:
        kind = self._meet(sort)
        times = 1 + self._twins(what)
        if kind.does is Does.AT_ONCE_SLOWLY:
            self._flights.append(Flight(self._begun(what), LATE[Does.MUCH_LATER], self._now() + LATEST))
        answer = None
        if kind.does in LATE:
            self._flights.append(Flight(what, LATE[kind.does], self._now() + LATEST))
        elif kind.does is not Does.NOTHING:
            answer = self._do(what, times + (kind.does is Does.AT_ONCE), kind.does)
        elif times > 1:
            self._do(what, times - 1)
        if kind.does is Does.TWICE or (kind.does is Does.AT_ONCE and what[0] not in _CHANGING):
            answer = self._do(what, 1)
        if kind.error is not None:
            raise kind.error(kind.name)
        return answer

    def _begun(self, what: tuple[Any, ...]) -> tuple[Any, ...]:
        """A request that has looked already, and will write: a commit takes nothing then that was taken before."""
        is_giving = what[0] == "cancel" and self.orders[what[1]].is_marked
        return ("end of a cancel", what[1]) if is_giving else what

    def _twins(self, what: tuple[Any, ...]) -> int:
        """A stalled twin of this request arrives at the same moment (what a herd does after a stall)."""
        twins = [each for each in self._flights if each.after is None and each.what == what]
        if not twins:
            return 0
        self._flights = [each for each in self._flights if each not in twins]
        if what[0] in _CHANGING:
            return len(twins)
        for each in twins:
            self._do(each.what, 1)
        return 0

    # -- the contract

    def know(self, completed: CompletedSale | StockMove) -> str:
        """Learn what a sale or a move is about; its name."""
        name = completed.move_id if isinstance(completed, StockMove) else completed.sale.sale_id
        if name not in self.goods:
            self.goods[name] = goods_of(completed)
        return name

    def reserve(self, completed: CompletedSale | StockMove, anchor: Anchor | None = None) -> ShopOrder:
        return self._shown(self._call(("reserve", self.know(completed)), "make"))

    def find(self, sale_id: str, since: datetime) -> list[ShopOrder]:
        assert since.tzinfo is not None
        if not self._ask("list").is_stale:
            self._last_list = tuple(self.orders.values())
        return [
            self._shown(order)
            for order in self._last_list
            if order.sale_id == sale_id and order.created_at >= since - DAY
        ]

    def order(self, order_id: int, *, with_notes: bool = False) -> ShopOrder | None:
        self._ask("read")
        order = self.orders.get(order_id)
        return None if order is None else self._shown(order, with_notes=with_notes)

    def commit(self, order_id: int) -> ShopOrder:
        return self._shown(self._call(("commit", order_id)))

    def cancel(self, order_id: int) -> ShopOrder:
        return self._shown(self._call(("cancel", order_id)))

    def claim(self, sale_id: str, order_id: int, by: str = "") -> Claim:
        claim = self._call(("claim", sale_id, order_id, by))
        assert isinstance(claim, Claim)
        return claim

    def drop_claim(self, claim_id: int) -> None:
        self._call(("drop", claim_id))

    def refunds(self, order_id: int) -> list[ShopRefund]:
        if not self._ask("list").is_stale:
            self._last_refunds = tuple(self.given_back)
        return [
            refund_shown(place, each)
            for place, each in enumerate(self._last_refunds)
            if each.order_id == order_id
        ]

    def refund(self, order_id: int, refund: CompletedRefund, anchor: Anchor | None = None) -> ShopRefund:
        self._ask("read")
        if order_id not in self.orders:
            raise RefusedError("no_order", "There is no such order.")
        if any(each.refund_id == refund.refund.refund_id for each in self.given_back):
            raise UnknownOutcomeError("The order has this refund already.")
        given = self._call(("refund", order_id, refund.refund.refund_id, refund.refund.total_minor), "make")
        assert isinstance(given, ShopRefund)
        return given

    def notes(self, order_id: int) -> list[str]:
        self._ask("read")
        return []

    def note(self, order_id: int, text: str) -> None:
        self._call(("note", order_id, text))

    def newest_of(self, series: str) -> ShopHead | None:
        return None

    def clock(self) -> ShopClock | None:
        return None

    def _shown(self, order: ModelOrder, *, with_notes: bool = False) -> ShopOrder:
        return order_shown(order, self.goods[order.sale_id], with_notes)
