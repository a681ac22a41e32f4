"""The scanner driver on the real evdev, behind an emulated scanner."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator

import evdev
import pytest

from drivers.devices import Scan, ScanRejected
from drivers.hotplug import HotplugMonitor
from drivers.input_matching import Pairing
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
from drivers.virtual.client import VirtualBench
from tests.drivers.contract import Heard, ScannerContract, ScannerRig, Until

Start = Callable[..., Heard]
Make = Callable[..., EvdevScanner]
EV_SYN, SYN_DROPPED = 0, 3
LEFT_META, ENTER, LETTER_A = 125, 28, 30


@pytest.fixture
def scanner_with(hotplug: HotplugMonitor) -> Iterator[Make]:
    """Make scanners that are stopped after the test, even when it fails: one left running would end the run."""
    made: list[EvdevScanner] = []

    def make(**settings: object) -> EvdevScanner:
        made.append(EvdevScanner(ScannerSettings(**settings), hotplug))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for scanner in made:
        scanner.stop()


@pytest.fixture
def start(scanner_with: Make, until: Until) -> Start:
    """Start a scanner with some settings and wait until it holds its device."""

    def begin(*, present: bool = True, **settings: object) -> Heard:
        heard = Heard()
        scanner_with(**settings).start(heard.on_scan, heard.on_state)
        until(lambda: heard.states == [present], "the scanner's state")
        return heard

    return begin


class TestScannerContract(ScannerContract):
    @pytest.fixture
    def rig(self, bench: VirtualBench, scanner_with: Make, until: Until) -> ScannerRig:
        bench.plug_scanner()

        def misread() -> None:
            bench.type("40")
            bench.events((EV_SYN, SYN_DROPPED, 0))
            bench.scan("6381333931")

        return ScannerRig(
            scanner_with(), bench.scan, misread, lambda: bench.unplug("scanner"), lambda: _plug(bench), until
        )


def _plug(bench: VirtualBench) -> None:
    bench.plug_scanner()


def test_it_holds_the_scanner_for_itself_alone(bench: VirtualBench, start: Start) -> None:
    node = bench.plug_scanner()
    start()
    other = evdev.InputDevice(node)
    with pytest.raises(OSError, match="busy"):
        other.grab()
    other.close()


def test_a_console_that_reads_along_sees_nothing_of_a_scan(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    node = bench.plug_scanner()
    console = evdev.InputDevice(node)
    heard = start()
    bench.scan("4006381333931")
    until(lambda: heard.texts() == ["4006381333931"])
    with pytest.raises(BlockingIOError):
        list(console.read())
    console.close()


def test_it_waits_while_another_program_holds_the_scanner(
    bench: VirtualBench, scanner_with: Make, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    other = evdev.InputDevice(bench.plug_scanner())
    other.grab()
    heard = Heard()
    scanner_with().start(heard.on_scan, heard.on_state)
    until(lambda: "another program holds the scanner" in caplog.messages)
    time.sleep(0.6)  # two more tries: still said once
    assert caplog.messages.count("another program holds the scanner") == 1
    other.ungrab()
    other.close()
    until(lambda: heard.states == [True], "the scanner is ours")


def test_it_takes_no_scanner_whose_key_is_down(bench: VirtualBench, scanner_with: Make, until: Until) -> None:
    node = bench.plug_scanner()
    bench.key(ENTER, 1)
    heard = Heard()
    scanner_with().start(heard.on_scan, heard.on_state)
    time.sleep(0.4)
    assert not bench.input_state()["grabbed"], node
    bench.key(ENTER, 0)
    until(lambda: heard.states == [True], "the scanner is ours once the key is up")


def test_events_that_the_kernel_lost_never_become_a_code(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_scanner()
    heard = start()
    bench.type("12")
    bench.events((EV_SYN, SYN_DROPPED, 0))
    bench.scan("89")
    until(lambda: heard.scans)
    assert heard.scans == [ScanRejected("events were lost", "1289", heard.scans[0].at_monotonic)]


def test_a_shift_whose_release_was_lost_does_not_spoil_the_next_scan(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_scanner()
    heard = start()
    bench.key(42, 1)  # Shift goes down and is seen
    bench.events((EV_SYN, SYN_DROPPED, 0), (1, 42, 0))  # its release is swallowed by the loss
    bench.scan("")
    bench.scan("4006")
    until(lambda: heard.texts() == ["4006"])


def test_a_scan_without_its_end_is_refused_after_a_silence(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_scanner()
    heard = start(silence_seconds=0.2)
    bench.type("40063")
    until(lambda: heard.scans, seconds=1)
    assert isinstance(heard.scans[0], ScanRejected)
    assert heard.scans[0].reason == "the end is missing"
    bench.scan("73513537")
    until(lambda: heard.texts() == ["73513537"])


def test_a_cable_pulled_in_the_middle_of_a_scan_refuses_it(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_scanner()
    heard = start(silence_seconds=60)
    bench.type("40063")
    time.sleep(0.05)
    bench.unplug("scanner")
    until(lambda: heard.states == [True, False])
    assert [type(scan) for scan in heard.scans] == [ScanRejected]


def test_it_is_logged_once_when_lost_and_once_when_back(
    bench: VirtualBench, start: Start, until: Until, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    bench.plug_scanner()
    heard = start()
    caplog.clear()
    bench.unplug("scanner")
    until(lambda: heard.states == [True, False])
    time.sleep(1.2)  # the monitor looks again meanwhile
    bench.plug_scanner()
    until(lambda: heard.states == [True, False, True])
    assert [message.split(":")[0] for message in caplog.messages] == ["the scanner was lost", "scanner ready"]


def test_a_desk_keyboard_is_never_taken_for_a_scanner(bench: VirtualBench, start: Start) -> None:
    bench.plug_scanner("desk", name="Logitech USB Keyboard", vendor=0x046D, product=0xC31C)
    start(present=False)
    assert not bench.input_state("desk")["grabbed"]


@pytest.mark.parametrize(
    "pairing",
    [
        Pairing(vendor_product="05f9:2204"),
        Pairing(serial="D42"),
        Pairing(phys="usb-3f980000.usb-1.7/input0"),
        Pairing(vendor_product="05f9:2204", serial="D42"),
    ],
    ids=["by vendor and product", "by serial number", "by port", "by all"],
)
def test_a_paired_scanner_is_found_among_others(
    bench: VirtualBench, start: Start, until: Until, pairing: Pairing
) -> None:
    bench.plug_scanner("other")
    bench.plug_scanner(
        "ours",
        name="Noname",
        vendor=0x05F9,
        product=0x2204,
        serial="D42",
        phys="usb-3f980000.usb-1.7/input0",
    )
    heard = start(pairing=pairing)
    assert bench.input_state("ours")["grabbed"]
    assert not bench.input_state("other")["grabbed"]
    bench.scan("73513537", "ours")
    until(lambda: heard.texts() == ["73513537"])


@pytest.mark.parametrize("layout", ["us", "de", "fr"])
def test_a_scanner_that_types_in_its_country_s_layout_is_read_right(
    bench: VirtualBench, start: Start, until: Until, layout: str
) -> None:
    bench.plug_scanner(layout=layout)
    heard = start(layout=layout)
    bench.scan("AZQWMyz/4006381333931-_+*%$&(=?.\x1d17")
    until(lambda: heard.scans)
    assert heard.texts() == ["AZQWMyz/4006381333931-_+*%$&(=?.\x1d17"]


def test_the_aim_identifier_becomes_the_symbology(bench: VirtualBench, start: Start, until: Until) -> None:
    bench.plug_scanner()
    heard = start()
    bench.scan("]C10104006381333931\x1d10AB")
    until(lambda: heard.scans)
    assert heard.scans == [Scan("0104006381333931\x1d10AB", "C1", heard.scans[0].at_monotonic)]


def test_a_barcode_that_types_a_shortcut_is_refused(bench: VirtualBench, start: Start, until: Until) -> None:
    bench.plug_scanner()
    heard = start()
    bench.key(LEFT_META, 1)
    bench.tap(LETTER_A)
    bench.key(LEFT_META, 0)
    bench.scan("4006")
    until(lambda: heard.scans)
    assert [type(scan) for scan in heard.scans] == [ScanRejected]


def test_a_long_qr_code_arrives_whole_while_the_interpreter_is_busy(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_scanner()
    heard = start()
    url = "https://example.com/01/04006381333931/10/" + "aB3-" * 100
    busy = threading.Event()
    worker = threading.Thread(target=_spin, args=(busy,))
    worker.start()
    bench.type(url + "\n", gap_seconds=0)
    until(lambda: heard.scans, seconds=20)
    busy.set()
    worker.join()
    assert heard.texts() == [url]


def _spin(end: threading.Event) -> None:
    while not end.is_set():
        sum(range(1000))


@pytest.mark.parametrize("wrong", [{"layout": "xx"}, {"suffixes": ()}, {"suffixes": ("comma",)}])
def test_settings_that_no_scanner_has_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="layout|suffixes"):
        ScannerSettings(**wrong)  # type: ignore[arg-type]


def test_a_scan_that_overflows_the_kernel_s_64_events_is_refused_whole(
    bench: VirtualBench, scanner_with: Make, until: Until
) -> None:
    """The reader sleeps while an EAN-13 comes (84 events): a naive one would read "12" and Enter, and sell it."""
    bench.plug_scanner(ring=64)
    awake = threading.Event()
    heard = Heard()

    def sleep_on_the_first(scan: Scan | ScanRejected) -> None:
        heard.on_scan(scan)
        awake.wait()

    scanner_with(silence_seconds=0.2).start(sleep_on_the_first, heard.on_state)
    until(lambda: heard.states == [True])
    bench.scan("73513537")
    until(lambda: len(heard.scans) == 1)
    bench.scan("4006381333931")
    awake.set()
    until(lambda: len(heard.scans) == 2, "the refusal")
    assert isinstance(heard.scans[1], ScanRejected)
    bench.scan("4006381333931")
    until(lambda: heard.texts() == ["73513537", "4006381333931"])
