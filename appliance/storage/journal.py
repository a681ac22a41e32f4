"""The journal: what happened, written once. Completing a sale is here, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import apsw

from appliance.domain.report import DayTotals
from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.domain.tender import CompletedSale, Payment, check_completable
from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.storage import chain
from appliance.storage.codec import canonical, completed_from_text, completed_to_text, sale_to_dict
from appliance.storage.database import Database, fetched
from appliance.storage.errors import NoSealError, NoSuchSaleError, SaleExistsError
from appliance.storage.identity import TillIdentity
from appliance.storage.instants import to_instant, to_text
from appliance.storage.sale_rows import (
    INSERT_LINE,
    INSERT_SALE,
    INSERT_TENDER,
    INSERT_UNTOLD,
    parts_of,
    sale_row,
    tender_rows,
)
from appliance.storage.totals import totals

VOID_SALE: Final = "void-sale"
_AT_ONCE: Final = 1_000
_HASH: Final = 9
"""Where the hash stands in a row of ``chain.ENTRIES``."""
_OF_KEYS: Final = "kind <> 'sale' AND kind = 'keyed'"
_LAST_KEY: Final = f"SELECT body ->> '$.public_key' FROM journal WHERE {_OF_KEYS} ORDER BY seq DESC LIMIT 1"
_NEXT_NUMBER: Final = (
    "SELECT 1 + max(coalesce((SELECT max(number) FROM sale WHERE series = ?), 0), "
    "coalesce((SELECT max(number) FROM refund WHERE series = ?), 0))"
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """A sale that is on the disk.

    Attributes:
        completed: what the receipt says.
        job_id: the print job, None if no receipt was wanted.
        hash_hex: the journal entry's hash.
    """

    completed: CompletedSale
    job_id: int | None
    hash_hex: str


class Journal:
    """Everything that happened at this till, in order and without gaps."""

    def __init__(
        self, db: Database, identity: TillIdentity, till_name: str = "", seal: Seal | None = None
    ) -> None:
        """Use a connection of the calling thread.

        Args:
            db: the connection.
            identity: gives the receipt series.
            till_name: as on the receipt; "Till" and the series without one.
            seal: signs what is written; None for a journal that is only read.
        """
        self._db = db
        self._seal = seal
        self.series = identity.series
        self.till_name = till_name or f"Till {identity.series}"

    def record(
        self,
        sale: Sale,
        payment: Payment,
        person: Person,
        at: datetime,
        *,
        print_receipt: bool = True,
        sold_at: datetime | None = None,
    ) -> Recorded:
        """Complete a sale. When this returns it is on the disk, and nothing later can undo it.

        One transaction and one sync: journal entry, receipt number, sale, lines, tenders, what the shop must
        hear, the receipt to print; and the draft is gone. ``sold_at`` is when a sale from paper was made.

        Raises:
            DomainError: the sale is empty or not paid.
            SaleExistsError: it was completed before.
            StorageError: the disk refused; nothing was written and the draft is still there.
        """
        check_completable(sale, payment)
        with self._db.transaction() as connection:
            stamp = self.stamp(connection, at)
            number = self.next_number(connection)
            completed = CompletedSale(
                sale=sale,
                payment=payment,
                receipt_number=f"{self.series}-{number:06d}",
                completed_at=to_instant(stamp.at),
                cashier_id=person.person_id,
                cashier_name=person.name,
                till_name=self.till_name,
                clock_is_set=stamp.clock is not ClockTrust.UNSET,
                sold_at=sold_at,
            )
            link = stamp.append(connection, chain.SALE, person.person_id, completed_to_text(completed))
            cursor = connection.cursor()  # one for all: it saves a sale some microseconds
            self._insert(cursor, completed, link.seq, number)
            cursor.execute("INSERT INTO outbox (seq, state) VALUES (?, 'due')", (link.seq,))
            job_id = self._queue_receipt(cursor, link.seq, completed) if print_receipt else None
            cursor.execute("DELETE FROM draft WHERE sale_id = ?", (sale.sale_id,))
        return Recorded(completed, job_id, link.hash.hex())

    def stamp(self, connection: apsw.Connection, at: datetime, kind: str = chain.SALE) -> chain.Stamp:
        """The moment of the next entry, within the transaction that is open.

        Raises:
            NoSealError: this journal is only read.
        """
        if self._seal is None:
            raise NoSealError("This journal was opened to be read.")
        return chain.Stamp(connection, at, self._seal, kind)

    def witness(self) -> Witness:
        """What is known about this moment beside the wall clock.

        Raises:
            NoSealError: this journal is only read.
        """
        if self._seal is None:
            raise NoSealError("This journal was opened to be read.")
        return self._seal.witness()

    def note(self, kind: str, person_id: int, at: datetime, body: Mapping[str, Any] | None = None) -> int:
        """Write that something happened ("sign-in", "no-sale"); returns the entry's number."""
        with self._db.transaction() as connection:
            link = self.stamp(connection, at, kind).append(connection, kind, person_id, canonical(body or {}))
        return link.seq

    def introduce_key(self, at: datetime) -> None:
        """Name the key that signs from here on, if it is a new one; each program does so when it starts."""
        with self._db.transaction() as connection:
            stamp = self.stamp(connection, at, chain.KEYED)
            last = self._db.one(_LAST_KEY)
            key = self._seal.public_key.hex() if self._seal else ""
            if last is None or last[0] != key:
                stamp.append(connection, chain.KEYED, 0, canonical({"public_key": key}))

    def void_sale(
        self, sale: Sale, person_id: int, at: datetime, more: Mapping[str, Any] | None = None
    ) -> int:
        """Write that a sale was given up, and forget its draft, in one transaction; ``more`` is noted with it.

        Lines taken off before count too: else a sale emptied line by line would show in no figure.
        """
        amount = sale.total_minor + sum(map(sale.line_gross_minor, sale.voided))
        body = {
            "lines": len(sale.lines) + len(sale.voided),
            "amount_minor": amount,
            "sale": sale_to_dict(sale),
        }
        body |= more or {}
        with self._db.transaction() as connection:
            connection.execute("DELETE FROM draft WHERE sale_id = ?", (sale.sale_id,))
            return self.note(VOID_SALE, person_id, at, body)

    def sale(self, sale_id: str) -> CompletedSale:
        """A completed sale, rebuilt from its journal entry.

        Raises:
            NoSuchSaleError: there is none.
        """
        found = self._read("WHERE s.sale_id = ?", (sale_id,))
        if not found:
            raise NoSuchSaleError("This till has no such sale.")
        return found[0]

    def by_receipt(self, text: str) -> CompletedSale | None:
        """The sale with a receipt number such as "T1-000123", None if this till has none."""
        series, _, number = text.strip().upper().rpartition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            return None
        found = self._read("WHERE s.series = ? AND s.number = ?", (series, int(number)))
        return found[0] if found else None

    def last(self, limit: int) -> list[CompletedSale]:
        """The newest sales, newest first."""
        return self._read("ORDER BY s.seq DESC LIMIT ?", (limit,))

    def chain_code(self, sale_id: str) -> str:
        """The short form of a sale's hash, as on its receipt: "7F3A 91C2 5D0E".

        Raises:
            NoSuchSaleError: there is none.
        """
        sql = "SELECT j.hash FROM sale AS s JOIN journal AS j USING (seq) WHERE s.sale_id = ?"
        row = self._db.one(sql, (sale_id,))
        if row is None:
            raise NoSuchSaleError("This till has no such sale.")
        return chain.code(row[0])

    def verify(self) -> int | None:
        """The number of the first journal entry that was changed, None if all are as they were written."""
        before = chain.Link(0, chain.FIRST)
        while entries := self._db.rows(
            f"{chain.ENTRIES} WHERE seq > ? ORDER BY seq LIMIT ?", (before.seq, _AT_ONCE)
        ):
            broken = chain.first_broken(entries, before)
            if broken is not None:
                return broken
            before = chain.Link(entries[-1][0], entries[-1][_HASH])
        return None

    def totals(self, since: datetime) -> DayTotals:
        """All since the last Z report, for the X report; before the first Z report, since an instant."""
        return totals(self._db, since)

    def next_number(self, connection: apsw.Connection) -> int:
        """The receipt number that comes next in this till's series, within the transaction that is open."""
        return int(fetched(connection.execute(_NEXT_NUMBER, (self.series, self.series)))[0][0])

    def _insert(self, cursor: apsw.Cursor, completed: CompletedSale, seq: int, number: int) -> None:
        parts = parts_of(completed.sale)
        try:
            cursor.execute(INSERT_SALE, sale_row(completed, parts, seq, self.series, number))
        except apsw.ConstraintError as error:
            if "sale.sale_id" in str(error):
                raise SaleExistsError("This sale was completed already.") from error
            raise
        cursor.executemany(INSERT_LINE, [(seq, *values) for values in parts.lines])
        cursor.executemany(INSERT_TENDER, tender_rows(completed.payment, seq))
        cursor.executemany(INSERT_UNTOLD, [(stock_id, seq, pieces) for stock_id, pieces in parts.untold])

    def _queue_receipt(self, cursor: apsw.Cursor, seq: int, completed: CompletedSale) -> int:
        sql = "INSERT INTO print_job (seq, state, wanted_at) VALUES (?, 'queued', ?)"
        cursor.execute(sql, (seq, to_text(completed.completed_at)))
        return cursor.connection.last_insert_rowid()

    def _read(self, condition: str, values: tuple[Any, ...]) -> list[CompletedSale]:
        sql = f"SELECT j.body FROM sale AS s JOIN journal AS j USING (seq) {condition}"
        return [completed_from_text(row[0]) for row in self._db.rows(sql, values)]
