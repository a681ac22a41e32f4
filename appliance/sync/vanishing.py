"""What is gone from the shop is taken off the till, unless so much is gone at once that the shop must be broken.

A shop that was emptied, set back, set up anew, or taken over by another at the same address must not empty the till:
then nothing is removed before a person has said that it is so.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.shops.contract import Shop
from appliance.storage.catalogue import Catalogue
from appliance.storage.facts import ShopFacts, Vanished
from appliance.storage.instants import to_instant, to_text

VANISHED_SHARE: Final = 0.25
"""More than this share of the catalogue gone within a day is a broken shop until a person says otherwise."""

FEW: Final = 10
"""So many may go from however small a catalogue."""

WITHIN: Final = timedelta(hours=24)
MOST_FORGOTTEN: Final = 0.5
"""The shop is still the same while so great a part of its oldest products is as old as it was."""

LANDMARKS: Final = "landmarks"
_REMOVED: Final = "removed_lately"

log = logging.getLogger(__name__)


class DownloadError(Exception):
    """What the shop says is not believed until a person has looked. The text is for that person."""


class VanishedError(DownloadError):
    """So much of the catalogue is gone at once that the shop must be broken."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Removes products, and refuses to.

    Attributes:
        shop: tells how old its products are.
        catalogue, facts: what is removed from, and where a person reads that something was refused.
        now: the clock.
        sleep: as in :class:`~appliance.sync.download.Download`.
    """

    shop: Shop
    catalogue: Catalogue
    facts: ShopFacts
    now: Callable[[], datetime]
    sleep: Callable[[float], None]

    def remove(self, numbers: Collection[int]) -> int:
        """Take off the till what it holds of these; return how many that were.

        Raises:
            VanishedError: too many to be true; nothing is removed.
        """
        held = self.catalogue.held(numbers)
        if not held:
            return 0
        since, before, of = self._lately()
        count = before + len(held)
        if count > self._most(of):
            self.facts.note_vanished(Vanished(count, of, self.now()))
            raise VanishedError(
                f"{count} of {of} products are gone from the shop at once. "
                "They stay on this till until somebody has looked."
            )
        self.catalogue.remove(sorted(held), sleep=self.sleep)
        self.facts.set(_REMOVED, json.dumps([to_text(since), count, of]))
        log.info("%d products are no longer in the shop.", len(held))
        return len(held)

    def _lately(self) -> tuple[datetime, int, int]:
        """Since when we count, how many were removed since, of how many."""
        text, now = self.facts.get(_REMOVED), self.now()
        if text is not None:
            since, count, of = json.loads(text)
            if abs(now - to_instant(since)) < WITHIN:
                return to_instant(since), int(count), int(of)
        return now, 0, self.catalogue.count()

    def _most(self, of: int) -> float:
        accepted = self.facts.accepted_vanished()
        agreed = 0.0 if accepted is None else FEW + accepted.count * (1 + VANISHED_SHARE)
        return max(FEW, VANISHED_SHARE * of, agreed)

    def check(self) -> None:
        """See whether it is still the shop that this till knows, by the age of its oldest products.

        Raises:
            VanishedError: it is another one, or was set up anew.
        """
        known = self._landmarks()
        if not known or self.facts.accepted_vanished() is not None:
            return
        theirs = self.shop.landmarks(sorted(known))
        same = sum(theirs.get(number) == made for number, made in known.items())
        if same >= len(known) * MOST_FORGOTTEN:
            return
        self.facts.note_vanished(Vanished(len(known) - same, len(known), self.now(), is_other_shop=True))
        raise VanishedError(
            "The shop at this address does not look like the one that this till knows: "
            f"of its {len(known)} oldest products {same} are there. Nothing is taken from it until somebody has looked."
        )

    def note_landmarks(self) -> None:
        """Take the shop's oldest products for what it is known by."""
        found = {str(number): made for number, made in self.shop.landmarks(None).items()}
        self.facts.set(LANDMARKS, json.dumps(found))

    def is_new_shop_accepted(self) -> bool:
        """Whether a person said that another shop is the shop from now on, and everything has to begin anew."""
        accepted = self.facts.accepted_vanished()
        return accepted is not None and accepted.is_other_shop and bool(self._landmarks())

    def forget_shop(self) -> None:
        """Begin anew with whatever shop it is: all is read, then all that it does not have is removed."""
        self.facts.set(LANDMARKS, None)
        count = self.catalogue.count()
        self.facts.set(_REMOVED, None)
        self.facts.note_vanished(Vanished(count, count, self.now(), is_other_shop=True))
        self.facts.accept_vanished()

    def passed(self) -> None:
        """The whole catalogue was compared and nothing is missing that was not agreed to."""
        if self.facts.get("vanished") is not None:
            self.facts.forget_vanished()
            self.facts.set(_REMOVED, None)

    def _landmarks(self) -> dict[int, str]:
        return {int(number): made for number, made in json.loads(self.facts.get(LANDMARKS) or "{}").items()}
