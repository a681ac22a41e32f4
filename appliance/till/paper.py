"""From a print job to what stands on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from appliance.domain.money import Currency
from appliance.domain.report import DayTotals
from appliance.receipts import hand_over, price_list, refund, reports, sale
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.instants import to_instant
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJob
from appliance.storage.refund_codec import refund_from_dict
from appliance.storage.refunds import REFUND
from appliance.storage.report_codec import Z_REPORT, totals_from_dict, totals_to_dict, z_of_job
from appliance.till.clock import Local
from appliance.till.price_listing import PRICE_LIST, sections_of
from drivers.document import Document

X_REPORT: Final = "x-report"


class Paper:
    """Composes the document of a job from what the file says at that moment."""

    def __init__(self, header: ReceiptHeader, currency: Currency, local: Local) -> None:
        self._header = header
        self._currency = currency
        self._local = local

    def compose(self, journal: Journal, job: PrintJob) -> Document:
        """Compose a receipt, or the report that the job's body holds. Called on the print thread."""
        if job.sale_id is None:
            return self._report(job.body, job.copy)
        return sale.compose(
            journal.sale(job.sale_id),
            self._header,
            self._currency,
            local=self._local,
            copy=job.copy,
            # The code proves a receipt when money goes back: there is one of it.
            chain_code="" if job.copy else journal.chain_code(job.sale_id),
        )

    def _report(self, body: Mapping[str, Any], copy: bool) -> Document:
        if body["kind"] == PRICE_LIST:
            return price_list.compose(
                sections_of(body),
                self._header,
                self._currency,
                local=self._local,
                at=to_instant(body["at"]),
                number=body["number"],
                of=body["of"],
            )
        if body["kind"] == hand_over.HAND_OVER:
            sheet, at = hand_over.HandOver.of(body), to_instant(body["at"])
            return hand_over.compose(sheet, self._header, local=self._local, at=at)
        if body["kind"] == Z_REPORT:
            return reports.z_report(
                z_of_job(body), self._header, self._currency, local=self._local, copy=copy
            )
        if body["kind"] == REFUND:
            completed, code = refund_from_dict(body["refund"]), str(body["chain_code"])
            return refund.compose(
                completed, self._header, self._currency, local=self._local, copy=copy, chain_code=code
            )
        totals, name = totals_from_dict(body["totals"]), str(body["person"])
        return reports.x_report(
            totals, self._header, self._currency, local=self._local, person_name=name, copy=copy
        )


def report_body(totals: DayTotals, person_name: str) -> dict[str, Any]:
    """The body of an X report's job: its figures as they were when it was asked for."""
    return {"kind": X_REPORT, "person": person_name, "totals": totals_to_dict(totals)}
