"""The refund outbox's rows and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.storage.database import Row
from appliance.storage.instants import to_instant, to_instant_or_none

ENTRIES: Final = (
    "SELECT r.refund_id, format('%s-%06d', r.series, r.number), s.sale_id, format('%s-%06d', s.series, s.number), "
    "t.state, t.order_id, o.state, o.reason, o.posted_at, o.shop_refund_id, o.sent_at, o.checked_at, o.attempts, "
    "o.next_try_at, o.inherited, o.claim_id, o.is_ours, r.completed_at, r.total_minor "
    "FROM refund_outbox AS o JOIN refund AS r USING (seq) JOIN sale AS s ON s.seq = r.of_seq "
    "JOIN outbox AS t ON t.seq = r.of_seq "
)


@dataclass(frozen=True, slots=True)
class RefundEntry:
    """How far the telling of one refund of a sale has come.

    Attributes:
        refund_id, receipt_number: its names. completed_at, total_minor: when, and how much.
        sale_id, sale_receipt: the sale that it belongs to.
        sale_state: of the sale's own telling; a refund waits until that is "sent".
        order_id: the sale's order.
        state: "due", "sent" or "parked"; reason: why it is parked, or what the late look found.
        posted_at: it may have reached the shop, last since then.
        shop_refund_id: what the shop calls it.
        inherited: another card may hold it. claim_id: who tells it is claimed; is_ours: by this till.
        sent_at, checked_at, attempts, next_try_at: as of a sale.
    """

    refund_id: str
    receipt_number: str
    sale_id: str
    sale_receipt: str
    sale_state: str
    order_id: int | None
    state: str
    reason: str
    posted_at: datetime | None
    shop_refund_id: int | None
    sent_at: datetime | None
    checked_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    inherited: bool
    claim_id: int | None
    is_ours: bool | None
    completed_at: datetime
    total_minor: int

    @property
    def key(self) -> str:
        """Its name in the queue."""
        return self.refund_id


def to_entry(row: Row) -> RefundEntry:
    """An entry from a row of :data:`ENTRIES`."""
    refund_id, receipt, sale_id, sale_receipt, sale_state, order_id, state, reason, *rest = row
    posted, shop_refund_id, sent, checked, attempts, next_try, inherited, claim_id, is_ours, at, total = rest
    return RefundEntry(
        refund_id=refund_id,
        receipt_number=receipt,
        sale_id=sale_id,
        sale_receipt=sale_receipt,
        sale_state=sale_state,
        order_id=order_id,
        state=state,
        reason=reason,
        posted_at=to_instant_or_none(posted),
        shop_refund_id=shop_refund_id,
        sent_at=to_instant_or_none(sent),
        checked_at=to_instant_or_none(checked),
        attempts=attempts,
        next_try_at=to_instant_or_none(next_try),
        inherited=bool(inherited),
        claim_id=claim_id,
        is_ours=None if is_ours is None else bool(is_ours),
        completed_at=to_instant(at),
        total_minor=total,
    )
