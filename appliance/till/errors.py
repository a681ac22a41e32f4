"""The refusals of the till beside those of the domain; the text of each is what the cashier reads."""

from __future__ import annotations

from datetime import datetime

from appliance.domain.approval import DEEDS, Guarded


class TillError(Exception):
    """Base of the till's own refusals."""


class WrongPinError(TillError):
    """The four digits are not this person's."""


class LockedOutError(TillError):
    """Too many wrong tries; ``until`` says when the next is allowed (UTC, by the wall clock of now)."""

    def __init__(self, sentence: str, until: datetime) -> None:
        super().__init__(sentence)
        self.until = until


class NotSignedInError(TillError):
    """Nobody is signed in who could take the money."""


class ApprovalNeededError(TillError):
    """A manager must approve ``what``; ``about`` says exactly which act, and goes to ``Approving.approve``."""

    def __init__(self, what: Guarded, about: str = "") -> None:
        super().__init__(f"A manager must approve it to {DEEDS[what]}.")
        self.what = what
        self.about = about


class ApprovalError(TillError):
    """This approval does not hold: not a manager's, used, lapsed, or for something else."""


class ReasonNeededError(TillError):
    """Somebody must say why."""


class SaleOpenError(TillError):
    """Another sale is open."""


class NoSuchReceiptError(TillError):
    """This till has no receipt with this number."""


class AlreadySettledError(TillError):
    """Another person decided it before."""


class RefundChangedError(TillError):
    """Something of the receipt was given back since the screen showed it."""


class NotCountedError(TillError):
    """A count cannot take this: the shop does not count the product, or nobody did."""
