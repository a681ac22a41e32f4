"""The monitor hears udev, and finds by looking what udev never said."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

from drivers.hotplug import HotplugMonitor
from drivers.virtual.client import VirtualBench
from tests.drivers.contract import Until


def test_it_tells_of_input_devices_that_come_and_go(
    bench: VirtualBench, hotplug: HotplugMonitor, until: Until
) -> None:
    told: list[int] = []
    hotplug.listen("input", lambda: told.append(threading.get_ident()))
    bench.plug_scanner()
    until(lambda: told, "the plug", seconds=0.9)
    told.clear()
    bench.unplug("scanner")
    until(lambda: told, "the pull", seconds=0.9)
    assert set(told) != {threading.get_ident()}


def test_it_tells_of_printers_only_those_who_wait_for_usb(
    bench: VirtualBench, hotplug: HotplugMonitor, until: Until
) -> None:
    usb: list[bool] = []
    inputs: list[bool] = []
    hotplug.listen("usb", lambda: usb.append(True))
    hotplug.listen("input", lambda: inputs.append(True))
    bench.plug_printer()
    until(lambda: usb, "the plug")
    assert inputs == []


def test_who_has_forgotten_is_not_called_any_more(
    bench: VirtualBench, hotplug: HotplugMonitor, until: Until
) -> None:
    first: list[bool] = []
    second: list[bool] = []
    forget = hotplug.listen("input", lambda: first.append(True))
    hotplug.listen("input", lambda: second.append(True))
    forget()
    bench.plug_scanner()
    until(lambda: second)
    assert first == []


def test_a_device_that_udev_never_announced_is_found_by_looking(
    bench: VirtualBench, until: Until, tmp_path: Path
) -> None:
    """As on a machine without udevd, or after the kernel threw messages away."""
    nodes = tmp_path / "input"
    monitor = HotplugMonitor(look_seconds=0.05, directories={"input": nodes})
    told: list[bool] = []
    monitor.listen("input", lambda: told.append(True))
    monitor.start()
    nodes.mkdir()
    node = nodes / "event0"
    node.touch(0o600)
    until(lambda: told, "the node")
    told.clear()
    node.chmod(0o660)  # its rights come later
    until(lambda: told, "the rights")
    told.clear()
    shutil.rmtree(nodes)
    until(lambda: told, "the end of it")
    monitor.stop()


def test_it_can_be_stopped_and_started_again(bench: VirtualBench, until: Until) -> None:
    monitor = HotplugMonitor()
    told: list[bool] = []
    monitor.listen("input", lambda: told.append(True))
    for _ in range(3):
        monitor.start()
        monitor.start()
        bench.plug_scanner()
        until(lambda: told, "the plug", seconds=0.9)
        monitor.stop()
        monitor.stop()
        told.clear()
        bench.unplug("scanner")
        assert told == []
