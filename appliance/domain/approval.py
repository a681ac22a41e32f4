"""What a cashier may not do alone, and a manager's word for it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final


class Guarded(enum.StrEnum):
    """What needs a manager."""

    REFUND_WITHOUT_RECEIPT = "refund-without-receipt"
    REFUND_OTHER_WAY = "refund-other-way"
    DISCOUNT_OVER_LIMIT = "discount-over-limit"
    VOID_AFTER_TENDER = "void-after-tender"
    NO_SALE = "no-sale"
    PAID_OUT = "paid-out"
    STOCK_COUNT = "stock-count"
    UNDO_BOOKING = "undo-booking"
    PUT_RIGHT = "put-right"


DEEDS: Final[Mapping[Guarded, str]] = {
    Guarded.REFUND_WITHOUT_RECEIPT: "refund without a receipt",
    Guarded.REFUND_OTHER_WAY: "refund another way than paid",
    Guarded.DISCOUNT_OVER_LIMIT: "lower a price by so much",
    Guarded.VOID_AFTER_TENDER: "give up a part-paid sale",
    Guarded.NO_SALE: "open the drawer without a sale",
    Guarded.PAID_OUT: "take money out of the drawer",
    Guarded.STOCK_COUNT: "correct the stock by a count",
    Guarded.PUT_RIGHT: "decide what the shop is told",
    Guarded.UNDO_BOOKING: "undo what was booked",
}
"""The one table of what needs a manager, in words that follow "A manager must approve it to ..."."""

LONGEST_WHY: Final = 200


@dataclass(frozen=True, slots=True)
class Approval:
    """A manager's word for one act, once.

    Attributes:
        by: the manager; name: as in the journal.
        what: the kind of act.
        why: in the manager's words, never empty.
        at: when it was given (UTC).
        about: exactly which act: a sale, a line and its price, a refund and its sum; "" where there is but one.
    """

    by: int
    name: str
    what: Guarded
    why: str
    at: datetime
    about: str = ""
