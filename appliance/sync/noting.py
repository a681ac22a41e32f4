"""Leaves notes for the owner on orders of the shop. A note twice does no harm, and still each is looked for first."""

from __future__ import annotations

import html
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import (
    OddAnswerError,
    RefusedError,
    Shop,
    ShopError,
    ShopFailedError,
    UnauthorisedError,
    UnreachableError,
)
from appliance.storage.order_notes import OrderNote, OrderNotes
from appliance.storage.told_table import LONGEST_WAIT

AT_ONCE: Final = 50
MOST_TRIES: Final = 60
"""Two days: no note is worth more, for what it tells of is on the till too. Tries that never left do not count."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Noting:
    """Brings notes up, oldest first."""

    shop: Shop
    notes: OrderNotes
    now: Callable[[], datetime]

    def run(self) -> int:
        """Leave all notes that are due; return how many are there now.

        Raises:
            ShopError: the network, or the whole shop.
        """
        left = 0
        for note in self.notes.due(self.now(), AT_ONCE):
            try:
                self._leave(note)
            except RefusedError as error:
                log.warning("A note on order %s was refused: %s", note.order_id, error)
                self.notes.park(note.note_id)
            except (UnreachableError, UnauthorisedError):
                raise  # the network, or the whole shop: this note is not at fault, however long that lasts
            except ShopError as error:
                self._put_off(note)
                if not isinstance(error, (ShopFailedError, OddAnswerError)):
                    raise
            else:
                left += 1
        return left

    def _leave(self, note: OrderNote) -> None:
        if note.posted_at is None or not self._is_there(note):
            self.notes.note_posted(note.note_id, self.now())
            self.shop.note(note.order_id, note.body)
        self.notes.mark_sent(note.note_id)

    def _is_there(self, note: OrderNote) -> bool:
        return _plain(note.body) in map(_plain, self.shop.notes(note.order_id))

    def _put_off(self, note: OrderNote) -> None:
        if note.attempts + 1 >= MOST_TRIES:
            self.notes.park(note.note_id)
            return
        wait = min(timedelta(seconds=2.0 ** min(note.attempts + 3, 12)), LONGEST_WAIT)
        self.notes.note_attempt(note.note_id, self.now() + wait)


def _plain(text: str) -> str:
    """A text as both sides write it: WordPress may write a character as an entity, and spaces as it likes."""
    return " ".join(html.unescape(text).split())
