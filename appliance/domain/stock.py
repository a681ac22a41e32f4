"""Pieces that move without a sale: what a count found, goods that came back, what is held back from the web."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime


class MoveKind(enum.StrEnum):
    """Why pieces moved."""

    COUNT = "count"
    """A count of the shelf found more or fewer than there should have been."""
    RETURN = "return"
    """Goods came back that belong to no order of the shop."""
    HOLD = "hold"
    """Held back from the web, or (positive) given to it again. The shelf does not change."""


@dataclass(frozen=True, slots=True)
class StockMoveLine:
    """What moved of one product.

    Attributes:
        product_id: the shop's number; of the variation for a variation. parent_id: its variable product.
        stock_id: the product whose count it moves.
        name, sku: as they were then.
        quantity: what is added to the shop's count; never 0. It is relative: a web sale in between stays counted.
        expected, counted: of a count: what should have been there at that moment, and what was.
    """

    product_id: int
    parent_id: int | None
    stock_id: int
    name: str
    quantity: int
    sku: str = ""
    expected: int | None = None
    counted: int | None = None


@dataclass(frozen=True, slots=True)
class StockMove:
    """One move of stock, whole.

    Attributes:
        move_id: 32 hexadecimal digits, its name for ever and everywhere; no sale has the same.
        label: what people call it: "T1-S417" (the series, S, and the number of its journal entry).
        kind: why. reason: in a person's words, never empty.
        lines: at least one.
        moved_at: when (UTC).
        person_id, person_name: who; 0 and "" for the till itself.
        till_name: as on receipts.
        approved_by: the manager who approved it, None where nobody had to.
    """

    move_id: str
    label: str
    kind: MoveKind
    reason: str
    lines: tuple[StockMoveLine, ...]
    moved_at: datetime
    person_id: int
    person_name: str
    till_name: str
    approved_by: int | None = None
