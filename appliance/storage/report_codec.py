"""The figures of a report as JSON: in the journal entry of a Z report, and in the job that prints an X report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

from appliance.domain.cash import CashMoves
from appliance.domain.report import ClerkTotals, DayTotals, TenderTotal, ZReport
from appliance.domain.tax import TaxTotal
from appliance.domain.tender import TenderKind
from appliance.storage.instants import to_instant, to_text

Z_REPORT: Final = "z-report"
"""The kind of the journal entry, and of the job that prints it."""


def totals_to_dict(totals: DayTotals) -> dict[str, Any]:
    """The JSON form of a report's figures."""
    figures = asdict(totals)
    figures["since"], figures["until"] = to_text(totals.since), to_text(totals.until)
    for name in ("tenders", "refund_tenders"):
        figures[name] = {kind.value: asdict(total) for kind, total in getattr(totals, name).items()}
    for name in ("tax", "refund_tax", "clerks"):
        figures[name] = list(figures[name])
    return figures


def totals_from_dict(figures: Mapping[str, Any]) -> DayTotals:
    """The figures that :func:`totals_to_dict` wrote, in this version or an older one."""
    made = {
        "since": to_instant(figures["since"]),
        "until": to_instant(figures["until"]),
        "moves": CashMoves(**figures.get("moves", {})),
        "clerks": tuple(ClerkTotals(**each) for each in figures.get("clerks", ())),
    }
    for name in ("tax", "refund_tax"):
        made[name] = tuple(TaxTotal(**each) for each in figures.get(name, ()))
    for name in ("tenders", "refund_tenders"):
        made[name] = {TenderKind(kind): TenderTotal(**each) for kind, each in figures.get(name, {}).items()}
    return DayTotals(**{**figures, **made})


def z_to_dict(report: ZReport) -> dict[str, Any]:
    """The body of a Z report's journal entry: all that cannot be known without it."""
    totals = report.totals
    return {
        "number": report.number,
        "first_seq": report.first_seq,
        "last_seq": report.last_seq,
        "sales": totals.sales,
        "total_minor": totals.total_minor,
        "refunds": totals.refunds,
        "refunded_minor": totals.refunded_minor,
        "grand_total_minor": report.grand_total_minor,
        "cash_expected_minor": totals.cash_expected_minor,
        "head_hash": report.head_hash.hex(),
        "till": report.till_name,
        "person": report.person_name,
        "key": report.public_key.hex(),
        "totals": totals_to_dict(totals),
        "v": 1,
    }


def z_from_dict(body: Mapping[str, Any], seq: int, hash_: bytes, clock_is_set: bool) -> ZReport:
    """The report in such a body, with what its journal entry adds."""
    return ZReport(
        number=body["number"],
        seq=seq,
        first_seq=body["first_seq"],
        last_seq=body["last_seq"],
        totals=totals_from_dict(body["totals"]),
        grand_total_minor=body["grand_total_minor"],
        head_hash=bytes.fromhex(body["head_hash"]),
        hash=hash_,
        till_name=body["till"],
        person_name=body["person"],
        public_key=bytes.fromhex(body["key"]),
        clock_is_set=clock_is_set,
    )


def z_job(report: ZReport) -> dict[str, Any]:
    """The body of the job that prints a Z report."""
    return {
        "kind": Z_REPORT,
        "report": z_to_dict(report),
        "seq": report.seq,
        "hash": report.hash.hex(),
        "clock_is_set": report.clock_is_set,
    }


def z_of_job(body: Mapping[str, Any]) -> ZReport:
    """The report in such a job."""
    return z_from_dict(body["report"], body["seq"], bytes.fromhex(body["hash"]), body["clock_is_set"])
