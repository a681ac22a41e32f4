"""What every customer's display must do, the real one and the fake one: each test file gives its own rig."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from drivers.devices import DisplayLine, LineDisplay

Until = Callable[..., None]
BLANK = " " * 20
MUG = DisplayLine("Enamel mug, forest green", "12.90")
TOTAL = DisplayLine("Total", "151.50")


@dataclass
class Told:
    """What a display's user heard, and on which threads."""

    states: list[bool] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def __call__(self, present: bool) -> None:
        self.threads.add(threading.get_ident())
        self.states.append(present)


@dataclass
class DisplayRig:
    """A display that is stopped and plugged in, with what a person does to it and reads on it."""

    display: LineDisplay
    lines: Callable[[], tuple[str, str]]
    unplug: Callable[[], None]
    plug: Callable[[], None]
    until: Until

    def start(self) -> Told:
        told = Told()
        self.display.start(told)
        self.until(lambda: self.display.present and told.states == [True], "the display is there")
        return told

    def reads(self, upper: str, lower: str) -> None:
        self.until(lambda: self.lines() == (upper, lower), f"{upper!r} and {lower!r}")


class DisplayContract:
    """Subclass it and give a fixture ``rig``."""

    def test_it_implements_the_contract(self, rig: DisplayRig) -> None:
        assert isinstance(rig.display, LineDisplay)

    def test_it_shows_both_lines_whole(self, rig: DisplayRig) -> None:
        rig.start()
        rig.display.show(MUG, TOTAL)
        rig.reads("Enamel mug, fo 12.90", "Total         151.50")
        rig.display.show(DisplayLine("Welcome", is_centred=True), DisplayLine())
        rig.reads("      Welcome       ", BLANK)

    def test_what_was_told_before_the_start_is_shown_after_it(self, rig: DisplayRig) -> None:
        rig.display.show(TOTAL, MUG)
        assert rig.lines() == (BLANK, BLANK)
        rig.start()
        rig.reads("Total         151.50", "Enamel mug, fo 12.90")

    def test_nobody_waits_for_it_and_the_newest_wins(self, rig: DisplayRig) -> None:
        rig.start()
        begun = time.monotonic()
        for count in range(2000):
            rig.display.show(DisplayLine("Pieces", str(count)), TOTAL)
        assert time.monotonic() - begun < 0.5
        rig.reads("Pieces          1999", "Total         151.50")

    def test_unplugged_it_is_told_on_and_plugged_in_it_shows_the_newest(self, rig: DisplayRig) -> None:
        told = rig.start()
        rig.display.show(MUG, TOTAL)
        rig.unplug()
        rig.until(lambda: told.states == [True, False], "the loss")
        assert not rig.display.present
        rig.display.show(DisplayLine("Change", "5.00"), DisplayLine("Thank you"))
        rig.plug()
        rig.until(lambda: told.states == [True, False, True], "the return")
        rig.reads("Change          5.00", "Thank you           ")

    def test_a_display_that_is_not_there_is_said_once(self, rig: DisplayRig) -> None:
        rig.unplug()
        told = Told()
        rig.display.start(told)
        rig.until(lambda: told.states == [False], "absent")
        rig.display.show(MUG, TOTAL)
        rig.plug()
        rig.until(lambda: told.states == [False, True], "present")
        rig.reads("Enamel mug, fo 12.90", "Total         151.50")

    def test_it_calls_back_on_one_thread_of_its_own(self, rig: DisplayRig) -> None:
        told = rig.start()
        rig.unplug()
        rig.until(lambda: len(told.states) == 2)
        assert len(told.threads) == 1
        assert threading.get_ident() not in told.threads

    def test_no_sign_reaches_it_that_it_lacks(self, rig: DisplayRig) -> None:
        rig.start()
        rig.display.show(DisplayLine("Café “Łódź”\x1bp\x00", "€4.50"), DisplayLine("مقبض", instead="No. 23"))
        rig.reads('Café "Lódz" EUR 4.50', "No. 23              ")

    def test_stopped_it_is_left_dark_and_hears_nothing(self, rig: DisplayRig) -> None:
        told = rig.start()
        rig.display.show(MUG, TOTAL)
        rig.reads("Enamel mug, fo 12.90", "Total         151.50")
        rig.display.stop()
        rig.reads(BLANK, BLANK)
        said = len(told.states)
        rig.unplug()
        time.sleep(0.05)
        assert len(told.states) == said
        assert not rig.display.present

    def test_it_can_be_started_again(self, rig: DisplayRig) -> None:
        rig.start()
        rig.display.stop()
        rig.start()
        rig.display.show(MUG, TOTAL)
        rig.reads("Enamel mug, fo 12.90", "Total         151.50")

    def test_a_second_start_and_a_second_stop_do_nothing(self, rig: DisplayRig) -> None:
        told = rig.start()
        rig.display.start(lambda _present: None)
        rig.unplug()
        rig.until(lambda: told.states == [True, False], "the first callback is still the one")
        rig.display.stop()
        rig.display.stop()
