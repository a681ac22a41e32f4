"""The contract of printer and drawer, kept by the USB printer on the bench and by the fakes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from drivers.devices import PaperState
from drivers.drawer import EscposDrawer
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter
from drivers.virtual.client import VirtualBench
from tests.drivers.printer_contract import ContractRig, PrinterContract
from tests.drivers.printing import Until, printer_rig, shows
from tests.drivers.sample_receipts import receipt


class TestUsbReceiptPrinter(PrinterContract):
    @pytest.fixture
    def rig(self, bench: VirtualBench, until: Until) -> Iterator[ContractRig]:
        with printer_rig(bench, until) as usb:
            printer = usb.plugged()
            yield ContractRig(
                printer=printer,
                drawer=EscposDrawer(printer),
                whole_receipts=lambda: sum(shows(piece, receipt()) for piece in usb.pieces()),
                kicks=lambda: len(bench.printer()["kicks"]),
                take_paper_out=lambda: _set(bench, paper=False),
                put_paper_in=lambda: _set(bench, paper=True, nearend=False),
                end_paper_in_the_middle=lambda: _set(bench, paper_left=40_000),
                unplug=lambda: bench.unplug("printer", keep=True),
                plug=lambda: _replug(bench),
                until=until,
            )


class TestFakeReceiptPrinter(PrinterContract):
    @pytest.fixture
    def rig(self, until: Until) -> ContractRig:
        printer = FakeReceiptPrinter()
        return ContractRig(
            printer=printer,
            drawer=FakeCashDrawer(printer),
            whole_receipts=lambda: len(printer.printed),
            kicks=lambda: printer.kicks,
            take_paper_out=partial(setattr, printer, "paper", PaperState.OUT),
            put_paper_in=partial(setattr, printer, "paper", PaperState.OK),
            end_paper_in_the_middle=printer.end_the_paper_in_the_middle,
            unplug=partial(setattr, printer, "plugged", False),
            plug=partial(setattr, printer, "plugged", True),
            until=until,
        )


def _set(bench: VirtualBench, **state: bool | int) -> None:
    bench.printer("printer", 0, **state)


def _replug(bench: VirtualBench) -> None:
    bench.replug_printer()
