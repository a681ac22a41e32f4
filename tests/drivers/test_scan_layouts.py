"""A scanner that nobody set: the code beside a new key says which keyboard it types on."""

from __future__ import annotations

import pytest

from drivers.devices import Scan, ScanRejected
from drivers.layouts import LAYOUTS
from drivers.scan_layouts import UnsetScanner
from drivers.virtual.client import VirtualBench
from tests.drivers.contract import Heard, Until
from tests.drivers.test_scanner import scanner_with as scanner_with  # noqa: PLC0414  # a fixture

KEYS = f"ck_{'0123456789abcdef' * 2}01234567|cs_{'fedcba9876543210' * 2}89abcdef"


class Judge:
    """Knows one kind of code, and remembers which layout read it."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def __call__(self, texts: dict[str, str]) -> str:
        name = next((name for name, text in texts.items() if text.startswith("ck_")), "")
        self.found += [name] * bool(name)
        return name


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_the_key_is_read_whatever_the_scanner_is_set_to(
    bench: VirtualBench, hotplug: object, until: Until, layout: str
) -> None:
    from drivers.scanner_evdev import EvdevScanner

    judge, heard = Judge(), Heard()
    bench.plug_scanner(layout=layout)
    scanner = EvdevScanner(UnsetScanner(judge=judge), hotplug)  # type: ignore[arg-type]
    scanner.start(heard.on_scan, heard.on_state)
    try:
        until(lambda: heard.states == [True], "the scanner's state")
        bench.scan(KEYS)
        until(lambda: len(heard.scans) == 1, "the scan")
        assert isinstance(heard.scans[0], Scan)
        assert heard.scans[0].text == KEYS
        assert judge.found == [layout]
        bench.scan("5012345678900")
        until(lambda: len(heard.scans) == 2, "the scan of a product")
        if layout != "fr":  # whose figures need the shift key: the till is set to another one
            assert heard.scans[1].text == "5012345678900"
        bench.type("12")
        until(lambda: len(heard.scans) == 3, "the refusal")
        assert isinstance(heard.scans[2], ScanRejected)
    finally:
        scanner.stop()
