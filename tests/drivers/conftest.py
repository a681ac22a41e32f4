"""One virtual bench for all driver tests of a run, and small helpers for waiting.

The run needs LD_PRELOAD=libumockdev-preload.so.0.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest

from drivers.hotplug import HotplugMonitor
from drivers.virtual.client import PRELOAD, VirtualBench

Until = Callable[..., None]


@pytest.fixture
def bench(usb_bench: VirtualBench | None) -> Iterator[VirtualBench]:
    """The bench with nothing plugged in; what a test leaves plugged is pulled after it."""
    assert usb_bench is not None, f"run the driver tests with LD_PRELOAD={PRELOAD}"
    yield usb_bench
    for device in usb_bench.devices():
        usb_bench.unplug(device)


@pytest.fixture
def until() -> Until:
    """Wait until something is true: ``until(lambda: scans, "a scan", seconds=5)``."""

    def wait(condition: Callable[[], object], what: str = "", *, seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"waited {seconds} s in vain: {what or condition}"
            time.sleep(0.005)

    return wait


@pytest.fixture
def hotplug(bench: VirtualBench) -> Iterator[HotplugMonitor]:
    """A running monitor that sees the bench's devices."""
    monitor = HotplugMonitor()
    monitor.start()
    yield monitor
    monitor.stop()
