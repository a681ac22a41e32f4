"""Which products, orders or coupons changed, for one small request while nothing does.

Measured on 9.9.5, and each of these lost changes before: ``modified_after`` is strictly greater and has whole seconds;
a slow request saves an instant that lies minutes before it can be read; an edit during the look moves a thing between
pages ordered by date, so they are ordered by number; one that leaves the list during the look moves another across the
page's edge, so a total that fell means again; a "Z" is shifted by the shop's zone, so the instant is naive and flagged.

Most looks go back ten seconds behind the last one; every five minutes one goes back five minutes behind the last such.
A look asks for numbers and instants alone. What was read at an instant that had already settled is not read again, so
a mass edit is read once or twice, not at each look for five minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from appliance.shops.contract import UnknownOutcomeError
from appliance.shops.woocommerce_rest import PER_PAGE, Json, Rest, utc

NEAR: Final = timedelta(seconds=10)
FAR: Final = timedelta(minutes=5)
"""How far back, beyond the last one, the usual look and the far look go; and how often there is a far one."""

SETTLED: Final = timedelta(seconds=10)
"""Read so long after the instant that it carries, a thing is not changed again within the same second."""

MAX_RUNS: Final = 4
BY_NUMBER: Final = {"orderby": "id", "order": "asc"}
_MARK: Final = "2"
"""Begins a cursor; those of earlier tills did not, and are read from the beginning: products have more to them now."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next look begins.

    Attributes:
        looked_at: when the last look began, by the shop's clock.
        far_at: when the last far one did.
    """

    looked_at: datetime
    far_at: datetime

    @classmethod
    def parse(cls, text: str | None) -> Cursor | None:
        """Read what :attr:`text` wrote; anything else is none."""
        try:
            mark, looked, far = (text or "").split("/")
            return cls(datetime.fromisoformat(looked), datetime.fromisoformat(far)) if mark == _MARK else None
        except ValueError:
            return None

    @property
    def text(self) -> str:
        """To be kept."""
        return f"{_MARK}/{self.looked_at.isoformat()}/{self.far_at.isoformat()}"

    @property
    def is_far(self) -> bool:
        """Whether the next look is a far one."""
        return self.looked_at - self.far_at >= FAR

    @property
    def after(self) -> datetime:
        """What the next look asks from on."""
        return self.far_at - FAR if self.is_far else self.looked_at - NEAR

    def moved(self, started_at: datetime) -> Cursor:
        """After a look that began then."""
        return Cursor(started_at, started_at if self.is_far else self.far_at)


class Mark(NamedTuple):
    """A thing's number, and when it changed as the shop wrote it."""

    number: int
    modified: str


@dataclass(slots=True)
class Changed:
    """Looks at one list of one shop.

    Attributes:
        rest: asks.
        path: of the list.
        all_of_it: parameters that keep nothing out of the list, the trash neither.
        now: the till's clock, where the shop does not tell its own.
        seen: what need not be read again.
    """

    rest: Rest
    path: str
    all_of_it: Mapping[str, str]
    now: Callable[[], datetime]
    seen: dict[int, str] = field(default_factory=dict)

    def since(self, cursor: Cursor) -> tuple[list[Mark], datetime]:
        """What changed and was not seen yet, and when the look began by the shop's clock."""
        marks, started_at = self._marks(cursor.after)
        if cursor.is_far:  # what is older than it can see need not be remembered
            numbers = {mark.number for mark in marks}
            self.seen = {number: text for number, text in self.seen.items() if number in numbers}
        return [mark for mark in marks if self.seen.get(mark.number) != mark.modified], started_at

    def _marks(self, after: datetime) -> tuple[list[Mark], datetime]:
        for _ in range(MAX_RUNS):
            found: dict[int, Mark] = {}
            started_at, fell, total = None, False, 0
            for page in self.rest.pages(self.path, self._parameters(after)):
                started_at = started_at or page.server_at or self.now()
                fell, total = fell or (page.total or 0) < total, page.total or 0
                found |= {mark.number: mark for mark in map(_mark, page.items) if mark}
            if not fell and started_at is not None:
                return list(found.values()), started_at
        raise UnknownOutcomeError("The shop's list changes faster than it can be read.")

    def _parameters(self, after: datetime) -> dict[str, str]:
        instant = after.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
        fields = {"modified_after": instant, "dates_are_gmt": "true", "_fields": "id,date_modified_gmt"}
        return {**fields, **self.all_of_it, **BY_NUMBER}

    def settle(self, marks: Iterable[Mark], read_at: datetime) -> None:
        """Note that these were read in full, and kept, in a look that began then."""
        self.seen.update(mark for mark in marks if _has_settled(mark, read_at))

    def read(self, numbers: Sequence[int], fields: str) -> Iterator[list[Json]]:
        """Read these, a page of them at a time; what is not there is left out."""
        for some in _batched(numbers):
            include = {"include": ",".join(map(str, some)), "_fields": fields}
            yield self.rest.page(self.path, {**include, **self.all_of_it, **BY_NUMBER}).items


def _batched(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(numbers), PER_PAGE):
        yield numbers[first : first + PER_PAGE]


def _mark(item: Json) -> Mark | None:
    number, modified = item.get("id"), item.get("date_modified_gmt")
    return Mark(number, str(modified)) if isinstance(number, int) and number > 0 else None


def _has_settled(mark: Mark, read_at: datetime) -> bool:
    try:
        return utc(mark.modified) + SETTLED <= read_at
    except ValueError:
        return False
