"""Printing: the paper and the drawer, each on a thread of its own, so that no device can hold up a sale.

A job's state is in the file before a byte leaves: ``queued``, then ``sending``, then ``printed`` (the
printer said so), ``sent`` (it took all bytes and said nothing), ``unknown`` (a part may be on paper) or
``failed`` (certainly nothing). Only what certainly is not on paper is tried again by itself, when the
printer is back and while the customer may still be near; what may have been printed comes again only when
somebody asks, and then as a copy.

Paper is a promise, so it waits until its sale is on the second medium too; but not for one that is missing or
broken, and not for long (``till.keeping``).

A kick of the drawer goes before any paper, waits for none, and is never repeated: a drawer that opens late opens
unattended.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable
from typing import Any, Final

from appliance.storage.database import Database
from appliance.storage.print_jobs import PrintJob, PrintJobs
from appliance.till.clock import Now
from appliance.till.drawer_worker import DrawerWorker
from appliance.till.print_worker import Compose, Keep, PrintWorker
from drivers.devices import CashDrawer, ReceiptPrinter


class ReceiptFate(enum.Enum):
    """What became of a sale's receipt."""

    NOT_WANTED = "not wanted"
    COMING = "is coming"
    OUT = "is out"
    MAYBE = "may be out"
    NOT_PRINTED = "is not printed"


KICK_SECONDS: Final = 2.0
"""So long paper waits for a kick that was asked for before it; a kick takes milliseconds."""

_FATES: Final = {
    "queued": ReceiptFate.COMING,
    "sending": ReceiptFate.COMING,
    "printed": ReceiptFate.OUT,
    "sent": ReceiptFate.OUT,
    "unknown": ReceiptFate.MAYBE,
    "failed": ReceiptFate.NOT_PRINTED,
}


class Printing:
    """The print thread and its door. All methods are called on the screen's thread and return at once."""

    def __init__(  # noqa: PLR0913 - what a thread needs, by name
        self,
        jobs: PrintJobs,
        open_database: Callable[[], Database],
        printer: ReceiptPrinter,
        drawer: CashDrawer,
        compose: Compose,
        now: Now,
        *,
        on_change: Callable[[], None] = lambda: None,
        poll_seconds: float = 2.0,
        keep: Keep = lambda: True,
    ) -> None:
        """Build it.

        Args:
            jobs: on the caller's connection.
            open_database: opens the print thread's own connection, on that thread.
            printer: where the paper comes out.
            drawer: what a cash sale opens.
            compose: makes the document of a job.
            now: the clock.
            on_change: called on the print thread after a job's state or the printer's has changed.
            poll_seconds: between two looks at a printer that something waits for; nothing waits, nobody
                looks.
            keep: called on the print thread before a paper that is ready: it waits for the second medium.
        """
        self._jobs = jobs
        self._now = now
        self._drawer = DrawerWorker(drawer, on_change, then=self._ring)
        self._worker = PrintWorker(
            open_database, printer, self._let_the_drawer_go_first, compose, now, on_change, poll_seconds, keep
        )
        self._bell = self._worker.bell
        self._thread = threading.Thread(target=self._worker.run, name="printing", daemon=True)

    def start(self) -> None:
        """Start the thread; what was on its way when the till stopped becomes ``unknown``."""
        self._drawer.start()
        self._thread.start()

    def stop(self, timeout_seconds: float = 5.0) -> None:
        """End the thread after the job that it is at."""
        self._drawer.stop(timeout_seconds)
        with self._bell:
            self._worker.stopping = True
            self._bell.notify_all()
        if self._thread.is_alive():
            self._thread.join(timeout_seconds)

    def receipt(self, job_id: int | None, *, open_drawer: bool) -> None:
        """Print a receipt that is queued in the file, and open the drawer before it."""
        if open_drawer:
            self._drawer.kick()
        if job_id is not None:
            self._ring()

    def open_drawer(self) -> None:
        """Open the drawer, once."""
        self._drawer.kick()

    def may_be_out(self, sale_id: str) -> bool:
        """Whether a receipt of this sale may be on paper already, so that another one is a copy."""
        return _may_be_out(self._jobs.of_sale(sale_id))

    def reprint(self, sale_id: str) -> bool:
        """Print a sale's receipt because somebody asks for it. True if it will say that it is a copy."""
        earlier = self._jobs.of_sale(sale_id)
        waiting = [job for job in earlier if job.state in ("queued", "failed")]
        copy = _may_be_out(earlier)
        if waiting and not copy:
            self._ring(wanted=waiting[-1].job_id)
            return False
        self._ring(wanted=self._jobs.queue(sale_id, {}, copy, self._now()))
        return copy

    def look_for_paper(self) -> None:
        """Print what was queued in the file meanwhile."""
        self._ring()

    def report(self, body: dict[str, Any], *, copy: bool = False) -> int:
        """Print a report; its body says what is on it."""
        job_id = self._jobs.queue(None, body, copy, self._now())
        self._ring(wanted=job_id)
        return job_id

    def print_again(self, job: PrintJob) -> None:
        """Print a job from the list of what is not printed because somebody asks for it."""
        if job.sale_id is not None:
            self.reprint(job.sale_id)
        elif job.state in ("queued", "failed"):
            self._ring(wanted=job.job_id)
        else:
            self._jobs.set_state(job.job_id, "sent", "printed again")
            self._ring(wanted=self._jobs.queue(None, job.body, True, self._now()))

    def unprinted(self) -> list[PrintJob]:
        """What did not come out, or may not have, oldest first; what is just coming is not among it."""
        jobs = self._jobs.open()
        if self.problem():
            return jobs
        return [job for job in jobs if not self._is_coming(job)]

    def _is_coming(self, job: PrintJob) -> bool:
        """Whether it comes by itself. One from yesterday, behind the end of a roll, waits to be asked for."""
        return job.state == "sending" or (job.state == "queued" and self._worker.is_wanted(job))

    def dismiss(self, job_id: int) -> None:
        """Take a job off the list: somebody has seen its paper, or wants none."""
        self._jobs.set_state(job_id, "sent", "dismissed")
        self._ring()

    def fate(self, sale_id: str) -> ReceiptFate:
        """What became of a sale's receipt, for the screen."""
        jobs = self._jobs.of_sale(sale_id)
        return self._fate(jobs[-1]) if jobs else ReceiptFate.NOT_WANTED

    def report_fate(self, kind: str, number: int) -> ReceiptFate:
        """What became of the newest paper of a numbered report that was made."""
        mine = self._of_report(kind, number)
        return self._fate(mine[-1]) if mine else ReceiptFate.OUT

    def hurry(self, kind: str, number: int) -> bool:
        """Print a numbered report that waits and is certainly not on paper; False if none of it waits."""
        waiting = [job for job in self._of_report(kind, number) if job.state in ("queued", "failed")]
        if waiting:
            self._ring(wanted=waiting[-1].job_id)
        return bool(waiting)

    def _of_report(self, kind: str, number: int) -> list[PrintJob]:
        """The papers of a numbered report that are not known to be out, oldest first."""
        jobs = (job for job in self._jobs.open() if job.body.get("kind") == kind)
        return [job for job in jobs if job.body["report"]["number"] == number]

    def _fate(self, job: PrintJob) -> ReceiptFate:
        fate = _FATES[str(job.state)]
        return ReceiptFate.NOT_PRINTED if fate is ReceiptFate.COMING and self.problem() else fate

    def problem(self) -> str:
        """Why nothing can be printed just now, in a few words; "" if nothing is known against it."""
        with self._bell:
            return self._worker.problem

    def drawer_problem(self) -> str:
        """Why the drawer did not open the last time, "" if it did."""
        with self._drawer.bell:
            return self._drawer.problem

    def _let_the_drawer_go_first(self) -> None:
        self._drawer.wait_until_done(KICK_SECONDS)

    def _ring(self, *, wanted: int | None = None) -> None:
        with self._bell:
            if wanted is not None:
                self._worker.wanted.add(wanted)
            self._worker.rung = True
            self._bell.notify_all()


def _may_be_out(jobs: list[PrintJob]) -> bool:
    return any(job.state in ("printed", "sent", "unknown", "sending") for job in jobs)
