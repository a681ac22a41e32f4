"""What the till asks for time and names: passed in, so that a test decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

Now = Callable[[], datetime]
"""The time, aware, in UTC."""

Local = Callable[[datetime], datetime]
"""An instant in the shop's time zone."""

NewId = Callable[[], str]
"""A new name for a sale: 32 hexadecimal digits."""


def clock_time(at: datetime, local: Local) -> str:
    """An instant as the cashier's clock shows it: "13:40"."""
    return f"{local(at):%H:%M}"
