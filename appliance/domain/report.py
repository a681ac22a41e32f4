"""What a stretch of selling amounts to, for the X report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind


@dataclass(frozen=True, slots=True)
class TenderTotal:
    """What was paid in one way.

    Attributes:
        count: tenders.
        amount_minor: what they paid of the sales, change taken off.
    """

    count: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class DayTotals:
    """All sales since an instant.

    Attributes:
        since: the first instant that counts (UTC); until: when the report was made.
        sales: completed sales.
        items: pieces.
        total_minor: what the sales amount to, tax included, before cash rounding.
        tax: per rate, highest rate first.
        tenders: by kind; a kind that was not used is absent.
        change_minor: given back in cash.
        rounding_minor: what cash rounding added or took off.
        voided_lines: lines taken off before payment, those of sales that were voided as a whole included.
        voided_minor: what they amounted to.
        voided_sales: sales voided as a whole.
        first_receipt: receipt number, "" without a sale; last_receipt: likewise.
        unsent: sales of this till, of any day, that the online shop does not have yet.
    """

    since: datetime
    until: datetime
    sales: int
    items: int
    total_minor: int
    tax: tuple[TaxTotal, ...]
    tenders: Mapping[TenderKind, TenderTotal]
    change_minor: int
    rounding_minor: int
    voided_lines: int
    voided_minor: int
    voided_sales: int
    first_receipt: str
    last_receipt: str
    unsent: int

    @property
    def cash_minor(self) -> int:
        """What the sales put into the drawer."""
        cash = self.tenders.get(TenderKind.CASH)
        return cash.amount_minor if cash else 0
