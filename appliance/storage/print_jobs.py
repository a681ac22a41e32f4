"""Pieces of paper that were wanted, and what became of them."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from peewee import JOIN

from appliance.storage.codec import canonical
from appliance.storage.database import Database, Row
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.instants import to_instant, to_text
from appliance.storage.tables import PrintJobRow, SaleRow


class PrintState(enum.StrEnum):
    """What became of a piece of paper.

    QUEUED: not tried yet. SENDING: on its way, it may come out. SENT: the printer took it, and does not say
    more. PRINTED: the printer says it is done. UNKNOWN: it may have been printed; a second one is marked as
    a copy. FAILED: it did not come out.
    """

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    PRINTED = "printed"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A piece of paper.

    Attributes:
        job_id: its number.
        sale_id: the sale whose receipt it is, None for a report.
        body: what a report says.
        copy: it is marked as a copy.
        state: what became of it.
        wanted_at: when it was asked for (UTC).
        reason: why it did not come out, in a person's words.
    """

    job_id: int
    sale_id: str | None
    body: Mapping[str, Any]
    copy: bool
    state: PrintState
    wanted_at: datetime
    reason: str


_DONE: Final = (PrintState.PRINTED.value, PrintState.SENT.value)
_ALL: Final = (
    PrintJobRow.select(
        PrintJobRow.job_id,
        SaleRow.sale_id,
        PrintJobRow.body,
        PrintJobRow.copy,
        PrintJobRow.state,
        PrintJobRow.wanted_at,
        PrintJobRow.reason,
    )
    .join(SaleRow, JOIN.LEFT_OUTER, on=(SaleRow.seq == PrintJobRow.seq))
    .order_by(PrintJobRow.job_id)
)


_OPEN: Final = """
SELECT p.job_id, s.sale_id, p.body, p.copy, p.state, p.wanted_at, p.reason
FROM print_job AS p INDEXED BY print_job_open LEFT JOIN sale AS s ON s.seq = p.seq
WHERE p.state NOT IN ('printed', 'sent') ORDER BY p.job_id"""
"""One query, and by its partial index: the header asks each second, and a broken printer leaves hundreds open."""


class PrintJobs:
    """The till's print jobs."""

    def __init__(self, db: Database) -> None:
        """Use a connection of the calling thread."""
        self._db = db

    def queue(self, sale_id: str | None, body: Mapping[str, Any], copy: bool, at: datetime) -> int:
        """Ask for a piece of paper; returns its number.

        Raises:
            NoSuchSaleError: there is no such sale.
        """
        with self._db.transaction() as connection:
            row = {"seq": self._seq(sale_id), "body": canonical(body), "copy": int(copy), "state": "queued"}
            self._db.write(PrintJobRow.insert({**row, "wanted_at": to_text(at)}))
            return connection.last_insert_rowid()

    def job(self, job_id: int) -> PrintJob | None:
        """The piece of paper with this number."""
        rows = self._db.ask(_ALL.where(PrintJobRow.job_id == job_id))
        return _job(rows[0]) if rows else None

    def set_state(self, job_id: int, state: PrintState | str, reason: str = "") -> None:
        """Note what became of it."""
        changed = PrintJobRow.update({PrintJobRow.state: PrintState(state).value, PrintJobRow.reason: reason})
        self._db.write(changed.where(PrintJobRow.job_id == job_id))

    def open(self) -> list[PrintJob]:
        """What has not come out, or may not have, oldest first."""
        return [_job(row) for row in self._db.rows(_OPEN)]

    def of_sale(self, sale_id: str) -> list[PrintJob]:
        """All papers of a sale, oldest first."""
        return [_job(row) for row in self._db.ask(_ALL.where(SaleRow.sale_id == sale_id))]

    def recover(self) -> int:
        """At start: what was on its way when the till stopped may have come out; returns how many."""
        changed = PrintJobRow.update({PrintJobRow.state: PrintState.UNKNOWN.value})
        return self._db.write(changed.where(PrintJobRow.state == PrintState.SENDING.value))

    def _seq(self, sale_id: str | None) -> int | None:
        if sale_id is None:
            return None
        rows = self._db.ask(SaleRow.select(SaleRow.seq).where(SaleRow.sale_id == sale_id))
        if not rows:
            raise NoSuchSaleError("This till has no such sale.")
        return int(rows[0][0])


def _job(row: Row) -> PrintJob:
    job_id, sale_id, body, copy, state, wanted_at, reason = row
    return PrintJob(
        job_id, sale_id, json.loads(body), bool(copy), PrintState(state), to_instant(wanted_at), reason
    )
