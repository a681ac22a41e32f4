"""Which hardware a till runs on, as a fingerprint of two halves: the computer's, and that of the card with the journal.

Each half is 32 hexadecimal digits, or zeros where the computer has no number that was burned in. What is not known
proves nothing: a number that could not be read at one start must not turn a till into another one.
"""

from __future__ import annotations

import enum
import hashlib
from typing import Final

HALF: Final = 32
UNKNOWN: Final = "0" * HALF


class Part(enum.StrEnum):
    """What can have been changed."""

    COMPUTER = "computer"
    CARD = "card"


def fingerprint(computer: str, card: str) -> str:
    """The fingerprint, 64 hexadecimal digits, of two numbers; "" for one that is not known."""
    return _half(computer) + _half(card)


def changed_parts(bound: str, here: str) -> tuple[Part, ...]:
    """What is certainly not the same in two fingerprints."""
    halves = zip(Part, (bound[:HALF], bound[HALF:]), (here[:HALF], here[HALF:]), strict=True)
    return tuple(part for part, was, is_ in halves if was != is_ and UNKNOWN not in (was, is_))


def _half(number: str) -> str:
    return hashlib.sha256(number.encode()).hexdigest()[:HALF] if number else UNKNOWN
