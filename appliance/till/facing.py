"""What the customer reads on the display that faces them: each line, the total, the change, a greeting.

Derived from the sale each time, like the cashier's screen, and told to a display that nobody waits for. Amounts are
written as on that screen; the words are the receipt's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.sale import Sale, SaleLine
from appliance.domain.tender import Payment, TenderKind
from appliance.receipts.wording import CHANGE, REFUND, TOTAL, counted
from appliance.till.refunding import Refunded
from appliance.till.tendering import Completed
from drivers.devices import DisplayLine, LineDisplay

TO_PAY: Final = "To pay"
IN_CASH: Final = "In cash"
ON_CARD: Final = "On your card"
PAID: Final = "Paid"
GIVEN: Final = "Given"
THANKS: Final = "Thank you"
LINGER_SECONDS: Final = 20.0
"""So long the change stays, unless the next sale begins: it is nobody else's business."""

Moment = Payment | Completed | Refunded
"""What the cashier's screen is at beside the sale: paying it, paid, or given back."""
Lines = tuple[DisplayLine, DisplayLine]


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was looked at last; a sale is told from the next by being another object."""

    sale: Sale | None = None
    payment: Payment | None = None
    moment: Moment | None = None

    def is_same(self, sale: Sale | None, payment: Payment | None, moment: Moment | None) -> bool:
        return self.sale is sale and self.payment == payment and self.moment == moment


class Facing:
    """On the screen's thread. ``look`` costs microseconds while nothing changed."""

    def __init__(
        self,
        display: LineDisplay,
        currency: Currency,
        greeting: tuple[str, str],
        seconds: Callable[[], float],
    ) -> None:
        """Build it; nothing is told before the first look.

        Args:
            display: what faces the customer.
            currency: as on the screen.
            greeting: both lines while nobody is served.
            seconds: a monotonic clock.
        """
        self._display, self._currency, self._seconds = display, currency, seconds
        upper, lower = (DisplayLine(text, is_centred=True) for text in greeting)
        self._greeting: Lines = (upper, lower)
        self._seen = _Seen()
        self._upper = DisplayLine()
        self._shown: Lines | None = None
        self._ended: Completed | Refunded | None = None
        self._lingers_until = 0.0

    def look(self, sale: Sale | None, payment: Payment | None, moment: Moment | None = None) -> None:
        """Tell the display what differs; after everything that may have changed the sale, and now and then.

        Args:
            sale, payment: in progress, and what was taken for it.
            moment: what the cashier's screen is at.
        """
        if not self._seen.is_same(sale, payment, moment):
            before, self._seen = self._seen.sale, _Seen(sale, payment, moment)
            lines = self._lines(before)
            if lines is not None:
                self._lingers_until = 0.0
                self._show(lines)
        if self._is_idle and self._seconds() >= self._lingers_until:
            self._show(self._greeting)

    @property
    def _is_idle(self) -> bool:
        """Nobody is served: no sale, and what ended was seen."""
        sale, moment = self._seen.sale, self._seen.moment
        return sale is None and (moment is None or moment is self._ended)

    def _show(self, lines: Lines) -> None:
        if lines != self._shown:
            self._shown = lines
            self._display.show(*lines)

    def _lines(self, before: Sale | None) -> Lines | None:
        """What to show now; None for nothing new."""
        sale, moment = self._seen.sale, self._seen.moment
        if isinstance(moment, Completed | Refunded):
            return self._end(moment)
        if sale is None:
            return None
        if isinstance(moment, Payment):
            return self._paying(sale, moment)
        return self._selling(before, sale)

    def _end(self, moment: Completed | Refunded) -> Lines | None:
        """A sale or refund was completed just now; shown again later it is the cashier's affair alone."""
        if moment is self._ended:
            return None
        self._ended, self._lingers_until = moment, self._seconds() + LINGER_SECONDS
        lines = self._paid(moment) if isinstance(moment, Completed) else self._given_back(moment)
        self._show(lines)
        return None

    def _selling(self, before: Sale | None, sale: Sale) -> Lines:
        earlier = before if before is not None and before.sale_id == sale.sale_id else None
        self._upper = self._touched(earlier, sale) or self._upper
        payment = self._seen.payment
        if payment is not None:
            return self._upper, self._money(TO_PAY, payment.due_minor)
        return self._upper, self._money(TOTAL, sale.total_minor)

    def _touched(self, before: Sale | None, sale: Sale) -> DisplayLine | None:
        """The line that was added or changed, or was taken off, which counts against; None for neither."""
        known = {line.position: line for line in before.lines} if before is not None else {}
        changed = [line for line in sale.lines if known.get(line.position) != line]
        if changed:
            return self._line(sale, changed[-1])
        there = {line.position for line in sale.lines}
        gone = [line for line in known.values() if line.position not in there]
        return self._line(sale, gone[-1], sign=-1) if gone else None

    def _line(self, sale: Sale, line: SaleLine, sign: int = 1) -> DisplayLine:
        name = line.name if line.quantity == 1 else f"{line.quantity:,} × {line.name}"
        instead = "" if line.number is None else f"No. {line.number}"
        return DisplayLine(name, self._currency.amount(sign * sale.line_gross_minor(line)), instead)

    def _paying(self, sale: Sale, payment: Payment) -> Lines:
        if payment.tenders:
            return self._money(PAID, payment.paid_minor), self._money(TO_PAY, payment.due_minor)
        upper = DisplayLine(counted(sale.items, "item", "items"))
        if payment.cash_due_minor != payment.due_minor:
            upper = self._money(IN_CASH, payment.cash_due_minor)
        return upper, self._money(TOTAL, payment.due_minor)

    def _paid(self, done: Completed) -> Lines:
        payment = done.completed.payment
        if done.change_minor:
            given = sum(tender.given_minor for tender in payment.tenders)
            return self._money(GIVEN, given), self._money(CHANGE, done.change_minor)
        return self._money(PAID, payment.paid_minor), DisplayLine(THANKS, is_centred=True)

    def _given_back(self, done: Refunded) -> Lines:
        way = IN_CASH if done.completed.tender is TenderKind.CASH else ON_CARD
        return DisplayLine(REFUND), self._money(way, done.completed.paid_minor)

    def _money(self, words: str, minor: int) -> DisplayLine:
        return DisplayLine(words, self._currency.price(minor))
