"""From a print job to what stands on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from appliance.domain.money import Currency
from appliance.domain.report import DayTotals, TenderTotal
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.receipts import reports, sale
from appliance.receipts.wording import ReceiptHeader
from appliance.storage.instants import to_instant, to_text
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJob
from appliance.till.clock import Local
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
            totals = totals_of(job.body["totals"])
            name = str(job.body["person"])
            return reports.x_report(
                totals, self._header, self._currency, local=self._local, person_name=name, copy=job.copy
            )
        return sale.compose(
            journal.sale(job.sale_id),
            self._header,
            self._currency,
            local=self._local,
            copy=job.copy,
            chain_code=journal.chain_code(job.sale_id),
        )


def report_body(totals: DayTotals, person_name: str) -> dict[str, Any]:
    """The body of an X report's job: its figures as they were when it was asked for."""
    figures = asdict(totals)
    figures["since"], figures["until"] = to_text(totals.since), to_text(totals.until)
    figures["tenders"] = {kind.value: asdict(total) for kind, total in totals.tenders.items()}
    figures["tax"] = [asdict(total) for total in totals.tax]
    return {"kind": X_REPORT, "person": person_name, "totals": figures}


def totals_of(figures: Mapping[str, Any]) -> DayTotals:
    """The figures in such a body."""
    made = {
        "since": to_instant(figures["since"]),
        "until": to_instant(figures["until"]),
        "tenders": {TenderKind(kind): TenderTotal(**total) for kind, total in figures["tenders"].items()},
        "tax": tuple(TaxTotal(**total) for total in figures["tax"]),
    }
    return DayTotals(**{**figures, **made})
