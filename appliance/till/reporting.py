"""What the day amounts to so far: since the last Z report closed one."""

from __future__ import annotations

from datetime import UTC, datetime

from appliance.domain.report import DayTotals
from appliance.domain.staff import Person
from appliance.storage.journal import Journal
from appliance.till.clock import Local, Now
from appliance.till.paper import X_REPORT, report_body
from appliance.till.printing import Printing


class Reporting:
    """The X report: read as often as one likes, it changes nothing."""

    def __init__(self, journal: Journal, printing: Printing, now: Now, local: Local) -> None:
        self._journal = journal
        self._printing = printing
        self._now = now
        self._local = local

    def totals(self) -> DayTotals:
        """The figures since the last Z report; before the first, since midnight in the shop's time zone."""
        return self._journal.totals(self._midnight())

    def x_report(self, person: Person) -> DayTotals:
        """The same, journalled and on its way to the printer."""
        totals = self.totals()
        body = {"sales": totals.sales, "total_minor": totals.total_minor}
        self._journal.note(X_REPORT, person.person_id, self._now(), body)
        self._printing.report(report_body(totals, person.name))
        return totals

    def _midnight(self) -> datetime:
        today = self._local(self._now())
        return today.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
