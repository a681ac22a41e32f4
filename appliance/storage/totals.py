"""Adding up what was sold, for the X report."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from appliance.domain.report import DayTotals, TenderTotal
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.storage.database import Database
from appliance.storage.instants import to_text

_SALES: Final = """
SELECT count(*), coalesce(sum(total_minor), 0), coalesce(sum(change_minor), 0),
    coalesce(sum(rounding_minor), 0), coalesce(sum(voided_lines), 0), coalesce(sum(voided_minor), 0), min(seq), max(seq)
FROM sale WHERE completed_at >= ?"""

_TAX: Final = """
SELECT l.rate_ppm, max(l.tax_label), sum(l.quantity), sum(l.tax_minor),
    sum(l.quantity * l.unit_price_minor + iif(s.prices_include_tax, 0, l.tax_minor))
FROM sale AS s JOIN sale_line AS l USING (seq) WHERE s.completed_at >= ?
GROUP BY l.rate_ppm ORDER BY l.rate_ppm DESC"""

_TENDERS: Final = """
SELECT t.kind, count(*), sum(t.amount_minor)
FROM sale AS s JOIN sale_tender AS t USING (seq) WHERE s.completed_at >= ? GROUP BY t.kind ORDER BY t.kind"""

_VOID_SALES: Final = """
SELECT count(*), coalesce(sum(body ->> '$.lines'), 0), coalesce(sum(body ->> '$.amount_minor'), 0)
FROM journal WHERE kind = 'void-sale' AND at >= ?"""


def totals(db: Database, since: datetime) -> DayTotals:
    """All sales completed since an instant, read in one transaction: the parts agree with each other."""
    start = (to_text(since),)
    with db.transaction():
        ((sales, total, change, rounding, voided, voided_minor, first, last),) = db.rows(_SALES, start)
        tax = db.rows(_TAX, start)
        tenders = db.rows(_TENDERS, start)
        ((void_sales, void_lines, void_minor),) = db.rows(_VOID_SALES, start)
        ((unsent,),) = db.rows("SELECT count(*) FROM outbox WHERE state <> 'sent'")
        first_receipt, last_receipt = _receipt(db, first), _receipt(db, last)
    return DayTotals(
        since=since,
        until=db.now(),
        sales=sales,
        items=sum(row[2] for row in tax),
        total_minor=total,
        tax=tuple(TaxTotal(rate, label, gross - part, part, gross) for rate, label, _, part, gross in tax),
        tenders={TenderKind(kind): TenderTotal(count, amount) for kind, count, amount in tenders},
        change_minor=change,
        rounding_minor=rounding,
        voided_lines=voided + void_lines,
        voided_minor=voided_minor + void_minor,
        voided_sales=void_sales,
        first_receipt=first_receipt,
        last_receipt=last_receipt,
        unsent=unsent,
    )


def _receipt(db: Database, seq: int | None) -> str:
    row = db.one("SELECT series, number FROM sale WHERE seq = ?", (seq,)) if seq is not None else None
    return "" if row is None else f"{row[0]}-{row[1]:06d}"
