"""Whether a till's file has been used: one that was set up and never worked with may make room for another's books."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from appliance.storage.binding import BOUND
from appliance.storage.condition import looking
from appliance.storage.database import fetched
from appliance.storage.replaying import REPLAYERS

_KINDS: Final = tuple(sorted(kind for kind in REPLAYERS if kind != BOUND))
"""Entries that have rows of their own: sales, refunds, cash, stock, reports. The rest is a till that was on."""
_USED: Final = (
    f"SELECT EXISTS (SELECT 1 FROM draft) OR EXISTS (SELECT 1 FROM journal WHERE kind IN "
    f"({', '.join('?' for _ in _KINDS)}))"
)


def is_unused(path: Path) -> bool:
    """Whether nothing was ever sold, counted or begun in it.

    Raises:
        StorageError: it is missing, is no till's, or cannot be read.
    """
    with looking(path) as connection:
        ((is_used,),) = fetched(connection.execute(_USED, _KINDS))
    return not is_used
