"""Tendering: taking money until nothing is due, then making the sale durable.

When ``take_cash`` or ``take_card`` returns Completed, the sale is on disk and nothing below can undo it.
What follows (drawer, receipt, the shop) may fail and be made up for.
"""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.approval import Approval, Guarded
from appliance.domain.card_numbers import mask
from appliance.domain.errors import EmptySaleError
from appliance.domain.money import Currency
from appliance.domain.sale import Sale
from appliance.domain.tender import (
    CompletedSale,
    Payment,
    Tender,
    TenderKind,
    check_completable,
    pieces_of,
    quick_amounts,
)
from appliance.storage.journal import Journal
from appliance.till.approving import Approving
from appliance.till.clock import Now
from appliance.till.giving_back import GIVEN_BACK, tender_notes
from appliance.till.printing import Printing
from appliance.till.selling import Selling

_LONGEST_SLIP = 40


@dataclass(frozen=True, slots=True)
class Completed:
    """The sale is on disk.

    Attributes:
        completed: what was sold and how it was paid.
        job_id: of its receipt, None if none is wanted.
        change_minor: what goes back to the customer; pieces: notes and coins that make it up, largest first.
    """

    completed: CompletedSale
    job_id: int | None
    change_minor: int
    pieces: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class StillDue:
    """A part was paid; ``payment`` says what is still due."""

    payment: Payment


class Tendering:
    """Takes tenders for the sale in progress."""

    def __init__(
        self,
        selling: Selling,
        journal: Journal,
        printing: Printing,
        currency: Currency,
        rounding_step_minor: int,
        now: Now,
        approving: Approving,
        *,
        print_receipts: bool = True,
    ) -> None:
        self._selling = selling
        self._journal = journal
        self._printing = printing
        self._currency = currency
        self._rounding_step_minor = rounding_step_minor
        self._now = now
        self._approving = approving
        self._print_receipts = print_receipts

    @property
    def payment(self) -> Payment:
        """What is to be paid and what was taken so far.

        Raises:
            EmptySaleError: there is nothing to pay.
        """
        sale = self._sale()
        taken = self._selling.payment
        return taken or Payment(sale.total_minor, self._rounding_step_minor)

    def begin(self) -> Payment:
        """Start paying, or go on where a crash or a further scan interrupted it."""
        return self.payment

    def quick_amounts(self, count: int = 4) -> tuple[int, ...]:
        """Amounts of cash that the customer is likely to hand over, the exact one not among them."""
        return quick_amounts(self.payment.cash_due_minor, self._currency, count)

    def change_if(self, given_minor: int) -> int:
        """The change for an amount of cash, 0 when it does not suffice."""
        return max(0, given_minor - self.payment.cash_due_minor)

    def take_cash(self, given_minor: int) -> Completed | StillDue:
        """Take cash.

        Raises:
            TenderError: refused by the rules of paying.
            StorageError: the sale could not be written and is still open; the money was not taken.
        """
        return self._go_on(self.payment.cash(given_minor))

    def take_card(self, amount_minor: int, slip: str = "") -> Completed | StillDue:
        """Note a card payment that the terminal has confirmed, with its slip number; as ``take_cash``.

        The number of a card in its place is masked before anything is kept.
        """
        return self._go_on(self.payment.card(amount_minor, mask(slip.strip())[:_LONGEST_SLIP]))

    def finish(self) -> Completed:
        """Complete a sale that needs no tender: a total of nothing.

        Raises:
            StillDueError: an amount is due.
        """
        return self._complete(self.payment)

    def cancel(self) -> bool:
        """Go back to selling. False if tenders were taken: they stay, and the sale can still be changed."""
        return self._selling.payment is None

    def give_back(self) -> tuple[Tender, ...]:
        """Hand all tenders back, since the customer cannot pay the rest; journalled. The sale stays open.

        From then on only a manager can give the sale up.
        """
        taken = self._selling.payment
        if taken is None:
            return ()
        person = self._selling.signed_in()
        body = {"sale_id": self._sale().sale_id, "tenders": tender_notes(taken.tenders)}
        self._selling.keep_payment(
            None, lambda: self._journal.note(GIVEN_BACK, person.person_id, self._now(), body)
        )
        return taken.tenders

    def void_sale(self, approval: Approval | None = None) -> tuple[Tender, ...]:
        """Give up a sale that something was paid for, with a manager's word; returns what is to be handed back.

        One transaction: the journal keeps the sale, its tenders, and who approved it; the draft is gone. A sale
        that nothing was paid for needs no word.

        Raises:
            NotSignedInError: nobody is signed in.
            ApprovalNeededError, ApprovalError: no manager approved it.
        """
        sale, taken = self._selling.sale, self._selling.payment
        if sale is None or self._selling.voidable:
            self._selling.void_sale()
            return ()
        person, tenders = self._selling.signed_in(), taken.tenders if taken else ()
        with self._approving.allowing(Guarded.VOID_AFTER_TENDER, person, approval, sale.sale_id) as approved:
            body = {"tenders": tender_notes(tenders), **approved}
            self._journal.void_sale(sale, person.person_id, self._now(), body)
        self._selling.start_new()
        return tenders

    def no_sale(self, approval: Approval | None = None) -> None:
        """Open the drawer without a sale, with a manager's word; the journal says who, and why.

        Raises:
            NotSignedInError: nobody is signed in.
            ApprovalNeededError, ApprovalError: no manager approved it.
        """
        person = self._selling.signed_in()
        with self._approving.allowing(Guarded.NO_SALE, person, approval) as approved:
            self._journal.note("no-sale", person.person_id, self._now(), approved)
        self._printing.open_drawer()

    def _sale(self) -> Sale:
        sale = self._selling.sale
        if sale is None or sale.is_empty:
            raise EmptySaleError("There is nothing to pay yet.")
        return sale

    def _go_on(self, payment: Payment) -> Completed | StillDue:
        if payment.is_settled:
            return self._complete(payment)
        self._selling.keep_payment(payment)
        return StillDue(payment)

    def _complete(self, payment: Payment) -> Completed:
        sale = self._sale()
        check_completable(sale, payment)
        person = self._selling.signed_in()
        recorded = self._journal.record(
            sale, payment, person, self._now(), print_receipt=self._print_receipts
        )
        self._selling.start_new()
        cash = any(tender.kind is TenderKind.CASH and tender.given_minor for tender in payment.tenders)
        self._printing.receipt(recorded.job_id, open_drawer=cash)
        change = payment.change_minor
        return Completed(recorded.completed, recorded.job_id, change, pieces_of(change, self._currency))
