"""The queue of what the shop has yet to hear: tells all that is due, and sees to it that nothing holds up the next.

The network's or the whole shop's trouble ends the round, and is nobody's fault. Trouble over one sale puts that
sale off, each time for longer, and in the end gives it to a person.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Generic, Protocol, TypeVar

from appliance.shops.contract import (
    OddAnswerError,
    RefusedError,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnknownOutcomeError,
)
from appliance.storage.errors import RuleBrokenError, StorageError
from appliance.storage.set_back import NUMBER_TAKEN

AT_ONCE: Final = 500

MOST_ODD_ANSWERS: Final = 3
"""In a row. Each try may have made one more order, which holds the stock: not for long."""
MOST_BREAKS_ALONE: Final = 6
"""A sale over which the shop broke so often in a row, while it took later ones, is given to a person."""
MOST_BREAKS: Final = 30
"""The same when there were no others: about two hours."""
MOST_DOUBTS_ALONE: Final = 60
"""The same for a sale whose answer never comes: about five hours. One try is up to three requests; where the network
loses half of them, 20 tries were too few (met on a real shop, 1 sale of 80), and 60 fail once in a billion."""

MAX_DOUBTS_IN_A_ROW: Final = 3
"""After so many sales in a row the shop itself is ill, and is left alone for a while."""

NO_WORDS: Final = "The till cannot put it into words for the shop. Call the technician."
log = logging.getLogger(__name__)


class Queued(Protocol):
    """What the queue needs to know of something to tell: its id, what people call it, and how its tries went."""

    @property
    def key(self) -> str: ...
    @property
    def receipt_number(self) -> str: ...
    @property
    def attempts(self) -> int: ...
    @property
    def posted_at(self) -> datetime | None: ...


Entry = TypeVar("Entry", bound=Queued)
Due_co = TypeVar("Due_co", bound=Queued, covariant=True)


class Waiting(Protocol[Due_co]):
    """What the queue needs of an outbox."""

    def due(self, now: datetime, limit: int) -> Sequence[Due_co]:
        """What to work on now, oldest first."""

    def note_attempt(self, key: str, next_try_at: datetime | None, /) -> None:
        """A try failed; the next is not before then."""

    def park(self, key: str, reason: str, /) -> None:
        """Set it aside until a person has seen to it."""


@dataclass(slots=True)
class Queue(Generic[Entry]):
    """All that is due, oldest first.

    Attributes:
        outbox: what is due.
        now: the clock.
        told_at: when the shop last took one.
    """

    outbox: Waiting[Entry]
    now: Callable[[], datetime]
    told_at: datetime | None = None
    in_a_row: dict[str, tuple[type[ShopError], int]] = field(default_factory=dict)
    """What befell each at its last tries: a network that loses answers must not use up the patience with the shop's."""

    def run(self, tell: Callable[[Entry], bool], heard: Callable[[], None]) -> int:
        """Tell all that are due and return how many the shop has now; ``heard`` is called after each.

        Raises:
            ShopError: the network, or the whole shop.
            StorageError: the till's own file.
        """
        told, doubts = 0, 0
        for entry in self.outbox.due(self.now(), limit=AT_ONCE):
            try:
                if self._tell(entry, tell):
                    told += 1
                    self.in_a_row.pop(entry.key, None)
                    self.told_at = self.now()
                    heard()
                doubts = 0
            except (ShopFailedError, OddAnswerError) as error:
                # The shop broke over this very sale: the next one may well do.
                doubts += 1
                self._put_off(entry, error)
                if doubts > MAX_DOUBTS_IN_A_ROW:
                    raise
            except (UnknownOutcomeError, UnauthorisedError) as error:
                # Mostly the network, or the whole shop; but the next round begins with another sale.
                self._put_off(entry, error)
                raise
        return told

    def _tell(self, entry: Entry, tell: Callable[[Entry], bool]) -> bool:
        """Tell one; what is certainly its own fault parks it."""
        try:
            return tell(entry)
        except RefusedError as error:
            self.outbox.park(entry.key, f"The shop refused it: {error}")
        except RuleBrokenError:
            log.exception("%s cannot be written down as told", entry.receipt_number)
            with suppress(
                RuleBrokenError
            ):  # where a person has settled it meanwhile, the late look sees to it
                self.outbox.park(entry.key, NUMBER_TAKEN)
        except (ShopError, StorageError):
            raise
        except Exception:  # whatever is wrong with one sale must not hold up the next
            log.exception("%s cannot be told", entry.receipt_number)
            self.outbox.park(entry.key, NO_WORDS)
        return False

    def _put_off(self, entry: Entry, error: ShopError) -> None:
        """Try it later; park it when it is the one that never goes while others do."""
        wait = min(2.0 ** min(entry.attempts + 1, 8), 300.0)
        self.outbox.note_attempt(entry.key, self.now() + timedelta(seconds=wait))
        is_lost = not isinstance(error, (OddAnswerError, ShopFailedError, UnauthorisedError))
        in_a_row = self._tries_in_a_row(entry, error)
        tries = entry.attempts + 1 if is_lost else in_a_row
        if tries >= self._patience(entry, error):
            self.in_a_row.pop(entry.key, None)
            self.outbox.park(entry.key, f"It does not go through: {error}")

    def _tries_in_a_row(self, entry: Entry, error: ShopError) -> int:
        """How often the same befell it, this time included."""
        kind, tries = self.in_a_row.get(entry.key, (type(error), 0))
        tries = tries + 1 if kind is type(error) else 1
        self.in_a_row[entry.key] = (type(error), tries)
        return tries

    def _patience(self, entry: Entry, error: ShopError) -> float:
        """How many tries a sale has."""
        goes_for_others = self.told_at is not None and (
            entry.posted_at is not None and self.told_at > entry.posted_at
        )
        match error:
            case OddAnswerError():
                return MOST_ODD_ANSWERS
            case ShopFailedError():
                return MOST_BREAKS_ALONE if goes_for_others else MOST_BREAKS
            case UnauthorisedError():
                return MOST_BREAKS_ALONE if goes_for_others else float("inf")
            case _:
                return MOST_DOUBTS_ALONE if goes_for_others else float("inf")
