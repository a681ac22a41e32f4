"""The states and steps of the model: one sale, one or two clients with a decision table, a shop, and requests between.

In the manner of a TLA+ specification: a request that was sent runs at any time, also long after the client gave up
or crashed, or never, or twice; its answer comes or is lost; a client crashes between any two steps and goes on from
what it wrote down. A card may be copied at any moment, the machine off. Finishing an order whose stock was not taken
yet is two steps on the server (look, then take and write), as measured on WooCommerce 9.9.5, and so is cancelling.
Looking at orders is one step: a look without an answer is tried again, and changes nothing. So is dropping a claim,
which may come at any time after the telling.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from appliance.shops.contract import Claim, OrderStatus, ShopOrder
from appliance.sync.steps import Progress, Step
from tests.faults.model_check_tables import Table

WHEN: Final = datetime(2026, 11, 21, tzinfo=UTC)


class Client(NamedTuple):
    """One till. What is in memory (the first two) is lost at a crash.

    Attributes:
        step: what comes next; None to begin from what is on disk.
        is_waiting: for the answer to its last request.
        progress: what is on disk.
        is_sent: the shop has it, says the disk. parked: a person is called.
    """

    step: Step | None = None
    is_waiting: bool = False
    progress: Progress = Progress()
    is_sent: bool = False
    is_parked: bool = False


class Order(NamedTuple):
    """An order: its status, how often its stock is off the count, and whether its lines say so."""

    status: OrderStatus
    taken: int
    is_marked: bool


class Request(NamedTuple):
    """A request under way.

    Attributes:
        call: "reserve", "claim", "commit" or "cancel"; order_id: what it is about, 0 for none.
        client: who sent it.
        is_awaited: its client still waits for the answer.
        copies: how often it may yet run.
        has_looked: the first half was done; saw: whether the order's lines said then that stock was taken.
    """

    call: str
    order_id: int
    client: int
    is_awaited: bool
    copies: int = 1
    has_looked: bool = False
    saw: bool = False


class World(NamedTuple):
    """A state of everything."""

    clients: tuple[Client | None, ...]
    orders: tuple[Order, ...] = ()
    claim: Claim | None = None
    claims_made: int = 0
    net: tuple[Request, ...] = ()
    requests: int = 0
    crashes: int = 0


Next = Iterator[tuple[str, World]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What is assumed.

    Attributes:
        table: what the clients decide by.
        is_cloned: the card may be copied.
        is_doubled: an intermediary may deliver a request twice.
        is_dying: the server may die before it takes an order's stock.
        is_quiet: a finish is repeated only when no earlier one can still run.
        is_patient: an order is cancelled only when no earlier cancel can still run.
        requests, crashes: at most so many.
    """

    table: Table
    is_cloned: bool = False
    is_doubled: bool = False
    is_dying: bool = False
    is_quiet: bool = False
    is_patient: bool = True
    requests: int = 5
    crashes: int = 1

    def start(self) -> World:
        """One till with one sale, and perhaps a card that is not made yet."""
        return World((Client(), None) if self.is_cloned else (Client(),))


_SHOWN: Final[dict[tuple[int, Order], ShopOrder]] = {}


def shown(order_id: int, order: Order) -> ShopOrder:
    """An order as the decision table is shown it. A pending one of a draft protocol is its reservation."""
    key = order_id, order
    if key not in _SHOWN:
        _SHOWN[key] = ShopOrder(
            order_id, str(order_id), order.status, "5a", 2500, 0, (), "", WHEN, "till-5a", is_whole=True
        )
    return _SHOWN[key]


def with_client(world: World, number: int, client: Client) -> World:
    """The same with this client."""
    clients = world.clients
    return world._replace(clients=(*clients[:number], client, *clients[number + 1 :]))
