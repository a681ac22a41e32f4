"""Paper is a promise: it comes when the sale is on the stick too, and all the same when the stick is no help."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.till.joining import Joining
from appliance.till.keeping import Keeping
from appliance.till.stick_state import StickState
from drivers.devices import PrintOutcome
from drivers.document import Document
from drivers.fakes import FakeReceiptPrinter
from tests.storage.samples import seal
from tests.storage.sticks import OddDisk, journal_of, stick_of


class Watchful(FakeReceiptPrinter):
    """Notes what was on the stick's medium when a paper came out."""

    def __init__(self, stick: Path, disk: OddDisk) -> None:
        super().__init__()
        self.stick, self.disk, self.seen = stick, disk, list[str]()

    def print(self, document: Document, job: str) -> PrintOutcome:
        self.seen.append(
            journal_of(self.stick).read_text("utf-8")[: self.disk.synced.get("journal.jsonl", 0)]
        )
        return super().print(document, job)


class Counter:
    """The bench's till with a stick, a keeping thread and a print thread."""

    def __init__(self, bench: Any, folder: Path, stack: ExitStack, wait_seconds: float = 5.0) -> None:
        self.bench, self.disk, self.stick = bench, OddDisk(), folder / "stick"
        self.stick.mkdir()
        self.printer = Watchful(self.stick, self.disk)
        join = Joining(lambda db: Journal(db, Identity(db).get(), seal=seal()), lambda *_: True)
        self.keeping = Keeping(
            bench.open,
            lambda db: stick_of(self.stick, db, self.disk),
            join,
            poll_seconds=0.01,
            look_seconds=0.02,
        )
        bench.keep = partial(self.keeping.wait, wait_seconds)
        bench.attach(self.printer, bench.drawer)
        self.keeping.start()
        stack.callback(self.keeping.stop)
        bench.printing.start()
        stack.callback(bench.printing.stop)
        assert self.keeping.wait(5)

    def has_paper(self, sale_id: str) -> bool:
        return [str(job.state) for job in self.bench.jobs.of_sale(sale_id)] == ["printed"]


@contextmanager
def counter_of(bench: Any, folder: Path, wait_seconds: float = 5.0) -> Iterator[Counter]:
    with ExitStack() as stack:
        yield Counter(bench, folder, stack, wait_seconds)


def test_no_paper_comes_before_its_sale_is_on_the_medium(bench: Any, tmp_path: Path) -> None:
    with counter_of(bench, tmp_path) as counter:
        counter.disk.wait = lambda: time.sleep(0.05)
        sold = [bench.sell(331) for _ in range(5)]
        bench.until(lambda: all(map(counter.has_paper, sold)))
    assert all(sale_id in seen for sale_id, seen in zip(sold, counter.printer.seen, strict=True))


def test_the_drawer_waits_for_no_stick(bench: Any, tmp_path: Path) -> None:
    with counter_of(bench, tmp_path) as counter:
        gate = threading.Event()
        counter.disk.wait = lambda: gate.wait(20)
        sale_id = bench.sell(331)
        bench.until(lambda: counter.bench.drawer.openings == 1)
        assert not counter.has_paper(sale_id) and counter.printer.seen == []
        gate.set()
        bench.until(lambda: counter.has_paper(sale_id))


def test_a_stick_that_hangs_keeps_one_paper_for_so_long_and_the_next_not_at_all(
    bench: Any, tmp_path: Path
) -> None:
    with counter_of(bench, tmp_path, wait_seconds=0.4) as counter:
        gate = threading.Event()
        counter.disk.wait = lambda: gate.wait(20)
        start = time.monotonic()
        first = bench.sell(331)
        bench.until(lambda: counter.has_paper(first))
        assert time.monotonic() - start > 0.35
        start = time.monotonic()
        second = bench.sell(402)
        bench.until(lambda: counter.has_paper(second))
        assert time.monotonic() - start < 0.35
        assert counter.keeping.view().state is StickState.SLOW
        assert first not in counter.printer.seen[0]
        gate.set()
        bench.until(lambda: counter.keeping.view().state is StickState.KEPT)
        third = bench.sell(402)
        bench.until(lambda: counter.has_paper(third))
        assert third in counter.printer.seen[2]


@pytest.mark.parametrize("wait_seconds", [30.0])
def test_without_a_stick_paper_comes_at_once(bench: Any, tmp_path: Path, wait_seconds: float) -> None:
    with counter_of(bench, tmp_path, wait_seconds) as counter:
        counter.stick.rename(tmp_path / "pocket")
        counter.printer.stick = tmp_path / "pocket"
        bench.until(lambda: counter.keeping.view().state is StickState.MISSING)
        sale_id = bench.sell(331)
        bench.until(lambda: counter.has_paper(sale_id))
        assert sale_id not in counter.printer.seen[0]
        view = counter.keeping.view()
        assert view.head_seq > view.kept_seq
