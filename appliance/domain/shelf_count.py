"""Counting the shelf while selling goes on: what was found against what should have been there at that moment.

A line keeps two numbers of the same moment, that of its last touch: how many pieces were **counted**, and how many were
**expected** on the shelf. What is sold after it lowers neither, so a later sale never shows as a variance, and the
correction (counted - expected) may reach the shop at any time: it is added to whatever the shop's count is by then.

Expected on the shelf is what is on hand, less what lies elsewhere though nobody has paid for it (sales set aside, the
sale in progress), plus what is owed to web customers who bought a piece that is not there (the shop's count is below
zero by it; the shelf cannot be).

**Pieces that are scanned one by one take minutes, and a piece may be sold in between.** Nobody can tell from the
numbers whether that piece had been counted. So:

1. While people are still at a product (nothing else was touched since), a piece that is sold is taken for one that was
   *not yet* counted, or that a customer already held: what was scanned stays, and is compared with what is expected
   now, at the next scan. The line says that one went (`moved`), and a person who had counted it takes one off with the
   minus key: that is the answer, and the line says no more. If nothing is scanned after it, it had been counted; who
   knows better says how many lie there now.
2. Once another product was touched, the line was whole, and each piece that goes later *had* been counted. If one more
   is found of it after all, the line first follows what went: its variance stays what it was, and grows by that piece.
   (So a product that lies in two places may be counted in two goes; only if its second place sells before it was
   counted, the books will lack that piece until the next count.)
3. A number that a person says ("there are 24") is of now, whatever went before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from appliance.domain.errors import QuantityError

MOST: Final = 99_999
"""More than this on a shelf is a barcode read as a number."""


@dataclass(frozen=True, slots=True)
class CountLine:
    """What was counted of one product, or of all choices that share its count.

    Attributes:
        stock_id: whose count it is. product_id, parent_id, name, sku: the product that was first scanned for it.
        counted: pieces found. expected: pieces that should have lain there at ``counted_at``; may be below zero.
        counted_at: when it was touched last (UTC), person_id: by whom.
        moved: pieces that came (+) or went (-) while it was scanned piece by piece, until a person has said.
    """

    stock_id: int
    product_id: int
    parent_id: int | None
    name: str
    sku: str
    counted: int
    expected: int
    counted_at: datetime
    person_id: int
    moved: int = 0

    @property
    def variance(self) -> int:
        """Pieces more (+) or fewer (-) than there should have been."""
        return self.counted - self.expected

    def piece(self, pieces: int, expected: int, *, is_newest: bool) -> CountLine:
        """So many more, or fewer, than were counted so far; ``expected`` is that of now (see the rules above).

        Raises:
            QuantityError: fewer than none, or too many to be meant.
        """
        came = expected - self.expected
        if not is_newest:
            counted, moved = max(self.counted + came, 0) + pieces, 0
        else:
            counted, moved = self.counted + pieces, self.moved + came if pieces > 0 else 0
        return replace(self, counted=checked(counted), expected=expected, moved=moved)

    def said(self, counted: int, expected: int) -> CountLine:
        """A person says how many lie there now.

        Raises:
            QuantityError: too many to be meant.
        """
        return replace(self, counted=checked(counted), expected=expected, moved=0)


def checked(counted: int) -> int:
    """A number of pieces that can be meant.

    Raises:
        QuantityError: it cannot.
    """
    if not 0 <= counted <= MOST:
        raise QuantityError(f"{counted:,} is not a number of pieces from 0 to {MOST:,}.")
    return counted


@dataclass(frozen=True, slots=True)
class Comparison:
    """A whole count against what should have been there.

    Attributes:
        lines: those that differ first, the largest difference on top.
    """

    lines: tuple[CountLine, ...]

    @property
    def differing(self) -> int:
        """Products that differ."""
        return sum(1 for line in self.lines if line.variance)

    @property
    def short(self) -> int:
        """Pieces that are missing, over all products."""
        return -sum(line.variance for line in self.lines if line.variance < 0)

    @property
    def over(self) -> int:
        """Pieces that are too many, over all products."""
        return sum(line.variance for line in self.lines if line.variance > 0)

    @property
    def mark(self) -> str:
        """Tells this comparison from every other: what a manager approves is these numbers and no others."""
        text = ";".join(f"{line.stock_id}:{line.counted}/{line.expected}" for line in self.lines)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def compare(lines: Sequence[CountLine]) -> Comparison:
    """Put what differs first."""
    return Comparison(
        tuple(sorted(lines, key=lambda line: (not line.variance, -abs(line.variance), line.name)))
    )
