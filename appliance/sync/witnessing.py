"""What the shop bears witness to, for those who doubt this till's card or its clock.

The highest receipt that the shop knows of this till tells a card that was set back to an old copy. The shop's clock
tells how wrong ours is. Both are noted as facts; what follows from them is decided elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.witness import Witness
from appliance.shops.contract import Shop, ShopClock
from appliance.storage.facts import ShopFacts
from appliance.storage.instants import to_text
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox

HEAD: Final = "shop_head"
"""The fact: {"hash": hex, "receipt": "T1-000123", "seq": 412, "key": hex}; missing where the shop has no receipt.

Missing too where the order carries no place in the journal, of a till of the first version, and the till knows the
receipt. Hash and number are "" and 0 where it does not know it either.
"""

CLOCK: Final = "shop_clock"
"""The fact: {"boot": .., "uptime_ms": .., "offset_seconds": .., "doubt_seconds": .., "at": ..}: to our clock, add."""

BOOT: Final = "told_in_boot"
"""The fact: the start of the machine in which the sync service last told anything."""

MUST_CONFIRM: Final = "must_confirm"
"""The fact: set while a person has to say that this till may go on; nothing is told until then."""

MOVED_SECONDS: Final = 2.0
WRITTEN_EVERY_MS: Final = 3_600_000


@dataclass(slots=True)
class Witnessing:
    """What is known of this till's start, card and clock.

    Attributes:
        shop: the online shop.
        facts, outbox, journal: where it is noted, what is unsent, and what this till has sold.
        series: of this till's receipts, as of now.
        witness: which start of the machine this is, and how long it lasted.
        now: the wall clock.
    """

    shop: Shop
    facts: ShopFacts
    outbox: Outbox
    journal: Journal
    series: Callable[[], str]
    witness: Callable[[], Witness]
    now: Callable[[], datetime]
    _heard: ShopClock | None = None

    def begin(self) -> None:
        """At the first round after a start of the machine: what was not told before may be on a copied card.

        A card is copied while the machine is off. From then on the copy and this one hold the same sales, and neither
        knows of the other: both must claim them. Only sales that are told in the start in which they were made go the
        short way.
        """
        boot = self.witness().boot_id
        if self.facts.get(BOOT) != boot:
            self.outbox.inherit_all()  # first: a power cut between the two marks once too often
            self.facts.set(BOOT, boot)

    def look_at_head(self) -> None:
        """Ask for the highest receipt that the shop knows of this till, and note it.

        Raises:
            ShopError: it did not say.
        """
        head = self.shop.newest_of(self.series())
        if head is None or (not head.seq and self.journal.by_receipt(head.receipt_number) is not None):
            self.facts.set(HEAD, None)
            return
        found = {
            "hash": head.hash_hex,
            "key": head.key_hex,
            "receipt": head.receipt_number,
            "seq": head.seq,
        }
        self.facts.set(HEAD, json.dumps(found))

    def note_clock(self) -> None:
        """Note the shop's clock if it was heard since, and either moved or was written an hour ago."""
        clock, witness = self.shop.clock(), self.witness()
        if clock is None or clock is self._heard:
            return
        self._heard = clock
        if self._is_known(clock, witness):
            return
        found = {
            "boot": witness.boot_id,
            "uptime_ms": witness.uptime_ms,
            "offset_seconds": round(clock.offset_seconds, 3),
            "doubt_seconds": round(clock.doubt_seconds, 3),
            "at": to_text(self.now()),
        }
        self.facts.set(CLOCK, json.dumps(found))

    def _is_known(self, clock: ShopClock, witness: Witness) -> bool:
        """Whether the fact says so already: within what either can be off."""
        try:
            fact = json.loads(self.facts.get(CLOCK) or "{}")
            moved = abs(clock.offset_seconds - float(fact["offset_seconds"]))
            doubt = clock.doubt_seconds + float(fact["doubt_seconds"])
            age_ms = witness.uptime_ms - int(fact["uptime_ms"])
            is_same_boot = fact["boot"] == witness.boot_id
        except (ValueError, KeyError, TypeError):
            return False
        return is_same_boot and age_ms < WRITTEN_EVERY_MS and moved <= max(MOVED_SECONDS, doubt)
