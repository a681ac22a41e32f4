"""The clock and its trust."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from appliance.domain.witness import ClockTrust
from appliance.machine.clock import FLOOR, Clock, boot_id, is_synced, uptime_ms

ROOT = Path(__file__).parents[2]
REFUSE = """
import ctypes, struct, platform
numbers = {"x86_64": (159, 305), "aarch64": (171, 266)}[platform.machine()]  # adjtimex, clock_adjtime
code = [(0x20, 0, 0, 0), (0x15, 1, 0, numbers[0]), (0x15, 0, 1, numbers[1]), (6, 0, 0, 0x50001), (6, 0, 0, 0x7FFF0000)]
program = b"".join(struct.pack("HBBI", *each) for each in code)
held = ctypes.create_string_buffer(program)
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, struct.pack("HxxxxxxQ", len(code), ctypes.addressof(held))) == 0
"""
"""A seccomp filter: EPERM for both calls, all others as ever."""
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
BOOT = "b" * 32
SYNCED, RESTORED, UNSET = ClockTrust.SYNCED, ClockTrust.RESTORED, ClockTrust.UNSET


class Parts:
    """A computer whose clocks a test turns."""

    def __init__(self) -> None:
        self.wall, self.uptime, self.synced, self.boot = NOON, 90_000, False, BOOT
        self.clock = Clock(lambda: self.wall, lambda: self.synced, lambda: self.boot, lambda: self.uptime)

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.uptime += round(seconds * 1000)

    def measure(self, offset_seconds: float, doubt_seconds: float = 0.5) -> None:
        fact = {
            "doubt_seconds": doubt_seconds,
            "boot": self.boot,
            "uptime_ms": self.uptime,
            "offset_seconds": offset_seconds,
            "at": self.wall.isoformat().replace("+00:00", "Z"),
        }
        self.clock.hear(json.dumps(fact))

    @property
    def trust(self) -> ClockTrust:
        return self.clock.witness().trust


@pytest.fixture
def parts() -> Parts:
    return Parts()


def test_the_witness_is_of_this_boot_and_its_uptime(parts: Parts) -> None:
    witness = parts.clock.witness()
    assert (witness.boot_id, witness.uptime_ms) == (BOOT, 90_000)


@pytest.mark.parametrize(("synced", "trust"), [(True, SYNCED), (False, RESTORED)])
def test_without_the_shop_the_kernel_decides(parts: Parts, synced: bool, trust: ClockTrust) -> None:
    parts.synced = synced
    assert parts.trust is trust


def test_a_clock_before_the_program_was_made_is_not_set_whatever_the_kernel_says(parts: Parts) -> None:
    parts.synced = True
    parts.wall = FLOOR - timedelta(seconds=1)
    assert parts.trust is UNSET
    parts.wall = FLOOR
    assert parts.trust is SYNCED


def test_the_floor_is_moved_on_with_each_release() -> None:
    released = re.findall(r"^## \S+, (\d{4}-\d\d-\d\d)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert FLOOR.year >= 2026
    assert all(datetime.fromisoformat(day).replace(tzinfo=UTC) <= FLOOR for day in released)


@pytest.mark.parametrize(
    ("off", "alone", "with_time_service"),
    [
        (0, SYNCED, SYNCED),
        (-5, SYNCED, SYNCED),
        (5.1, RESTORED, SYNCED),
        (60, RESTORED, SYNCED),
        (60.6, UNSET, RESTORED),
        (-94_608_000, UNSET, RESTORED),
    ],
)
def test_the_shop_s_clock_confirms_or_doubts(
    parts: Parts, off: float, alone: ClockTrust, with_time_service: ClockTrust
) -> None:
    parts.measure(off)
    assert parts.trust is alone
    parts.synced = True
    assert parts.trust is with_time_service


def test_an_answer_that_was_long_on_its_way_neither_confirms_nor_contradicts(parts: Parts) -> None:
    parts.measure(0, doubt_seconds=20)
    assert parts.trust is RESTORED
    parts.measure(75, doubt_seconds=20)
    assert parts.trust is RESTORED
    parts.measure(81, doubt_seconds=20)
    assert parts.trust is UNSET


def test_what_the_shop_said_holds_while_the_clock_runs_on(parts: Parts) -> None:
    parts.measure(2)
    parts.pass_by(30 * 86_400)
    assert parts.trust is SYNCED
    assert parts.clock.shop_says_off() == timedelta(seconds=2)


def test_a_wall_clock_that_is_set_after_the_measurement_is_found_out(parts: Parts) -> None:
    parts.measure(0)
    parts.wall += timedelta(days=3 * 365)
    assert parts.trust is UNSET
    parts.wall -= timedelta(days=3 * 365)
    assert parts.trust is SYNCED


def test_a_wall_clock_that_is_put_right_after_the_measurement_is_right(parts: Parts) -> None:
    parts.measure(86_400)
    assert parts.trust is UNSET
    parts.wall += timedelta(days=1)
    assert parts.trust is SYNCED


def test_a_measurement_of_another_boot_says_nothing(parts: Parts) -> None:
    parts.measure(0)
    parts.boot = "c" * 32
    assert parts.trust is RESTORED
    assert parts.clock.shop_says_off() is None


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{}",
        "[]",
        "null",
        "7",
        '{"boot":"x","uptime_ms":1,"offset_seconds":0,"at":"yesterday"}',
        '{"boot":"x","uptime_ms":1e300,"offset_seconds":0,"at":"2026-12-01T12:00:00Z"}',
        '{"boot":"x","uptime_ms":"1","offset_seconds":0,"at":"2026-12-01T12:00:00Z"}',
        '{"boot":"x","uptime_ms":1,"offset_seconds":1e300,"at":"2026-12-01T12:00:00Z"}',
        '{"boot":"x","uptime_ms":1,"offset_seconds":1e9,"at":"9999-12-01T12:00:00Z"}',
        '{"boot":"x","uptime_ms":1,"offset_seconds":NaN,"at":"2026-12-01T12:00:00Z"}',
    ],
)
def test_a_fact_that_is_missing_or_odd_is_not_believed(parts: Parts, text: str | None) -> None:
    parts.measure(0)
    parts.clock.hear(text)
    assert parts.trust is RESTORED


def test_a_shop_whose_clock_can_be_no_date_does_not_stop_the_till(parts: Parts) -> None:
    fact = {"boot": BOOT, "uptime_ms": 0, "offset_seconds": 0, "at": "9999-12-31T23:59:59Z"}
    parts.clock.hear(json.dumps(fact))
    assert parts.trust is UNSET


def test_this_computer_has_a_boot_and_an_uptime() -> None:
    assert re.fullmatch("[0-9a-f]{32}", boot_id())
    assert uptime_ms() > 0
    assert is_synced() in (True, False)


def test_a_program_that_may_not_ask_the_kernel_asks_the_time_service(tmp_path: Path) -> None:
    """The card's units forbid it (ProtectClock); here a filter on the calls does the same in a process of its own."""
    told = tmp_path / "synchronized"
    script = f"{REFUSE}\nfrom pathlib import Path\nfrom appliance.machine.clock import is_synced\n"
    script += f"told = Path({str(told)!r})\nprint(is_synced(told))\ntold.touch()\nprint(is_synced(told))\n"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["False", "True"], done.stderr
    assert Clock().witness().boot_id == boot_id()


@pytest.mark.alone
def test_a_witness_costs_less_than_20_microseconds() -> None:
    clock = Clock()
    fact = {"boot": boot_id(), "uptime_ms": uptime_ms(), "offset_seconds": 0, "at": f"{clock.now():%FT%TZ}"}
    clock.hear(json.dumps(fact))
    times = []
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(2_000):
            clock.witness()
        times.append((time.perf_counter() - start) / 2_000)
    print(f"{min(times) * 1e6:.1f} microseconds")
    assert min(times) < 20e-6
