"""Booking: sales that were made on paper while the till was down, typed in by their product numbers.

A booked sale is a sale like any other: the same journal, receipt numbers, stock and reports, and the shop hears of it
in the same way, with the time when it was made. It counts in the day in which it is booked, since a closed day stays
as it was. Each thing is sold as on the shelf, a scheduled price as of that moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from appliance.domain.booking import DAYS_BACK, Written, day_problem, read
from appliance.domain.card_numbers import mask
from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.domain.tender import Payment, TenderKind
from appliance.storage.bookings import Booked, Bookings
from appliance.till.booking_rows import ListReading, Preview
from appliance.till.clock import Local, NewId, Now
from appliance.till.errors import TillError
from appliance.till.recognising import FoundReceipt, Recognised, Recognising
from appliance.till.unbooking import ListError, Unbooking

NOON: Final = time(12)
"""When a sale was made whose day is known and whose time is not."""
STILL_TO_COME: Final = "This time is still to come."
_LONGEST_SLIP: Final = 40


class BookedBeforeError(TillError):
    """The same list is in the books for the same day; ``booked`` says where."""

    def __init__(self, sentence: str, booked: Booked) -> None:
        super().__init__(sentence)
        self.booked = booked


class Booking:
    """Previews lists and books them; ``undoing`` takes them back."""

    def __init__(
        self,
        bookings: Bookings,
        undoing: Unbooking,
        reading: ListReading,
        recognising: Recognising,
        rounding_step_minor: int,
        now: Now,
        new_id: NewId,
        local: Local,
    ) -> None:
        self.undoing = undoing
        self._bookings, self._reading, self._recognising = bookings, reading, recognising
        self._step = rounding_step_minor
        self._now, self._new_id, self._local = now, new_id, local

    def preview(
        self,
        text: str,
        day: date | None = None,
        clock: time | None = None,
        tender: TenderKind = TenderKind.CASH,
        slip: str = "",
    ) -> Preview:
        """What a list would be in the books; changes nothing.

        Args:
            text: the list (``domain.booking`` has its grammar).
            day: when it was sold, in the shop's time zone; None for today.
            clock: at what time; None for now, or noon of an earlier day.
            tender: how all of it was paid; slip: of the card terminal.
        """
        now = self._now()
        today = self._local(now).date()
        trouble = day_problem(day or today, today)
        sold_at = now if trouble else self._moment(day or today, clock, now)
        trouble = trouble or (STILL_TO_COME if sold_at > now else "")
        items = read(text)
        rows = self._reading.rows(items, sold_at, now)
        kept = mask(slip.strip())[:_LONGEST_SLIP] if tender is TenderKind.CARD else ""
        is_sound = not trouble and not any(row.trouble for row in rows)
        sales = self._sales(items, sold_at, tender, kept) if is_sound else ()
        return Preview(rows, sales, sold_at, tender, kept, trouble)

    def book(self, preview: Preview, person: Person, *, again: bool = False) -> Booked:
        """Book what a preview showed, at the prices that it showed; no paper, no drawer.

        Args:
            preview: without troubles. The same one is booked once only.
            person: who books.
            again: it is meant, though the same list was booked for the same day.

        Raises:
            ListError: something must be mended first.
            BookedBeforeError: it was booked already, and nobody said ``again``.
            StorageError: it could not be written; nothing of it was booked.
        """
        if preview.troubles:
            raise ListError(preview.troubles[0])
        if not again:
            self._check_new(preview)
        return self._bookings.record(preview.sales, preview.text, person, self._now(), preview.sold_at)

    def number_of(self, text: str, symbology: str | None) -> int:
        """The product number of what was scanned.

        Raises:
            ListError: it has none, or its label says more than a number can.
        """
        found = self._recognising.scanned(text, symbology)
        if isinstance(found, FoundReceipt):
            raise ListError("That is a receipt of this till, not a product.")
        if not isinstance(found, Recognised):
            raise ListError(found.reason)
        if found.said.weight_grams is not None or found.said.price_minor is not None:
            raise ListError("This label has a weight or a price of its own. Scan it in a sale.")
        if found.product.number is None:
            raise ListError(f"{found.product.name} has no number of its own. Scan it in a sale.")
        return found.product.number

    def today(self) -> date:
        """The shop's day."""
        return self._local(self._now()).date()

    def _moment(self, day: date, clock: time | None, now: datetime) -> datetime:
        here = self._local(now)
        if clock is None and day == here.date():
            return now
        return datetime.combine(day, clock or NOON, here.tzinfo).astimezone(UTC)

    def _sales(
        self, items: Sequence[Written], sold_at: datetime, tender: TenderKind, slip: str
    ) -> tuple[tuple[Sale, Payment], ...]:
        sales: dict[int, Sale] = {}
        now, tax = self._now(), self._reading.tax_rules()
        for each in items:
            sale = sales.get(each.sale) or Sale(self._new_id(), now, tax)
            sales[each.sale] = self._reading.add(sale, each, sold_at)
        return tuple((sale, self._paid(sale, tender, slip)) for sale in sales.values())

    def _paid(self, sale: Sale, tender: TenderKind, slip: str) -> Payment:
        payment = Payment(sale.total_minor, self._step)
        if payment.is_settled:
            return payment
        if tender is TenderKind.CARD:
            return payment.card(payment.due_minor, slip)
        return payment.cash(payment.cash_due_minor)

    def _check_new(self, preview: Preview) -> None:
        day = self._local(preview.sold_at).date()
        for each in self._bookings.since(self._now() - timedelta(days=DAYS_BACK + 1)):
            is_same = each.text == preview.text and self._local(each.sold_at).date() == day
            if is_same and not self.undoing.is_back(each):
                words = self.undoing.words(each)
                raise BookedBeforeError(f"This list is in the books already. Booked {words}.", each)
