"""Another price for one line: lowered by the cashier within a limit, by more with a manager's word.

What counts is how far the price lies below what the line would cost without any change, so that several small steps
are one large one. A price that a manager approved holds for the pieces that it was approved for.
"""

from __future__ import annotations

from typing import Any, Final

from appliance.domain.approval import Approval, Guarded
from appliance.domain.errors import NoSuchLineError
from appliance.domain.sale import Sale, SaleLine
from appliance.storage.journal import Journal
from appliance.till.approving import Approving
from appliance.till.clock import Now
from appliance.till.selling import Selling

PRICE_CHANGED: Final = "price-changed"


class Pricing:
    """Changes prices in the sale in progress."""

    def __init__(
        self, selling: Selling, journal: Journal, approving: Approving, discount_percent: int, now: Now
    ) -> None:
        """Build it; a price lowered by more than ``discount_percent`` of the regular one needs a manager."""
        self._selling = selling
        self._journal = journal
        self._approving = approving
        self._discount_percent = discount_percent
        self._now = now

    def is_free(self, line: SaleLine, unit_price_minor: int) -> bool:
        """Whether the cashier alone can give a line this price."""
        lowered = line.regular_minor - unit_price_minor
        return lowered * 100 <= self._discount_percent * line.regular_minor

    def set_price(self, position: int, unit_price_minor: int, approval: Approval | None = None) -> SaleLine:
        """Give a line another unit price, journalled; the sale remembers what it would have cost.

        Args:
            position: of the line.
            unit_price_minor: with or without tax, as the shop keeps its prices.
            approval: a manager's word, where one is needed.

        Raises:
            ApprovalNeededError, ApprovalError: it is lowered by more than the limit.
            NoSuchLineError, AmountError, TenderError: as the names say; the last if more is already paid.
            NotSignedInError: nobody is signed in.
        """
        sale = self._sale()
        line = sale.line(position)
        if self.is_free(line, unit_price_minor):
            self._change(sale, line, unit_price_minor, None, {})
        else:
            about = f"{sale.sale_id}/{position}/{line.quantity}/{unit_price_minor}"
            person = self._selling.signed_in()
            with self._approving.allowing(Guarded.DISCOUNT_OVER_LIMIT, person, approval, about) as approved:
                self._change(sale, line, unit_price_minor, approved["approved"]["by"], approved)
        return self._sale().line(position)

    def _change(
        self, sale: Sale, line: SaleLine, price: int, approved_by: int | None, approved: dict[str, Any]
    ) -> None:
        changed = sale.with_price(line.position, price, approved_by)
        person = self._selling.signed_in()
        body = {
            "sale_id": sale.sale_id,
            "position": line.position,
            "name": line.name,
            "quantity": line.quantity,
            "from_minor": line.unit_price_minor,
            "to_minor": price,
            "regular_minor": line.regular_minor,
            **approved,
        }
        self._selling.keep(
            changed, lambda: self._journal.note(PRICE_CHANGED, person.person_id, self._now(), body)
        )

    def _sale(self) -> Sale:
        if self._selling.sale is None:
            raise NoSuchLineError("No sale is open.")
        return self._selling.sale
