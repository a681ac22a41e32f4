"""Instants as the file keeps them: UTC texts of one length, so that they sort as text."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache


@lru_cache(maxsize=64)  # a sale writes its instants several times
def to_text(at: datetime) -> str:
    """Write an instant as "2026-11-21T14:32:05.123456Z".

    Raises:
        ValueError: the instant has no time zone.
    """
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone.")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def to_instant(text: str) -> datetime:
    """Read what :func:`to_text` wrote."""
    return datetime.fromisoformat(text)


def to_text_or_none(at: datetime | None) -> str | None:
    """Write an instant that may be missing."""
    return None if at is None else to_text(at)


def to_instant_or_none(text: str | None) -> datetime | None:
    """Read an instant that may be missing."""
    return None if text is None else datetime.fromisoformat(text)
