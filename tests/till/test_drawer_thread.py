"""The drawer opens while the printer stands still, and before the paper of its own sale."""

from __future__ import annotations

import threading
from typing import Any

from drivers.devices import PrintOutcome
from drivers.document import Document
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter


class Standing(FakeReceiptPrinter):
    """Stands still in the middle of a receipt until it is let go; notes what happened in which order."""

    def __init__(self) -> None:
        super().__init__()
        self.is_printing, self.let_go = threading.Event(), threading.Event()
        self.events: list[str] = []

    def print(self, document: Document, job: str) -> PrintOutcome:
        self.events.append("paper")
        self.is_printing.set()
        self.let_go.wait(10)
        return super().print(document, job)


class NotedDrawer(FakeCashDrawer):
    """Notes its kicks in the printer's list."""

    def __init__(self, printer: Standing) -> None:
        super().__init__(printer)
        self._events = printer.events

    def open(self) -> None:
        super().open()
        self._events.append("kick")


def test_the_next_customers_drawer_opens_while_a_receipt_stands_still(bench: Any) -> None:
    printer = Standing()
    bench.attach(printer, NotedDrawer(printer))
    bench.printing.start()
    bench.sell(331)
    assert printer.is_printing.wait(5)
    bench.sell(402)
    bench.until(lambda: printer.kicks == 2)
    assert not printer.let_go.is_set()
    printer.let_go.set()
    bench.until(lambda: len(printer.printed) == 2)


def test_each_kick_goes_before_the_paper_of_its_sale(bench: Any) -> None:
    printer = Standing()
    printer.let_go.set()
    bench.attach(printer, NotedDrawer(printer))
    bench.printing.start()
    for count in range(1, 6):
        bench.sell(331)
        bench.until(lambda count=count: len(printer.printed) == count)
    assert printer.events == ["kick", "paper"] * 5


def test_asking_twice_before_it_opened_opens_it_once(bench: Any) -> None:
    bench.printing.open_drawer()
    bench.printing.open_drawer()
    bench.printing.start()
    bench.until(lambda: bench.printer.kicks == 1)
    bench.printing.open_drawer()
    bench.until(lambda: bench.printer.kicks == 2)
