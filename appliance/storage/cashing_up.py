"""Closing the day, and money that moves without a sale: each one journal entry and one row, in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import apsw

from appliance.domain.cash import CashMoveKind, DayOpenError, check_move
from appliance.domain.report import DayTotals, ZReport
from appliance.domain.staff import Person
from appliance.domain.witness import ClockTrust
from appliance.storage.chain import Entry, Link, Stamp
from appliance.storage.codec import canonical
from appliance.storage.database import Database
from appliance.storage.instants import to_instant
from appliance.storage.journal import Journal
from appliance.storage.report_codec import Z_REPORT, z_from_dict, z_job, z_to_dict
from appliance.storage.totals import totals_of_day

DOUBLE_TAP_MS: Final = 2_000
"""A second Z report so soon, with nothing between, was not meant: the first one comes back."""

_INSERT_MOVE: Final = (
    "INSERT INTO cash_move (seq, kind, amount_minor, reason, person_id) VALUES (?, ?, ?, ?, ?)"
)
_INSERT_Z: Final = (
    "INSERT INTO z_report (seq, number, first_seq, last_seq, sales, total_minor, refunds, refunded_minor, "
    "grand_total_minor, head_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LAST: Final = "SELECT number, seq, grand_total_minor FROM z_report ORDER BY number DESC LIMIT 1"
_KEY: Final = (
    "SELECT body ->> '$.public_key' FROM journal "
    "WHERE kind <> 'sale' AND kind = 'keyed' ORDER BY seq DESC LIMIT 1"
)
_ENTRY: Final = (
    "SELECT j.body, j.seq, j.hash, j.clock FROM z_report AS z "
    "JOIN journal AS j USING (seq) WHERE z.number = ?"
)
_MOMENT: Final = (
    "SELECT z.number, j.boot_id, j.uptime_ms FROM z_report AS z JOIN journal AS j USING (seq) WHERE seq = ?"
)


class CashingUp:
    """The drawer's money and the end of the day."""

    def __init__(self, db: Database, journal: Journal) -> None:
        """Use a connection of the calling thread, and the journal on it."""
        self._db = db
        self._journal = journal

    def float(self, amount_minor: int, reason: str, person: Person, at: datetime) -> int:
        """Note the change that is put into the drawer before selling; the entry's number comes back.

        Raises:
            CashMoveError: no amount.
        """
        return self._move(CashMoveKind.FLOAT, amount_minor, reason, person, at, None)

    def paid_in(self, amount_minor: int, reason: str, person: Person, at: datetime) -> int:
        """Note money that is put into the drawer. Raises as ``float``."""
        return self._move(CashMoveKind.PAID_IN, amount_minor, reason, person, at, None)

    def paid_out(
        self,
        amount_minor: int,
        reason: str,
        person: Person,
        at: datetime,
        approved: Mapping[str, Any] | None = None,
    ) -> int:
        """Note money that is taken out, with what it is for and who allowed it.

        Raises:
            CashMoveError: no amount, or no reason.
        """
        return self._move(CashMoveKind.PAID_OUT, amount_minor, reason, person, at, approved)

    def close_day(self, person: Person, at: datetime, *, print_report: bool = True) -> ZReport:
        """Make the Z report of all entries since the last one. When this returns it is on the disk.

        One transaction: the figures, the journal entry that holds them, its row, and the job that prints it. It
        goes by entry numbers, so it is right whatever the clock says.

        Raises:
            DayOpenError: a sale is in progress.
        """
        with self._db.transaction() as connection:
            stamp = self._journal.stamp(connection, at, Z_REPORT)
            again = self._double_tap(stamp)
            if again is not None:
                return again
            if self._db.one("SELECT 1 FROM draft") is not None:
                raise DayOpenError("A sale is in progress. Finish it or give it up, then close the day.")
            report = self._add_up(stamp, person)
            body = canonical(z_to_dict(report))
            link = stamp.append(connection, Z_REPORT, person.person_id, body)
            connection.execute(_INSERT_Z, _z_row(json.loads(body), link.seq))
            report = replace(report, hash=link.hash)
            if print_report:
                _queue_paper(connection, report, stamp.at)
        return report

    def so_far(self) -> DayTotals:
        """The figures that a Z report would have if it were made now."""
        with self._db.transaction():
            row = self._db.one("SELECT coalesce(max(seq), 0) FROM journal")
            return totals_of_day(self._db, row[0] if row else 0)

    def z_report(self, number: int) -> ZReport | None:
        """A Z report by its number, rebuilt from its journal entry; None if there is none."""
        row = self._db.one(_ENTRY, (number,))
        if row is None:
            return None
        return z_from_dict(json.loads(row[0]), row[1], row[2], row[3] != ClockTrust.UNSET)

    def last_number(self) -> int:
        """The number of the newest Z report, 0 if there is none."""
        row = self._db.one(_LAST)
        return row[0] if row else 0

    def _move(
        self,
        kind: CashMoveKind,
        amount_minor: int,
        reason: str,
        person: Person,
        at: datetime,
        approved: Mapping[str, Any] | None,
    ) -> int:
        kept = check_move(kind, amount_minor, reason)
        body: dict[str, Any] = {"amount_minor": amount_minor, "reason": kept}
        if approved is not None:
            body["approved"] = dict(approved)
        with self._db.transaction() as connection:
            stamp = self._journal.stamp(connection, at, kind)
            link = stamp.append(connection, kind, person.person_id, canonical(body))
            connection.execute(_INSERT_MOVE, (link.seq, kind, amount_minor, kept, person.person_id))
        return link.seq

    def _add_up(self, stamp: Stamp, person: Person) -> ZReport:
        before: Link = stamp.before
        last, key = self._db.one(_LAST), self._db.one(_KEY)
        number, seq, grand_total = last or (0, 0, 0)
        totals = replace(totals_of_day(self._db, before.seq), until=to_instant(stamp.at))
        return ZReport(
            number=number + 1,
            seq=before.seq + 1,
            first_seq=seq + 1,
            last_seq=before.seq,
            totals=totals,
            grand_total_minor=grand_total + totals.total_minor - totals.refunded_minor,
            head_hash=before.hash,
            hash=b"",
            till_name=self._journal.till_name,
            person_name=person.name,
            public_key=bytes.fromhex(key[0]) if key else b"",
            clock_is_set=stamp.clock is not ClockTrust.UNSET,
        )

    def _double_tap(self, stamp: Stamp) -> ZReport | None:
        sql = "SELECT z.number, j.boot_id, j.uptime_ms FROM z_report AS z JOIN journal AS j USING (seq) WHERE seq = ?"
        row = self._db.one(sql, (stamp.before.seq,))
        witness = stamp.witness
        if row is None or row[1] != witness.boot_id or witness.uptime_ms - row[2] > DOUBLE_TAP_MS:
            return None
        return self.z_report(row[0])


def replay_cash(connection: apsw.Connection, entry: Entry) -> None:
    """Rebuild the row of a "float", "paid-in" or "paid-out" entry, for a till that is rebuilt."""
    body = json.loads(entry.body)
    values = (entry.seq, entry.kind, body["amount_minor"], body["reason"], entry.person_id)
    connection.execute(_INSERT_MOVE, values)


def replay_z(connection: apsw.Connection, entry: Entry) -> None:
    """Rebuild the row of a "z-report" entry."""
    connection.execute(_INSERT_Z, _z_row(json.loads(entry.body), entry.seq))


def _z_row(body: Mapping[str, Any], seq: int) -> tuple[Any, ...]:
    names = ("number", "first_seq", "last_seq", "sales", "total_minor", "refunds", "refunded_minor")
    figures = (body[name] for name in (*names, "grand_total_minor"))
    return (seq, *figures, bytes.fromhex(body["head_hash"]))


def _queue_paper(connection: apsw.Connection, report: ZReport, at: str) -> None:
    values = (canonical(z_job(report)), at)
    connection.execute("INSERT INTO print_job (body, state, wanted_at) VALUES (?, 'queued', ?)", values)
