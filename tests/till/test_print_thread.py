"""The print thread under what nobody foresaw: it goes on, and no paper is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from appliance.storage.errors import DatabaseBusyError
from appliance.till.paper import Paper
from appliance.till.print_worker import FRESH
from appliance.till.printing import Printing
from drivers.devices import PaperState, PrinterState, PrintOutcome
from drivers.document import Document
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from tests.till.conftest import EUR, HEADER


def states(bench: Any, sale_id: str) -> list[str]:
    return [str(job.state) for job in bench.jobs.of_sale(sale_id)]


class Brittle(FakeReceiptPrinter):
    """Raises what no driver should, where it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.breaks_at = ""

    def state(self) -> PrinterState:
        if self.breaks_at == "state":
            raise RuntimeError("a fault of the driver")
        return super().state()

    def print(self, document: Document, job: str) -> PrintOutcome:
        if self.breaks_at == "state":
            self.paper = PaperState.OUT
        return super().print(document, job)

    def refuse_if_out_of_reach(self) -> None:
        if self.breaks_at == "drawer":
            raise RuntimeError("a fault of the driver")
        super().refuse_if_out_of_reach()


@pytest.mark.parametrize("where", ["state", "drawer"])
def test_a_fault_in_a_driver_does_not_end_the_thread(bench: Any, where: str) -> None:
    printer = Brittle()
    bench.attach(printer, FakeCashDrawer(printer))
    printer.breaks_at = where
    bench.printing.start()
    first = bench.sell(331)
    bench.until(lambda: states(bench, first) != ["queued"] or where == "drawer")
    printer.breaks_at, printer.paper = "", PaperState.OK
    second = bench.sell(402)
    bench.until(lambda: states(bench, second) == ["printed"])
    assert states(bench, first) in (["printed"], ["unknown"], ["failed"])


@contextmanager
def printing(bench: Any, **odd: Any) -> Iterator[Printing]:
    """A print thread of its own on the bench's file."""
    parts: dict[str, Any] = {"open_database": bench.open, "on_change": lambda: None} | odd
    compose = Paper(HEADER, EUR, bench.local).compose
    devices = bench.printer, bench.drawer
    made = Printing(
        bench.jobs,
        parts["open_database"],
        *devices,
        compose,
        bench.clock,
        on_change=parts["on_change"],
        poll_seconds=0.02,
    )
    made.start()
    try:
        yield made
    finally:
        made.stop()


def test_a_listener_that_fails_costs_no_paper(bench: Any) -> None:
    calls: list[int] = []

    def fail() -> None:
        calls.append(1)
        raise RuntimeError("the screen is gone")

    first, second = bench.sell(331), bench.sell(402)
    with printing(bench, on_change=fail):
        bench.until(lambda: states(bench, first) == states(bench, second) == ["printed"])
    assert calls


def test_a_file_that_cannot_be_opened_at_once_is_opened_later(bench: Any) -> None:
    tries: list[int] = []

    def open_database() -> Any:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseBusyError("The till is busy saving something else. Try again.")
        return bench.open()

    sale_id = bench.sell(331)
    with printing(bench, open_database=open_database):
        bench.until(lambda: states(bench, sale_id) == ["printed"])
    assert len(tries) == 3


def test_yesterdays_paper_that_never_came_is_shown_in_the_morning(bench: Any) -> None:
    """The roll ended in the evening, with receipts behind it that were never tried."""
    bench.printer.paper = PaperState.OUT
    bench.printing.start()
    first, second = bench.sell(331), bench.sell(402)
    bench.until(lambda: states(bench, first) == ["failed"])
    bench.reporting.x_report(bench.marta)
    assert states(bench, second) == ["queued"]
    bench.printing.stop()
    bench.printer.paper = PaperState.OK
    bench.clock.pass_by(hours=15)
    bench.restart()
    bench.printing.start()
    assert [job.sale_id for job in bench.printing.unprinted()] == [first, second, None]
    for receipt in bench.waiting.view().unprinted:
        bench.waiting.print_again(receipt)
    bench.until(lambda: len(bench.printer.printed) == 3)
    bench.until(lambda: bench.jobs.open() == [])


def test_what_is_just_coming_is_not_said_to_be_missing(bench: Any) -> None:
    sale_id = bench.sell(331)  # the thread has not begun
    assert bench.printing.unprinted() == []
    bench.clock.pass_by(seconds=FRESH.total_seconds() + 1)
    assert [job.sale_id for job in bench.printing.unprinted()] == [sale_id]
