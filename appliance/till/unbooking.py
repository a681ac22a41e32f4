"""Taking a booking back: a whole refund of each of its sales, told to the shop like every refund.

Whoever booked it may do that on the same day; else a manager must approve it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from appliance.domain import refund_planning as rules
from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund import Refundable
from appliance.domain.staff import Person
from appliance.domain.tender import TenderKind
from appliance.receipts.wording import short_day
from appliance.storage.bookings import Booked, Bookings, CounterEntry
from appliance.till.approving import Approving
from appliance.till.clock import Local, NewId, Now, clock_time
from appliance.till.errors import NoSuchReceiptError, TillError

__all__ = ["BY_MISTAKE", "Booked", "ListError", "Unbooking", "Undone", "numbers"]

BY_MISTAKE: Final = "Booked by mistake"


class ListError(TillError):
    """The list cannot be booked or taken back as it is; the text says why."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What took a booking back.

    Attributes:
        receipts: the numbers of the counter-entries.
        paid_minor: what goes back, out of the drawer or to the card.
        tender: which of the two.
    """

    receipts: tuple[str, ...]
    paid_minor: int
    tender: TenderKind


class Unbooking:
    """Finds what was booked, and takes it back."""

    def __init__(
        self,
        bookings: Bookings,
        approving: Approving,
        rounding_step_minor: int,
        now: Now,
        new_id: NewId,
        local: Local,
    ) -> None:
        self._bookings, self._approving = bookings, approving
        self._step = rounding_step_minor
        self._now, self._new_id, self._local = now, new_id, local

    def last(self) -> Booked | None:
        """The newest list that was booked today and not taken back, None without one."""
        today = self._local(self._now())
        start = datetime.combine(today, time.min, today.tzinfo).astimezone(UTC)
        return next((each for each in self._bookings.since(start) if not self.is_back(each)), None)

    def of_receipt(self, receipt_number: str) -> Booked:
        """The list that a receipt number belongs to.

        Raises:
            NoSuchReceiptError: it was not booked from paper.
        """
        found = self._bookings.with_receipt(receipt_number)
        if found is None:
            raise NoSuchReceiptError(
                f"{receipt_number} was not booked from paper. Give it back by its receipt."
            )
        return found

    def undo(
        self, booked: Booked, person: Person, approval: Approval | None = None, *, only: Sequence[str] = ()
    ) -> Undone:
        """Take a booking back, all of it or ``only`` some of its receipts. No paper, no drawer.

        Raises:
            ListError: something of it came back already.
            ApprovalNeededError, ApprovalError: it is another person's, or of another day.
            StorageError: it could not be written; nothing was taken back.
        """
        named = zip(booked.receipts, booked.sale_ids, strict=True)
        chosen = [(number, sale_id) for number, sale_id in named if not only or number in only]
        entries = [self._counter_entry(self._whole(number, sale_id)) for number, sale_id in chosen]
        now = self._now()
        if self.is_own(booked, person):
            done = self._bookings.take_back(entries, BY_MISTAKE, person, now)
        else:
            about = " ".join(number for number, _ in chosen)
            with self._approving.allowing(Guarded.UNDO_BOOKING, person, approval, about):
                done = self._bookings.take_back(entries, BY_MISTAKE, person, now, approval)
        receipts = tuple(each.completed.receipt_number for each in done)
        tender = next(
            (each.completed.tender for each in done if each.completed.paid_minor), entries[0].tender
        )
        return Undone(receipts, sum(each.completed.paid_minor for each in done), tender)

    def is_back(self, booked: Booked) -> bool:
        """Whether all of it was given back."""
        return all(self._bookings.refundable(each).is_all_back for each in booked.sale_ids)

    def is_own(self, booked: Booked, person: Person) -> bool:
        """Whether this person booked it today, and so can take it back alone."""
        return self._local(booked.booked_at).date() == self._today() and booked.person_id == person.person_id

    def words(self, booked: Booked) -> str:
        """When a list was booked, and as what: "at 14:27 as T1-000124", "on 20 Nov at 14:27 as ..."."""
        at = self._local(booked.booked_at)
        day = "" if at.date() == self._today() else f"on {short_day(at)} "
        return f"{day}at {clock_time(booked.booked_at, self._local)} as {numbers(booked.receipts)}"

    def _today(self) -> date:
        return self._local(self._now()).date()

    def _whole(self, number: str, sale_id: str) -> Refundable:
        refundable = self._bookings.refundable(sale_id)
        if refundable.is_all_back:
            raise ListError(f"{number} came back already.")
        if refundable.returned:
            raise ListError(f"A part of {number} came back already. Give the rest back by its receipt.")
        return refundable

    def _counter_entry(self, refundable: Refundable) -> CounterEntry:
        lines = refundable.completed.sale.lines
        refund = rules.of_sale(self._new_id(), refundable, {line.position: line.quantity for line in lines})
        tender, tenders = refundable.tender, refundable.completed.payment.tenders
        is_cash = tender is TenderKind.CASH
        rounding = refundable.rounding_minor(refund.total_minor, self._step) if is_cash else 0
        return CounterEntry(refund, tender, tenders[0].reference if tenders else "", rounding)


def numbers(receipts: Sequence[str]) -> str:
    """Receipts that follow each other: "T1-000124", "T1-000124 to T1-000126"."""
    return receipts[0] if len(receipts) == 1 else f"{receipts[0]} to {receipts[-1]}"
