"""The refusals of the till beside those of the domain; the text of each is what the cashier reads."""

from __future__ import annotations

from datetime import datetime


class TillError(Exception):
    """Base of the till's own refusals."""


class WrongPinError(TillError):
    """The four digits are not this person's."""


class LockedOutError(TillError):
    """Too many wrong tries; ``until`` says when the next is allowed (UTC)."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class NotSignedInError(TillError):
    """Nobody is signed in who could take the money."""
