"""The till's screens as one program: window, desk, screens, and what keeps them going.

Calls come in on other threads (scanner, panel, printer) through `scan`, `reject_scan`, `fingers` and
`notice`; each is posted to the UI thread, which alone touches the activities and the file.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kivy.base import runTouchApp, stopTouchApp
from kivy.clock import Clock

from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.glass import KivyGlass
from appliance.ui.guard import FEED_SECONDS, ErrorCount, survive_errors, tell_systemd
from appliance.ui.letters import Letters
from appliance.ui.painter import Painter
from appliance.ui.remote import Remote
from appliance.ui.screen import Screen
from appliance.ui.screens import every_screen
from appliance.ui.strings import read_words
from appliance.ui.theme import SCHEMES, channels, choose_look
from appliance.ui.touch import Fingers, listen
from appliance.ui.widgets.header import HeaderText
from appliance.ui.window import (
    IDLE_FPS_MOUSE,
    IDLE_FPS_PANEL,
    Pace,
    WindowPlan,
    after_first_frame,
    open_window,
    settle,
)

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How often the file is asked whether another program changed it; it costs about 10 microseconds."""
HEADER_LOOKS = 10
"""Every so many looks the header is filled in any case: the clock, and what waits for a while."""
FIRST_SCREEN = "sign-in"
TELL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Outside:
    """What the screens have to do with beyond the counter.

    Attributes:
        changed: whether another program committed since it was last asked.
        scanner_present: whether a scanner is plugged in.
        play: plays a tone by its name.
        remote: path of the remote hand's socket, None for none.
    """

    changed: Callable[[], bool]
    scanner_present: Callable[[], bool] = lambda: True
    play: Callable[[str], None] = lambda _tone: None
    remote: Path | None = None


class TillApp:
    """One till on one window. `appliance.ui.window.configure` must have run before this module is imported."""

    def __init__(self, counter: Counter, plan: WindowPlan, scheme: str, outside: Outside) -> None:
        self._counter, self._outside = counter, outside
        self.window: Any = open_window(plan, channels(SCHEMES[scheme]["ground"]))
        letters = Letters()
        look = choose_look(plan.width, plan.height, scheme, letters.width)
        self._pace = Pace(IDLE_FPS_PANEL if plan.is_kiosk else IDLE_FPS_MOUSE)
        self._glass = KivyGlass(Painter(look, letters))
        self.desk = Desk(self._glass, look, seconds=time.monotonic, play=outside.play, say=read_words())
        self.fingers = Fingers(self._pace)
        self.errors = ErrorCount()
        self._looks = 0
        self._seen: Screen | None = None
        self._exit_code = 0
        self._told_at = 0.0
        self.offer(every_screen(counter))

    def offer(self, screens: Mapping[str, Callable[[Desk], Screen]]) -> None:
        """Add screens to the till's own."""
        self.desk.offer(screens)

    def run(self, ready: Callable[[], None] = lambda: None) -> int:
        """Show the first screen and go on until `stop`; returns the program's exit code.

        `ready` is called once the first frame is on the glass: start the devices there.
        """
        undo = survive_errors(self.errors, self.give_up, self._tell_failed)
        self._glass.pane.on_finger = self._touched
        self.window.add_widget(self._glass.pane)
        listen(self.fingers)
        self.desk.set_header(self._header())
        self.desk.show(FIRST_SCREEN)
        after_first_frame(self.window, lambda: self.desk.post(lambda: self._begin(ready)))
        try:
            runTouchApp()
        finally:
            undo()
        return self._exit_code

    def stop(self, code: int = 0) -> None:
        """End the program, from any thread."""
        self._exit_code = code
        Clock.schedule_once(lambda _elapsed: stopTouchApp(), 0)

    def give_up(self) -> None:
        """Too much went wrong: end with 1, so that systemd starts the till again. The sale is on disk."""
        log.critical("Too many errors in a minute; starting again.")
        self.stop(1)

    # from other threads

    def scan(self, text: str, symbology: str | None = None) -> None:
        """A barcode was read."""
        self.desk.post(lambda: self.desk.scan(text, symbology))

    def reject_scan(self, sentence: str) -> None:
        """A scan arrived in pieces: say so, add nothing."""
        self.desk.post(lambda: self._complain(sentence))

    def notice(self) -> None:
        """Something changed that the file may not show: a device came or went."""
        self.desk.post(self._refresh)

    # on the UI thread

    def _begin(self, ready: Callable[[], None]) -> None:
        settle()
        Clock.schedule_interval(lambda _elapsed: tell_systemd("WATCHDOG=1"), FEED_SECONDS)
        Clock.schedule_interval(lambda _elapsed: self._look_round(), LOOK_SECONDS)
        if self._outside.remote is not None:
            Remote(self._outside.remote, self.desk, self.fingers, self.window)
        ready()

    def _touched(self, kind: str, finger: int, x: float, y: float) -> None:
        self._pace.wake()
        self.desk.touch(kind, finger, x, y)

    def _tell_failed(self) -> None:
        """A program error behind a key: the cashier is told, once in a while, that it did not work."""
        now = time.monotonic()
        if now - self._told_at > TELL_SECONDS:
            self._told_at = now
            self.desk.post(lambda: self._complain(self.desk.say("till.failed")))

    def _complain(self, sentence: str) -> None:
        if self.desk.screen is not None:
            self.desk.screen.complain(sentence)

    def _look_round(self) -> None:
        """Ask the file whether another program committed; fill the header now and then in any case."""
        self._looks += 1
        if self._outside.changed():
            self._refresh()
        elif self._looks % HEADER_LOOKS == 0 or self.desk.screen is not self._seen:
            self.desk.set_header(self._header())
        self._seen = self.desk.screen

    def _refresh(self) -> None:
        self.desk.set_header(self._header())
        self.desk.refresh()

    def _header(self) -> HeaderText:
        counter = self._counter
        state = counter.waiting.header(scanner_present=self._outside.scanner_present())
        cashier = counter.selling.cashier
        return HeaderText(
            till=counter.till_name,
            cashier=cashier.name if cashier is not None else "",
            state=state.kind.value,
            words=state.text,
            clock=counter.clock(),
        )
