"""What the file says while paper moves, and after the plug was pulled."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from appliance.storage.database import Database
from appliance.storage.print_jobs import PrintJobs
from appliance.till.printing import ReceiptFate
from drivers.devices import PrintOutcome
from drivers.document import Document
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter


class WatchingPrinter(FakeReceiptPrinter):
    """Looks, while it prints, at what the file says about its job."""

    def __init__(self, bench: Any) -> None:
        super().__init__()
        self._bench = bench
        self.seen: list[str] = []

    def print(self, document: Document, job: str) -> PrintOutcome:
        database: Database = self._bench.open()
        with database:
            self.seen.extend(str(each.state) for each in PrintJobs(database).open())
        return super().print(document, job)


class DeadlyPrinter(FakeReceiptPrinter):
    """The power goes in the middle of its first receipt."""

    def print(self, document: Document, job: str) -> PrintOutcome:
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError(f"{document} {job} outlived the power")


class BrokenPrinter(FakeReceiptPrinter):
    """Its driver has a fault that shows once."""

    def print(self, document: Document, job: str) -> PrintOutcome:
        if job.endswith(" 1"):
            raise RuntimeError("a fault")
        return super().print(document, job)


def test_a_fault_in_the_driver_leaves_one_receipt_in_doubt_and_the_next_is_printed(bench: Any) -> None:
    bench.attach(BrokenPrinter(), FakeCashDrawer())
    bench.printing.start()
    first, second = bench.sell(331), bench.sell(402)

    bench.until(lambda: bench.printing.fate(second) is ReceiptFate.OUT)
    assert bench.printing.fate(first) is ReceiptFate.MAYBE


def test_a_job_is_on_its_way_in_the_file_before_the_first_byte_leaves(bench: Any) -> None:
    bench.printer = WatchingPrinter(bench)
    bench.drawer = FakeCashDrawer(bench.printer)
    bench.restart()
    bench.printing.start()
    bench.sell(331)
    bench.until(lambda: len(bench.printer.printed) == 1)

    assert bench.printer.seen == ["sending"]


@pytest.mark.parametrize("lines", [1, 5])
def test_a_power_cut_in_the_middle_of_a_receipt_loses_no_sale_and_prints_nothing_twice(
    bench: Any, tmp_path: Path, lines: int
) -> None:
    path = tmp_path / "cut.db"
    child = os.fork()
    if child == 0:  # a till of its own, whose power goes while it prints
        doomed = type(bench)(path)
        doomed.printer = DeadlyPrinter()
        doomed.drawer = FakeCashDrawer(doomed.printer)
        doomed.build()
        doomed.printing.start()
        for _ in range(lines):
            doomed.selling.add_product(331)
        doomed.tendering.take_cash(doomed.tendering.payment.due_minor)
        time.sleep(30)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL

    after = type(bench)(path)
    try:
        (sale,) = after.journal.last(10)
        assert sale.sale.items == lines
        assert not after.selling.resume()
        after.printing.start()
        after.until(lambda: after.printing.fate(sale.sale.sale_id) is ReceiptFate.MAYBE)
        time.sleep(0.1)
        assert after.printer.printed == []
        assert after.drawer.openings == 0
    finally:
        after.stop()
