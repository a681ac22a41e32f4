"""Settling an oversell: a person at the till takes one of the ways out, and the shop's owner reads it on the order.

A paid sale is never refused, so now and then two people bought the last one. The till cannot know who has it in hand,
so a person says who does without for now, and what becomes of it. That is written here, with the sale's and the
order's numbers, and left as a note on the web order; what is to be done in the online shop, the owner does: the till
moves no money and sends nothing there.
"""

from __future__ import annotations

from typing import Final

from appliance.domain.card_numbers import mask
from appliance.domain.oversold import Buyer, Way
from appliance.domain.staff import Person
from appliance.storage.journal import Journal
from appliance.storage.order_notes import OrderNotes
from appliance.storage.oversold import Oversold, OversoldUnits, Settlement
from appliance.till.clock import Local, Now
from appliance.till.errors import AlreadySettledError
from appliance.till.sold_twice import when
from appliance.till.waiting_words import too_many

LONGEST_NOTE: Final = 200
_DEEDS: Final = {
    (Way.BACK_ORDER, Buyer.ONLINE): "This order is to be sent later, when there is more.",
    (Way.BACK_ORDER, Buyer.HERE): "The buyer in the shop gets it later. This order can be sent.",
    (Way.SWAP, Buyer.ONLINE): "Offer the buyer of this order another product.",
    (Way.SWAP, Buyer.HERE): "The buyer in the shop takes another product. This order can be sent.",
    (Way.REFUND, Buyer.ONLINE): "Give the buyer of this order the money back. The till has not moved any.",
    (Way.REFUND, Buyer.HERE): "The buyer in the shop gets the money back. This order can be sent.",
    (Way.OTHER_BRANCH, Buyer.ONLINE): "Another branch is to send this order.",
    (
        Way.OTHER_BRANCH,
        Buyer.HERE,
    ): "The buyer in the shop gets it from another branch. This order can be sent.",
    (Way.FOUND, Buyer.ONLINE): "It was found after all. Both sales stand, and this order can be sent.",
    (Way.FOUND, Buyer.HERE): "It was found after all. Both sales stand, and this order can be sent.",
}
"""What the owner reads. Owners read it in the shop's own pages, where no language of the till's applies."""


class Settling:
    """Writes which way out was taken."""

    def __init__(
        self,
        oversold: OversoldUnits,
        journal: Journal,
        notes: OrderNotes,
        now: Now,
        local: Local,
    ) -> None:
        self._oversold = oversold
        self._journal = journal
        self._notes = notes
        self._now = now
        self._local = local

    def settle(
        self, oversold_id: int, person: Person, way: Way, note: str = "", without: Buyer = Buyer.ONLINE
    ) -> Oversold:
        """Take a way out. When this returns it is on the disk, and the note for the owner is on its way.

        Args:
            oversold_id: what was sold twice.
            person: who decides.
            way: the way out.
            note: a few words of their own.
            without: the buyer who does without it for now.

        Raises:
            AlreadySettledError: somebody did it before.
            StorageError: nothing was written.
        """
        unit = self._oversold.get(oversold_id)
        kept = mask(" ".join(note.split()))[:LONGEST_NOTE]
        if unit is not None:
            for_owner = self._for_owner(unit, person, way, without, kept)
            settlement = Settlement(unit, person, way, without, self._now(), kept, for_owner)
            if self._oversold.settle(settlement, self._journal, self._notes):
                return unit
        raise AlreadySettledError("Somebody has seen to this already.")

    def _for_owner(self, unit: Oversold, person: Person, way: Way, without: Buyer, note: str) -> str:
        sold = when(unit.sold_at, self._local)
        words = [
            f"Sold twice: {unit.product_name}, {too_many(unit.units)}.",
            f"It was also sold at {self._journal.till_name}, receipt {unit.receipt_number}, {sold}.",
            _DEEDS[way, without],
            f"Decided by {person.name}.",
            *([f"Note: {note}"] if note else []),
        ]
        return " ".join(words)
