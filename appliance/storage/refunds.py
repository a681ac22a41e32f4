"""Refunds: money back, in one transaction with its number, its journal entry and its paper.

A refund takes its receipt number from the same row as sales. Its journal entry holds all of it: the rows are made
from the entry's body, here and in a till that is rebuilt, by the same lines. Goods that come back count on the shelf
at once, unless they are damaged, and in the shop when it has heard.

Each refund has a row of the refund outbox. Where there is no order that it could be told to (no receipt; or its sale
was settled by hand), that row is done from the start, and the shop hears of the pieces by a stock move.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import apsw

from appliance.domain.approval import Approval
from appliance.domain.refund import CompletedRefund, Refund, Refundable, Returned
from appliance.domain.staff import Person
from appliance.domain.tender import CompletedSale, TenderKind
from appliance.domain.witness import ClockTrust
from appliance.storage import chain
from appliance.storage.codec import canonical
from appliance.storage.database import Database, fetched
from appliance.storage.errors import NoSuchRefundError
from appliance.storage.instants import to_instant
from appliance.storage.journal import Journal
from appliance.storage.move_rows import goes_back, insert_return
from appliance.storage.refund_codec import LINE_FIELDS, refund_from_dict, refund_to_dict
from appliance.storage.untold_moves import add_untold

REFUND: Final = "refund"
_INSERT: Final = (
    "INSERT INTO refund (seq, refund_id, of_seq, series, number, completed_at, person_id, approved_by, total_minor, "
    "tax_minor, rounding_minor, tender, reason) "
    "VALUES (?, ?, (SELECT seq FROM sale WHERE sale_id = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_INSERT_LINE: Final = (
    f"INSERT INTO refund_line (seq, position, {', '.join(LINE_FIELDS)}, restock) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_IS_SETTLED: Final = (
    "SELECT 1 FROM sale AS s JOIN outbox AS o USING (seq) "
    "WHERE s.sale_id = ? AND o.settled_seq IS NOT NULL AND o.order_id IS NULL"
)
_INSERT_DUE: Final = "INSERT INTO refund_outbox (seq, state, posted_at) VALUES (?, 'due', ?)"
_INSERT_DONE: Final = (
    "INSERT INTO refund_outbox (seq, state, sent_at, checked_at) VALUES (?1, 'sent', ?2, ?2)"
)
_RETURNED: Final = """
SELECT l.of_position, sum(l.quantity), sum(l.amount_minor), sum(l.tax_minor), max(r.completed_at)
FROM sale AS s JOIN refund AS r ON r.of_seq = s.seq JOIN refund_line AS l ON l.seq = r.seq
WHERE s.sale_id = ? AND l.of_position IS NOT NULL GROUP BY l.of_position"""
_IN_CASH: Final = """
SELECT coalesce(sum(r.total_minor), 0), coalesce(sum(r.total_minor + r.rounding_minor), 0)
FROM sale AS s JOIN refund AS r ON r.of_seq = s.seq WHERE s.sale_id = ? AND r.tender = 'cash'"""


@dataclass(frozen=True, slots=True)
class RecordedRefund:
    """A refund that is on the disk; ``job_id`` is its paper's, 0 without one, ``hash_hex`` its journal entry's hash."""

    completed: CompletedRefund
    job_id: int
    hash_hex: str


class Refunds:
    """The refunds of this till."""

    def __init__(self, db: Database, journal: Journal, *, has_paper: bool = True) -> None:
        """Use a connection of the calling thread; without paper where nobody is handed one."""
        self._db = db
        self._journal = journal
        self._has_paper = has_paper

    def find(self, receipt_number: str) -> Refundable | None:
        """The sale with a receipt number, and what has come back of it; None if this till has none."""
        completed = self._journal.by_receipt(receipt_number)
        return None if completed is None else self._refundable(completed)

    def refundable(self, sale_id: str) -> Refundable:
        """The same by the sale's id.

        Raises:
            NoSuchSaleError: there is none.
        """
        return self._refundable(self._journal.sale(sale_id))

    def _refundable(self, completed: CompletedSale) -> Refundable:
        sale_id = (completed.sale.sale_id,)
        with self._db.transaction():
            rows = self._db.rows(_RETURNED, sale_id)
            returned = {row[0]: Returned(row[1], row[2], row[3], to_instant(row[4])) for row in rows}
            ((total, paid),) = self._db.rows(_IN_CASH, sale_id)
        return Refundable(completed, returned, total, paid)

    def record(
        self,
        refund: Refund,
        tender: TenderKind,
        reason: str,
        person: Person,
        at: datetime,
        *,
        reference: str = "",
        rounding_minor: int = 0,
        approval: Approval | None = None,
    ) -> RecordedRefund:
        """Give money back. When this returns it is on the disk.

        Args:
            refund: what comes back.
            tender: how the money goes; reference and rounding_minor: as in CompletedRefund.
            reason: why.
            person: who is signed in.
            at: now.
            approval: a manager's word.

        Raises:
            StorageError: the file refused; nothing was written. It refuses more of a line than was sold.
        """
        with self._db.transaction() as connection:
            stamp = self._journal.stamp(connection, at, REFUND)
            number = self._journal.next_number(connection)
            completed = CompletedRefund(
                refund=refund,
                tender=tender,
                reference=reference,
                rounding_minor=rounding_minor,
                reason=reason,
                approval=approval,
                receipt_number=f"{self._journal.series}-{number:06d}",
                completed_at=to_instant(stamp.at),
                cashier_id=person.person_id,
                cashier_name=person.name,
                till_name=self._journal.till_name,
                clock_is_set=stamp.clock is not ClockTrust.UNSET,
            )
            body = refund_to_dict(completed)
            link = stamp.append(connection, REFUND, person.person_id, canonical(body))
            _insert(connection, link.seq, body)
            code = chain.code(link.hash)
            job_id = _queue_paper(connection, body, code, stamp.at) if self._has_paper else 0
        return RecordedRefund(completed, job_id, link.hash.hex())

    def by_receipt(self, receipt_number: str) -> CompletedRefund | None:
        """The refund with a number such as "T1-000124", None if this till has none."""
        series, _, number = receipt_number.strip().upper().rpartition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            return None
        return self._one("r.series = ? AND r.number = ?", (series, int(number)))

    def get(self, refund_id: str) -> CompletedRefund:
        """One of them.

        Raises:
            NoSuchRefundError: this till has none of that name.
        """
        found = self._one("r.refund_id = ?", (refund_id,))
        if found is None:
            raise NoSuchRefundError("This till has no such refund.")
        return found

    def _one(self, condition: str, values: tuple[object, ...]) -> CompletedRefund | None:
        sql = f"SELECT j.body FROM refund AS r JOIN journal AS j USING (seq) WHERE {condition}"
        found = self._db.one(sql, values)
        return refund_from_dict(json.loads(found[0])) if found else None


def replay_refund(connection: apsw.Connection, entry: chain.Entry) -> None:
    """Make the rows of a refund again from its journal entry, for a till that is rebuilt. Nothing is printed again.

    The shop may have heard of it: it is looked for before it is told.
    """
    _insert(connection, entry.seq, json.loads(entry.body), posted_at=entry.at)


def _insert(
    connection: apsw.Connection, seq: int, body: Mapping[str, Any], posted_at: str | None = None
) -> None:
    series, _, number = body["receipt"].rpartition("-")
    approved, of = body.get("approved"), body["of"]
    values = (
        seq,
        body["id"],
        of["sale_id"] if of else None,
        series,
        int(number),
        body["completed_at"],
        body["cashier"]["id"],
        approved["by"] if approved else None,
        body["total_minor"],
        body["tax_minor"],
        body["rounding_minor"],
        body["tender"],
        body["reason"],
    )
    connection.execute(_INSERT, values)
    lines = [
        (seq, position, *(line[name] for name in LINE_FIELDS), int(line.get("restock", True)))
        for position, line in enumerate(body["lines"], 1)
    ]
    connection.executemany(_INSERT_LINE, lines)
    pieces = [(line["stock_id"], line["quantity"]) for line in body["lines"] if goes_back(line)]
    add_untold(connection, seq, pieces)
    if of and not fetched(connection.execute(_IS_SETTLED, (of["sale_id"],))):
        connection.execute(_INSERT_DUE, (seq, posted_at))
    else:
        connection.execute(_INSERT_DONE, (seq, body["completed_at"]))
        insert_return(connection, seq, body, posted_at)


def _queue_paper(connection: apsw.Connection, body: Mapping[str, Any], chain_code: str, at: str) -> int:
    paper = canonical({"kind": REFUND, "refund": body, "chain_code": chain_code})
    connection.execute("INSERT INTO print_job (body, state, wanted_at) VALUES (?, 'queued', ?)", (paper, at))
    return connection.last_insert_rowid()
