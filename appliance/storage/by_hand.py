"""What a person decided of things that the shop had not heard: the pieces stop counting beside the shop's count.

For the timeline of a count: a sale, a refund or a stock move that was settled without an order, and a line of a sale
that is told as another product or as none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.storage.database import Database
from appliance.storage.instants import to_instant


@dataclass(frozen=True, slots=True)
class ByHand:
    """One decision, as far as it touches one count.

    Attributes:
        at: when (UTC). who: signed in then. why: the manager's words.
        number: of the receipt or of the refund; "" of a stock move.
        pieces: what the stock gained by it.
        sent_at: when the thing itself left the outbox; None while it waits.
    """

    at: datetime
    who: str
    why: str
    number: str
    pieces: int
    sent_at: datetime | None


_SALES: Final = """
SELECT j.at, j.body ->> '$.person', j.body ->> '$.reason', s.series, s.number, sum(l.quantity), o.sent_at
FROM sale_line AS l JOIN sale AS s USING (seq) JOIN outbox AS o USING (seq) JOIN journal AS j ON j.seq = o.settled_seq
WHERE l.stock_id = ?1 AND o.order_id IS NULL AND NOT EXISTS (
    SELECT 1 FROM journal AS m WHERE m.kind <> 'sale' AND m.kind = 'mended'
        AND m.body ->> '$.sale_id' = s.sale_id AND m.body ->> '$.position' = l.position)
GROUP BY s.seq"""
_REFUNDS: Final = """
SELECT j.at, j.body ->> '$.person', j.body ->> '$.reason', r.series, r.number, -sum(l.quantity), o.sent_at
FROM refund_line AS l JOIN refund AS r USING (seq) JOIN refund_outbox AS o USING (seq)
    JOIN journal AS j ON j.seq = o.settled_seq
WHERE l.stock_id = ?1 AND l.restock AND o.shop_refund_id IS NULL
    AND NOT EXISTS (SELECT 1 FROM stock_move AS m WHERE m.seq = r.seq) GROUP BY r.seq"""
_MOVES: Final = """
SELECT j.at, j.body ->> '$.person', j.body ->> '$.reason', '', 0, -sum(l.quantity), o.sent_at
FROM stock_move_line AS l JOIN stock_move AS m USING (seq) JOIN stock_move_outbox AS o USING (seq)
    JOIN journal AS j ON j.seq = o.settled_seq
WHERE l.stock_id = ?1 AND o.order_id IS NULL AND m.kind <> 'hold' GROUP BY m.seq"""
_MENDS: Final = """
SELECT m.at, m.body ->> '$.person', m.body ->> '$.reason', s.series, s.number, m.body ->> '$.was.quantity', o.sent_at
FROM journal AS m JOIN sale AS s ON s.sale_id = m.body ->> '$.sale_id' JOIN outbox AS o ON o.seq = s.seq
WHERE m.kind <> 'sale' AND m.kind = 'mended' AND m.body ->> '$.was.stock_id' = ?1"""


def by_hand(db: Database, stock_id: int) -> list[ByHand]:
    """All decisions that touched a count."""
    return [
        ByHand(
            to_instant(at),
            who,
            why,
            f"{series}-{number:06d}" if series else "",
            pieces,
            to_instant(sent) if sent else None,
        )
        for sql in (_SALES, _REFUNDS, _MOVES, _MENDS)
        for at, who, why, series, number, pieces, sent in db.rows(sql, (stock_id,))
    ]
