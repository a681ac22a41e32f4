"""How the second medium is, in words that a cashier knows."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from appliance.storage.stick_errors import (
    NoStickError,
    SecondMediumError,
    StickFullError,
    StickReadOnlyError,
    WrongTillError,
)


class StickState(enum.Enum):
    """How the stick is."""

    STARTING = "starting"
    """Nobody has looked yet."""
    KEPT = "kept"
    """All that happened is on it, or will be in a moment."""
    CATCHING_UP = "catching up"
    """It was away, and is being brought up to date."""
    SLOW = "slow"
    """It takes longer than paper can wait."""
    MISSING = "missing"
    FULL = "full"
    READ_ONLY = "read only"
    WRONG_TILL = "wrong till"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class StickView:
    """How the second medium is.

    Attributes:
        state: see :class:`StickState`.
        kept_seq: the newest journal entry that is on the stick, 0 while that is not known.
        head_seq: the newest journal entry.
        headline: a few words, "" when all is well.
        advice: what is so and what to do, one or two sentences; "" when all is well.
    """

    state: StickState
    kept_seq: int
    head_seq: int
    headline: str
    advice: str

    @property
    def is_well(self) -> bool:
        """Nobody needs to do anything about it."""
        return self.state in (StickState.STARTING, StickState.KEPT, StickState.CATCHING_UP)


_BY_ITSELF: Final = "Sales are safe on the card alone meanwhile: go on selling."
_WORDS: Final = {
    StickState.STARTING: ("", ""),
    StickState.KEPT: ("", ""),
    StickState.SLOW: ("Stick is slow", f"The stick does not keep up. {_BY_ITSELF} Plug in a faster one."),
    StickState.MISSING: (
        "No stick",
        f"The stick is not plugged in. {_BY_ITSELF} Plug it in, and it catches up by itself.",
    ),
    StickState.FULL: ("Stick is full", f"The stick is full. {_BY_ITSELF} Plug in an empty one."),
    StickState.READ_ONLY: (
        "Stick cannot be written to",
        f"The stick cannot be written to. {_BY_ITSELF} Look for its lock switch, or plug in another.",
    ),
    StickState.WRONG_TILL: (
        "Stick of another till",
        f"This stick belongs to another till. {_BY_ITSELF} Plug in this till's own.",
    ),
    StickState.FAILING: ("Stick fails", f"The stick does not work. {_BY_ITSELF} Plug in another."),
}
_STATES: Final = (
    (NoStickError, StickState.MISSING),
    (StickFullError, StickState.FULL),
    (StickReadOnlyError, StickState.READ_ONLY),
    (WrongTillError, StickState.WRONG_TILL),
)


def state_of(error: SecondMediumError) -> StickState:
    """The state that an error means."""
    return next((state for kind, state in _STATES if isinstance(error, kind)), StickState.FAILING)


def view_of(state: StickState, kept_seq: int, head_seq: int) -> StickView:
    """A state with its words."""
    if state is StickState.CATCHING_UP:
        done = f"{kept_seq:,} of {head_seq:,} entries"
        words = ("Stick catches up", f"The stick is being brought up to date: {done}. Leave it plugged in.")
    else:
        words = _WORDS[state]
    return StickView(state, kept_seq, head_seq, *words)
