"""The cash drawer on the printer's socket."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from drivers.devices import CashDrawer, DeviceAbsentError, DeviceError, PrinterNotReadyError
from drivers.drawer import EscposDrawer
from drivers.virtual.client import VirtualBench
from tests.drivers.printing import Job, PrinterRig, Until, printer_rig, shows
from tests.drivers.sample_receipts import receipt, slip


@pytest.fixture
def rig(bench: VirtualBench, until: Until) -> Iterator[PrinterRig]:
    with printer_rig(bench, until) as rig:
        yield rig


def test_it_opens_once_and_before_the_receipt(rig: PrinterRig) -> None:
    printer = rig.plugged()
    drawer = EscposDrawer(printer, pin=2, pulse_ms=120)
    assert isinstance(drawer, CashDrawer)
    drawer.open()
    printer.print(slip(), "T1-000123")
    assert rig.bench.printer()["kicks"] == [[2, 120, 250]]
    executed = b"".join(rig.bench.printer()["jobs"])
    assert executed.index(b"\x1bp\x00") < executed.index(b"\x1dv0")


def test_the_other_pin_can_be_chosen(rig: PrinterRig) -> None:
    EscposDrawer(rig.plugged(), pin=5, pulse_ms=200).open()
    assert rig.bench.printer()["kicks"] == [[5, 200, 400]]


@pytest.mark.parametrize("trouble", [{"paper": False}, {"cover": True}])
def test_it_opens_although_the_printer_cannot_print(
    rig: PrinterRig, trouble: dict[str, Any], until: Until
) -> None:
    printer = rig.plugged()
    rig.bench.printer(**trouble)
    until(lambda: not printer.state().online, "the trouble is known")
    asked_at = time.monotonic()
    EscposDrawer(printer).open()
    assert time.monotonic() - asked_at < 1.5
    assert rig.bench.printer()["kicks"] == [[2, 100, 100]]


def test_no_kick_is_left_behind_for_the_hour_when_paper_is_put_in(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged()
    rig.bench.printer(paper=False)
    until(lambda: not printer.state().online, "the trouble is known")
    EscposDrawer(printer).open()
    rig.bench.printer(paper=True)
    until(lambda: printer.state().online, "new paper")
    printer.print(slip(), "later")
    assert len(rig.bench.printer()["kicks"]) == 1


def test_a_receipt_that_failed_and_is_printed_again_does_not_open_it_again(
    rig: PrinterRig, until: Until
) -> None:
    printer = rig.plugged()
    EscposDrawer(printer).open()
    rig.bench.printer(paper_left=30_000)
    with pytest.raises(PrinterNotReadyError):
        printer.print(receipt(), "T1-000123")
    rig.bench.printer(paper=True)
    until(lambda: printer.state().online, "new paper")
    printer.print(receipt(), "T1-000123 copy")
    assert len(rig.bench.printer()["kicks"]) == 1


def test_the_next_customers_drawer_does_not_wait_for_the_last_ones_paper(
    rig: PrinterRig, until: Until
) -> None:
    """The pipe is full of a receipt that cannot be printed: the receipt makes way, it may be printed again."""
    printer = rig.plugged(stall_seconds=60)
    rig.bench.printer(paper_left=30_000)
    job = Job(printer, receipt())
    until(lambda: not rig.bench.printer()["paper"], "the paper is out")
    asked_at = time.monotonic()
    EscposDrawer(printer).open()
    assert time.monotonic() - asked_at < 3.0
    assert len(rig.bench.printer()["kicks"]) == 1
    error = job.result()
    assert isinstance(error, PrinterNotReadyError)
    assert error.bytes_sent > 0


@pytest.mark.parametrize("quirks", [[], ["no_soft_reset"]])
def test_it_opens_after_a_job_that_broke_off(rig: PrinterRig, until: Until, quirks: list[str]) -> None:
    """The printer may still wait for the rest of a band, and would print the kick as dots."""
    printer = rig.plugged(how={"quirks": quirks})
    rig.bench.printer(paper_left=30_000)
    with pytest.raises(PrinterNotReadyError):
        printer.print(receipt(), "T1-000123")
    rig.bench.printer(paper=True)
    until(lambda: printer.state().online, "new paper")
    EscposDrawer(printer).open()
    assert len(rig.bench.printer()["kicks"]) == 1
    printer.print(receipt(), "copy")
    assert shows(rig.pieces()[-1], receipt())


def test_it_says_when_the_pulse_was_not_given(rig: PrinterRig) -> None:
    with pytest.raises(DeviceAbsentError):
        EscposDrawer(rig.driver()).open()
    printer = rig.plugged()
    rig.bench.printer(dead=True)
    with pytest.raises(DeviceError) as refusal:
        EscposDrawer(printer).open()
    assert refusal.value.bytes_sent == 0
    rig.bench.printer(dead=False)
    assert rig.bench.printer()["kicks"] == []


def test_the_drawers_sensor_is_read_with_its_own_polarity(rig: PrinterRig, until: Until) -> None:
    assert rig.plugged().state().drawer_open is None
    rig.close()
    printer = rig.driver(drawer_open_level=True)
    until(lambda: printer.state().drawer_open is False, "closed")
    rig.bench.printer(drawer_open=True)
    until(lambda: printer.state().drawer_open is True, "open")


@pytest.mark.parametrize(("pin", "pulse_ms"), [(3, 100), (2, 10), (2, 900)])
def test_a_setting_that_would_not_open_it_or_burn_it_is_refused(pin: int, pulse_ms: int) -> None:
    class Nothing:
        def pulse(self, pin: int, milliseconds: int) -> None:
            raise AssertionError

    with pytest.raises(ValueError, match="drawer"):
        EscposDrawer(Nothing(), pin, pulse_ms)
