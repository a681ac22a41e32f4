"""Giving money back: against a receipt of this till, as it was paid; all else only if a manager approves it.

A receipt is what carries the code of its sale's journal entry. A number alone is none: anybody can say one.

The screen plans first (``of_sale``, ``of_products``: nothing is written), shows what the customer gets, and then calls
``give_back``. When that returns, the refund is on the disk with its number and its paper, and the drawer is opening.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Final

from appliance.domain import refund_planning as rules
from appliance.domain.approval import Approval, Guarded
from appliance.domain.card_numbers import mask
from appliance.domain.refund import LONGEST_REASON, CompletedRefund, Refund, Refundable, rounded
from appliance.domain.refund_planning import Unproven
from appliance.domain.tender import TenderKind
from appliance.storage.catalogue import Catalogue
from appliance.storage.journal import Journal
from appliance.storage.refunds import Refunds
from appliance.till.approving import Approving
from appliance.till.clock import NewId, Now
from appliance.till.errors import NoSuchReceiptError, ReasonNeededError, RefundChangedError
from appliance.till.printing import Printing
from appliance.till.selling import Selling

_LONGEST_SLIP: Final = 40


class Proof(enum.Enum):
    """What the code on a receipt says of it."""

    NOT_SEEN = "not seen"
    """Only its number is known."""
    WRONG = "wrong"
    """The code is not the one that this till printed under the number."""
    GENUINE = "genuine"


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

    def __init__(  # noqa: PLR0913 - its parts
        self,
        selling: Selling,
        catalogue: Catalogue,
        refunds: Refunds,
        printing: Printing,
        approving: Approving,
        rounding_step_minor: int,
        now: Now,
        new_id: NewId,
        *,
        journal: Journal,
        every_series: Callable[[], Sequence[str]] = tuple,
    ) -> None:
        """Build it; ``journal`` knows the receipts' codes, ``every_series`` which series this till ever had."""
        self._selling = selling
        self._catalogue = catalogue
        self._refunds = refunds
        self._journal = journal
        self._printing = printing
        self._approving = approving
        self._rounding_step_minor = rounding_step_minor
        self._now = now
        self._new_id = new_id
        self._every_series = every_series

    @property
    def series(self) -> str:
        """That of this till's receipts now; a number without one belongs to it."""
        return self._journal.series

    def find(self, text: str) -> Refundable:
        """The sale with a receipt number, typed or scanned, and what has come back of it.

        Args:
            text: "T1-000123", "123", or the whole of a receipt's code.

        Raises:
            NoSuchReceiptError: this till has none.
        """
        number, _ = split_code(text)
        mine = (self.series, *(each for each in self._every_series() if each != self.series))
        tried = [f"{series}-{number}" for series in mine] if number.isdigit() else [number]
        found = next(filter(None, map(self._refunds.find, tried)), None)
        if found is None:
            series, _, digits = number.rpartition("-")
            if series and digits.isdigit() and series not in mine:
                raise NoSuchReceiptError(
                    f"{number} is another till's. Give it back there, or without a receipt."
                )
            raise NoSuchReceiptError("This till has no such receipt. Without one, a manager must approve.")
        return found

    def proof(self, sale_id: str, code: str) -> Proof:
        """Whether this is the code on the receipt of a sale. Raises NoSuchSaleError."""
        if not code:
            return Proof.NOT_SEEN
        printed = self._journal.chain_code(sale_id).replace(" ", "")
        is_ours = compare_digest(printed.encode(), code.replace(" ", "").upper().encode())
        return Proof.GENUINE if is_ours else Proof.WRONG

    def refundable(self, sale_id: str) -> Refundable:
        """The same by the sale's id. Raises NoSuchSaleError."""
        return self._refunds.refundable(sale_id)

    def of_sale(
        self, refundable: Refundable, quantities: Mapping[int, int], damaged: Collection[int] = ()
    ) -> Refund:
        """Plan to take back pieces by the position of their line; raises a DomainError that says what is wrong.

        Pieces of the lines in ``damaged`` do not go back to the shelf.
        """
        return rules.of_sale(self._new_id(), refundable, quantities, damaged)

    def of_products(self, pieces: Sequence[Unproven]) -> Refund:
        """Plan to take back products without a receipt; raises a DomainError that says what cannot be meant."""
        return rules.of_products(self._new_id(), pieces, self._catalogue.tax_rules())

    def gross_minor(self, pieces: Unproven) -> int:
        """What the customer gets for pieces without a receipt, tax included."""
        return rules.gross_minor(pieces, self._catalogue.tax_rules())

    def rounding_minor(self, refund: Refund, tender: TenderKind) -> int:
        """What cash rounding adds to what the customer gets; nothing on a card."""
        if tender is not TenderKind.CASH:
            return 0
        if refund.of_sale_id:
            return self.refundable(refund.of_sale_id).rounding_minor(
                refund.total_minor, self._rounding_step_minor
            )
        return rounded(refund.total_minor, self._rounding_step_minor) - refund.total_minor

    def give_back(
        self,
        refund: Refund,
        tender: TenderKind,
        reason: str,
        slip: str = "",
        approval: Approval | None = None,
        *,
        code: str = "",
    ) -> Refunded:
        """Give the money back: number, journal, rows, paper, then the drawer.

        Args:
            refund: as planned.
            tender: how the money goes back; slip: the card terminal's slip number, once it has confirmed.
            reason: why.
            approval: a manager's word; needed without a receipt, and for another way than it was paid.
            code: that of the receipt. Without it, or with another, there is no receipt.

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
            about = f"{about}/{tender.value}"
            if self.proof(refund.of_sale_id, code) is Proof.GENUINE:
                rounding = self.rounding_minor(refund, tender)
                if self.refundable(refund.of_sale_id).is_covered(tender, refund.total_minor, rounding):
                    return self._record(refund, tender, kept, slip, None)
                what = Guarded.REFUND_OTHER_WAY
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
        damaged = {line.of_position or 0 for line in refund.lines if not line.restock}
        again = rules.of_sale(refund.refund_id, self.refundable(refund.of_sale_id), chosen, damaged)
        if again != refund:
            raise RefundChangedError("Something of this receipt came back meanwhile. Look at it again.")


_RECEIPT: Final = re.compile(r"(?:\][A-Za-z][0-9A-Za-z])?([A-Z][A-Z0-9]{0,7}-\d{6,12}(?: [0-9A-F]{12})?)")
"""The code of a receipt, of whichever till, with or without the scanner's own mark before it."""


def receipt_text(scanned: str) -> str:
    """What a scanned text says if it is a receipt's code, else ""."""
    found = _RECEIPT.fullmatch(scanned.strip())
    return found[1] if found else ""


def split_code(text: str) -> tuple[str, str]:
    """What a receipt's code says: its number and its chain code, each "" where it is missing."""
    number, *code = text.upper().split() or [""]
    return number, "".join(code)
