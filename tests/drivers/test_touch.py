"""The touch driver on the real evdev, behind emulated panels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import evdev
import pytest

from drivers.hotplug import HotplugMonitor
from drivers.touch_decoding import Mounting, Touch, TouchDown, TouchMove, TouchUp
from drivers.touch_evdev import EvdevTouchPanel
from drivers.virtual.client import VirtualBench
from tests.drivers.contract import Until


@dataclass
class Felt:
    panel: EvdevTouchPanel
    touches: list[Touch] = field(default_factory=list)
    states: list[bool] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def on_touch(self, touch: Touch) -> None:
        self.threads.add(threading.get_ident())
        self.touches.append(touch)

    def kinds(self) -> list[type]:
        return [type(touch) for touch in self.touches]


Start = Callable[..., Felt]


@pytest.fixture
def start(hotplug: HotplugMonitor, until: Until) -> Iterator[Start]:
    running: list[EvdevTouchPanel] = []

    def begin(mounting: Mounting | None = None, *, present: bool = True) -> Felt:
        panel = EvdevTouchPanel(hotplug, mounting)
        running.append(panel)
        felt = Felt(panel)
        panel.start(felt.on_touch, felt.states.append)
        until(lambda: felt.states == [present], "the panel's state")
        return felt

    yield begin
    for panel in running:
        panel.stop()


@pytest.mark.parametrize("multi", [True, False], ids=["multi-touch", "single-touch"])
def test_a_tap_arrives_where_the_finger_was(
    bench: VirtualBench, start: Start, until: Until, multi: bool
) -> None:
    bench.plug_touch(multi=multi, width=1280, height=800)
    felt = start()
    for _ in range(2):  # the second one at the same place comes without coordinates
        bench.tap_screen(0.25, 0.75)
    until(lambda: len(felt.touches) == 4)
    assert felt.kinds() == [TouchDown, TouchUp] * 2
    assert all((touch.x, touch.y) == pytest.approx((0.25, 0.75), abs=1 / 799) for touch in felt.touches)
    assert felt.threads and threading.get_ident() not in felt.threads


def test_a_fast_typist_s_two_fingers_both_arrive(bench: VirtualBench, start: Start, until: Until) -> None:
    bench.plug_touch()
    felt = start()
    bench.touch("down", 0.1, 0.1, slot=0)
    bench.touch("down", 0.9, 0.9, slot=1)
    bench.touch("up", 0.1, 0.1, slot=0)
    bench.touch("down", 0.5, 0.5, slot=0)
    bench.touch("move", 0.8, 0.9, slot=1)
    bench.touch("up", 0.8, 0.9, slot=1)
    bench.touch("up", 0.5, 0.5, slot=0)
    until(lambda: len(felt.touches) == 7)
    assert [(type(touch), touch.slot) for touch in felt.touches] == [
        (TouchDown, 0),
        (TouchDown, 1),
        (TouchUp, 0),
        (TouchDown, 0),
        (TouchMove, 1),
        (TouchUp, 1),
        (TouchUp, 0),
    ]


def test_lost_events_let_go_and_the_next_tap_is_whole(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_touch()
    felt = start()
    bench.touch("down", 0.1, 0.1, slot=0)
    until(lambda: felt.touches)
    bench.touch("down", 0.9, 0.9, slot=1, lost=True)
    until(lambda: len(felt.touches) == 2)
    assert felt.touches[1] == TouchUp(
        0, felt.touches[0].x, felt.touches[0].y, felt.touches[1].at_monotonic, True
    )
    bench.touch("move", 0.2, 0.2, slot=0)  # both fingers are still down, and are nobody's
    bench.touch("up", 0.2, 0.2, slot=0)
    bench.touch("up", 0.9, 0.9, slot=1)
    bench.tap_screen(0.9, 0.9, slot=1)
    until(lambda: len(felt.touches) == 4)
    assert felt.kinds() == [TouchDown, TouchUp, TouchDown, TouchUp]
    assert (felt.touches[2].x, felt.touches[2].y) == pytest.approx((0.9, 0.9), abs=0.003)


def test_an_unplugged_panel_lets_go_and_another_one_takes_over(
    bench: VirtualBench, start: Start, until: Until
) -> None:
    bench.plug_touch()
    felt = start()
    bench.touch("down", 0.5, 0.5)
    until(lambda: felt.touches)
    bench.unplug("touch")
    until(lambda: felt.states == [True, False])
    assert not felt.panel.present
    assert [touch for touch in felt.touches if isinstance(touch, TouchUp) and touch.cancelled]
    bench.plug_touch("other", multi=False, width=4096, height=4096)
    until(lambda: felt.states == [True, False, True])
    bench.tap_screen(0.5, 0.25, device="other")
    until(lambda: felt.kinds() == [TouchDown, TouchUp] * 2)


def test_a_turned_picture_turns_the_touches(bench: VirtualBench, start: Start, until: Until) -> None:
    bench.plug_touch()
    felt = start(Mounting(rotation=180))
    bench.tap_screen(0.1, 0.2)
    until(lambda: len(felt.touches) == 2)
    assert (felt.touches[0].x, felt.touches[0].y) == pytest.approx((0.9, 0.8), abs=0.003)


def test_the_window_gets_no_second_copy_of_a_touch(bench: VirtualBench, start: Start) -> None:
    node = bench.plug_touch()
    start()
    other = evdev.InputDevice(node)
    with pytest.raises(OSError, match="busy"):
        other.grab()
    other.close()


def test_a_scanner_is_no_touch_panel(bench: VirtualBench, start: Start) -> None:
    bench.plug_scanner()
    start(present=False)
    assert not bench.input_state()["grabbed"]


def test_nothing_comes_after_it_was_stopped(bench: VirtualBench, start: Start) -> None:
    bench.plug_touch()
    felt = start()
    felt.panel.stop()
    bench.tap_screen(0.5, 0.5)
    assert felt.touches == []
    assert not felt.panel.present
