"""When the till's file cannot be used: what happened, what is safe, and what to do, in a cashier's words.

Only what a person must act on becomes a trouble. A file that is busy for a moment, or a row that the rules refuse,
stays a sentence on the screen where it happened.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from appliance.storage.emergency import StickNeededError
from appliance.storage.errors import (
    DatabaseCorruptError,
    DatabaseTooNewError,
    DatabaseUnreadableError,
    DiskFailedError,
    DiskFullError,
    DurabilityError,
    IdentityError,
    MigrationError,
    ReadOnlyError,
    SqliteTooOldError,
    StorageError,
)


class TroubleKind(enum.StrEnum):
    """What is wrong with the file."""

    FULL = "full"
    READ_ONLY = "read-only"
    FAILED = "failed"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    NOT_UPDATED = "not-updated"
    TOO_NEW = "too-new"
    PROGRAM = "program"
    NOT_SET_UP = "not-set-up"
    NO_STICK = "no-stick"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A reason to stop selling from the card, for the screen.

    Attributes:
        kind: what is wrong.
        title: the same in four words.
        happened: the same in one sentence.
        safe: what is not lost, sentence by sentence.
        steps: what to do, in order.
        on_stick: the till can go on selling from the stick.
    """

    kind: TroubleKind
    title: str
    happened: str
    safe: tuple[str, ...]
    steps: tuple[str, ...]
    on_stick: bool = False

    @property
    def off_first(self) -> bool:
        """Whether the first step is to switch the till off and on again."""
        return self.steps[0] == _OFF_AND_ON


@dataclass(frozen=True, slots=True)
class Stick:
    """What the second medium holds, as far as it can be read.

    Attributes:
        last_receipt: of the newest sale on it, "" if there is none.
        can_sell: a till can be opened on it.
    """

    last_receipt: str
    can_sell: bool


_KINDS: Final[tuple[tuple[type[StorageError], TroubleKind], ...]] = (
    (DiskFullError, TroubleKind.FULL),
    (ReadOnlyError, TroubleKind.READ_ONLY),
    (DiskFailedError, TroubleKind.FAILED),
    (DatabaseCorruptError, TroubleKind.DAMAGED),
    (DatabaseTooNewError, TroubleKind.TOO_NEW),
    (MigrationError, TroubleKind.NOT_UPDATED),
    (DatabaseUnreadableError, TroubleKind.UNREADABLE),
    (SqliteTooOldError, TroubleKind.PROGRAM),
    (DurabilityError, TroubleKind.PROGRAM),
    (IdentityError, TroubleKind.NOT_SET_UP),
    (StickNeededError, TroubleKind.NO_STICK),
)
_OFF_AND_ON: Final = "Switch the till off and on again, once."
_STILL: Final = "Still so? "
_CALL: Final = "Call the technician and read out the red line."
_NEW_CARD: Final = "Call the technician: the card must be changed."
_WORDS: Final[dict[TroubleKind, tuple[str, str, tuple[str, ...]]]] = {
    TroubleKind.FULL: (
        "The memory card is full",
        "Nothing more can be written to it.",
        ("Call the technician: the card must be emptied or changed.",),
    ),
    TroubleKind.READ_ONLY: (
        "The memory card is locked",
        "It takes nothing new any more. Most cards do so when they wear out.",
        (_OFF_AND_ON, _STILL + _NEW_CARD),
    ),
    TroubleKind.FAILED: (
        "The memory card failed",
        "It did not read or write as it should.",
        ("Do not pull the plug while the till still sells.", _NEW_CARD),
    ),
    TroubleKind.DAMAGED: (
        "The till's file is damaged",
        "Its check at the start found an error. Nothing was changed since.",
        ("Do not go on with this card.", _NEW_CARD),
    ),
    TroubleKind.UNREADABLE: (
        "The till's file cannot be opened",
        "It is not where it should be, or the till may not read it.",
        (_OFF_AND_ON, _STILL + _CALL),
    ),
    TroubleKind.NOT_UPDATED: (
        "The update did not fit",
        "The till's file could not be brought up to date. It is as it was before.",
        ("Call the technician: the version before must be put back.",),
    ),
    TroubleKind.TOO_NEW: (
        "The file is newer than the till",
        "A newer version of the till wrote this file. Nothing was changed.",
        ("Call the technician: the till must be updated.",),
    ),
    TroubleKind.PROGRAM: (
        "The till was installed wrongly",
        "A part that keeps sales safe is missing or too old. It will not sell like that.",
        (_CALL,),
    ),
    TroubleKind.NO_STICK: (
        "The stick is missing",
        "The card failed before, and the till went on from the stick: its books are there now.",
        ("Plug the stick in again.", "Touch Try again.", "No stick to be found? Call the technician."),
    ),
    TroubleKind.NOT_SET_UP: (
        "This till has not been set up",
        "It has no name and no receipt numbers yet.",
        ("Call the technician: a new till begins with its set-up.",),
    ),
}
_STICK_HELPS: Final = frozenset(
    {
        TroubleKind.FULL,
        TroubleKind.READ_ONLY,
        TroubleKind.FAILED,
        TroubleKind.DAMAGED,
        TroubleKind.UNREADABLE,
    }
)


def trouble_of(error: StorageError, stick: Stick | None) -> Trouble | None:
    """What a person must do about an error of the file; None if it may pass by itself.

    Args:
        error: what storage said.
        stick: the second medium, None if there is none or it is not plugged in.
    """
    kind = next((kind for each, kind in _KINDS if isinstance(error, each)), None)
    if kind is None:
        return None
    title, happened, steps = _WORDS[kind]
    on_stick = kind in _STICK_HELPS and stick is not None and stick.can_sell
    return Trouble(
        kind, title, happened, _safe(kind, stick), _with_stick(steps) if on_stick else steps, on_stick
    )


def _with_stick(steps: tuple[str, ...]) -> tuple[str, ...]:
    """Selling from the stick takes a new receipt series and a technician: what may mend it in a minute comes first."""
    if steps[0] == _OFF_AND_ON:
        on_stick = f"{_STILL}Touch Sell from the stick, and leave it plugged in."
        return (steps[0], on_stick, *(step.removeprefix(_STILL) for step in steps[1:]))
    return ("Touch the yellow key: the till goes on from the stick.", "Leave the stick plugged in.", *steps)


def _safe(kind: TroubleKind, stick: Stick | None) -> tuple[str, ...]:
    if kind is TroubleKind.NOT_SET_UP:
        return ("Nothing was sold on it, so nothing is lost.",)
    if kind is TroubleKind.NO_STICK:
        return ("Every finished sale is on the stick.", "What the shop has received is safe there too.")
    if stick is not None and stick.last_receipt:
        first = f"Every sale up to receipt {stick.last_receipt} is on the stick."
    elif stick is not None:
        first = "The stick holds no sale yet."
    else:
        first = "There is no stick. What the shop has received is safe there."
    rest = {
        TroubleKind.FULL: "Every finished sale is also on the card.",
        TroubleKind.READ_ONLY: "Every finished sale is also on the card.",
        TroubleKind.NOT_UPDATED: "Every finished sale is on the card.",
        TroubleKind.TOO_NEW: "Every finished sale is on the card.",
        TroubleKind.PROGRAM: "Every finished sale is on the card.",
        TroubleKind.DAMAGED: "Keep the card: most of it can be read again.",
    }.get(kind, "Keep the card: most likely it holds every finished sale too.")
    return (first, rest, "A sale whose change screen was not shown is not finished: take it again.")
