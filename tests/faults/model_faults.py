"""What a network and a tired server do to one request: 25 kinds, what each leaves behind and what the till hears.

What the till hears is what :mod:`appliance.shops.woocommerce_rest` makes of it on the wire.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final

from appliance.shops.contract import (
    BusyError,
    NotOurShopError,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnknownOutcomeError,
    UnreachableError,
)

ANSWERED: Final = timedelta(seconds=1)
DEADLINE: Final = timedelta(seconds=20)
"""The till gives up on a request."""

LATEST: Final = timedelta(minutes=14)
"""No request runs later than this after it was sent: the protocol's one assumption is 15 minutes."""


class Does(enum.Enum):
    """What becomes of the request itself."""

    NOTHING = "nothing"
    ONCE = "once"
    TWICE = "twice"
    SOON = "after the next request"
    LATER = "after two more"
    MUCH_LATER = "after four more"
    WITH_ITS_RETRY = "together with its retry"
    IN_PART = "the server dies over it"
    HALF = "the server dies before it moves the stock"
    AT_ONCE = "twice at the same moment"
    AT_ONCE_SLOWLY = "twice at the same moment, and one of them ends much later"


LATE: Final[Mapping[Does, int | None]] = {
    Does.SOON: 1,
    Does.LATER: 2,
    Does.MUCH_LATER: 4,
    Does.WITH_ITS_RETRY: None,
}
"""After how many more requests a late one runs; None waits for its twin."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of fault.

    Attributes:
        name: what people call it.
        does: what becomes of the request.
        error: what the till hears, None for a good answer.
        took: how long the till waited.
        is_stale: a list as it was.
    """

    name: str
    does: Does
    error: Callable[[str], ShopError] | None = None
    took: timedelta = ANSWERED
    is_stale: bool = False

    @property
    def effect(self) -> tuple[object, ...]:
        """All of it but the name. Kinds alike in this do the same: the till goes by the error, not its words."""
        return self.does, self.error, self.took, self.is_stale


def _busy(words: str) -> ShopError:
    return BusyError(words, 1)


NONE: Final = Kind("none", Does.ONCE)
STALE: Final = Kind("stale cached list", Does.NOTHING, is_stale=True)
IN_PART: Final = Kind("partial order after a server crash", Does.IN_PART, UnknownOutcomeError, DEADLINE)
FAULTS: Final = (
    Kind("no name", Does.NOTHING, UnreachableError),
    Kind("connection refused", Does.NOTHING, UnreachableError),
    Kind("certificate not valid yet", Does.NOTHING, UnreachableError),
    Kind("a network's log-in page", Does.NOTHING, NotOurShopError),
    Kind("redirect", Does.NOTHING, NotOurShopError),
    Kind("request lost", Does.NOTHING, UnknownOutcomeError, DEADLINE),
    Kind("reply lost", Does.ONCE, UnknownOutcomeError, DEADLINE),
    Kind("reset after sending", Does.ONCE, UnknownOutcomeError),
    Kind("half an answer", Does.ONCE, UnknownOutcomeError),
    Kind("a PHP notice before the answer", Does.ONCE, UnknownOutcomeError),
    Kind("an answer that is too large", Does.ONCE, UnknownOutcomeError),
    Kind("an answer that drips", Does.ONCE, UnknownOutcomeError, DEADLINE),
    Kind("runs after the next request", Does.SOON, UnknownOutcomeError, DEADLINE),
    Kind("runs much later", Does.MUCH_LATER, UnknownOutcomeError, DEADLINE),
    Kind("runs together with its retry", Does.WITH_ITS_RETRY, UnknownOutcomeError, DEADLINE),
    Kind("delivered twice", Does.TWICE),
    Kind("429 with Retry-After", Does.NOTHING, _busy),
    Kind("500, done", Does.ONCE, ShopFailedError),
    Kind("500, not done", Does.NOTHING, ShopFailedError),
    Kind("502, done", Does.ONCE, NotOurShopError),
    Kind("503, maintenance", Does.NOTHING, _busy),
    Kind("504, runs later", Does.LATER, NotOurShopError),
    Kind("401", Does.NOTHING, UnauthorisedError),
    STALE,
    IN_PART,
)
"""The 25. Stale lists befall only lists, half-made orders only what makes one: 24 kinds for these, 23 for others."""

Sort = str
"""Of a request: "list", "read", "make" (an order, a refund) or "write"."""


@cache
def kinds_for(sort: Sort) -> tuple[Kind, ...]:
    """All that can happen to a request of this sort, no fault first."""
    return (
        NONE,
        *(
            kind
            for kind in FAULTS
            if not (kind is STALE and sort != "list") and not (kind is IN_PART and sort != "make")
        ),
    )


DIES: Final = Kind("the server dies half-way", Does.HALF, UnknownOutcomeError, DEADLINE)


@cache
def dying_kinds_for(sort: Sort) -> tuple[Kind, ...]:
    """The same, and a server that writes an order's status and dies before it takes or gives back its stock."""
    return kinds_for(sort) if sort in ("list", "read") else (*kinds_for(sort), DIES)


DOUBLED: Final = (
    Kind("delivered twice at once", Does.AT_ONCE),
    Kind("delivered twice at once, reply lost", Does.AT_ONCE, UnknownOutcomeError, DEADLINE),
    Kind("delivered twice at once, one ends later", Does.AT_ONCE_SLOWLY),
)


@cache
def doubling_kinds_for(sort: Sort) -> tuple[Kind, ...]:
    """The same as ever, and something on the way that delivers a request twice so that both see the shop as it was."""
    return kinds_for(sort) if sort in ("list", "read") else (*kinds_for(sort), *DOUBLED)


def few_kinds_for(sort: Sort) -> tuple[Kind, ...]:
    """One of each sort that leaves the same behind, for explorers whose schedules are many without."""
    return _FEW.get(sort, _FEW["write"])


def _named(*names: str) -> tuple[Kind, ...]:
    return (NONE, *(kind for kind in FAULTS if kind.name in names))


_FEW: Final[Mapping[Sort, tuple[Kind, ...]]] = {
    "list": _named("request lost", "stale cached list"),
    "read": _named("request lost"),
    "write": _named(
        "request lost",
        "reply lost",
        "runs after the next request",
        "runs much later",
        "runs together with its retry",
        "delivered twice",
    ),
}
