"""What is done when a stick is plugged in: its journal must be the beginning of the card's.

The card is always written first. So a stick that is ahead of it and goes on from its end proves that the card lost
what it had promised, or that somebody put an older copy in: the entries are brought back, and it is journalled. A stick
that holds anything else is set aside under a new name, and a person is told; nothing on it is ever written over.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from appliance.storage import chain
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.journal import Journal
from appliance.storage.replaying import ReplayError, Verify, follow, head_of, replay
from appliance.storage.second_medium import SecondMedium

CARD_LOST: Final = "card-lost"
"""Kind of the entry that says what was brought back: {"count": 3, "from": 41, "to": 43}."""
LOST: Final = "card_lost"
"""Fact: what the card lost, in a sentence."""
ASIDE: Final = "stick_aside"
"""Fact: what was found on a stick that the card does not have, in a sentence."""
log: Final = logging.getLogger(__name__)


class Joining:
    """Called on the keeping thread, with its connection, for each stick that is plugged in."""

    def __init__(self, open_journal: Callable[[Database], Journal], verify: Verify) -> None:
        """Build it.

        Args:
            open_journal: the journal on a connection, to be written.
            verify: checks the signatures of what is brought back.
        """
        self._open_journal = open_journal
        self._verify = verify

    def __call__(self, database: Database, medium: SecondMedium) -> None:
        """Make the two go together; afterwards the stick is behind the card or level with it."""
        ours, theirs = head_of(database), medium.head
        if theirs.seq <= ours.seq:
            if not _is_ours(database, theirs):
                self._set_aside(database, medium, [])
            return
        entries = medium.entries_after(ours.seq)
        if not follow(ours, entries):
            self._set_aside(database, medium, entries)
            return
        try:
            self._bring_back(database, entries)
        except ReplayError as error:
            log.error("What the stick has more is not taken: %s", error)
            self._set_aside(database, medium, entries)

    def _bring_back(self, database: Database, entries: list[Entry]) -> None:
        count = len(entries)
        words = "1 entry; it was" if count == 1 else f"{count} entries; they were"
        with database.transaction():
            replay(database, entries, self._verify)
            journal = self._open_journal(database)
            journal.introduce_key(database.now())
            body = {"count": count, "from": entries[0].seq, "to": entries[-1].seq}
            journal.note(CARD_LOST, 0, database.now(), body)
            sentence = f"The card lost {words} brought back from the stick. Change the card."
            ShopFacts(database).set(LOST, sentence)
        log.error("%s", sentence)

    def _set_aside(self, database: Database, medium: SecondMedium, entries: list[Entry]) -> None:
        name = medium.set_aside().name
        sales = sum(entry.kind == chain.SALE for entry in entries)
        more = f" with {_sales(sales)} that the card does not have" if sales else ""
        sentence = f"The stick held another journal{more}. It is kept there as {name}. Call the technician."
        ShopFacts(database).set(ASIDE, sentence)
        log.error("%s", sentence)


def _is_ours(database: Database, link: chain.Link) -> bool:
    if link.seq == 0:
        return True
    row = database.one("SELECT hash FROM journal WHERE seq = ?", (link.seq,))
    return row is not None and row[0] == link.hash


def _sales(count: int) -> str:
    return "1 sale" if count == 1 else f"{count} sales"
