"""When updates may be made: the hours of [update]."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.settings import SettingsError, load
from appliance.settings.updates import UpdateSettings

DUBLIN = ZoneInfo("Europe/Dublin")


def left(hours: str, at: datetime) -> timedelta:
    when = UpdateSettings(hours, "", True).when
    assert when is not None
    return when.left(at)


@pytest.mark.parametrize(
    ("hours", "time", "minutes"),
    [
        ("22:00-05:00", "21:59", 0),
        ("22:00-05:00", "22:00", 420),
        ("22:00-05:00", "23:59", 301),
        ("22:00-05:00", "00:00", 300),
        ("22:00-05:00", "04:59", 1),
        ("22:00-05:00", "05:00", 0),
        ("13:00-14:30", "13:30", 60),
        ("13:00-14:30", "12:59", 0),
    ],
)
def test_what_is_left_of_the_hours(hours: str, time: str, minutes: int) -> None:
    at = datetime.fromisoformat(f"2026-11-21T{time}:00").replace(tzinfo=DUBLIN)
    assert left(hours, at) == timedelta(minutes=minutes)


def test_hours_over_the_change_of_the_clock_end_when_the_shops_clock_says_so() -> None:
    at = datetime(2026, 10, 25, 4, 0, tzinfo=DUBLIN)
    assert left("22:00-05:00", at) == timedelta(hours=1)


@pytest.mark.parametrize(
    "hours", ["22-5", "25:00-05:00", "22:00-22:30", "22:00", "22:00 - 05:00", "10:00-10:00x"]
)
def test_hours_that_are_none_are_named(hours: str) -> None:
    with pytest.raises(SettingsError, match=r"update\.hours"):
        UpdateSettings(hours, "", True)


def test_hours_may_be_none_and_the_address_is_https() -> None:
    assert UpdateSettings("", "", False).when is None
    with pytest.raises(SettingsError, match=r"update\.url"):
        UpdateSettings("", "http://updates.example/x", True)


def test_the_shipped_hours_are_at_night_and_nothing_is_fetched() -> None:
    shipped = load(None).update
    assert (shipped.hours, shipped.url, shipped.stick) == ("22:00-05:00", "", True)
