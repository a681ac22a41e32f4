"""The print thread's own side: it takes the jobs from the file and writes down how each ended.

Its door for the screen's thread is :class:`~appliance.till.printing.Printing`, which says the rules.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from typing import Final

from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJob, PrintJobs
from appliance.till.clock import Now
from drivers.devices import DeviceError, PaperState, PrinterState, PrintOutcome, ReceiptPrinter
from drivers.document import Document

FRESH: Final = timedelta(minutes=30)
"""A receipt older than this waits for somebody to ask for it: its customer has left."""

NO_PRINTER: Final = "No printer"
COVER_OPEN: Final = "Printer cover is open"
NO_PAPER: Final = "Printer is out of paper"
OFF_LINE: Final = "Printer is off line"
CANNOT_BE_MADE: Final = "This receipt cannot be made. Call the technician."

Compose = Callable[[Journal, PrintJob], Document]
Keep = Callable[[], bool]
"""Waits, not for ever, until all that was committed is on the second medium; False if some is on the card alone."""

_LONGEST_PAUSE_SECONDS: Final = 30.0
log: Final = logging.getLogger(__name__)


class PrintWorker:
    """Prints what waits.

    Other threads touch only the attributes without an underscore, and hold ``bell`` while they do.

    Attributes:
        bell: rung when there is something to do.
        stopping: end the thread.
        rung: there may be new jobs in the file.
        wanted: jobs that somebody asked for by hand, however old.
        problem: why nothing can be printed, "" if nothing is known against it.
    """

    def __init__(
        self,
        open_database: Callable[[], Database],
        printer: ReceiptPrinter,
        before_paper: Callable[[], None],
        compose: Compose,
        now: Now,
        on_change: Callable[[], None],
        poll_seconds: float,
        keep: Keep,
    ) -> None:
        self.bell = threading.Condition()
        self.stopping = False
        self.rung = False
        self.wanted: set[int] = set()
        self.problem = ""
        self._open_database = open_database
        self._printer = printer
        self._before_paper = before_paper
        self._compose = compose
        self._now = now
        self._on_change = on_change
        self._poll_seconds = poll_seconds
        self._keep = keep
        self._given_up: set[int] = set()
        self._refusals = 0
        self._not_before = 0.0
        self._is_recovered = False

    def run(self) -> None:
        """Work until told to stop; the thread's whole life. Nothing else may end it."""
        is_told = False
        while not self.stopping:
            try:
                with closing(self._open_database()) as database:
                    jobs, journal = PrintJobs(database), Journal(database, Identity(database).get())
                    while not self.stopping:
                        self._recover(jobs)
                        waits, is_told = self._work(jobs, journal), False
                        self._rest(waits)
            except Exception as fault:  # a full disk, or a fault in a driver: it may pass
                if not is_told:
                    log.exception("The print thread failed, and goes on: %s", fault)
                is_told = True
                self._rest(waits=True)

    def _recover(self, jobs: PrintJobs) -> None:
        """Once: what was on its way when the till stopped may have been printed."""
        if not self._is_recovered:
            jobs.recover()
            self._is_recovered = True
            self._tell()

    def _work(self, jobs: PrintJobs, journal: Journal) -> bool:
        """Do all that can be done now. True if something waits for the printer."""
        while not self.stopping:
            job = self._next(jobs)
            if job is None:
                return self._still_in_trouble(jobs)
            self._before_paper()
            if not self._printer_is_back():
                return True
            self._print(job, jobs, journal)
        return False

    def _still_in_trouble(self, jobs: PrintJobs) -> bool:
        """Nothing is to be printed by itself; look on only while a person is shown why."""
        if not self.problem:
            return False
        words = _problem_of(self._printer.state()) if jobs.open() else ""
        self._note_problem(words)
        return bool(words)

    def _rest(self, waits: bool) -> None:
        with self.bell:
            if not (self.rung or self.stopping):
                self.bell.wait(self._poll_seconds if waits else None)
            self.rung = False

    def _next(self, jobs: PrintJobs) -> PrintJob | None:
        """The oldest job of which certainly nothing is on paper, and which somebody still wants."""
        for job in jobs.open():
            untouched = job.state in ("queued", "failed") and job.job_id not in self._given_up
            if untouched and self.is_wanted(job):
                return job
        return None

    def is_wanted(self, job: PrintJob) -> bool:
        """Whether it comes by itself, or somebody asked for it. From any thread."""
        with self.bell:
            return job.wanted_at >= self._now() - FRESH or job.job_id in self.wanted

    def _tell(self) -> None:
        """Say that something changed; whoever listens must not keep a job from its paper."""
        try:
            self._on_change()
        except Exception:
            log.exception("Nobody could be told what the printer does")

    def _printer_is_back(self) -> bool:
        """True unless the last try failed and nothing has changed since."""
        if not self.problem:
            return True
        words = _problem_of(self._printer.state())
        if words:
            self._note_problem(words)
            return False
        return time.monotonic() >= self._not_before

    def _print(self, job: PrintJob, jobs: PrintJobs, journal: Journal) -> None:
        document = self._document(job, jobs, journal)
        if document is None:
            return
        if not self._keep():  # a paid sale gets its paper all the same
            log.warning("Print job %d goes out with its sale on the card alone", job.job_id)
        jobs.set_state(job.job_id, "sending")
        self._tell()
        try:
            outcome = self._printer.print(document, f"receipt {job.job_id}")
        except DeviceError as refused:
            self._refused(job, jobs, "unknown" if refused.bytes_sent else "failed", str(refused))
        except Exception:  # a fault in a driver must not end the thread, and leaves all in doubt
            log.exception("The printer's driver failed at print job %d", job.job_id)
            self._refused(job, jobs, "unknown", "The printer's program failed.")
        else:
            self._done(job, jobs, outcome)
        self._tell()

    def _document(self, job: PrintJob, jobs: PrintJobs, journal: Journal) -> Document | None:
        try:
            return self._compose(journal, job)
        except Exception:  # whatever is wrong with one receipt must not stop the next
            log.exception("Print job %d cannot be composed", job.job_id)
        self._given_up.add(job.job_id)
        jobs.set_state(job.job_id, "failed", CANNOT_BE_MADE)
        self._tell()
        return None

    def _refused(self, job: PrintJob, jobs: PrintJobs, state: str, reason: str) -> None:
        jobs.set_state(job.job_id, state, reason)
        self._refusals += 1
        pause = min(self._poll_seconds * 2 ** min(self._refusals - 1, 10), _LONGEST_PAUSE_SECONDS)
        self._not_before = time.monotonic() + pause
        self._note_problem(_problem_of(self._printer.state()) or "Printer does not print")

    def _done(self, job: PrintJob, jobs: PrintJobs, outcome: PrintOutcome) -> None:
        jobs.set_state(job.job_id, outcome.value)
        self._refusals = 0
        self._note_problem("")
        with self.bell:
            self.wanted.discard(job.job_id)
        if job.sale_id is not None:
            for earlier in jobs.of_sale(job.sale_id):
                if earlier.state == "unknown":
                    jobs.set_state(earlier.job_id, "sent", "A copy was printed.")

    def _note_problem(self, words: str) -> None:
        with self.bell:
            changed, self.problem = self.problem != words, words
        if changed:
            log.warning("%s", words or "The printer is back")
            self._tell()


def _problem_of(state: PrinterState) -> str:
    """What keeps a printer from printing, in a few words; "" for nothing."""
    if not state.present:
        return NO_PRINTER
    if state.cover_open:
        return COVER_OPEN
    if state.paper is PaperState.OUT:
        return NO_PAPER
    return "" if state.online else OFF_LINE
