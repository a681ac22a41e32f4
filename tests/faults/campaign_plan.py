"""What a campaign is to be, and what happened in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from appliance.demo.network_faults import KINDS
from tests.faults.campaign_judge import Differences


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to happen.

    Attributes:
        tills, sales: how many, the sales over all tills.
        faults: the share of requests that meet one.
        refunds, moves: to each sale, so many refunds and counts of the shelf.
        seed: of all chance.
        products: sold by the tills and on the web.
        late_seconds, deadline_seconds: of the service; see :class:`~tests.faults.campaign_till.Place`.
        much_later_seconds: how late the latest request comes.
        lingering_seconds: how long the network stays bad after the last sale, at most.
        kinds: the faults.
        shop: address, key and secret of a real one; None for the demo's.
    """

    tills: int = 3
    sales: int = 2000
    faults: float = 0.4
    refunds: float = 0.1
    moves: float = 0.05
    seed: int = 1
    products: int = 12
    late_seconds: float = 6.0
    deadline_seconds: float = 0.6
    much_later_seconds: float = 1.5
    lingering_seconds: float = 60.0
    kinds: tuple[str, ...] = tuple(KINDS)
    shop: tuple[str, str, str] | None = None


@dataclass(slots=True)
class Figures:
    """What happened."""

    sales: int = 0
    refunds: int = 0
    moves: int = 0
    web_orders: int = 0
    connections: int = 0
    requests: Counter[str] = field(default_factory=Counter)
    power_cuts: int = 0
    kills: int = 0
    fell_over: int = 0
    sent_again: int = 0
    looked_again: int = 0
    seconds: float = 0.0
    calm_seconds: float = 0.0
    differences: Differences = field(default_factory=Differences)

    @property
    def faults(self) -> int:
        """Requests that met one."""
        return self.requests.total() - self.requests["up"]
