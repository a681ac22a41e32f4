"""Money that goes into the drawer or out of it without a sale."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from appliance.domain.card_numbers import mask
from appliance.domain.errors import DomainError
from appliance.domain.money import MAX_MINOR


class CashMoveKind(enum.StrEnum):
    """Why money was moved; the value is the kind of its journal entry."""

    FLOAT = "float"
    """Change put into the drawer before selling."""
    PAID_IN = "paid-in"
    """Put in for any other reason."""
    PAID_OUT = "paid-out"
    """Taken out: for the window cleaner, or to the bank."""


class CashMoveError(DomainError):
    """The amount is none, or nobody said what the money is for."""


class DayOpenError(DomainError):
    """The day cannot be closed while something is in progress."""


@dataclass(frozen=True, slots=True)
class CashMoves:
    """What was moved, by kind: how often, and how much. Amounts are in minor units and never below nothing."""

    floats: int = 0
    float_minor: int = 0
    paid_in: int = 0
    paid_in_minor: int = 0
    paid_out: int = 0
    paid_out_minor: int = 0


def check_move(kind: CashMoveKind, amount_minor: int, reason: str) -> str:
    """The reason as it is kept, without blanks around it and without the number of a card.

    Raises:
        CashMoveError: the amount is not above nothing or cannot be meant; money goes out without a reason.
    """
    if not 0 < amount_minor <= MAX_MINOR:
        raise CashMoveError("Enter the amount.")
    kept = mask(reason.strip())
    if kind is CashMoveKind.PAID_OUT and not kept:
        raise CashMoveError("Say what the money is for.")
    return kept
