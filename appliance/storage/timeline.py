"""The timeline of one count: each change with its channel, who, why, before and after; its sum is the stock.

It begins where the till first knew the shop's count. From there on a piece can only have moved by what this till did
(its journal), or by what the shop's count did by itself (``stock_change``, which triggers fill at each reading). What
the shop's count did is laid against the web orders of that time; what no order explains was changed in the shop by
hand, by an import or by a refund there, and is named as such. The first of those, or the first count of the shelf that
found another number, is where both sides began to disagree.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain as all_of
from typing import Final

from appliance.storage.by_hand import by_hand
from appliance.storage.database import Database
from appliance.storage.instants import to_instant
from appliance.storage.sealed import Sealer

SLOP: Final = timedelta(minutes=5)
"""How far the shop's clock and the till's may differ when an order is laid against a reading."""


class Channel(enum.StrEnum):
    """Where pieces moved."""

    TILL = "till"
    WEB = "web"
    OTHER_TILL = "other till"
    SHELF = "shelf"
    SHOP = "shop"


@dataclass(frozen=True, slots=True)
class Move:
    """One change.

    Attributes:
        at: when (UTC).
        channel: where.
        who: a cashier, a customer, "" where nobody is known.
        why: "Receipt T1-000123", "Order 10482", "Counted 4, expected 5" ...
        change: pieces; 0 for what moved between the shelf and the web.
        after: the stock after it; ``before`` is that less the change.
        is_told: the shop's count holds it too.
        is_odd: no order and no entry explains it.
    """

    at: datetime
    channel: Channel
    who: str
    why: str
    change: int
    after: int = 0
    is_told: bool = True
    is_odd: bool = False

    @property
    def before(self) -> int:
        """The stock before it."""
        return self.after - self.change


@dataclass(frozen=True, slots=True)
class Timeline:
    """All that happened to a count.

    Attributes:
        stock_id: the shop's number of the product whose count it is.
        moves: oldest first; the first one is the shop's count as the till first knew it.
        on_hand: the stock as the till shows it; None if the product is not counted.
        disagreed_at: the first moment at which both sides disagreed, None if they never did.
    """

    stock_id: int
    moves: tuple[Move, ...]
    on_hand: int | None
    disagreed_at: datetime | None

    @property
    def total(self) -> int:
        """The sum of all changes: equal to ``on_hand``."""
        return sum(move.change for move in self.moves)


_ON_HAND: Final = """
SELECT on_hand FROM product_now WHERE product_id = ?1 OR (parent_id = ?1 AND parent_manages_stock) LIMIT 1"""
_CHANGES: Final = "SELECT read_at, was, became FROM stock_change WHERE stock_id = ? ORDER BY change_id"
_SALES: Final = """
SELECT s.completed_at, s.person_name, s.series, s.number, sum(l.quantity), o.sent_at, o.order_id IS NOT NULL
FROM sale_line AS l JOIN sale AS s USING (seq) JOIN outbox AS o USING (seq)
WHERE l.stock_id = ?1 GROUP BY s.seq"""
_REFUNDS: Final = """
SELECT r.completed_at, coalesce(j.body ->> '$.cashier.name', ''), r.series, r.number, sum(l.quantity),
    iif(m.seq IS NULL, o.sent_at, m.sent_at), iif(m.seq IS NULL, o.shop_refund_id, m.order_id) IS NOT NULL
FROM refund_line AS l JOIN refund AS r USING (seq) JOIN journal AS j USING (seq) JOIN refund_outbox AS o USING (seq)
    LEFT JOIN stock_move_outbox AS m USING (seq)
WHERE l.stock_id = ?1 AND l.restock GROUP BY r.seq"""
_MOVES: Final = """
SELECT m.moved_at, m.person_name, m.kind, sum(l.quantity), sum(l.counted), sum(l.expected), o.sent_at,
    o.order_id IS NOT NULL
FROM stock_move_line AS l JOIN stock_move AS m USING (seq) JOIN stock_move_outbox AS o USING (seq)
WHERE l.stock_id = ?1 AND m.kind <> 'return' GROUP BY m.seq"""
_ORDERS: Final = """
SELECT w.created_at, w.modified_at, w.number, w.customer, w.status, sum(l.quantity), sum(coalesce(l.reduced, 0)), CASE
    WHEN w.sale_id = '' THEN 'web' WHEN w.sale_id IN (SELECT sale_id FROM sale) THEN 'till' ELSE 'other till' END
FROM web_order AS w JOIN web_order_line AS l USING (order_id)
WHERE (l.product_id = ?1 OR l.parent_id = ?1)
    AND w.sale_id NOT IN (SELECT s.sale_id FROM sale_line AS x JOIN sale AS s USING (seq) WHERE x.stock_id = ?1)
    AND w.sale_id NOT IN (SELECT move_id FROM stock_move)
GROUP BY w.order_id"""


def timeline(db: Database, sealer: Sealer, stock_id: int) -> Timeline:
    """Read the whole timeline of a count."""
    with db.transaction():
        changes = [(to_instant(row[0]), row[1], row[2]) for row in db.rows(_CHANGES, (stock_id,))]
        ours = [*_sales(db, stock_id), *_refunds(db, stock_id), *_stock_moves(db, stock_id)]
        ours += _decided(db, stock_id)
        orders = _orders(db, sealer, stock_id)
        row = db.one(_ON_HAND, (stock_id,))
    on_hand = None if row is None or row[0] is None else int(row[0])
    if not changes:
        return Timeline(stock_id, (), on_hand, None)
    began_at = max(at for at, was, _ in changes if was is None)
    first = next(became for at, was, became in reversed(changes) if was is None and at == began_at)
    start = Move(began_at, Channel.SHOP, "", "The shop's count when this till first knew it", first or 0)
    later = [(at, was, became) for at, was, became in changes if at > began_at and was is not None]
    moved = [move for move, sent_at in ours if sent_at is None or sent_at > began_at]
    theirs = _explained(later, [each for each in orders if each.at > began_at - SLOP])
    moves = sorted(all_of(moved, theirs), key=lambda move: move.at)
    return _added_up(stock_id, [start, *moves], on_hand)


def _added_up(stock_id: int, moves: list[Move], on_hand: int | None) -> Timeline:
    missing = (on_hand or 0) - sum(move.change for move in moves)
    if missing and on_hand is not None:
        # A request cut between the shop's count and ours: the next reading puts it right, and says so here.
        moves.append(Move(moves[-1].at, Channel.SHOP, "", "Between two readings", missing, is_odd=True))
    after, done = 0, []
    for move in moves:
        after += move.change
        done.append(replace(move, after=after))
    odd = [move.at for move in done if move.is_odd or (move.channel is Channel.SHELF and move.change)]
    return Timeline(stock_id, tuple(done), on_hand, min(odd, default=None))


def _sales(db: Database, stock_id: int) -> list[tuple[Move, datetime | None]]:
    return [
        (
            Move(
                to_instant(at),
                Channel.TILL,
                who,
                f"Receipt {series}-{number:06d}",
                -pieces,
                is_told=bool(told),
            ),
            to_instant(sent) if sent else None,
        )
        for at, who, series, number, pieces, sent, told in db.rows(_SALES, (stock_id,))
    ]


def _refunds(db: Database, stock_id: int) -> list[tuple[Move, datetime | None]]:
    return [
        (
            Move(
                to_instant(at),
                Channel.TILL,
                who,
                f"Came back, {series}-{number:06d}",
                pieces,
                is_told=bool(told),
            ),
            to_instant(sent) if sent else None,
        )
        for at, who, series, number, pieces, sent, told in db.rows(_REFUNDS, (stock_id,))
    ]


def _stock_moves(db: Database, stock_id: int) -> list[tuple[Move, datetime | None]]:
    found: list[tuple[Move, datetime | None]] = []
    for at, who, kind, pieces, counted, expected, sent, told in db.rows(_MOVES, (stock_id,)):
        if kind == "count":
            move = Move(to_instant(at), Channel.SHELF, who, f"Counted {counted}, expected {expected}", pieces)
        else:
            words = f"{abs(pieces)} held back from the web" if pieces < 0 else f"{pieces} given to the web"
            move = Move(to_instant(at), Channel.SHELF, who, words, 0)
        found.append((replace(move, is_told=bool(told)), to_instant(sent) if sent else None))
    return found


def _decided(db: Database, stock_id: int) -> list[tuple[Move, datetime | None]]:
    """What a person settled by hand, or had told otherwise: its pieces count beside the shop's no more."""
    return [
        (
            Move(
                each.at, Channel.TILL, each.who, f"By hand, {each.number or 'stock'}: {each.why}", each.pieces
            ),
            each.sent_at,
        )
        for each in by_hand(db, stock_id)
    ]


def _orders(db: Database, sealer: Sealer, stock_id: int) -> list[Move]:
    """What web orders took and gave back, oldest first."""
    found: list[Move] = []
    for created, modified, number, customer, status, quantity, reduced, where in db.rows(
        _ORDERS, (stock_id,)
    ):
        channel = Channel(where)
        taken = quantity if status == "cancelled" else reduced
        if not taken:
            continue
        who = sealer.open(customer)
        found.append(Move(to_instant(created), channel, who, f"Order {number}", -taken))
        if status == "cancelled":
            found.append(Move(to_instant(modified), channel, who, f"Order {number} was cancelled", taken))
    return sorted(found, key=lambda move: move.at)


def _explained(readings: Sequence[tuple[datetime, int, int | None]], orders: Sequence[Move]) -> list[Move]:
    """What the shop's count did, by its orders; what they do not explain is odd. Orders after the last reading wait."""
    moves: list[Move] = []
    left = list(orders)
    for read_at, was, became in readings:
        taken = _fitting(left, read_at, (became or 0) - was)
        left = left[len(taken) :]
        moves += taken
        rest = (became or 0) - was - sum(each.change for each in taken)
        if rest:
            why = "Changed in the shop, by no order" if became is not None else "The shop counts it no more"
            moves.append(Move(read_at, Channel.SHOP, "", why, rest, is_odd=True))
    return moves


def _fitting(orders: Sequence[Move], read_at: datetime, change: int) -> list[Move]:
    """The next orders that a reading holds: all before it; around it, as many as explain it best."""
    sure = sum(1 for each in orders if each.at <= read_at - SLOP)
    maybe = sum(1 for each in orders if each.at <= read_at + SLOP)
    likely = sum(1 for each in orders if each.at <= read_at)
    sums = {count: sum(each.change for each in orders[:count]) for count in range(sure, maybe + 1)}
    best = min(sums, key=lambda count: (abs(change - sums[count]), abs(count - likely)))
    return list(orders[:best])
