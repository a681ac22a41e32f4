"""Giving money back: against a receipt of this till, as it was paid; all else only if a manager approves it.

The screen plans first (``of_sale``, ``of_product``: nothing is written), shows what the customer gets, and then calls
``give_back``. When that returns, the refund is on the disk with its number and its paper, and the drawer is opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from appliance.domain import refund as rules
from appliance.domain.approval import Approval, Guarded
from appliance.domain.card_numbers import mask
from appliance.domain.errors import NoSuchProductError
from appliance.domain.refund import LONGEST_REASON, CompletedRefund, Refund, Refundable
from appliance.domain.tender import TenderKind
from appliance.storage.catalogue import Catalogue
from appliance.storage.refunds import Refunds
from appliance.till.approving import Approving
from appliance.till.clock import NewId, Now
from appliance.till.errors import NoSuchReceiptError, ReasonNeededError, RefundChangedError
from appliance.till.printing import Printing
from appliance.till.selling import Selling

_LONGEST_SLIP: Final = 40


@dataclass(frozen=True, slots=True)
class Refunded:
    """Money was given back; it is on the disk.

    Attributes:
        completed: what came back, and how the money went.
        job_id: of its paper.
        cash_minor: what to hand out of the drawer; nothing for a card.
    """

    completed: CompletedRefund
    job_id: int
    cash_minor: int


class Refunding:
    """Plans refunds and makes them."""

    def __init__(
        self,
        selling: Selling,
        catalogue: Catalogue,
        refunds: Refunds,
        printing: Printing,
        approving: Approving,
        rounding_step_minor: int,
        now: Now,
        new_id: NewId,
    ) -> None:
        self._selling = selling
        self._catalogue = catalogue
        self._refunds = refunds
        self._printing = printing
        self._approving = approving
        self._rounding_step_minor = rounding_step_minor
        self._now = now
        self._new_id = new_id

    def find(self, receipt_number: str) -> Refundable:
        """The sale with a receipt number, typed or scanned, and what has come back of it.

        Raises:
            NoSuchReceiptError: this till has none.
        """
        words = receipt_number.split()
        found = self._refunds.find(words[0]) if words else None
        if found is None:
            raise NoSuchReceiptError("This till has no such receipt. Without one, a manager must approve.")
        return found

    def refundable(self, sale_id: str) -> Refundable:
        """The same by the sale's id. Raises NoSuchSaleError."""
        return self._refunds.refundable(sale_id)

    def of_sale(self, refundable: Refundable, quantities: Mapping[int, int]) -> Refund:
        """Plan to take back pieces by the position of their line; raises a DomainError that says what is wrong."""
        return rules.of_sale(self._new_id(), refundable, quantities)

    def of_product(self, product_id: int, quantity: int, unit_price_minor: int) -> Refund:
        """Plan to take back a product without a receipt, at a price as on the shelf.

        Raises:
            DomainError: the product is gone, or the quantity or the price cannot be meant.
        """
        product = self._catalogue.get(product_id)
        if product is None:
            raise NoSuchProductError("The online shop does not sell this any more.")
        tax = self._catalogue.tax_rules()
        return rules.of_product(self._new_id(), product, quantity, unit_price_minor, tax)

    def rounding_minor(self, refund: Refund, tender: TenderKind) -> int:
        """What cash rounding adds to what the customer gets; nothing on a card."""
        if tender is not TenderKind.CASH:
            return 0
        if refund.of_sale_id:
            return self.refundable(refund.of_sale_id).rounding_minor(
                refund.total_minor, self._rounding_step_minor
            )
        return rules.rounded(refund.total_minor, self._rounding_step_minor) - refund.total_minor

    def give_back(
        self,
        refund: Refund,
        tender: TenderKind,
        reason: str,
        slip: str = "",
        approval: Approval | None = None,
    ) -> Refunded:
        """Give the money back: number, journal, rows, paper, then the drawer.

        Args:
            refund: as planned.
            tender: how the money goes back; slip: the card terminal's slip number, once it has confirmed.
            reason: why.
            approval: a manager's word; needed without a receipt, and for another way than it was paid.

        Raises:
            ReasonNeededError: no reason was given.
            ApprovalNeededError, ApprovalError: there is no receipt, or it was paid another way.
            RefundChangedError: something of the receipt came back since it was planned.
            NotSignedInError: nobody is signed in.
            StorageError: it could not be written; no money may be handed out.
        """
        kept = mask(" ".join(reason.split()))[:LONGEST_REASON]
        if not kept:
            raise ReasonNeededError("Say why it comes back.")
        what = Guarded.REFUND_WITHOUT_RECEIPT
        about = f"{refund.refund_id}/{refund.total_minor}"
        if refund.of_sale_id:
            self._check_fresh(refund)
            rounding = self.rounding_minor(refund, tender)
            if self.refundable(refund.of_sale_id).is_covered(tender, refund.total_minor, rounding):
                return self._record(refund, tender, kept, slip, None)
            what, about = Guarded.REFUND_OTHER_WAY, f"{about}/{tender.value}"
        person = self._selling.signed_in()
        with self._approving.allowing(what, person, approval, about):
            return self._record(refund, tender, kept, slip, approval)

    def _record(
        self, refund: Refund, tender: TenderKind, reason: str, slip: str, approval: Approval | None
    ) -> Refunded:
        recorded = self._refunds.record(
            refund,
            tender,
            reason,
            self._selling.signed_in(),
            self._now(),
            reference=mask(slip.strip())[:_LONGEST_SLIP],
            rounding_minor=self.rounding_minor(refund, tender),
            approval=approval,
        )
        cash = recorded.completed.paid_minor if tender is TenderKind.CASH else 0
        self._printing.receipt(recorded.job_id, open_drawer=cash > 0)
        return Refunded(recorded.completed, recorded.job_id, cash)

    def _check_fresh(self, refund: Refund) -> None:
        """Refuse a plan that was made before another refund of the sale: its sums would not add up."""
        chosen = {line.of_position or 0: line.quantity for line in refund.lines}
        again = rules.of_sale(refund.refund_id, self.refundable(refund.of_sale_id), chosen)
        if again != refund:
            raise RefundChangedError("Something of this receipt came back meanwhile. Look at it again.")
