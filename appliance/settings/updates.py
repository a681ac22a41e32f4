"""The section of ``till.toml`` about new versions: from where, and when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from appliance.settings.errors import SettingsError

_HOURS: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
SHORTEST: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """A time of each day, by the shop's clock; it may go over midnight."""

    begin: time
    end: time

    def left(self, at: datetime) -> timedelta:
        """How much of it is left at a moment of the shop's clock; nothing outside of it."""
        for day in (at.date() - timedelta(days=1), at.date()):
            begin = datetime.combine(day, self.begin, at.tzinfo)
            end = datetime.combine(day, self.end, at.tzinfo)
            if end <= begin:
                end += timedelta(days=1)
            if begin <= at < end:
                return end - at
        return timedelta()


@dataclass(frozen=True, slots=True)
class UpdateSettings:
    """New versions of the card.

    Attributes:
        hours: "22:00-05:00", when the shop is surely closed; "" for never.
        url: of the newest bundle, "" for none.
        stick: whether a bundle on a USB stick is taken.
    """

    hours: str
    url: str
    stick: bool

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith("https://"):
            raise SettingsError("update.url must begin with https://")
        if self.hours and (_HOURS.fullmatch(self.hours) is None or self._length() < SHORTEST):
            raise SettingsError(
                'update.hours must be two times with at least an hour between them, such as "22:00-05:00", or ""'
            )

    @property
    def when(self) -> Hours | None:
        """The hours themselves, None for never."""
        found = _HOURS.fullmatch(self.hours)
        if found is None:
            return None
        first, second, third, fourth = map(int, found.groups())
        return Hours(time(first, second), time(third, fourth))

    def _length(self) -> timedelta:
        hours = self.when
        if hours is None:
            return timedelta()
        day = datetime(2026, 1, 1)  # noqa: DTZ001 only the difference counts
        return hours.left(datetime.combine(day, hours.begin))
