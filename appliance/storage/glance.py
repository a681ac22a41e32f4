"""What the till's file says of its own affairs, for who shows it to others: counts and times, no sale and no name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.storage.condition import looking
from appliance.storage.database import fetched
from appliance.storage.errors import StorageError
from appliance.storage.instants import to_instant_or_none, to_text

_UNSENT: Final = """
SELECT count(*), coalesce(sum(state = 'parked'), 0) FROM (
    SELECT state FROM outbox WHERE state <> 'sent' UNION ALL SELECT state FROM refund_outbox WHERE state <> 'sent'
    UNION ALL SELECT state FROM stock_move_outbox WHERE state <> 'sent')"""
_COMING: Final = timedelta(seconds=30)
"""So long a paper may be on its way: a receipt that is just being printed is nobody's trouble."""
_UNPRINTED: Final = """
SELECT reason FROM print_job
WHERE state IN ('failed', 'unknown') OR (state IN ('queued', 'sending') AND NOT wanted_at BETWEEN ? AND ?)
ORDER BY job_id DESC"""
_CONTACT: Final = "SELECT name, value FROM shop_fact WHERE name IN ('contact_reachable', 'contact_at')"


@dataclass(frozen=True, slots=True)
class Glance:
    """How things stand.

    Attributes:
        reachable: the online shop answered the last time.
        last_contact_at: when it answered last (UTC), up to ten minutes old.
        unsent: sales, refunds and stock moves that it has not heard of; parked: those that need a person.
        unprinted: papers that did not come out, without what is just coming.
        unprinted_why: of the newest, in a person's words.
    """

    reachable: bool
    last_contact_at: datetime | None
    unsent: int
    parked: int
    unprinted: int
    unprinted_why: str


def glance(path: Path, now: datetime) -> Glance:
    """Look, at one moment; nothing is written, and nothing needs to be writable.

    Args:
        path: the till's file.
        now: the moment.

    Raises:
        StorageError: the file is missing, is no till's, or cannot be read.
    """
    try:
        return _glance(path, now, is_still=False)
    except StorageError:
        if not path.exists() or _bytes(path.with_name(f"{path.name}-wal")):
            raise
        return _glance(
            path, now, is_still=True
        )  # no program of the till runs: nobody made what readers share


def _glance(path: Path, now: datetime, *, is_still: bool) -> Glance:
    with looking(path, is_still=is_still) as connection:
        connection.execute("BEGIN")
        ((unsent, parked),) = fetched(connection.execute(_UNSENT))
        coming = to_text(now - _COMING), to_text(now + _COMING)  # later still: a clock that was wrong
        reasons = fetched(connection.execute(_UNPRINTED, coming))
        said = {str(name): str(value) for name, value in fetched(connection.execute(_CONTACT))}
    return Glance(
        reachable=said.get("contact_reachable") == "1",
        last_contact_at=to_instant_or_none(said.get("contact_at")),
        unsent=int(unsent),
        parked=int(parked),
        unprinted=len(reasons),
        unprinted_why=str(reasons[0][0]) if reasons else "",
    )


def _bytes(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
