"""One virtual bench for all driver tests of a run, and small helpers for waiting.

ONE, because libusb keeps its context and its udev socket for the life of the process, and the preload aborts
a process whose bench goes away while a device is open. The run itself needs
LD_PRELOAD=libumockdev-preload.so.0.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator

import pytest

from drivers.hotplug import HotplugMonitor
from drivers.virtual.client import PRELOAD, VirtualBench

Until = Callable[..., None]


@pytest.fixture(scope="session")
def _session_bench() -> Iterator[VirtualBench]:
    assert PRELOAD in os.environ.get("LD_PRELOAD", ""), f"run the driver tests with LD_PRELOAD={PRELOAD}"
    with VirtualBench.start() as bench, pytest.MonkeyPatch.context() as environment:
        environment.setenv("UMOCKDEV_DIR", bench.root)
        yield bench


@pytest.fixture
def bench(_session_bench: VirtualBench) -> Iterator[VirtualBench]:
    """The bench with nothing plugged in; what a test leaves plugged is pulled after it."""
    yield _session_bench
    for device in _session_bench.devices():
        _session_bench.unplug(device)


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
