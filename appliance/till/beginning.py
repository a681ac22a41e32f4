"""A new card with a stick in it: whose books are on it, and the words that ask whether this till goes on in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_LONGEST_NAME: Final = 8
"""Of a till, for the lit key of the small panel."""


@dataclass(frozen=True, slots=True)
class DeadTill:
    """A till whose books are on the stick.

    Attributes:
        till_id, name, series: whose they are.
        entries: how many there are; 0 where the till sold from the stick itself, and nobody has counted yet.
        last_at: when the newest was written, by the shop's clock; None where that is not known.
        last_receipt: of its newest sale, "" for none.
    """

    till_id: str
    name: str
    series: str
    entries: int = 0
    last_at: datetime | None = None
    last_receipt: str = ""

    @property
    def title(self) -> str:
        """The head of the page."""
        return f"Go on as {self.name}?"

    @property
    def told(self) -> tuple[str, ...]:
        """What was found, so that whoever stands there knows whether it is the right stick."""
        found = f"On the stick are the books of {self.name}, receipts {self.series}."
        last = f"Its last receipt is {self.last_receipt}." if self.last_receipt else "It has sold nothing."
        when = f"They end on {_day(self.last_at)}." if self.last_at else ""
        return tuple(
            filter(None, ("Nothing was sold with this card yet.", found, last if self.entries else "", when))
        )

    @property
    def steps(self) -> tuple[str, ...]:
        """What each key means."""
        return (
            f"{self.name} is out of use: touch the lit key. Its sales come along, and its receipts go on in a "
            "series of their own.",
            "Leave the stick in until the till asks who is there.",
            f"{self.name} still sells, or this is to be another till: touch A new till.",
        )

    @property
    def key(self) -> str:
        """The words on the key that begins."""
        return f"Go on as {self.name}" if len(self.name) <= _LONGEST_NAME else "Go on"

    def busy(self, entries: int) -> str:
        """What is said while the books are read."""
        return (
            f"{entries:,} of {self.entries:,} entries read and checked."
            if self.entries
            else "The books are read."
        )


def _day(at: datetime) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year} at {at:%H:%M}"
