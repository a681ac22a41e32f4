"""The outbox's rows and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.storage.database import Row
from appliance.storage.instants import to_instant, to_instant_or_none

COLUMNS: Final = (
    "s.sale_id, s.series, s.number, o.state, o.posted_at, o.order_id, o.committing_at, o.sent_at, "
    "o.checked_at, o.attempts, o.next_try_at, o.reason, o.inherited, o.claim_id"
)
_WIDTH: Final = 14
ENTRIES: Final = f"SELECT {COLUMNS} FROM outbox AS o JOIN sale AS s USING (seq) "
WAITING: Final = (
    f"SELECT {COLUMNS}, s.completed_at, s.person_name, s.total_minor, "
    "(SELECT count(*) FROM sale_line AS l WHERE l.seq = o.seq) "
    "FROM outbox AS o JOIN sale AS s USING (seq) WHERE o.state <> 'sent' ORDER BY o.seq"
)

COUNT_OPEN: Final = (
    "SELECT count(*) FILTER (WHERE state <> 'parked'), count(*) FILTER (WHERE state = 'parked') "
    "FROM outbox WHERE state <> 'sent'"
)
COUNT_SALES: Final = """
WITH RECURSIVE each_series (name) AS (
    SELECT min(series) FROM sale
    UNION ALL
    SELECT (SELECT min(series) FROM sale WHERE series > name) FROM each_series WHERE name IS NOT NULL)
SELECT coalesce(sum((SELECT max(number) FROM sale WHERE series = name)), 0)
FROM each_series WHERE name IS NOT NULL"""
"""Numbers have no gaps: the highest of each series says how many there are, without counting years of sales."""

_COUNTS: Final = "(SELECT stock_id FROM sale_line WHERE seq = ?1 AND stock_id IS NOT NULL)"
"""Which counts a sale draws on. Asked of its lines: in a long backlog, ``untold_stock`` has thousands of rows."""
_OF_SALE: Final = (
    "SELECT quantity FROM untold_stock AS u WHERE u.stock_id = shop_stock.stock_id AND u.seq = ?1"
)
_PIECES: Final = f"coalesce(({_OF_SALE}), 0)"

TELL_STOCK: Final = (
    f"UPDATE shop_stock SET quantity = quantity - {_PIECES} WHERE stock_id IN {_COUNTS}",
    f"DELETE FROM untold_stock WHERE seq = ?1 AND stock_id IN {_COUNTS}",
)
"""A sale's pieces are off the shop's own count now."""

UNTELL_STOCK: Final = (
    "INSERT INTO untold_stock (stock_id, seq, quantity) SELECT stock_id, seq, sum(quantity) FROM sale_line "
    "WHERE seq = ? AND stock_id IS NOT NULL GROUP BY stock_id",
    f"UPDATE shop_stock SET quantity = quantity + {_PIECES} WHERE stock_id IN {_COUNTS}",
)
"""The shop has given a sale's pieces back; they count here again."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """How far the telling of one sale has come.

    Attributes:
        sale_id: the sale.
        receipt_number: its receipt.
        state: "due", "reserved", "sent" or "parked".
        posted_at: a reservation may have reached the shop since then.
        order_id: the order that is this sale, once it is known.
        committing_at: a commit may have reached the shop since then.
        sent_at: the shop has it.
        checked_at: the late look at stock and twins is done.
        attempts: tries that failed.
        next_try_at: not before.
        reason: why it is parked, in a person's words.
        inherited: another card may hold this sale too; it is told by the claiming protocol.
        claim_id: the claim that says which order the sale is, while the shop keeps it.
    """

    sale_id: str
    receipt_number: str
    state: str
    posted_at: datetime | None
    order_id: int | None
    committing_at: datetime | None
    sent_at: datetime | None
    checked_at: datetime | None
    attempts: int
    next_try_at: datetime | None
    reason: str
    inherited: bool = False
    claim_id: int | None = None


@dataclass(frozen=True, slots=True)
class WaitingSale:
    """A sale that the shop does not have yet, for the page of waiting sales."""

    entry: OutboxEntry
    receipt_number: str
    completed_at: datetime
    cashier_name: str
    lines: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class SoldLine:
    """What one sale took of one product.

    Attributes:
        sale_id, receipt_number: the sale.
        name: the product as it was sold.
        quantity: pieces over all its lines.
    """

    sale_id: str
    receipt_number: str
    name: str
    quantity: int


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many sales are on their way, parked, and with the shop."""

    due: int
    parked: int
    sent: int


def to_entry(row: Row) -> OutboxEntry:
    """An entry from a row of :data:`ENTRIES`."""
    return OutboxEntry(
        sale_id=row[0],
        receipt_number=f"{row[1]}-{row[2]:06d}",
        state=row[3],
        posted_at=to_instant_or_none(row[4]),
        order_id=row[5],
        committing_at=to_instant_or_none(row[6]),
        sent_at=to_instant_or_none(row[7]),
        checked_at=to_instant_or_none(row[8]),
        attempts=row[9],
        next_try_at=to_instant_or_none(row[10]),
        reason=row[11],
        inherited=bool(row[12]),
        claim_id=row[13],
    )


def to_waiting(row: Row) -> WaitingSale:
    """A waiting sale from a row of :data:`WAITING`."""
    entry = to_entry(row[:_WIDTH])
    completed_at, cashier_name, total_minor, lines = row[_WIDTH:]
    return WaitingSale(
        entry, entry.receipt_number, to_instant(completed_at), cashier_name, lines, total_minor
    )
