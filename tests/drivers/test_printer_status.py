"""What a printer says, byte by byte, and a session with a printer that is wired up directly."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.devices import PaperState, PrintOutcome
from drivers.printer_status import (
    Answer,
    Demultiplexer,
    Kind,
    state_from_port,
    state_from_realtime,
    state_from_status_back,
)
from drivers.printer_usb import UsbReceiptPrinter
from drivers.virtual.escpos_printer import VirtualEscposPrinter
from tests.drivers.sample_receipts import raster, slip

ASB_FINE, ASB_NO_PAPER = b"\x10\x00\x00\x0f", b"\x18\x00\x0f\x0f"
PROCESS_ID = b"\x37\x220042\x00"


def test_the_kinds_are_told_apart_in_one_stream() -> None:
    stream = b"\x11" + ASB_NO_PAPER + b"\x16" + b"\x0c" + PROCESS_ID + b"\x13" + ASB_FINE
    assert Demultiplexer().feed(stream) == [
        Answer(Kind.STATUS_BACK, ASB_NO_PAPER),
        Answer(Kind.REALTIME, b"\x16"),
        Answer(Kind.STATUS, b"\x0c"),
        Answer(Kind.PROCESS_ID, b"0042"),
        Answer(Kind.STATUS_BACK, ASB_FINE),
    ]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_answers_that_come_in_pieces_are_put_together(sizes: list[int]) -> None:
    stream, at, answers, demultiplexer = (
        ASB_FINE + PROCESS_ID + b"\x12" + ASB_NO_PAPER,
        0,
        [],
        Demultiplexer(),
    )
    for size in [*sizes, len(stream)]:
        answers += demultiplexer.feed(stream[at : at + size])
        at += size
    assert [answer.kind for answer in answers] == [
        Kind.STATUS_BACK,
        Kind.PROCESS_ID,
        Kind.REALTIME,
        Kind.STATUS_BACK,
    ]


def test_half_a_report_does_not_swallow_the_next_one() -> None:
    assert Answer(Kind.STATUS_BACK, ASB_NO_PAPER) in Demultiplexer().feed(b"\x10\x00" + ASB_NO_PAPER)


@given(st.binary(max_size=200))
def test_noise_never_stops_it(noise: bytes) -> None:
    demultiplexer = Demultiplexer()
    demultiplexer.feed(noise)
    demultiplexer.feed(bytes(8))  # what still waited is over
    assert demultiplexer.feed(ASB_FINE) == [Answer(Kind.STATUS_BACK, ASB_FINE)]


def test_a_report_is_read_as_epson_wrote_it() -> None:
    state = state_from_status_back(b"\x3c\x00\x03\x0f", drawer_open_level=False)
    assert (state.online, state.cover_open, state.paper) == (False, True, PaperState.NEAR_END)
    assert state.drawer_open is False
    assert state_from_status_back(ASB_FINE, drawer_open_level=False).drawer_open is True
    assert state_from_status_back(ASB_FINE, drawer_open_level=None).drawer_open is None


def test_real_time_answers_are_read_as_epson_wrote_them() -> None:
    state = state_from_realtime(b"\x1a\x32\x7e", drawer_open_level=None)
    assert (state.online, state.cover_open, state.paper) == (False, False, PaperState.OUT)


@pytest.mark.parametrize(
    ("status", "online", "paper"),
    [(0x18, True, PaperState.UNKNOWN), (0x28, False, PaperState.OUT), (0x08, False, PaperState.UNKNOWN)],
)
def test_the_port_status_is_read_as_the_class_says(status: int, online: bool, paper: PaperState) -> None:
    state = state_from_port(status)
    assert (state.online, state.paper) == (online, paper)


class Wire:
    """A Link straight to a virtual printer; process ids may come late, as the paper moves after the bytes."""

    def __init__(
        self, core: VirtualEscposPrinter, *, answers: bool = True, late_seconds: float = 0.0
    ) -> None:
        self.core, self.answers, self._late_seconds = core, answers, late_seconds
        self._held: list[tuple[float, bytes]] = []

    def write(self, data: bytes, timeout_ms: int) -> int:
        return self.core.feed(data)

    def read(self, timeout_ms: int) -> bytes:
        time.sleep(0.005)
        with self.core.lock:
            said = bytes(self.core.tx)
            self.core.tx.clear()
        at = said.find(b"\x37\x22")
        if at >= 0:
            self._held.append((time.monotonic() + self._late_seconds, said[at : at + 7]))
            said = said[:at] + said[at + 7 :]
        if self._held and self._held[0][0] <= time.monotonic():
            said += self._held.pop(0)[1]
        return said

    def port_status(self) -> int | None:
        return self.core.port_status()

    def soft_reset(self) -> None:
        self.core.soft_reset()

    def close(self) -> None:
        pass


@pytest.fixture
def core() -> VirtualEscposPrinter:
    return VirtualEscposPrinter(buffer_bytes=100_000)


def wired(wire: Wire) -> Iterator[UsbReceiptPrinter]:
    printer = UsbReceiptPrinter(raster(), connect=lambda _target: wire, confirm_seconds=5)
    yield printer
    printer.close()


def test_a_process_id_that_comes_after_the_status_is_waited_for(core: VirtualEscposPrinter) -> None:
    """Else an Epson would count as a clone, and its receipts as printed before they are."""
    for printer in wired(Wire(core, late_seconds=0.5)):
        for _ in range(2):
            began_at = time.monotonic()
            assert printer.print(slip(), "job") is PrintOutcome.PRINTED
            assert time.monotonic() - began_at >= 0.5
    assert bytes(core.printed).count(b"\x1dr\x01") == 1  # after the first job it is known what it answers


def test_a_printer_without_a_way_back_is_sent_to_and_never_called_printed(core: VirtualEscposPrinter) -> None:
    for printer in wired(Wire(core, answers=False)):
        began_at = time.monotonic()
        assert printer.print(slip(), "job") is PrintOutcome.SENT
        assert time.monotonic() - began_at < 2.0  # nothing is waited for
    assert core.cuts == 1
