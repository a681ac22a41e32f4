"""The way through the steps: forth and back without loss, and from the summary to any step and back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from appliance.till.questions import STEPS
from appliance.till.setting_up import FoundPrinter, SettingUp
from appliance.ui.desk import Desk
from appliance.ui.marks import Area
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import top_row
from appliance.ui.widgets.header import Header, HeaderText
from appliance.ui.widgets.notice import Notice

FIRST, LAST = "set-up", "summary"


@dataclass(frozen=True, slots=True)
class Hands:
    """What the pages have done outside of the screen.

    Attributes:
        printers: which receipt printers are plugged in now.
        has_cable, has_scanner: whether a network cable is, and a scanner that is known as one.
        listen: finds out, meanwhile, which Wi-Fis are there. wifis: those that were heard, the nearest first.
        test_print: prints a slip on another thread, and calls back on the UI thread with "" or a sentence.
        turn: turns the picture to the other way that this screen may hang, at once; returns the degrees.
        on_a_pc: shows how it is done on a PC instead.
        off: switches the till off.
        done: the settings were taken: the till begins.
    """

    printers: Callable[[], Sequence[FoundPrinter]]
    has_cable: Callable[[], bool]
    has_scanner: Callable[[], bool]
    listen: Callable[[], None]
    wifis: Callable[[], Sequence[str]]
    test_print: Callable[[Callable[[str], None]], None]
    turn: Callable[[], int]
    on_a_pc: Callable[[], None]
    off: Callable[[], None]
    done: Callable[[], None]


class Walk:
    """Where we are, and what comes next."""

    def __init__(self, setting_up: SettingUp, hands: Hands) -> None:
        self.setting_up, self.hands = setting_up, hands
        self.steps = (*STEPS, LAST)
        self._was_at_the_end = False

    def begin(self, desk: Desk) -> None:
        """To the first step that is not done; to the summary if all are."""
        self.go(desk, next((each for each in STEPS if not self.setting_up.is_done(each)), LAST))

    def go(self, desk: Desk, step: str) -> None:
        """To a step."""
        self._was_at_the_end = self._was_at_the_end or step == LAST
        desk.show(f"set-up-{step}")

    def next(self, desk: Desk, step: str) -> None:
        """On from a step: to the one after it, or back to the summary for whoever came from there."""
        self.setting_up.keep()
        if step == "address":
            self.setting_up.guess_country()
        after = self.steps[self.steps.index(step) + 1]
        if after == "network" and self.hands.has_cable() and not self.setting_up.has_network:
            after = "printer"  # a cable needs nothing; the way back and the summary lead there all the same
        self.go(desk, LAST if self._was_at_the_end else after)

    def back(self, desk: Desk, step: str) -> None:
        """To the step before; to the summary for whoever came from there. Back from the summary is back for good."""
        self.setting_up.keep()
        at = self.steps.index(step)
        if step == LAST:
            self._was_at_the_end = False
        if self._was_at_the_end:
            self.go(desk, LAST)
        else:
            desk.show(f"set-up-{self.steps[at - 1]}" if at else FIRST)


class StepPage(Screen):
    """A page of one step: the way back, its title, which of how many it is, and a band for what is wrong."""

    step: ClassVar[str] = ""

    def __init__(self, desk: Desk, walk: Walk, step: str = "") -> None:
        super().__init__(desk)
        self.walk, self.setting_up = walk, walk.setting_up
        self.at = step or self.step
        self.add_header(
            Header(
                self.look,
                back=self.say("set_up.back"),
                title=self.say(f"set_up.{self.at}"),
                on_back=self.go_back,
            )
        )
        if self.header is not None:
            self.header.chip.change(is_shown=False)  # nobody knows yet how the till stands with the shop

    def add_notice(self, block: Area | None = None) -> None:
        """Put the band on, over all else; call it last."""
        sizes = self.look.sizes
        width = sizes.width - 2 * sizes.margin
        over = block or Area(sizes.margin, sizes.head, width, sizes.body)
        self.notice = self.add(Notice(self.look, top_row(over, sizes)))

    def fill_header(self, text: HeaderText) -> None:
        """Which step of how many stands where the clock is elsewhere."""
        steps = self.walk.steps
        at = steps.index(self.at) + 1 if self.at in steps else 0
        count = self.say("set_up.step", at=at, all=len(steps)) if at else ""
        super().fill_header(replace(text, clock=count))

    def go_back(self) -> None:
        """The way back."""
        self.walk.back(self.desk, self.at)

    def go_on(self) -> None:
        """The lit key."""
        self.walk.next(self.desk, self.at)

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """The shop's key is taken on every page; anything else has no place here."""
        where = self.setting_up.take_scan(text)
        if not where:
            self.desk.play("refused")
            return
        self.desk.play("scanned")
        if where == self.at:
            self.enter()
        else:
            self.walk.go(self.desk, where)

    def complain(self, sentence: str) -> None:
        """Say it over the page."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())
