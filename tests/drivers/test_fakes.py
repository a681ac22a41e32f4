"""The fakes keep the same contracts as the real devices."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from drivers.devices import (
    CashDrawer,
    DeviceAbsentError,
    DeviceBusyError,
    DeviceError,
    PaperState,
    PrinterNotReadyError,
    PrinterState,
    PrintOutcome,
    ReceiptPrinter,
)
from drivers.document import Document
from drivers.fakes import FakeCashDrawer, FakeReceiptPrinter, FakeScanner
from tests.drivers.contract import ScannerContract, ScannerRig, Until

RECEIPT = Document(())


class TestFakeScannerContract(ScannerContract):
    @pytest.fixture
    def rig(self, until: Until) -> Iterator[ScannerRig]:
        scanner = FakeScanner()
        yield ScannerRig(scanner, scanner.scan, scanner.misread, scanner.unplug, scanner.plug, until)
        scanner.stop()


def test_the_fakes_implement_the_contracts() -> None:
    assert isinstance(FakeReceiptPrinter(), ReceiptPrinter)
    assert isinstance(FakeCashDrawer(), CashDrawer)


def test_a_printer_keeps_what_it_printed_in_order() -> None:
    printer = FakeReceiptPrinter()
    assert printer.print(RECEIPT, "0001") is PrintOutcome.PRINTED
    assert printer.print(RECEIPT, "0002") is PrintOutcome.PRINTED
    assert [job for _document, job in printer.printed] == ["0001", "0002"]
    assert printer.state() == PrinterState(True, True, PaperState.OK, False, False)


def test_a_printer_that_cannot_confirm_says_only_sent() -> None:
    assert FakeReceiptPrinter(confirms=False).print(RECEIPT, "0001") is PrintOutcome.SENT


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ({"plugged": False}, DeviceAbsentError),
        ({"busy": True}, DeviceBusyError),
        ({"cover_open": True}, PrinterNotReadyError),
        ({"paper": PaperState.OUT}, PrinterNotReadyError),
    ],
)
def test_a_printer_in_trouble_refuses_before_the_first_byte(
    trouble: dict[str, object], error: type[DeviceError]
) -> None:
    printer = FakeReceiptPrinter()
    for name, value in trouble.items():
        setattr(printer, name, value)
    with pytest.raises(error) as refusal:
        printer.print(RECEIPT, "0001")
    assert refusal.value.bytes_sent == 0
    assert str(refusal.value).endswith(".")
    assert printer.printed == []


@pytest.mark.parametrize("trouble", ["plugged", "busy"])
def test_a_drawer_stays_shut_when_its_printer_is_out_of_reach(trouble: str) -> None:
    printer = FakeReceiptPrinter()
    setattr(printer, trouble, trouble == "busy")
    with pytest.raises(DeviceError):
        FakeCashDrawer(printer).open()
    assert printer.kicks == 0


def test_an_absent_printer_has_a_state_too() -> None:
    printer = FakeReceiptPrinter()
    printer.plugged = False
    assert printer.state() == PrinterState(False, False, PaperState.UNKNOWN, False, None)


def test_paper_that_ends_in_the_middle_leaves_a_part_on_paper() -> None:
    printer = FakeReceiptPrinter(bytes_per_document=800)
    printer.end_the_paper_in_the_middle()
    with pytest.raises(PrinterNotReadyError) as refusal:
        printer.print(RECEIPT, "0001")
    assert refusal.value.bytes_sent == 400
    assert refusal.value.reason == printer.state()
    assert not printer.state().online
    printer.paper = PaperState.OK
    assert printer.print(RECEIPT, "0001") is PrintOutcome.PRINTED


def test_a_cable_pulled_in_the_middle_leaves_a_part_on_paper() -> None:
    printer = FakeReceiptPrinter()
    printer.unplug_in_the_middle()
    with pytest.raises(DeviceAbsentError) as refusal:
        printer.print(RECEIPT, "0001")
    assert refusal.value.bytes_sent > 0
    assert not printer.state().present


def test_paper_near_its_end_still_prints() -> None:
    printer = FakeReceiptPrinter()
    printer.paper = PaperState.NEAR_END
    assert printer.print(RECEIPT, "0001") is PrintOutcome.PRINTED


def test_a_drawer_opens_once_per_call() -> None:
    printer = FakeReceiptPrinter()
    drawer = FakeCashDrawer(printer)
    drawer.open()
    assert (drawer.openings, printer.kicks) == (1, 1)
    assert printer.state().drawer_open
