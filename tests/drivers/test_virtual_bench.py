"""The bench itself: what the tests and the demo stand on must behave as hardware does."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import evdev
import pytest
import usb.core
import usb.util

from drivers.virtual.client import BenchError, VirtualBench
from tests.drivers.contract import Until

TILL = """
import sys, threading
from drivers.hotplug import HotplugMonitor
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
hotplug = HotplugMonitor()
scanner = EvdevScanner(ScannerSettings(), hotplug)
hotplug.start()
scanner.start(lambda scan: print(scan.text, flush=True), lambda present: print(present, flush=True))
"""
WINDOW = """
from kivy.config import Config
for name in dict(Config.items("input")):
    Config.remove_option("input", name)
from kivy.base import EventLoop
from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGBA, GL_UNSIGNED_BYTE, glReadPixels
from kivy.uix.label import Label
EventLoop.status = "started"
label = Label(font_size=80)
Window.add_widget(label)
label.text = sys.stdin.readline().strip()
for _ in range(5):
    EventLoop.idle()
pixels = glReadPixels(0, 0, *Window.size, GL_RGBA, GL_UNSIGNED_BYTE)
print(sum(value > 128 for value in pixels[::4]) > 500, flush=True)
"""
Launch = Callable[[str], subprocess.Popen[str]]
FOREVER = "threading.Event().wait()"


@pytest.fixture
def third_process(bench: VirtualBench) -> Launch:
    """Start a till that is neither the bench nor this process, as in the demo."""
    return lambda code: subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | bench.environment(),
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _line(till: subprocess.Popen[str]) -> str:
    assert till.stdout is not None
    return till.stdout.readline().strip()


def _end(till: subprocess.Popen[str]) -> None:
    till.kill()
    till.communicate()


def test_a_till_in_a_third_process_reads_the_bench_s_scanner(
    bench: VirtualBench, third_process: Launch
) -> None:
    till = third_process(TILL + FOREVER)
    assert _line(till) == "False"
    bench.plug_scanner()
    assert _line(till) == "True"
    bench.scan("4006381333931")
    assert _line(till) == "4006381333931"
    bench.unplug("scanner")
    assert _line(till) == "False"
    _end(till)


def test_a_window_draws_in_the_process_that_reads_the_bench_s_scanner(
    bench: VirtualBench, third_process: Launch
) -> None:
    bench.plug_scanner()
    till = third_process(TILL + WINDOW + FOREVER)
    assert _line(till) == "True"
    assert till.stdin is not None
    till.stdin.write("4006381333931\n")
    till.stdin.flush()
    assert _line(till) == "True", "the label's pixels are lit"
    bench.scan("73513537")
    assert _line(till) == "73513537"
    _end(till)


def test_a_till_that_is_killed_frees_its_scanner(
    bench: VirtualBench, third_process: Launch, until: Until
) -> None:
    bench.plug_scanner()
    first = third_process(TILL + FOREVER)
    assert _line(first) == "True"
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    until(lambda: not bench.input_state()["grabbed"], "the kernel frees what a dead process held")
    second = third_process(TILL + FOREVER)
    assert _line(second) == "True"
    bench.scan("73513537")
    assert _line(second) == "73513537"
    _end(second)


def test_devices_that_count_as_held_can_be_taken_from_a_till_that_is_known_to_be_dead(
    bench: VirtualBench, third_process: Launch
) -> None:
    bench.plug_scanner()
    first, second = (
        third_process(TILL + FOREVER),
        third_process("print(input(), flush=True)\n" + TILL + FOREVER),
    )
    assert _line(first) == "True"
    assert bench.input_state()["grabbed"], (
        "as umockdev says it of one that was killed in the middle of a call"
    )
    bench.let_go()
    assert bench.input_state() == {"grabbed": False, "readers": 0}
    assert second.stdin is not None
    second.stdin.write("go\n")
    second.stdin.flush()
    assert _line(second) == "go"
    assert _line(second) == "True"
    for each in (first, second):
        os.kill(each.pid, signal.SIGKILL)
        each.communicate()


def test_the_panel_and_the_till_s_owner_may_both_talk_to_the_bench(bench: VirtualBench) -> None:
    panel = VirtualBench.connect(bench.socket_path, bench.root)
    panel.plug_scanner("by hand")
    assert bench.devices() == ["by hand"]
    panel.close()
    assert bench.devices() == ["by hand"]


def test_a_mistake_is_answered_and_does_no_harm(bench: VirtualBench) -> None:
    for command in ("dance", "_keep", "unplug"):
        with pytest.raises(BenchError):
            bench.do(command, device="nobody")
    bench.plug_scanner(layout="us")
    with pytest.raises(BenchError, match="cannot type"):
        bench.scan("é")
    with pytest.raises(BenchError, match="already"):
        bench.plug_scanner()
    assert bench.devices() == ["scanner"]


def test_what_was_scanned_before_anyone_listened_is_lost(bench: VirtualBench) -> None:
    node = bench.plug_scanner()
    bench.scan("1111")
    reader = evdev.InputDevice(node)
    with pytest.raises(BlockingIOError):
        list(reader.read())
    reader.close()


def test_two_readers_each_get_every_event_until_one_grabs(bench: VirtualBench) -> None:
    node = bench.plug_scanner()
    first, second = evdev.InputDevice(node), evdev.InputDevice(node)
    bench.tap(2)
    assert [event.code for event in first.read() if event.type == 1] == [2, 2]
    assert [event.code for event in second.read() if event.type == 1] == [2, 2]
    first.grab()
    bench.tap(3)
    assert [event.code for event in first.read() if event.type == 1] == [3, 3]
    with pytest.raises(BlockingIOError):
        list(second.read())
    first.close()
    second.close()


def test_a_port_stays_the_same_and_a_node_never_does(bench: VirtualBench) -> None:
    def plugged() -> tuple[str, str]:
        device = evdev.InputDevice(bench.plug_scanner())
        device.close()
        bench.unplug("scanner")
        return str(device.path), device.phys

    first, second = plugged(), plugged()
    assert first[0] != second[0]
    assert first[1] == second[1]


def _find_printer(until: Until) -> usb.core.Device:
    """libusb hears of a new device from udev, a moment later."""
    until(lambda: usb.core.find(idVendor=0x04B8) is not None, "libusb sees it")
    return usb.core.find(idVendor=0x04B8)


def test_a_printer_is_claimed_by_one_program_and_written_to(bench: VirtualBench, until: Until) -> None:
    bench.plug_printer()
    printer = _find_printer(until)
    assert (printer.manufacturer, printer.product, printer.serial_number) == (
        "EPSON",
        "TM-T20III",
        "X3SERIAL01",
    )
    assert printer.is_kernel_driver_active(0)
    with pytest.raises(usb.core.USBError) as refusal:
        usb.util.claim_interface(printer, 0)
    assert refusal.value.errno == errno.EBUSY
    printer.detach_kernel_driver(0)
    usb.util.claim_interface(printer, 0)
    assert printer.write(1, b"hello\n\x1dVB\0\x1bp\0\x19\xfa") == 15
    report = bench.printer()
    assert report["jobs"] == [b"hello\n\x1dVB\0", b"\x1bp\0\x19\xfa"]
    assert report["kicks"] == [[2, 50, 500]]
    usb.util.dispose_resources(printer)


def test_a_printer_without_paper_takes_what_fits_and_keeps_it_until_there_is_paper(
    bench: VirtualBench, until: Until
) -> None:
    bench.plug_printer()
    printer = _find_printer(until)
    printer.detach_kernel_driver(0)
    bench.printer(paper=False)
    assert printer.write(1, b"x" * 10_000, timeout=300) == 4096
    assert printer.ctrl_transfer(0xA1, 1, 0, 0, 1)[0] & 0x20
    bench.unplug("printer", keep=True)
    with pytest.raises(usb.core.USBError) as refusal:
        printer.write(1, b"x", timeout=300)
    assert refusal.value.errno == errno.ENODEV
    usb.util.dispose_resources(printer)
    bench.replug_printer()
    report = bench.printer(paper=True)
    assert report["printed"] == 4096
    until(lambda: usb.core.find(idVendor=0x04B8) is not None, "libusb sees it again")


def test_the_bench_ends_with_its_owner_and_leaves_nothing() -> None:
    with VirtualBench.start() as other:
        root, path = Path(other.root), Path(other.socket_path)
        other.plug_scanner()
        assert root.exists()
    time.sleep(0.1)
    assert not root.exists()
    assert not path.parent.exists()
