"""The outboxes' rows and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.storage.database import Row
from appliance.storage.instants import to_instant, to_instant_or_none

PROGRESS: Final = (
    "o.state, o.posted_at, o.order_id, o.committing_at, o.sent_at, o.checked_at, o.attempts, o.next_try_at, "
    "o.reason, o.inherited, o.claim_id, o.settled_seq, o.times_lost"
)
_COLUMNS: Final = f"s.sale_id, format('%s-%06d', s.series, s.number), {PROGRESS}"
_WIDTH: Final = 15
ENTRIES: Final = f"SELECT {_COLUMNS} FROM outbox AS o JOIN sale AS s USING (seq) "
_WAITING: Final = (
    f"SELECT {_COLUMNS}, s.completed_at, s.person_name, s.total_minor, "
    "(SELECT count(*) FROM sale_line AS l WHERE l.seq = o.seq) "
    "FROM outbox AS o JOIN sale AS s USING (seq) "
)
WAITING: Final = f"{_WAITING}WHERE o.state <> 'sent' ORDER BY o.seq"
PARKED: Final = f"{_WAITING}WHERE o.state = 'parked' ORDER BY o.seq"
ON_THEIR_WAY: Final = f"{_WAITING}WHERE o.state <> 'sent' AND o.state <> 'parked' ORDER BY o.seq LIMIT ?"
ON_THEIR_WAY_MINOR: Final = (
    "SELECT count(*), coalesce(sum(s.total_minor), 0) FROM outbox AS o JOIN sale AS s USING (seq) "
    "WHERE o.state <> 'sent' AND o.state <> 'parked'"
)

COUNT_SALES: Final = """
WITH RECURSIVE each_series (name) AS (
    SELECT min(series) FROM sale
    UNION ALL
    SELECT (SELECT min(series) FROM sale WHERE series > name) FROM each_series WHERE name IS NOT NULL)
SELECT coalesce(sum(last - (SELECT count(*) FROM refund WHERE series = name AND number < last)), 0)
FROM (SELECT name, (SELECT max(number) FROM sale WHERE series = name) AS last FROM each_series
    WHERE name IS NOT NULL)"""
"""Numbers have no gaps: the highest of each series says how many there are, without counting years of sales. Refunds
have numbers of the same row."""

_COUNTS: Final = "(SELECT stock_id FROM sale_line WHERE seq = ?1 AND stock_id IS NOT NULL)"
"""Which counts a sale draws on. Asked of its lines: in a long backlog, ``untold_stock`` has thousands of rows."""
_OF_SALE: Final = (
    "SELECT quantity FROM untold_stock AS u WHERE u.stock_id = shop_stock.stock_id AND u.seq = ?1"
)
_PIECES: Final = f"coalesce(({_OF_SALE}), 0)"

_MENDED: Final = (
    "(SELECT j.body ->> '$.position' FROM journal AS j WHERE j.kind <> 'sale' AND j.kind = 'mended' "
    "AND j.body ->> '$.sale_id' = (SELECT sale_id FROM sale WHERE seq = ?1))"
)
"""Lines that are told otherwise than they were sold (``mending``): the shop takes nothing of their products."""

TELL_STOCK: Final = (
    f"UPDATE shop_stock SET quantity = quantity - {_PIECES} WHERE stock_id IN {_COUNTS}",
    f"DELETE FROM untold_stock WHERE seq = ?1 AND stock_id IN {_COUNTS}",
)
"""A sale's pieces are off the shop's own count now."""

UNTELL_STOCK: Final = (
    "INSERT INTO untold_stock (stock_id, seq, quantity) SELECT stock_id, seq, sum(quantity) FROM sale_line "
    f"WHERE seq = ?1 AND stock_id IS NOT NULL AND position NOT IN {_MENDED} GROUP BY stock_id",
    f"UPDATE shop_stock SET quantity = quantity + {_PIECES} WHERE stock_id IN {_COUNTS}",
)
"""The shop has given a sale's pieces back; they count here again. The first alone: it was set back, and its count is
read anew before anything else."""


CHANGED: Final = (
    "SELECT w.order_id FROM web_order AS w WHERE w.sale_id <> '' AND (w.is_gone OR w.status <> 'completed') "
    "AND (w.status <> 'refunded' OR w.total_minor > coalesce((SELECT sum(r.total_minor) FROM refund AS r "
    "JOIN refund_outbox AS b USING (seq) WHERE r.of_seq = o.seq AND b.posted_at IS NOT NULL), 0))"
)
"""An order all of whose money went back is as it was left if this till told it so."""


LOOK_AGAIN: Final = (
    "SET checked_at = NULL WHERE o.state = 'sent' AND o.checked_at IS NOT NULL AND o.settled_seq IS NULL "
    f"AND o.reason = '' AND o.order_id IN ({CHANGED})"
)
PROBLEM_SETTLED: Final = "problem-settled"
"""Kind of an entry: a person has seen to what was found wrong with something that the shop has; no rows follow."""
SEEN_TO: Final = (
    f"SELECT j.body ->> '$.id' FROM journal AS j WHERE j.kind <> 'sale' AND j.kind = '{PROBLEM_SETTLED}'"
)


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """How far the telling of one sale, or of one stock move, has come.

    Attributes:
        sale_id: the sale, or the move; the shop's orders carry it either way.
        receipt_number: what people call it: its receipt, or the move's label.
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
        is_settled: a person said that it is settled; the shop is told nothing.
        times_lost: how often the shop was set back and lost it.
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
    is_settled: bool = False
    times_lost: int = 0

    @property
    def key(self) -> str:
        """Its name in the queue."""
        return self.sale_id


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
    """How many are on their way, parked, and with the shop."""

    due: int
    parked: int
    sent: int


def to_entry(row: Row) -> OutboxEntry:
    """An entry from a row of :data:`ENTRIES`."""
    return OutboxEntry(
        sale_id=row[0],
        receipt_number=row[1],
        state=row[2],
        posted_at=to_instant_or_none(row[3]),
        order_id=row[4],
        committing_at=to_instant_or_none(row[5]),
        sent_at=to_instant_or_none(row[6]),
        checked_at=to_instant_or_none(row[7]),
        attempts=row[8],
        next_try_at=to_instant_or_none(row[9]),
        reason=row[10],
        inherited=bool(row[11]),
        claim_id=row[12],
        is_settled=row[13] is not None,
        times_lost=row[14],
    )


def to_waiting(row: Row) -> WaitingSale:
    """A waiting sale from a row of :data:`WAITING`."""
    entry = to_entry(row[:_WIDTH])
    completed_at, cashier_name, total_minor, lines = row[_WIDTH:]
    return WaitingSale(
        entry, entry.receipt_number, to_instant(completed_at), cashier_name, lines, total_minor
    )
