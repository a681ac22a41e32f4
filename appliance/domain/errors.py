"""The refusals of the domain. The text of each is the sentence that the cashier reads."""

from __future__ import annotations


class DomainError(Exception):
    """Base of every refusal that the rules of selling can give."""


class UnknownCurrencyError(DomainError):
    """The currency's code is not one that we know the minor unit of."""


class AmountError(DomainError):
    """A text is not an amount of this currency."""


class QuantityError(DomainError):
    """A quantity is not a whole number of at least one, or too large to be meant."""


class NoSuchLineError(DomainError):
    """The sale has no line at this position."""


class EmptySaleError(DomainError):
    """A sale without lines cannot be paid."""


class TenderError(DomainError):
    """A payment is refused: nothing to pay, a card for more than is due, no amount."""


class StillDueError(DomainError):
    """The sale cannot be completed: an amount is still due."""


class BarcodeError(DomainError):
    """The scanned text is not a product's code; the reason says why."""


class RuleError(DomainError):
    """A pattern of the shop's own labels is not one; read at start, for the technician."""


class NoSuchProductError(DomainError):
    """The catalogue does not have this product any more."""
