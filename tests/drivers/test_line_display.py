"""The customer's display over the real pyserial, on an emulated adapter; and its fake."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from drivers.devices import DeviceError, DisplayLine
from drivers.hotplug import HotplugMonitor
from drivers.line_display_fake import FakeLineDisplay
from drivers.line_display_serial import LineDisplaySettings, SerialLineDisplay
from drivers.serial_port import SerialLink, SerialTarget
from drivers.virtual.client import VirtualBench
from tests.drivers.display_contract import MUG, TOTAL, DisplayContract, DisplayRig, Told, Until

SHOWN = ("Enamel mug, fo 12.90", "Total         151.50")


def read(bench: VirtualBench) -> tuple[str, str]:
    if "display" not in bench.devices():
        return " " * 20, " " * 20
    upper, lower = bench.display()["lines"]
    return upper, lower


def plug(bench: VirtualBench, commands: str) -> None:
    bench.plug_display(commands=commands)


class TestFakeLineDisplay(DisplayContract):
    @pytest.fixture
    def rig(self, until: Until) -> Iterator[DisplayRig]:
        display = FakeLineDisplay()
        yield DisplayRig(display, lambda: display.lines, display.unplug, display.plug, until)
        display.stop()


@pytest.mark.parametrize("commands", ["escpos", "cd5220"])
class TestSerialLineDisplay(DisplayContract):
    @pytest.fixture
    def rig(
        self, commands: str, bench: VirtualBench, hotplug: HotplugMonitor, until: Until
    ) -> Iterator[DisplayRig]:
        display = SerialLineDisplay(LineDisplaySettings(commands, baud=115200), hotplug)
        bench.plug_display(commands=commands)
        yield DisplayRig(
            display,
            lambda: read(bench),
            lambda: bench.unplug("display"),
            lambda: plug(bench, commands),
            until,
        )
        display.stop()
        if "display" in bench.devices():
            assert bench.display()["unknown"] == []


@pytest.fixture
def running(bench: VirtualBench, hotplug: HotplugMonitor) -> Iterator[SerialLineDisplay]:
    display = SerialLineDisplay(LineDisplaySettings("escpos", baud=115200), hotplug, refresh_seconds=0.1)
    yield display
    display.stop()


def test_a_display_that_was_switched_off_beside_its_adapter_shows_the_lines_again(
    running: SerialLineDisplay, bench: VirtualBench, until: Until
) -> None:
    bench.plug_display()
    running.start(Told())
    running.show(MUG, TOTAL)
    until(lambda: read(bench) == SHOWN)
    time.sleep(0.3)  # all that was asked for is written by now
    bench.display(power=False)
    assert read(bench) != SHOWN
    bench.display(power=True)
    until(lambda: read(bench) == SHOWN, "a refresh")


@pytest.mark.parametrize(("commands", "half"), [("escpos", b"\x1f$"), ("cd5220", b"\x1bQAhalf a line")])
def test_what_another_program_left_half_said_does_no_harm(
    commands: str, half: bytes, bench: VirtualBench, hotplug: HotplugMonitor, until: Until
) -> None:
    bench.plug_display(commands=commands)
    before = SerialLink(SerialTarget(), 9600)
    before.write(half)  # killed in the middle of a command
    until(lambda: bench.display()["taken"] == len(half))
    before.close()
    display = SerialLineDisplay(LineDisplaySettings(commands, baud=115200), hotplug)
    display.show(MUG, TOTAL)
    display.start(Told())
    until(lambda: bench.display()["history"], "anything")
    assert {tuple(each) for each in bench.display()["history"]} == {SHOWN}
    display.stop()


def test_a_wire_that_takes_nothing_holds_nobody_up(
    running: SerialLineDisplay, bench: VirtualBench, until: Until
) -> None:
    """The line's buffer fills while the display stands still; whoever shows something notices nothing."""
    bench.plug_display()
    running.start(Told())
    until(lambda: running.present)
    bench.display(listening=False)
    longest = 0.0
    for count in range(300):
        begun = time.monotonic()
        running.show(DisplayLine("Pieces", str(count)), TOTAL)
        longest = max(longest, time.monotonic() - begun)
        time.sleep(0.01)
    assert longest < 0.05
    bench.display(listening=True)
    until(lambda: read(bench)[0] == "Pieces           299", "it goes on")


def test_an_adapter_is_known_by_maker_number_and_place(bench: VirtualBench) -> None:
    bench.plug_display(
        "other", identity={"vendor": 0x067B, "product": 0x2303, "serial": "", "model": "PL2303"}
    )
    bench.plug_display("display", identity={"serial": "VFD220"})
    other, first = SerialTarget("067B:2303").find(), SerialTarget("VFD220").find()
    assert other is not None and first is not None
    assert other.device != first.device
    place = str(first.location).partition(":")[0]
    by_place = SerialTarget(place).find()
    assert by_place is not None
    assert by_place.device == first.device
    assert SerialTarget("0403:6001").find() == first
    assert SerialTarget("1234:0000").find() is None


def test_a_port_that_another_program_holds_is_left_alone(bench: VirtualBench) -> None:
    bench.plug_display()
    held = SerialLink(SerialTarget(), 9600)
    with pytest.raises(DeviceError, match="Another program holds the serial adapter"):
        SerialLink(SerialTarget(), 9600)
    held.close()
    SerialLink(SerialTarget(), 9600).close()


@pytest.mark.parametrize("wrong", [{"commands": "aedex"}, {"baud": 9601}, {"code_page": "1256"}])
def test_what_no_display_has_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="a display's"):
        LineDisplaySettings(**({"commands": "escpos"} | wrong))  # type: ignore[arg-type]
