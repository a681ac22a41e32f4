"""Card numbers do not belong in a till: what looks like one is masked before anything is kept, shown or printed.

A till never needs the number of a payment card: the terminal has it. But somebody will type one into a field for the
slip's number or for a reason, or a reader will type it for them. Then only its last four digits stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

SHORTEST: Final = 13
LONGEST: Final = 19
_RUN: Final = re.compile(r"[0-9]+(?:[ \-./_][0-9]+)*")
_GROUP: Final = re.compile(r"[0-9]+")


def mask(text: str) -> str:
    """The text with all card-like numbers reduced to their last four digits: "**** 1111".

    Card-like are 13 to 19 digits whose check digit (Luhn, ISO/IEC 7812-1) is right, written as one or in groups, also
    beside other digits (an expiry date behind it), or anywhere within more than 19 digits. One in ten other numbers
    of that length is masked too; barcodes are not to be sent through here.
    """
    return _RUN.sub(lambda run: _masked(run[0]), text)


def is_card_like(digits: str) -> bool:
    """True for 13 to 19 digits with a right check digit."""
    if not SHORTEST <= len(digits) <= LONGEST:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number - 9 * (number > 9) for number in doubled) % 10 == 0


def _masked(run: str) -> str:
    for start, end in _places(run):
        digits = re.sub("[^0-9]", "", run[start:end])
        if is_card_like(digits):
            return f"{mask(run[:start])}**** {digits[-4:]}{mask(run[end:])}"
    return run


def _places(run: str) -> Iterator[tuple[int, int]]:
    """Where a number may begin and end: at the edges of groups, longest first; within a group that is too long."""
    groups = [group.span() for group in _GROUP.finditer(run)]
    for first, (start, _) in enumerate(groups):
        yield from ((start, end) for _, end in reversed(groups[first:]))
    for start, end in groups:
        if end - start > LONGEST:
            yield from (
                (begin, begin + length)
                for begin in range(start, end - SHORTEST + 1)
                for length in range(min(LONGEST, end - begin), SHORTEST - 1, -1)
            )
