"""What every scanner must do, the real one and the fake one: each test file gives its own rig."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.devices import Scan, Scanner, ScanRejected

Until = Callable[..., None]


@dataclass
class Heard:
    """What a scanner's user heard, and on which threads."""

    scans: list[Scan | ScanRejected] = field(default_factory=list)
    states: list[bool] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def on_scan(self, scan: Scan | ScanRejected) -> None:
        self.threads.add(threading.get_ident())
        self.scans.append(scan)

    def on_state(self, present: bool) -> None:
        self.threads.add(threading.get_ident())
        self.states.append(present)

    def texts(self) -> list[str]:
        return [scan.text for scan in self.scans if isinstance(scan, Scan)]


@dataclass
class ScannerRig:
    """A scanner that is stopped and plugged in, with what a person does to it."""

    scanner: Scanner
    scan: Callable[[str], None]
    misread: Callable[[], None]
    unplug: Callable[[], None]
    plug: Callable[[], None]
    until: Until

    def start(self) -> Heard:
        heard = Heard()
        self.scanner.start(heard.on_scan, heard.on_state)
        self.until(lambda: self.scanner.present and heard.states == [True], "the scanner is there")
        return heard


class ScannerContract:
    """Subclass it and give a fixture ``rig``."""

    def test_it_implements_the_contract(self, rig: ScannerRig) -> None:
        assert isinstance(rig.scanner, Scanner)

    def test_a_scan_is_heard_whole_and_in_order(self, rig: ScannerRig) -> None:
        heard = rig.start()
        codes = ["4006381333931", "73513537", "(01)09506000134352", "Ab-9/x.Y"]
        for code in codes:
            rig.scan(code)
        rig.until(lambda: len(heard.scans) == len(codes), "all scans")
        assert heard.texts() == codes
        times = [scan.at_monotonic for scan in heard.scans]
        assert times == sorted(times)

    def test_it_calls_back_on_one_thread_of_its_own(self, rig: ScannerRig) -> None:
        heard = rig.start()
        rig.scan("4006381333931")
        rig.until(lambda: heard.scans, "a scan")
        assert len(heard.threads) == 1
        assert threading.get_ident() not in heard.threads

    def test_a_bad_reading_is_rejected_and_the_next_one_is_good(self, rig: ScannerRig) -> None:
        heard = rig.start()
        rig.misread()
        rig.scan("73513537")
        rig.until(lambda: len(heard.scans) == 2, "a refusal and a scan")
        assert isinstance(heard.scans[0], ScanRejected)
        assert heard.texts() == ["73513537"]

    def test_it_says_when_it_is_unplugged_and_when_it_is_back(self, rig: ScannerRig) -> None:
        heard = rig.start()
        rig.unplug()
        rig.until(lambda: heard.states == [True, False], "the loss")
        assert not rig.scanner.present
        rig.plug()
        rig.until(lambda: heard.states == [True, False, True], "the return")
        assert rig.scanner.present
        rig.scan("73513537")
        rig.until(lambda: heard.texts() == ["73513537"], "a scan after the return")

    def test_a_scanner_that_is_not_there_is_said_once(self, rig: ScannerRig) -> None:
        rig.unplug()
        heard = Heard()
        rig.scanner.start(heard.on_scan, heard.on_state)
        rig.until(lambda: heard.states == [False], "absent")
        assert not rig.scanner.present
        rig.plug()
        rig.until(lambda: heard.states == [False, True], "present")

    def test_nothing_is_heard_after_it_was_stopped(self, rig: ScannerRig) -> None:
        heard = rig.start()
        rig.scanner.stop()
        said = len(heard.states)
        rig.scan("73513537")
        assert heard.scans == []
        assert len(heard.states) == said
        assert not rig.scanner.present

    def test_it_can_be_started_again_and_starts_clean(self, rig: ScannerRig) -> None:
        rig.start()
        rig.scanner.stop()
        rig.scan("1111111111")  # nobody listens
        heard = rig.start()
        rig.scan("73513537")
        rig.until(lambda: heard.texts() == ["73513537"], "the scan after the second start")

    def test_a_second_start_and_a_second_stop_do_nothing(self, rig: ScannerRig) -> None:
        heard = rig.start()
        rig.scanner.start(lambda _scan: None, lambda _present: None)
        rig.scan("73513537")
        rig.until(lambda: heard.texts() == ["73513537"], "the first callback is still the one")
        rig.scanner.stop()
        rig.scanner.stop()
