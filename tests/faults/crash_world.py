"""What the till has promised, and what its file says: two worlds that must agree after every power cut.

A :class:`World` is built twice, by ways that share nothing: step by step from what the activities returned
(``crash_lived``), and read back from a crash state by the real code (:func:`read_world`). Beside it
:func:`broken_rules` holds a file against rules of its own, whatever was promised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Final

from appliance.domain.sale import Sale
from appliance.domain.tender import CompletedSale, Payment
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.errors import StorageError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal

EVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far the telling of a sale has come."""

    state: str = "due"
    posted: bool = False
    order_id: int | None = None
    committing: bool = False
    attempts: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class World:
    """All that a till may not forget.

    Attributes:
        sales: completed sales in their order.
        draft: the sale in progress and what was paid towards it.
        kinds: the kinds of all journal entries, in order.
        marks: how far the telling of each sale has come.
        jobs: each piece of paper: whose receipt, and what became of it.
        on_hand: pieces left of each counted product.
        prices: of each product.
        cursor: how far the catalogue was read.
        held: sales set aside.
        refunds, moves, closings: rows of refunds, of cash in and out, of Z reports.
    """

    sales: tuple[CompletedSale, ...] = ()
    draft: tuple[Sale, Payment | None] | None = None
    kinds: tuple[str, ...] = ()
    marks: Mapping[str, Mark] = field(default_factory=dict)
    jobs: tuple[tuple[str | None, str], ...] = ()
    on_hand: Mapping[int, int | None] = field(default_factory=dict)
    prices: Mapping[int, int] = field(default_factory=dict)
    cursor: str | None = None
    held: frozenset[str] = frozenset()
    refunds: tuple[tuple[Any, ...], ...] = ()
    moves: tuple[tuple[Any, ...], ...] = ()
    closings: tuple[tuple[Any, ...], ...] = ()

    def note(self, *kinds: str) -> World:
        """With further journal entries."""
        return replace(self, kinds=(*self.kinds, *kinds))


def differences(found: World, wanted: World) -> list[str]:
    """What a till forgot or made up, a few words for each part that differs."""
    said = []
    if found.sales != wanted.sales:
        have, want = (_by_receipt(world.sales) for world in (found, wanted))
        said += [f"sale {number} is lost" for number in want.keys() - have.keys()]
        said += [f"sale {number} was never made" for number in have.keys() - want.keys()]
        said += [
            f"sale {number} is another"
            for number in have.keys() & want.keys()
            if have[number] != want[number]
        ]
    for part in fields(World):
        if part.name != "sales" and getattr(found, part.name) != getattr(wanted, part.name):
            said.append(
                f"{part.name}: {_short(getattr(found, part.name))}, not {_short(getattr(wanted, part.name))}"
            )
    return said


def _by_receipt(sales: Iterable[CompletedSale]) -> dict[str, CompletedSale]:
    return {each.receipt_number: each for each in sales}


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:40]}...{text[-75:]}"


def read_world(db: Database) -> World:
    """What a till's file says, read by the till's own code."""
    if not Identity(db).exists():
        return World()
    journal, draft, catalogue = Journal(db, Identity(db).get()), Drafts(db).load(), Catalogue(db, db.now)
    counted = [catalogue.get(product_id) for product_id in sorted(catalogue.product_ids())]
    marks = db.rows(
        "SELECT s.sale_id, o.state, o.posted_at IS NOT NULL, o.order_id, o.committing_at IS NOT NULL, "
        "o.attempts, o.reason FROM outbox AS o JOIN sale AS s USING (seq)"
    )
    return World(
        sales=tuple(reversed(journal.last(1_000_000))),
        draft=None if draft is None else (draft.sale, draft.payment),
        kinds=tuple(row[0] for row in db.rows("SELECT kind FROM journal ORDER BY seq")),
        marks={row[0]: Mark(row[1], bool(row[2]), row[3], bool(row[4]), row[5], row[6]) for row in marks},
        jobs=tuple(
            db.rows(
                "SELECT s.sale_id, p.state FROM print_job AS p LEFT JOIN sale AS s USING (seq) ORDER BY job_id"
            )
        ),
        on_hand={each.product_id: each.on_hand for each in counted if each is not None},
        prices={each.product_id: each.price_minor for each in counted if each is not None},
        cursor=ShopFacts(db).cursor(),
        held=frozenset(row[0] for row in db.rows("SELECT sale_id FROM held_sale")),
        refunds=tuple(db.rows("SELECT refund_id, series, number, total_minor FROM refund ORDER BY seq")),
        moves=tuple(db.rows("SELECT kind, amount_minor, reason FROM cash_move ORDER BY seq")),
        closings=tuple(
            db.rows("SELECT number, sales, total_minor, refunds, refunded_minor FROM z_report ORDER BY seq")
        ),
    )


_RULES: Final = (
    (
        "a sale without its rows in the journal",
        "SELECT seq FROM journal WHERE kind = 'sale' EXCEPT SELECT seq FROM sale",
    ),
    (
        "a sale that the journal does not know",
        "SELECT seq FROM sale EXCEPT SELECT seq FROM journal WHERE kind = 'sale'",
    ),
    ("a sale without an outbox row", "SELECT seq FROM sale EXCEPT SELECT seq FROM outbox"),
    ("a sale without a receipt to print", "SELECT seq FROM sale EXCEPT SELECT seq FROM print_job"),
    ("a draft of a completed sale", "SELECT sale_id FROM draft INTERSECT SELECT sale_id FROM sale"),
    (
        "a draft of a sale that was set aside",
        "SELECT sale_id FROM draft INTERSECT SELECT sale_id FROM held_sale",
    ),
    (
        "a completed sale that is still set aside",
        "SELECT sale_id FROM held_sale INTERSECT SELECT sale_id FROM sale",
    ),
    (
        "receipt numbers with a gap or twice",
        "SELECT series FROM (SELECT series, number FROM sale UNION ALL SELECT series, number FROM refund) "
        "GROUP BY series HAVING count(DISTINCT number) <> count(*) OR max(number) <> count(*) OR min(number) <> 1",
    ),
    (
        "lines that do not make the total",
        "SELECT s.seq FROM sale AS s LEFT JOIN sale_line AS l USING (seq) GROUP BY s.seq HAVING s.total_minor <> "
        "coalesce(sum(l.quantity * l.unit_price_minor + iif(s.prices_include_tax, 0, l.tax_minor)), -1)",
    ),
    (
        "lines whose tax does not make the total's",
        "SELECT s.seq FROM sale AS s LEFT JOIN sale_line AS l USING (seq) GROUP BY s.seq "
        "HAVING s.tax_minor <> coalesce(sum(l.tax_minor), -1)",
    ),
    (
        "tenders that do not make the total",
        "SELECT s.seq FROM sale AS s LEFT JOIN sale_tender AS t USING (seq) GROUP BY s.seq HAVING "
        "s.total_minor + s.rounding_minor <> coalesce(sum(t.amount_minor), 0) "
        "OR s.change_minor <> coalesce(sum(t.given_minor - t.amount_minor), 0)",
    ),
    (
        "untold pieces that are not those of the untold sales",
        "SELECT stock_id, seq, quantity FROM untold_stock EXCEPT {untold} "
        "UNION ALL SELECT * FROM ({untold} EXCEPT SELECT stock_id, seq, quantity FROM untold_stock)",
    ),
    (
        "refund lines that do not make the refund",
        "SELECT r.seq FROM refund AS r LEFT JOIN refund_line AS l USING (seq) GROUP BY r.seq "
        "HAVING r.total_minor <> coalesce(sum(l.amount_minor), -1)",
    ),
    ("a refund without an outbox row", "SELECT seq FROM refund EXCEPT SELECT seq FROM refund_outbox"),
    (
        "a Z report whose figures are not those of its entries",
        "SELECT z.seq FROM z_report AS z WHERE z.sales <> (SELECT count(*) FROM sale AS s WHERE s.seq BETWEEN "
        "z.first_seq AND z.last_seq) OR z.total_minor <> (SELECT coalesce(sum(total_minor), 0) FROM sale AS s "
        "WHERE s.seq BETWEEN z.first_seq AND z.last_seq) OR z.refunded_minor <> (SELECT coalesce(sum(total_minor), 0) "
        "FROM refund AS r WHERE r.seq BETWEEN z.first_seq AND z.last_seq)",
    ),
    (
        "a Z report without its rows",
        "SELECT seq FROM journal WHERE kind = 'z-report' EXCEPT SELECT seq FROM z_report",
    ),
)
_UNTOLD: Final = (
    "SELECT l.stock_id, l.seq, sum(l.quantity) FROM sale_line AS l JOIN outbox AS o USING (seq) "
    "WHERE o.order_id IS NULL AND l.stock_id IS NOT NULL GROUP BY l.stock_id, l.seq"
)


_SINCE_Z: Final = (
    "SELECT count(*), coalesce(sum(total_minor), 0) FROM sale "
    "WHERE seq > coalesce((SELECT max(seq) FROM z_report), 0)"
)


def broken_rules(db: Database) -> list[str]:
    """What is wrong with a till's file by itself: damage, torn sales, numbers, sums, stock, chain."""
    whole = db.rows("PRAGMA integrity_check")
    if whole != [("ok",)]:
        return [f"the file is damaged: {whole[:3]}"]
    try:
        db.check()
    except StorageError as error:
        return [f"the till's own check: {error} {error.__notes__}"]
    said = [what for what, sql in _RULES if db.rows(sql.replace("{untold}", _UNTOLD))]
    if Identity(db).exists():
        journal = Journal(db, Identity(db).get())
        broken = journal.verify()
        if broken is not None:
            said.append(f"the chain is broken at {broken}")
        sold = journal.totals(EVER)
        ((count, total),) = db.rows(_SINCE_Z)
        if (sold.sales, sold.total_minor) != (count, total):
            said.append("the report's total is not that of the sales")
    return said


Read = Callable[[Database], World]
