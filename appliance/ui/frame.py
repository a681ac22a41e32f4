"""One window with a desk of screens on it, and the loop that keeps it going: what every program with a screen has.

Fingers come in on other threads and are posted to the UI thread, which alone touches screens and activities.
"""

import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kivy.base import runTouchApp, stopTouchApp
from kivy.clock import Clock

from appliance.ui.desk import Desk
from appliance.ui.glass import KivyGlass
from appliance.ui.guard import UNWATCHED, ErrorCount, Watcher, survive_errors
from appliance.ui.letters import Letters
from appliance.ui.painter import Painter
from appliance.ui.screen import Screen
from appliance.ui.strings import read_words
from appliance.ui.theme import SCHEMES, channels, choose_look
from appliance.ui.touch import Fingers, listen
from appliance.ui.turning import Turning
from appliance.ui.window import (
    FIRST_REDRAWS,
    FRAMES_TO_GLASS,
    IDLE_FPS_MOUSE,
    IDLE_FPS_PANEL,
    Pace,
    WindowPlan,
    after_frames,
    draw_again,
    draw_at_once,
    open_window,
    settle,
)

log = logging.getLogger(__name__)

TELL_SECONDS = 2.0
REFRESH_SECONDS = 1.0


class Frame:
    """Window, glass, desk and loop. `appliance.ui.window.configure` must have run before this module is imported."""

    def __init__(
        self,
        plan: WindowPlan,
        scheme: str,
        play: Callable[[str], None],
        remote: Path | None = None,
        watcher: Watcher = UNWATCHED,
    ) -> None:
        self.window: Any = open_window(plan, channels(SCHEMES[scheme]["ground"]))
        letters = Letters()
        look = choose_look(plan.width, plan.height, scheme, letters.width)
        self._pace = Pace(IDLE_FPS_PANEL if plan.is_kiosk else IDLE_FPS_MOUSE)
        self._glass = KivyGlass(Painter(look, letters))
        self.desk = Desk(self._glass, look, seconds=time.monotonic, play=play, say=read_words())
        size = (look.sizes.width, look.sizes.height)
        self.turning = Turning(size, lambda: self.window.size, plan.rotation)
        self.fingers = Fingers(self._pace, self.turning.share_in_window)
        self.errors = ErrorCount()
        self._remote, self._watcher, self._is_kiosk = remote, watcher, plan.is_kiosk
        self._exit_code = 0
        self._told_at = 0.0

    def offer(self, screens: Mapping[str, Callable[[Desk], Screen]]) -> None:
        """Add screens to those that can be shown."""
        self.desk.offer(screens)

    def run_from(self, first: str, ready: Callable[[], None]) -> int:
        """Show the first screen and go on until `stop`; returns the program's exit code.

        `ready` is called once the first frame is on the glass.
        """
        undo = survive_errors(self.errors, self.give_up, self._tell_failed)
        self._glass.pane.on_finger = self._touched
        self.turn(self.turning.rotation)
        self.window.bind(size=lambda *_: self.turn(self.turning.rotation))
        self.window.add_widget(self._glass.pane)
        listen(self.fingers)
        self.desk.show(first)
        after_frames(self.window, 1, lambda: self.desk.post(lambda: self._begin(ready)))
        after_frames(self.window, FRAMES_TO_GLASS[self._is_kiosk], lambda: self.desk.post(self._tell_ready))
        if self._is_kiosk:
            draw_at_once(self.window, FRAMES_TO_GLASS[True])
            draw_again(self.window, FIRST_REDRAWS)
        try:
            runTouchApp()
        finally:
            undo()
        return self._exit_code

    def turn(self, rotation: int) -> None:
        """Turn the picture so many degrees clockwise, at once; fingers follow it."""
        self.turning.rotation = rotation
        self._glass.turn(self.turning)
        self.window.canvas.ask_update()

    def refresh_each_second(self) -> None:
        """Let the screen that is shown see what was plugged in or heard meanwhile."""
        Clock.schedule_interval(lambda _elapsed: self.desk.refresh(), REFRESH_SECONDS)

    def stop(self, code: int = 0) -> None:
        """End the program, from any thread."""
        self._exit_code = code
        Clock.schedule_once(lambda _elapsed: stopTouchApp(), 0)

    def give_up(self) -> None:
        """Too much went wrong: end with 1, so that systemd starts the till again. The sale is on disk."""
        log.critical("Too many errors in a minute; starting again.")
        self.stop(1)

    def complain(self, sentence: str) -> None:
        """Say on the screen that is shown that something went wrong; on the UI thread."""
        if self.desk.screen is not None:
            self.desk.screen.complain(sentence)

    def _begin(self, ready: Callable[[], None]) -> None:
        settle()
        Clock.schedule_interval(lambda _elapsed: self._watcher.alive(), self._watcher.feed_seconds)
        if self._remote is not None:
            from appliance.ui.remote import Remote  # noqa: PLC0415  # for demonstrations and tests alone

            Remote(self._remote, self.desk, self.fingers, self.window, self.turning.share_of_picture)
        ready()

    def _tell_ready(self) -> None:
        self._watcher.ready()

    def _touched(self, kind: str, finger: int, x: float, y: float) -> None:
        self._pace.wake()
        self.desk.touch(kind, finger, x, y)

    def _tell_failed(self) -> None:
        """A program error behind a key: the cashier is told, once in a while, that it did not work."""
        now = time.monotonic()
        if now - self._told_at > TELL_SECONDS:
            self._told_at = now
            self.desk.post(lambda: self.complain(self.desk.say("till.failed")))
