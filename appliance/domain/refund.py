"""Money back: what was given back, and what of a sale can still be refunded. ``refund_planning`` says for how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.approval import Approval
from appliance.domain.money import round_half_up
from appliance.domain.sale import SaleLine
from appliance.domain.tender import CompletedSale, TenderKind

LONGEST_REASON: Final = 200
REASONS: Final = ("Changed mind", "Wrong size", "Faulty", "Bought twice", "A gift", "Something else")
"""What a cashier can choose from; another text will do too."""


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What comes back of one line of a sale, or of one product.

    Attributes:
        position: 1, 2, 3 ... within the refund.
        of_position: of the line of the sale, None without a receipt.
        product_id: the shop's number, None for something that the catalogue does not know.
        stock_id: the product whose count it drew on, None if nothing is counted.
        quantity: pieces.
        amount_minor: what the customer gets for them, tax included.
        tax_minor: the tax in that; rate_ppm and tax_label: its rate, as it was sold.
        restock: it goes back to the shelf; False for what came back damaged.
    """

    position: int
    of_position: int | None
    product_id: int | None
    stock_id: int | None
    name: str
    quantity: int
    amount_minor: int
    rate_ppm: int
    tax_label: str
    tax_minor: int
    restock: bool = True


@dataclass(frozen=True, slots=True)
class Refund:
    """What is to be given back; not yet done.

    Attributes:
        refund_id: 32 hexadecimal digits, its name for ever and everywhere.
        of_sale_id: the sale that it belongs to, "" without a receipt; of_receipt: its number.
        lines: at least one.
    """

    refund_id: str
    lines: tuple[RefundLine, ...]
    of_sale_id: str = ""
    of_receipt: str = ""

    @property
    def total_minor(self) -> int:
        """What the customer gets, tax included, before cash rounding."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def tax_minor(self) -> int:
        """The tax in that."""
        return sum(line.tax_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class CompletedRefund:
    """Money that was given back: what the journal keeps, the paper says and the shop is told.

    Attributes:
        refund: what came back.
        tender: how the money went; reference: the slip number of the card terminal, "" for cash.
        rounding_minor: what cash rounding added to (or took off) the total.
        reason: why, never empty.
        approval: a manager's word; None where a receipt was enough.
        receipt_number, completed_at, cashier_id, cashier_name, till_name, clock_is_set: as of a sale.
    """

    refund: Refund
    tender: TenderKind
    reference: str
    rounding_minor: int
    reason: str
    approval: Approval | None
    receipt_number: str
    completed_at: datetime
    cashier_id: int
    cashier_name: str
    till_name: str
    clock_is_set: bool = True

    @property
    def paid_minor(self) -> int:
        """What left the till: the total, rounded where it left in cash."""
        return self.refund.total_minor + self.rounding_minor


@dataclass(frozen=True, slots=True)
class Returned:
    """What has come back of one line so far, over all refunds; ``last_at``: when the last of it did."""

    quantity: int = 0
    amount_minor: int = 0
    tax_minor: int = 0
    last_at: datetime | None = None


NOTHING: Final = Returned()


@dataclass(frozen=True, slots=True)
class Refundable:
    """A sale, and what has come back of it so far.

    Attributes:
        completed: the sale.
        returned: by the position of the line; a line of which nothing came back is absent.
        cash_total_minor: refunds of it in cash; cash_paid_minor: the same as rounded and handed out.
    """

    completed: CompletedSale
    returned: Mapping[int, Returned]
    cash_total_minor: int = 0
    cash_paid_minor: int = 0

    def left(self, line: SaleLine) -> int:
        """How many pieces of a line can still come back."""
        return line.quantity - self.returned.get(line.position, NOTHING).quantity

    @property
    def is_all_back(self) -> bool:
        """True when nothing is left to refund."""
        return not any(self.left(line) for line in self.completed.sale.lines)

    @property
    def tender(self) -> TenderKind:
        """How the money should go back: as most of it came."""
        paid = dict.fromkeys(TenderKind, 0)
        for tender in self.completed.payment.tenders:
            paid[tender.kind] += tender.amount_minor
        return max(paid, key=lambda kind: paid[kind])

    def is_covered(self, tender: TenderKind, total_minor: int, rounding_minor: int) -> bool:
        """Whether so much was paid in this way and did not go back in it: no card's money leaves in cash."""
        paid = sum(each.amount_minor for each in self.completed.payment.tenders if each.kind is tender)
        if tender is TenderKind.CASH:
            return total_minor + rounding_minor <= paid - self.cash_paid_minor
        back = sum(each.amount_minor for each in self.returned.values()) - self.cash_total_minor
        return total_minor <= paid - back

    def rounding_minor(self, total_minor: int, step_minor: int) -> int:
        """What cash rounding adds to a refund in cash: over all refunds of a sale no more than for one."""
        after = rounded(self.cash_total_minor + total_minor, step_minor)
        return after - self.cash_paid_minor - total_minor


def rounded(amount_minor: int, step_minor: int) -> int:
    """An amount as it can be handed out in coins of at least ``step_minor``."""
    return round_half_up(amount_minor, step_minor) * step_minor
