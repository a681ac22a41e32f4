"""The receipt printer through the real pyusb and libusb, behind an emulated USB printer."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from drivers import printer_escpos as escpos
from drivers.devices import (
    DeviceAbsentError,
    DeviceBusyError,
    PaperState,
    PrinterNotReadyError,
    PrinterState,
    PrintOutcome,
    ReceiptPrinter,
)
from drivers.printer_usb_link import UsbLink, UsbTarget
from drivers.virtual.client import VirtualBench
from tests.drivers.printing import Job, PrinterRig, Until, printer_rig, shows
from tests.drivers.sample_receipts import raster, receipt, slip

ABOUT_HALF_BYTES = 40_000  # of the 81 KB of the sample receipt


@pytest.fixture
def rig(bench: VirtualBench, until: Until) -> Iterator[PrinterRig]:
    with printer_rig(bench, until) as rig:
        yield rig


def test_a_receipt_is_printed_once_and_confirmed(rig: PrinterRig) -> None:
    printer = rig.plugged()
    assert isinstance(printer, ReceiptPrinter)
    assert printer.print(receipt(), "T1-000123") is PrintOutcome.PRINTED
    (piece,) = rig.pieces()
    assert shows(piece, receipt())
    assert (piece.cut, piece.kicks) == ("partial", [])


def test_the_kernels_driver_is_moved_aside_and_nothing_is_reset(rig: PrinterRig) -> None:
    printer = rig.plugged()
    printer.print(slip(), "test")
    report = rig.bench.printer()
    assert report["driver"] is None
    assert not {"RESET", "SETCONFIGURATION", "SETINTERFACE"} & set(report["calls"])


@pytest.mark.parametrize("quirks", [[], ["no_process_id"]])
def test_it_is_confirmed_only_when_the_end_is_on_paper(rig: PrinterRig, quirks: list[str]) -> None:
    printer = rig.plugged(how={"buffer_bytes": 200_000, "quirks": quirks}, confirm_seconds=10)
    printer.print(slip(), "quick")  # its answers must not be taken for the next one's
    rig.bench.printer(rate=60_000)
    began_at = time.monotonic()
    assert printer.print(receipt(), "slow") is PrintOutcome.PRINTED
    assert time.monotonic() - began_at > 1.0
    assert rig.bench.printer()["cuts"] == 2


def test_one_receipt_after_the_other_all_whole(rig: PrinterRig) -> None:
    printer = rig.plugged()
    documents = [receipt(f"T1-00000{number}") for number in range(3)]
    assert [printer.print(document, "job") for document in documents] == [PrintOutcome.PRINTED] * 3
    assert [shows(piece, document) for piece, document in zip(rig.pieces(), documents, strict=True)] == [
        True
    ] * 3


def test_four_threads_print_four_whole_receipts(rig: PrinterRig) -> None:
    printer = rig.plugged()
    jobs = [Job(printer, slip()) for _ in range(4)]
    assert [job.result() for job in jobs] == [PrintOutcome.PRINTED] * 4
    assert [shows(piece, slip()) for piece in rig.pieces()] == [True] * 4


def test_the_state_can_be_asked_while_it_prints(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged(how={"rate": 60_000})
    job = Job(printer, receipt())
    until(lambda: rig.bench.printer()["printed"] > 10_000, "it prints")
    asked_at = time.monotonic()
    assert printer.state().online
    assert time.monotonic() - asked_at < 1.0
    assert job.result() is PrintOutcome.PRINTED


# -- paper


@pytest.mark.parametrize("trouble", ["paper", "cover"])
def test_trouble_in_the_middle_that_is_mended_loses_and_doubles_nothing(
    rig: PrinterRig, until: Until, trouble: str
) -> None:
    printer = rig.plugged(how={"rate": 200_000}, stall_seconds=10)
    job = Job(printer, receipt())
    until(lambda: rig.bench.printer()["printed"] > ABOUT_HALF_BYTES // 2, "it prints")
    bad: dict[str, Any] = {trouble: trouble == "cover"}
    good: dict[str, Any] = {trouble: trouble == "paper"}
    rig.bench.printer(**bad)
    until(lambda: not printer.state().online, "the printer says so")
    time.sleep(1.2)  # longer than a write lasts, so that one comes back with fewer bytes than it was given
    rig.bench.printer(**good)
    assert job.result() is PrintOutcome.PRINTED
    assert [shows(piece, receipt()) for piece in rig.pieces()] == [True]


@pytest.mark.parametrize("quirks", [[], ["no_soft_reset"], ["no_asb"]])
def test_paper_that_stays_out_ends_the_job_and_the_copy_is_whole(
    rig: PrinterRig, until: Until, quirks: list[str]
) -> None:
    printer = rig.plugged(how={"quirks": quirks})
    rig.bench.printer(paper_left=ABOUT_HALF_BYTES)
    with pytest.raises(PrinterNotReadyError, match="out of paper") as refusal:
        printer.print(receipt(), "T1-000123")
    assert ABOUT_HALF_BYTES - 100 < refusal.value.bytes_sent < ABOUT_HALF_BYTES + 10_000
    assert isinstance(refusal.value.reason, PrinterState)
    assert refusal.value.reason.paper is PaperState.OUT
    rig.bench.printer(paper=True)
    until(lambda: printer.state().online, "new paper")
    assert printer.print(receipt(), "T1-000123 copy") is PrintOutcome.PRINTED
    half, copy = rig.pieces()
    assert not shows(half, receipt())
    assert shows(copy, receipt())


def test_paper_that_ends_when_everything_was_sent_is_not_called_printed(rig: PrinterRig) -> None:
    printer = rig.plugged(how={"buffer_bytes": 200_000})
    rig.bench.printer(paper_left=ABOUT_HALF_BYTES)
    with pytest.raises(PrinterNotReadyError, match="out of paper") as refusal:
        printer.print(receipt(), "T1-000123")
    assert refusal.value.bytes_sent > 80_000


@pytest.mark.parametrize("quirks", [[], ["no_asb"], ["no_asb", "no_realtime"]])
@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"paper": False}, "out of paper"),
        ({"cover": True}, "cover|offline"),
        ({"knife_err": True}, "offline"),
    ],
)
def test_a_printer_that_cannot_print_is_refused_before_anything_is_sent(
    rig: PrinterRig, until: Until, trouble: dict[str, Any], words: str, quirks: list[str]
) -> None:
    printer = rig.plugged(how={"quirks": quirks}, stall_seconds=10)
    rig.bench.printer(**trouble)
    until(lambda: not printer.state().online, "the trouble is known")
    asked_at = time.monotonic()
    with pytest.raises(PrinterNotReadyError, match=words) as refusal:
        printer.print(receipt(), "T1-000123")
    assert time.monotonic() - asked_at < 2.0  # a sale is never delayed
    assert refusal.value.bytes_sent == 0
    rig.bench.printer(paper=True, cover=False, knife_err=False)
    until(lambda: printer.state().online, "all is well")
    assert printer.print(slip(), "later") is PrintOutcome.PRINTED
    assert [shows(piece, slip()) for piece in rig.pieces()] == [True]


def test_a_printer_that_is_plugged_in_without_paper_is_refused_too(rig: PrinterRig) -> None:
    rig.bench.plug_printer()
    rig.bench.printer(paper=False)
    printer = rig.driver()
    with pytest.raises((PrinterNotReadyError, DeviceAbsentError)):
        printer.print(receipt(), "first")
    state = printer.state()
    assert (state.online, state.paper) == (False, PaperState.OUT)


def test_paper_that_is_near_its_end_is_said_and_prints(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged()
    rig.bench.printer(nearend=True)
    until(lambda: printer.state().paper is PaperState.NEAR_END, "near end")
    assert printer.print(slip(), "test") is PrintOutcome.PRINTED


# -- cables


def test_an_absent_printer_is_refused_with_nothing_sent(rig: PrinterRig) -> None:
    printer = rig.driver()
    assert not printer.state().present
    with pytest.raises(DeviceAbsentError, match="not connected") as refusal:
        printer.print(receipt(), "T1-000123")
    assert refusal.value.bytes_sent == 0


def test_a_printer_unplugged_while_idle_is_absent_and_comes_back(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged()
    rig.bench.unplug("printer", keep=True)
    until(lambda: not printer.state().present)
    rig.bench.replug_printer()
    until(lambda: printer.state().present)
    assert printer.print(slip(), "test") is PrintOutcome.PRINTED


def test_unplugged_in_the_middle_then_another_printer_with_other_endpoints(
    rig: PrinterRig, until: Until
) -> None:
    printer = rig.plugged(how={"rate": 60_000})
    job = Job(printer, receipt())
    until(lambda: rig.bench.printer()["printed"] > 10_000, "it prints")
    rig.bench.unplug("printer")
    error = job.result()
    assert isinstance(error, DeviceAbsentError)
    assert error.bytes_sent > 10_000
    rig.bench.plug_printer(identity={"in_endpoint": 0x81, "out_endpoint": 0x03, "serial": "OTHER"})
    until(lambda: printer.state().present, "the other one is found")
    assert printer.print(receipt(), "copy") is PrintOutcome.PRINTED
    assert [shows(piece, receipt()) for piece in rig.pieces()] == [True]


def test_unplugged_before_the_confirmation_is_not_called_printed(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged(how={"rate": 20_000, "buffer_bytes": 200_000}, confirm_seconds=20)
    job = Job(printer, receipt())
    everything = len(escpos.raster(raster().render(receipt())))
    until(
        lambda: sum(rig.bench.printer()[part] for part in ("printed", "buffered")) > everything, "all is sent"
    )
    rig.bench.unplug("printer")
    error = job.result()
    assert isinstance(error, DeviceAbsentError)
    assert error.bytes_sent > 80_000


def test_a_printer_is_chosen_by_serial_number_or_by_place(rig: PrinterRig, until: Until) -> None:
    for name in ("left", "right"):
        rig.bench.plug_printer(name, identity={"serial": name.upper()})
    right = rig.driver(UsbTarget(serial="RIGHT"))
    until(lambda: right.state().present, "the right one")
    right.print(slip(), "test")
    assert [rig.bench.printer(name)["cuts"] for name in ("left", "right")] == [0, 1]
    assert not rig.driver(UsbTarget(serial="MIDDLE")).state().present
    assert not rig.driver(UsbTarget(path="9-9")).state().present


def test_a_printer_that_another_program_holds_is_busy(rig: PrinterRig) -> None:
    rig.plugged()
    with pytest.raises(DeviceBusyError, match="Another program"):
        UsbLink(UsbTarget())
    with pytest.raises(DeviceBusyError) as refusal:
        rig.driver().print(slip(), "test")
    assert refusal.value.bytes_sent == 0


# -- a firmware that hangs, and clones


def test_a_printer_that_hangs_is_given_up_with_nothing_sent(rig: PrinterRig) -> None:
    printer = rig.plugged()
    rig.bench.printer(dead=True)
    with pytest.raises(PrinterNotReadyError) as refusal:
        printer.print(receipt(), "T1-000123")
    assert refusal.value.bytes_sent == 0
    rig.bench.printer(dead=False)
    assert printer.print(receipt(), "again") is PrintOutcome.PRINTED


def test_a_printer_that_hangs_in_the_middle_says_how_far_it_came(rig: PrinterRig, until: Until) -> None:
    printer = rig.plugged(how={"rate": 60_000})
    job = Job(printer, receipt())
    until(lambda: rig.bench.printer()["printed"] > 10_000, "it prints")
    rig.bench.printer(dead=True)
    error = job.result()
    assert isinstance(error, PrinterNotReadyError)
    assert 10_000 < error.bytes_sent < 80_000
    assert error.reason == "stalled"


@pytest.mark.parametrize(
    ("quirks", "outcome"),
    [
        (["no_process_id"], PrintOutcome.PRINTED),
        (["no_asb"], PrintOutcome.PRINTED),
        (["no_process_id", "no_asb", "no_realtime"], PrintOutcome.PRINTED),
        (["no_process_id", "no_status"], PrintOutcome.SENT),
        (["no_process_id", "no_status", "no_asb", "no_realtime", "no_soft_reset"], PrintOutcome.SENT),
    ],
)
def test_a_clone_prints_and_is_believed_what_it_can_say(
    rig: PrinterRig, quirks: list[str], outcome: PrintOutcome
) -> None:
    printer = rig.plugged(how={"quirks": quirks})
    assert printer.print(receipt(), "first") is outcome
    began_at = time.monotonic()
    assert printer.print(receipt(), "second") is outcome
    assert time.monotonic() - began_at < 1.9  # it was learned what it cannot say
    assert [shows(piece, receipt()) for piece in rig.pieces()] == [True, True]


def test_a_closed_driver_leaves_no_thread_and_opens_again(rig: PrinterRig) -> None:
    printer = rig.plugged()
    printer.close()
    printer.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "printer-listener"]
    assert not rig.bench.printer()["claimed"]
    assert printer.print(slip(), "again") is PrintOutcome.PRINTED
