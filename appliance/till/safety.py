"""How safe the till's books are beside the card: on the stick, and in the backups. In words that a cashier knows."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from appliance.storage.facts import ShopFacts
from appliance.till.joining import ASIDE, LOST
from appliance.till.stick_state import StickState, StickView
from appliance.till.waiting_words import CHANGE_CARD, OTHER_JOURNAL

BACKUP: Final = "backup"
"""The fact in which the sync service keeps what came of the last backup, as JSON with "ok" and "words"."""

GOOD_BACKUP: Final = "The last backup passed its test."
LEAVE_IT: Final = "Leave it plugged in."
_FOUND: Final = ((LOST, CHANGE_CARD), (ASIDE, OTHER_JOURNAL))
_WELL: Final = {
    StickState.STARTING: ("Looking at the stick", "The till is looking for its stick."),
    StickState.KEPT: (
        "The stick has everything",
        "All {head:,} entries of the till's journal are on the stick.",
    ),
}
"""What there is to say while nobody needs to do anything; catching up has words of its own."""


@dataclass(frozen=True, slots=True)
class SafetyView:
    """All about the second medium.

    Attributes:
        title: how it is; is_well: nobody needs to do anything.
        told: what is so, a sentence each; steps: what to do.
    """

    title: str
    is_well: bool
    told: tuple[str, ...]
    steps: tuple[str, ...]


class Safety:
    """On the screen's connection; all methods are cheap enough for once a second."""

    def __init__(self, facts: ShopFacts, stick: Callable[[], StickView] | None) -> None:
        """Build it; ``stick`` says how the second medium is, None where there is none."""
        self._facts = facts
        self._stick = stick

    def chip(self) -> str:
        """A few words for the header, "" when nobody needs to do anything about the stick."""
        return self._wrong()[0]

    def sentence(self) -> str:
        """What is wrong with the stick, or with the last backup, and what to do; "" for nothing."""
        is_good, words = self.backup()
        return self._wrong()[1] or ("" if is_good else words)

    def backup(self) -> tuple[bool, str]:
        """Whether the last backup is good, and what to say of it; "" before the first."""
        text = self._facts.get(BACKUP)
        if text is None:
            return True, ""
        last = json.loads(text)
        # What the sync service says of a good one names its file: words for a technician.
        return bool(last["ok"]), GOOD_BACKUP if last["ok"] else str(last["words"])

    def view(self) -> SafetyView | None:
        """Everything for the page of the stick, None where there is no second medium."""
        if self._stick is None:
            return None
        stick = self._stick()
        found = [(chip, said) for fact, chip in _FOUND if (said := self._facts.get(fact)) is not None]
        title, told, steps = _words(stick)
        if found:
            title, told = found[0][0], (*(said for _, said in found), *told)
        if backup := self.backup()[1]:
            told = (*told, backup)
        return SafetyView(title, stick.is_well and not found, told, steps)

    def _wrong(self) -> tuple[str, str]:
        """What is wrong with the second medium or was found by it: words for the chip and a sentence, or ""."""
        for fact, chip in _FOUND:
            sentence = self._facts.get(fact)
            if sentence is not None:
                return chip, sentence
        stick = None if self._stick is None else self._stick()
        return ("", "") if stick is None or stick.is_well else (stick.headline, stick.advice)


def _words(stick: StickView) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Title, what is so, and what to do."""
    if stick.state in _WELL:
        title, so = _WELL[stick.state]
        return title, (so.format(head=stick.head_seq),), (LEAVE_IT,)
    *told, last = stick.advice.removesuffix(".").split(". ")
    so_far = tuple(f"{each}." for each in told)
    behind = stick.head_seq - stick.kept_seq
    if stick.kept_seq and behind > 0:
        alone = "The last entry is" if behind == 1 else f"The last {behind:,} entries are"
        so_far = (*so_far, f"{alone} on the card alone.")
    return stick.headline, so_far, (f"{last}.",)
