"""Adding up a stretch of the journal, for the X report and the Z report.

A stretch goes by the numbers of entries: no clock that was set can move a sale out of it, or into two.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Final

from appliance.domain.cash import CashMoveKind, CashMoves
from appliance.domain.report import ClerkTotals, DayTotals, TenderTotal
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_text

Span = tuple[int, int]
"""The entries after the first number, up to the second."""

_WITHIN: Final = "seq > ? AND seq <= ?"
_BEFORE: Final = "SELECT seq FROM journal WHERE at < ? ORDER BY seq DESC LIMIT 1"
_LAST_Z: Final = (
    "SELECT z.number, z.seq, j.at FROM z_report AS z JOIN journal AS j USING (seq) ORDER BY seq DESC LIMIT 1"
)

_SALES: Final = f"""
SELECT count(*), coalesce(sum(total_minor), 0), coalesce(sum(change_minor), 0),
    coalesce(sum(rounding_minor), 0), coalesce(sum(voided_lines), 0), coalesce(sum(voided_minor), 0)
FROM sale WHERE {_WITHIN}"""

_RECEIPTS: Final = f"""
SELECT series, number FROM (SELECT seq, series, number FROM sale WHERE {_WITHIN}
    UNION ALL SELECT seq, series, number FROM refund WHERE {_WITHIN}) ORDER BY seq"""

_TAX: Final = """
SELECT l.rate_ppm, max(l.tax_label), sum(l.quantity), sum(l.tax_minor),
    sum(l.quantity * l.unit_price_minor + iif(s.prices_include_tax, 0, l.tax_minor))
FROM sale AS s JOIN sale_line AS l USING (seq) WHERE s.seq > ? AND s.seq <= ?
GROUP BY l.rate_ppm ORDER BY l.rate_ppm DESC"""

_TENDERS: Final = f"""
SELECT kind, count(*), sum(amount_minor) FROM sale_tender WHERE {_WITHIN} GROUP BY kind ORDER BY kind"""

_VOID_SALES: Final = f"""
SELECT count(*) FILTER (WHERE kind = 'void-sale'), coalesce(sum(body ->> '$.lines'), 0),
    coalesce(sum(body ->> '$.amount_minor'), 0)
FROM journal WHERE kind <> 'sale' AND kind IN ('void-sale', 'quantity-lowered') AND {_WITHIN}"""

_REFUND_TAX: Final = f"""
SELECT rate_ppm, max(tax_label), sum(tax_minor), sum(amount_minor)
FROM refund_line WHERE {_WITHIN} GROUP BY rate_ppm ORDER BY rate_ppm DESC"""

_REFUND_TENDERS: Final = f"""
SELECT tender, count(*), sum(total_minor + rounding_minor) FROM refund WHERE {_WITHIN}
GROUP BY tender ORDER BY tender"""

_REFUNDS: Final = f"""
SELECT count(*), coalesce(sum(total_minor), 0), coalesce(sum(rounding_minor), 0) FROM refund WHERE {_WITHIN}"""

_MOVES: Final = f"SELECT kind, count(*), sum(amount_minor) FROM cash_move WHERE {_WITHIN} GROUP BY kind"

_ACTS: Final = {
    "void-sale": "voided_sales",
    "quantity-lowered": "",
    "no-sale": "no_sales",
    "reprint": "reprints",
    "price-changed": "price_changes",
    "tenders-given-back": "payments_back",
    "float": "cash_moves",
    "paid-in": "cash_moves",
    "paid-out": "cash_moves",
}
"""What is counted for a person beside sales and refunds; "" for what only adds to the lines taken off."""

_BY_CLERK: Final = f"""
SELECT person_id, 'sales', count(*), sum(voided_lines), sum(total_minor) FROM sale WHERE {_WITHIN} GROUP BY person_id
UNION ALL SELECT person_id, 'refunds', count(*), 0, sum(total_minor) FROM refund WHERE {_WITHIN} GROUP BY person_id
UNION ALL SELECT person_id, kind, count(*), coalesce(sum(body ->> '$.lines'), 0), 0 FROM journal
    WHERE kind <> 'sale' AND kind IN ({", ".join(f"'{kind}'" for kind in _ACTS)}) AND {_WITHIN}
    GROUP BY person_id, kind"""

_NAMES: Final = f"""
SELECT person_id, name FROM person
UNION ALL SELECT person_id, person_name FROM
    (SELECT person_id, person_name, max(seq) FROM sale WHERE {_WITHIN} GROUP BY person_id)"""


def totals(db: Database, since: datetime) -> DayTotals:
    """All that was written since the last Z report; before the first one, since an instant."""
    with db.transaction():
        if db.one(_LAST_Z) is not None:
            return totals_of_day(db, _head(db))
        before = db.one(_BEFORE, (to_text(since),))
        return _add_up(db, (before[0] if before else 0, _head(db)), since, 0)


def totals_of_day(db: Database, last_seq: int) -> DayTotals:
    """What a Z report covers that is made after an entry: all from the last Z on, or from the beginning."""
    last = db.one(_LAST_Z)
    if last is not None:
        return _add_up(db, (last[1], last_seq), to_instant(last[2]), last[0])
    first = db.one("SELECT at FROM journal ORDER BY seq LIMIT 1")
    return _add_up(db, (0, last_seq), to_instant(first[0]) if first else db.now(), 0)


def _add_up(db: Database, span: Span, since: datetime, after_z: int) -> DayTotals:
    """Read it all in the transaction that is open: the parts agree with each other."""
    ((sales, total, change, rounding, voided, voided_minor),) = db.rows(_SALES, span)
    ((void_sales, void_lines, void_minor),) = db.rows(_VOID_SALES, span)
    tax, receipts = db.rows(_TAX, span), db.rows(_RECEIPTS, span * 2)
    ((refunds, refunded, refund_rounding),) = db.rows(_REFUNDS, span)
    ((unsent,),) = db.rows("SELECT count(*) FROM outbox WHERE state <> 'sent'")
    ((held,),) = db.rows("SELECT count(*) FROM held_sale")
    ((unclocked,),) = db.rows(f"SELECT count(*) FROM journal WHERE clock = 'unset' AND {_WITHIN}", span)
    return DayTotals(
        since=since,
        until=db.now(),
        sales=sales,
        items=sum(row[2] for row in tax),
        total_minor=total,
        tax=tuple(TaxTotal(rate, label, gross - part, part, gross) for rate, label, _, part, gross in tax),
        tenders=_by_tender(db.rows(_TENDERS, span)),
        change_minor=change,
        rounding_minor=rounding,
        voided_lines=voided + void_lines,
        voided_minor=voided_minor + void_minor,
        voided_sales=void_sales,
        first_receipt=_receipt(receipts[:1]),
        last_receipt=_receipt(receipts[-1:]),
        unsent=unsent,
        refunds=refunds,
        refunded_minor=refunded,
        refund_rounding_minor=refund_rounding,
        refund_tax=tuple(
            TaxTotal(rate, label, gross - part, part, gross)
            for rate, label, part, gross in db.rows(_REFUND_TAX, span)
        ),
        refund_tenders=_by_tender(db.rows(_REFUND_TENDERS, span)),
        moves=_moves(db.rows(_MOVES, span)),
        clerks=_clerks(db, span),
        held=held,
        unclocked=unclocked,
        after_z=after_z,
    )


def _clerks(db: Database, span: Span) -> tuple[ClerkTotals, ...]:
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for person_id, what, count, lines, amount in db.rows(_BY_CLERK, span * 3):
        figures = found[person_id]
        for name, more in ((_ACTS.get(what, what), count), ("voided_lines", lines)):
            if name:
                figures[name] = figures.get(name, 0) + more
        if what in ("sales", "refunds"):
            figures["total_minor" if what == "sales" else "refunded_minor"] = amount
    names: dict[int, str] = dict(db.rows(_NAMES, span)) if found else {}
    return tuple(ClerkTotals(names.get(each, f"No. {each}"), **found[each]) for each in sorted(found))


def _moves(rows: list[Row]) -> CashMoves:
    found = {CashMoveKind(kind): (count, amount) for kind, count, amount in rows}
    none = (0, 0)
    return CashMoves(
        *found.get(CashMoveKind.FLOAT, none),
        *found.get(CashMoveKind.PAID_IN, none),
        *found.get(CashMoveKind.PAID_OUT, none),
    )


def _by_tender(rows: list[Row]) -> dict[TenderKind, TenderTotal]:
    return {TenderKind(kind): TenderTotal(count, amount) for kind, count, amount in rows}


def _receipt(rows: list[Row]) -> str:
    return "".join(f"{series}-{number:06d}" for series, number in rows)


def _head(db: Database) -> int:
    row = db.one("SELECT max(seq) FROM journal")
    return int(row[0] or 0) if row else 0
