"""What is due when, by a clock that may be put right by years at any moment."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import datetime, timedelta


class Part(enum.StrEnum):
    """What is asked of the shop beside the sales, in its order."""

    HEAD = "head"
    SETTINGS = "settings"
    CHANGES = "changes"
    STOCK = "stock"
    ORDERS = "orders"
    COUPONS = "coupons"
    CUSTOMERS = "customers"
    ORDERS_AGAIN = "open orders"
    PEOPLE = "customers and coupons"
    NUMBERS = "numbers"


@dataclass(slots=True)
class Due:
    """When each part is due. What was never done is due; so is what lies further ahead than it was put off.

    A till without a clock of its own may start years off. Putting the clock back must not leave a part waiting
    for a day that is years away.
    """

    _put_off: dict[Part, tuple[datetime, timedelta]] = field(default_factory=dict)

    def is_due(self, part: Part, now: datetime) -> bool:
        """Whether it is to be done now."""
        return self.at(part, now) <= now

    def put_off(self, part: Part, now: datetime, wait: timedelta) -> None:
        """It is due again after a while."""
        self._put_off[part] = now + wait, wait

    def at(self, part: Part, now: datetime) -> datetime:
        """When it is due; ``now`` for at once."""
        at, wait = self._put_off.get(part, (now, timedelta(0)))
        return at if at <= now + wait else now
