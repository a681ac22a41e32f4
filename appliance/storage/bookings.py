"""Bookings: the sales of a list from paper, all of them or none, each recorded as a scanned sale is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appliance.domain.approval import Approval
from appliance.domain.refund import Refund, Refundable
from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.domain.tender import CompletedSale, Payment, TenderKind
from appliance.storage.database import Database, Row
from appliance.storage.instants import to_instant, to_text
from appliance.storage.journal import Journal
from appliance.storage.refunds import RecordedRefund, Refunds

BOOKED: Final = "booked"
"""Kind of the entry that follows the sales of a list, and says which they are."""
_BOOKED: Final = "SELECT seq, at, person_id, body FROM journal WHERE kind <> 'sale' AND kind = 'booked' "
_SINCE: Final = f"{_BOOKED} AND at >= ? ORDER BY seq DESC"
_WITH: Final = f"{_BOOKED} AND EXISTS (SELECT 1 FROM json_each(body, '$.receipts') AS r WHERE r.value = ?)"


@dataclass(frozen=True, slots=True)
class Booked:
    """A list that is in the books.

    Attributes:
        text: the list, as everybody would write it (``domain.booking.normal_text``).
        sold_at: when its sales were made; booked_at: when they were typed (both UTC).
        person_id: who typed them.
        receipts: the numbers of its sales; sale_ids: their names.
        total_minor: what all of them come to.
    """

    text: str
    sold_at: datetime
    booked_at: datetime
    person_id: int
    receipts: tuple[str, ...]
    sale_ids: tuple[str, ...]
    total_minor: int


@dataclass(frozen=True, slots=True)
class CounterEntry:
    """What takes one booked sale back: the whole of it, as it was paid."""

    refund: Refund
    tender: TenderKind
    reference: str
    rounding_minor: int


class Bookings:
    """The lists that were booked at this till."""

    def __init__(self, db: Database, journal: Journal) -> None:
        """Use a connection of the calling thread, and the journal on it."""
        self._db, self._journal = db, journal
        self._refunds = Refunds(db, journal, has_paper=False)

    def record(
        self,
        sales: Sequence[tuple[Sale, Payment]],
        text: str,
        person: Person,
        at: datetime,
        sold_at: datetime,
    ) -> Booked:
        """Book the sales of a list, in one transaction. Nothing is printed, no drawer opens.

        Args:
            sales: each with how it was paid.
            text: the list in its normal form.
            person: who books.
            at: now; sold_at: when the sales were made.

        Raises:
            DomainError: a sale is empty or not paid.
            StorageError: the file refused; none of them was booked.
        """
        with self._db.transaction():
            done = [
                self._journal.record(
                    sale, payment, person, at, print_receipt=False, sold_at=sold_at
                ).completed
                for sale, payment in sales
            ]
            body = _body(text, sold_at, done)
            seq = self._journal.note(BOOKED, person.person_id, at, body)
            (row,) = self._db.rows(f"{_BOOKED} AND seq = ?", (seq,))
        return _booked(row)

    def since(self, at: datetime) -> list[Booked]:
        """The lists that were booked since an instant, newest first."""
        return [_booked(row) for row in self._db.rows(_SINCE, (to_text(at),))]

    def with_receipt(self, receipt_number: str) -> Booked | None:
        """The list that a receipt number belongs to, None if it is not one of a list."""
        row = self._db.one(_WITH, (receipt_number.strip().upper(),))
        return None if row is None else _booked(row)

    def refundable(self, sale_id: str) -> Refundable:
        """A sale, and what has come back of it. Raises NoSuchSaleError."""
        return self._refunds.refundable(sale_id)

    def take_back(
        self,
        entries: Sequence[CounterEntry],
        reason: str,
        person: Person,
        at: datetime,
        approval: Approval | None = None,
    ) -> list[RecordedRefund]:
        """Take booked sales back, in one transaction.

        Raises:
            StorageError: the file refused; nothing was taken back.
        """
        with self._db.transaction():
            return [
                self._refunds.record(
                    each.refund,
                    each.tender,
                    reason,
                    person,
                    at,
                    reference=each.reference,
                    rounding_minor=each.rounding_minor,
                    approval=approval,
                )
                for each in entries
            ]


def _body(text: str, sold_at: datetime, done: Sequence[CompletedSale]) -> dict[str, Any]:
    return {
        "list": text,
        "sold_at": to_text(sold_at),
        "receipts": [each.receipt_number for each in done],
        "sales": [each.sale.sale_id for each in done],
        "total_minor": sum(each.payment.total_minor for each in done),
    }


def _booked(row: Row) -> Booked:
    _, at, person_id, text = row
    body = json.loads(text)
    return Booked(
        text=body["list"],
        sold_at=to_instant(body["sold_at"]),
        booked_at=to_instant(at),
        person_id=person_id,
        receipts=tuple(body["receipts"]),
        sale_ids=tuple(body["sales"]),
        total_minor=body["total_minor"],
    )
