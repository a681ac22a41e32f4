"""Setting a sale aside while another customer is served, and taking it up again."""

from __future__ import annotations

from typing import Final

from appliance.domain.approval import Approval, Guarded
from appliance.domain.card_numbers import mask
from appliance.domain.errors import EmptySaleError, TenderError
from appliance.domain.sale import Sale
from appliance.storage.drafts import Drafts
from appliance.storage.held import HeldSale, HeldSales
from appliance.till.approving import Approving
from appliance.till.clock import Now
from appliance.till.errors import SaleOpenError
from appliance.till.selling import Selling

LONGEST_NOTE: Final = 60


class Holding:
    """The sales that are set aside."""

    def __init__(
        self, selling: Selling, held: HeldSales, drafts: Drafts, approving: Approving, now: Now
    ) -> None:
        self._selling = selling
        self._held = held
        self._drafts = drafts
        self._approving = approving
        self._now = now

    def all(self) -> list[HeldSale]:
        """What is set aside, oldest first."""
        return self._held.all()

    def hold(self, note: str = "") -> HeldSale:
        """Set the sale in progress aside; ``note`` is how to know it again, such as the customer's name.

        Raises:
            EmptySaleError: there is nothing in it.
            TenderError: something is already paid.
            NotSignedInError: nobody is signed in.
        """
        sale = self._selling.sale
        if sale is None or sale.is_empty:
            raise EmptySaleError("There is nothing to set aside.")
        if self._selling.payment is not None:
            raise TenderError("Something is already paid. Finish it, or give it back first.")
        kept = mask(" ".join(note.split()))[:LONGEST_NOTE]
        held = self._held.hold(sale, self._selling.signed_in(), kept, self._now())
        self._selling.start_new()
        return held

    def recall(self, sale_id: str) -> Sale:
        """Make it the sale in progress, at the prices that it was set aside with.

        Raises:
            SaleOpenError: another sale is open.
            NoSuchSaleError: it is not set aside any more.
            NotSignedInError: nobody is signed in.
        """
        person = self._selling.signed_in()
        if self._selling.sale is not None:
            if not self._selling.sale.is_empty:
                raise SaleOpenError("Finish the open sale first, or set it aside.")
            self._selling.void_sale()
        sale = self._held.recall(sale_id, person.person_id, self._now())
        self._selling.take_up(sale)
        return sale

    def drop(self, sale_id: str, approval: Approval | None = None) -> None:
        """Give it up, journalled as a sale that was given up.

        Raises:
            ApprovalNeededError, ApprovalError: tenders were taken for it once and given back.
            NoSuchSaleError: it is not set aside any more.
            NotSignedInError: nobody is signed in.
        """
        person = self._selling.signed_in()
        if not self._drafts.gave_back(sale_id):
            self._held.drop(sale_id, person.person_id, self._now())
            return
        with self._approving.allowing(Guarded.VOID_AFTER_TENDER, person, approval, sale_id) as approved:
            self._held.drop(sale_id, person.person_id, self._now(), approved)
