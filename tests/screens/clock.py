"""Time as a test of screens sets it."""

from __future__ import annotations

from datetime import datetime, timedelta

from appliance.domain.witness import ClockTrust, Witness


class Clock:
    """Stands still until it is turned on."""

    def __init__(self, begins: datetime) -> None:
        self.begins = self.at = begins

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **ago: float) -> None:
        self.at += timedelta(**ago)

    def witness(self) -> Witness:
        """A machine that was started an hour before the test."""
        passed = self.at - self.begins + timedelta(hours=1)
        return Witness("1" * 32, passed // timedelta(milliseconds=1), ClockTrust.SYNCED)
