"""Safety stock: how many pieces of a product the web shall not sell, so that the shelf cannot be sold out twice.

The owner names it by product ("sku 612: 2") or by category ("category Candles: 1", or by the shop's number), and may
let the till learn it: then it holds back as many as it was short of, at most, in the last 90 days, by a count of the
shelf or by a piece that was sold twice. What the owner says of a product holds, be it 0; else the larger of category
and drift.

**When an order is made for it.** Holding back and giving free costs the shop an order each, so not each sale makes one:

- *Give free* what is over the wish (the owner lowered it, the drift is long ago), at once: it does not come and go.
- *Give free* what is no longer on the shelf, at once: as the last pieces sell at the till, the shop's count would fall
  below zero by nothing but our holding. Below zero it looks oversold to the owner, and a delivery that is booked on it
  comes out too low. Only the last pieces of a product can do so: at most as many orders as are held back.
- *Hold back* when nothing is held yet, when two or more are missing, or when the shelf has two more than the wish. One
  piece that comes back at the end of the stock therefore makes no order (but the very last one, which is held again).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from appliance.domain.errors import RuleError

MOST_LEARNED: Final = 10
"""Drift asks for no more than this: a count that found 300 fewer is a mistake to look at, not a habit."""
MOST: Final = 9_999
MISSING: Final = 2
"""So many pieces must be missing, or be there besides, before one more order holds some back."""
_RULE: Final = re.compile(r"(sku|category)\s+(.+?)\s*:\s*([0-9]{1,4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """What the owner wants held back.

    Attributes:
        skus: pieces by SKU; categories: pieces by a category's name or number. Both in lower case.
        learns: whether drift counts too.
    """

    skus: Mapping[str, int] = field(default_factory=dict)
    categories: Mapping[str, int] = field(default_factory=dict)
    learns: bool = False

    @classmethod
    def from_texts(cls, texts: Iterable[str], *, learns: bool = False) -> SafetyRules:
        """Read them as the settings have them.

        Raises:
            RuleError: one cannot be read, or is there twice.
        """
        rules: dict[str, dict[str, int]] = {"sku": {}, "category": {}}
        for text in texts:
            match = _RULE.fullmatch(text.strip())
            if match is None:
                raise RuleError(f'{text!r} is not a rule such as "sku 612: 2" or "category Candles: 1".')
            kind, name, pieces = match[1].lower(), match[2].casefold(), int(match[3])
            if name in rules[kind]:
                raise RuleError(f"There are two rules for {kind} {match[2]}.")
            rules[kind][name] = pieces
        return cls(rules["sku"], rules["category"], learns)

    @property
    def is_empty(self) -> bool:
        """Whether this till has nothing to do with it."""
        return not (self.skus or self.categories or self.learns)


@dataclass(frozen=True, slots=True)
class Shelf:
    """One count that the shop keeps, and what lies there.

    Attributes:
        stock_id, product_id, parent_id, name, sku: of the product that stands for it.
        skus: of all products that share it. categories: their names and numbers, in lower case.
        on_hand: truly on the shelf, as this till knows it; None if the shop does not count it.
        held: held back already.
        backorders: the shop sells it below zero on purpose.
    """

    stock_id: int
    product_id: int
    parent_id: int | None
    name: str
    sku: str
    skus: tuple[str, ...]
    categories: tuple[str, ...]
    on_hand: int | None
    held: int
    backorders: bool = False


def wish(rules: SafetyRules, shelf: Shelf, drift: int) -> int:
    """Pieces that the web shall not sell, as long as there are so many; never below 0.

    ``drift`` is the largest shortfall of late.
    """
    if shelf.on_hand is None or shelf.backorders:
        return 0
    said = [rules.skus[sku] for each in shelf.skus if (sku := each.casefold()) in rules.skus]
    if said:
        return max(said)
    named = [rules.categories[each] for each in shelf.categories if each in rules.categories]
    learned = min(max(drift, 0), MOST_LEARNED) if rules.learns else 0
    return max([learned, *named])


def change(wanted: int, on_hand: int, held: int) -> int:
    """What to hold back besides (+), or to give free (-); 0 for leave it as it is. See the rules above.

    After it no more is held than is on hand, and never less than nothing.
    """
    there = max(on_hand, 0)
    target = min(wanted, there)
    if held > target:
        return target - held
    missing = target - held
    if missing >= MISSING or (missing and (held == 0 or there >= wanted + MISSING)):
        return missing
    return 0
