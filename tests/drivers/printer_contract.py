"""What every receipt printer and its drawer must do, the real ones and the fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from drivers.devices import (
    CashDrawer,
    DeviceAbsentError,
    PaperState,
    PrinterNotReadyError,
    PrintOutcome,
    ReceiptPrinter,
)
from tests.drivers.sample_receipts import receipt

Until = Callable[..., None]


@dataclass
class ContractRig:
    """A printer that is plugged in and ready, its drawer, and what a person does to them."""

    printer: ReceiptPrinter
    drawer: CashDrawer
    whole_receipts: Callable[[], int]
    kicks: Callable[[], int]
    take_paper_out: Callable[[], None]
    put_paper_in: Callable[[], None]
    end_paper_in_the_middle: Callable[[], None]
    unplug: Callable[[], None]
    plug: Callable[[], None]
    until: Until

    def wait_for_paper(self, paper: PaperState) -> None:
        self.until(lambda: self.printer.state().paper is paper, f"paper: {paper}")


class PrinterContract:
    """Subclass it and give a fixture ``rig``."""

    def test_it_implements_the_contracts(self, rig: ContractRig) -> None:
        assert isinstance(rig.printer, ReceiptPrinter)
        assert isinstance(rig.drawer, CashDrawer)

    def test_it_prints_a_receipt_once(self, rig: ContractRig) -> None:
        assert rig.printer.print(receipt(), "1") is PrintOutcome.PRINTED
        assert rig.whole_receipts() == 1
        state = rig.printer.state()
        assert (state.present, state.online, state.paper) == (True, True, PaperState.OK)

    def test_without_paper_it_refuses_and_nothing_was_sent(self, rig: ContractRig) -> None:
        rig.take_paper_out()
        rig.wait_for_paper(PaperState.OUT)
        assert not rig.printer.state().online
        with pytest.raises(PrinterNotReadyError) as refusal:
            rig.printer.print(receipt(), "1")
        assert refusal.value.bytes_sent == 0
        rig.put_paper_in()
        rig.wait_for_paper(PaperState.OK)
        assert rig.printer.print(receipt(), "1") is PrintOutcome.PRINTED
        assert rig.whole_receipts() == 1

    def test_paper_that_ends_in_the_middle_leaves_a_part(self, rig: ContractRig) -> None:
        rig.end_paper_in_the_middle()
        with pytest.raises(PrinterNotReadyError) as refusal:
            rig.printer.print(receipt(), "1")
        assert refusal.value.bytes_sent > 0
        assert rig.whole_receipts() == 0
        rig.put_paper_in()
        rig.wait_for_paper(PaperState.OK)
        assert rig.printer.print(receipt(), "1 copy") is PrintOutcome.PRINTED
        assert rig.whole_receipts() == 1

    def test_unplugged_it_is_absent_and_plugged_in_it_prints(self, rig: ContractRig) -> None:
        rig.unplug()
        rig.until(lambda: not rig.printer.state().present, "it is gone")
        with pytest.raises(DeviceAbsentError) as refusal:
            rig.printer.print(receipt(), "1")
        assert refusal.value.bytes_sent == 0
        with pytest.raises(DeviceAbsentError):
            rig.drawer.open()
        rig.plug()
        rig.until(lambda: rig.printer.state().present, "it is back")
        assert rig.printer.print(receipt(), "1") is PrintOutcome.PRINTED
        assert rig.kicks() == 0

    def test_the_drawer_opens_once_for_each_call(self, rig: ContractRig) -> None:
        rig.drawer.open()
        assert rig.kicks() == 1
        rig.drawer.open()
        assert rig.kicks() == 2

    def test_the_drawer_opens_although_the_paper_is_out(self, rig: ContractRig) -> None:
        rig.take_paper_out()
        rig.wait_for_paper(PaperState.OUT)
        rig.drawer.open()
        assert rig.kicks() == 1

    def test_it_can_be_closed_twice(self, rig: ContractRig) -> None:
        rig.printer.close()
        rig.printer.close()
