"""How a sale is paid: tenders, cash rounding, change, and what is still due."""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace
from datetime import datetime

from appliance.domain.errors import EmptySaleError, StillDueError, TenderError
from appliance.domain.money import MAX_MINOR, Currency, round_half_up
from appliance.domain.sale import Sale


class TenderKind(enum.StrEnum):
    """What was handed over."""

    CASH = "cash"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class Tender:
    """One payment towards a sale.

    Attributes:
        kind: cash or card.
        amount_minor: what it pays of the sale (change already taken off).
        given_minor: what was handed over; more than the amount only in cash.
        reference: the slip number of the card terminal, "" for cash.
    """

    kind: TenderKind
    amount_minor: int
    given_minor: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """The paying of one sale, step by step. Immutable, as the sale is.

    Attributes:
        total_minor: the sale's total.
        rounding_step_minor: smallest cash amount, 1 where cash is not rounded, 5 for five cents.
        tenders: in the order of paying.
    """

    total_minor: int
    rounding_step_minor: int = 1
    tenders: tuple[Tender, ...] = ()

    @property
    def paid_minor(self) -> int:
        """What the tenders so far pay of the total."""
        return sum(tender.amount_minor for tender in self.tenders)

    @property
    def due_minor(self) -> int:
        """What is still due if the rest is paid by card, to the cent."""
        return 0 if self.is_settled else self.total_minor - self.paid_minor

    @property
    def cash_due_minor(self) -> int:
        """What is still due if the rest is paid in cash: rounded to the smallest coin, so it may be 0."""
        return self._in_cash(self.due_minor)

    @property
    def is_settled(self) -> bool:
        """True when nothing is due any more.

        Cash settles the rest to the smallest coin, but only when it paid all that was due in cash: ten in
        cash towards 10.05 leaves 0.05 due, though rounding would forgive as much.
        """
        rest = self.total_minor - self.paid_minor
        if rest == 0:
            return True
        last = self.tenders[-1] if self.tenders else None
        if last is None or last.kind is not TenderKind.CASH:
            return False
        return last.amount_minor == self._in_cash(rest + last.amount_minor)

    @property
    def rounding_minor(self) -> int:
        """What cash rounding added to (or took off) the total; 0 while something is due."""
        return self.paid_minor - self.total_minor if self.is_settled else 0

    @property
    def change_minor(self) -> int:
        """What goes back to the customer."""
        return sum(tender.given_minor - tender.amount_minor for tender in self.tenders)

    def cash(self, given_minor: int) -> Payment:
        """Take cash: pays the rest (rounded) and gives change, or pays a part.

        Nothing may be given where so little is due that it rounds to nothing: 0.02 in steps of 0.05.

        Raises:
            TenderError: nothing is due, no amount was given, or one that no coins make up.
        """
        cash_due = self.cash_due_minor
        if given_minor or cash_due:
            self._check(given_minor)
        elif self.is_settled:
            raise TenderError("Nothing is due any more.")
        if given_minor % self.rounding_step_minor:
            raise TenderError("There are no coins for this amount.")
        amount = min(given_minor, cash_due)
        return self._with(Tender(TenderKind.CASH, amount, given_minor))

    def card(self, amount_minor: int, reference: str) -> Payment:
        """Take a card payment that the terminal has confirmed.

        Raises:
            TenderError: nothing is due, no amount, or more than is due (a card gives no change).
        """
        self._check(amount_minor)
        if amount_minor > self.due_minor:
            raise TenderError("A card cannot pay more than is due.")
        return self._with(Tender(TenderKind.CARD, amount_minor, amount_minor, reference))

    def of_total(self, total_minor: int) -> Payment:
        """The same tenders towards another total: the sale changed after a part was paid.

        Raises:
            TenderError: the tenders would pay more than the new total.
        """
        if total_minor < self.paid_minor:
            raise TenderError("More than that is already paid. Give it back first.")
        return replace(self, total_minor=total_minor)

    def _in_cash(self, amount_minor: int) -> int:
        return round_half_up(amount_minor, self.rounding_step_minor) * self.rounding_step_minor

    def _check(self, amount_minor: int) -> None:
        if self.is_settled:
            raise TenderError("Nothing is due any more.")
        if amount_minor <= 0:
            raise TenderError("An amount is needed.")
        if amount_minor > MAX_MINOR:
            raise TenderError("This amount is too large to be meant.")

    def _with(self, tender: Tender) -> Payment:
        return replace(self, tenders=(*self.tenders, tender))


@dataclass(frozen=True, slots=True)
class CompletedSale:
    """A sale that was paid: what the journal keeps, the receipt says and the shop is told.

    Attributes:
        sale: the lines and totals.
        payment: how it was paid.
        receipt_number: such as "T1-000123", gap-free per series.
        completed_at: when (UTC).
        cashier_id: who; cashier_name: as on the receipt.
        till_name: as on the receipt.
        clock_is_set: False if the till's clock was behind what was already written; the receipt says so.
        sold_at: of a sale that was made on paper and booked later: when it was made (UTC). None for all others.
    """

    sale: Sale
    payment: Payment
    receipt_number: str
    completed_at: datetime
    cashier_id: int
    cashier_name: str
    till_name: str
    clock_is_set: bool = True
    sold_at: datetime | None = None


def check_completable(sale: Sale, payment: Payment) -> None:
    """Refuse to complete a sale that is empty, not fully paid, or paid for another total.

    Raises:
        EmptySaleError, StillDueError, TenderError: as the names say.
    """
    if sale.is_empty:
        raise EmptySaleError("There is nothing to pay yet.")
    if sale.total_minor < 0:
        raise TenderError("A sale cannot pay the customer.")
    if payment.total_minor != sale.total_minor:
        raise TenderError("The sale changed while it was being paid.")
    if not payment.is_settled:
        raise StillDueError("An amount is still due.")


def quick_amounts(due_minor: int, currency: Currency, count: int = 4) -> tuple[int, ...]:
    """Amounts that a customer is likely to hand over for what is due, smallest first, without the exact one.

    They are the next multiples of the notes and larger coins above what is due: for 151.50 these are 152, 155,
    160 and 200. Several twos or twenties are rarer than the next fifty, so they only fill what room is left.
    """
    if due_minor <= 0:
        return ()
    likely: set[int] = set()
    rarer: set[int] = set()
    for piece in currency.cash_minor:
        if piece >= currency.quick_minor:
            several_twos = str(piece).rstrip("0") == "2" and piece < due_minor
            (rarer if several_twos else likely).add(-(-due_minor // piece) * piece)
    likely.discard(due_minor)
    room = max(0, count - len(likely))
    filled = likely | set(sorted(rarer - likely - {due_minor})[:room])
    return tuple(sorted(filled))[:count]


def pieces_of(amount_minor: int, currency: Currency) -> tuple[int, ...]:
    """Notes and coins that make up an amount, largest first; a rest below the smallest coin is left out."""
    pieces: list[int] = []
    rest = amount_minor
    for piece in currency.cash_minor:
        while rest >= piece:
            pieces.append(piece)
            rest -= piece
    return tuple(pieces)
