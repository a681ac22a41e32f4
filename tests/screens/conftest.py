"""A real window off screen (SDL's own driver, Mesa in software), real touches, real pixels.

Kivy has one window for a process, and off screen it cannot grow. So it is as large as the large panel, and
the small one is drawn in its lower left corner. Each test gets its own desk, pane and screens.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

os.environ.setdefault("SDL_VIDEODRIVER", "offscreen")
os.environ.setdefault("SDL_AUDIODRIVER", "dummy")
os.environ.setdefault("KIVY_NO_CONSOLELOG", "1")

from appliance.ui.window import WindowPlan, configure, open_window

WINDOW = (1280, 800)
configure(WindowPlan(*WINDOW, is_kiosk=True))

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent

from appliance.ui.desk import Desk
from appliance.ui.glass import KivyGlass
from appliance.ui.letters import Letters
from appliance.ui.marks import Box, Frame, Icon, Mark, Text
from appliance.ui.painter import Painter
from appliance.ui.screen import Screen
from appliance.ui.strings import read_words
from appliance.ui.theme import DARK, Look, channels, choose_look

PANELS = {"7": (800, 480), "10": (1280, 800)}


class HandTouch(MotionEvent):
    """A finger that goes through Kivy's own dispatch."""

    def __init__(self, number: int, x: float, y: float) -> None:
        super().__init__("hand", number, {"x": x, "y": y}, is_touch=True, type_id="touch")
        self.profile = ("pos",)

    def depack(self, args: dict[str, float]) -> None:
        self.sx, self.sy = args["x"], args["y"]
        super().depack(args)


class Tones:
    """Remembers which tones were asked for."""

    def __init__(self) -> None:
        self.played: list[str] = []

    def __call__(self, name: str) -> None:
        self.played.append(name)


class Seconds:
    """A monotonic clock that the test turns on by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class UI:
    """One till's screens on the window, and a hand to tap them.

    The hand waits out the guard of a key before it taps, unless told to be `hasty`.
    """

    def __init__(self, window: Any, look: Look, painter: Painter) -> None:
        self.window, self.look, self.painter = window, look, painter
        self.glass = KivyGlass(painter)
        self.seconds, self.tones = Seconds(), Tones()
        self.desk = Desk(self.glass, look, seconds=self.seconds, play=self.tones, say=read_words())
        self.glass.pane.on_finger = self.desk.touch
        self._fingers = 0
        self.opened: list[str] = []
        window.add_widget(self.glass.pane)

    def offer(self, **makers: Callable[[Desk], Screen]) -> "UI":
        self.desk.offer(makers)
        return self

    def show(self, name: str, **why: object) -> Any:
        self.desk.show(name, **why)
        self.seconds.now += 1
        self.frames()
        return self.screen

    @property
    def screen(self) -> Any:
        """The screen that is shown; Any, because each has parts of its own to look at."""
        assert self.desk.screen is not None
        return self.desk.screen

    def frames(self, count: int = 2) -> None:
        for _ in range(count):
            EventLoop.idle()

    def wait(self, true: Callable[[], bool], seconds: float = 5.0) -> None:
        """Draw frames until something is so."""
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, f"it did not come: {self.texts()}"
            self.frames(1)

    def touch(self, kind: str, finger: MotionEvent | None, x: float, y: float) -> MotionEvent:
        width, height = WINDOW
        sx, sy = x / (width - 1), (self.look.sizes.height - 1 - y) / (height - 1)
        if finger is None:
            self._fingers += 1
            finger = HandTouch(self._fingers, sx, sy)
        finger.move({"x": sx, "y": sy})
        EventLoop.post_dispatch_input(kind, finger)
        return finger

    def tap_at(self, x: float, y: float, *, hasty: bool = False) -> None:
        if not hasty:
            self.seconds.now += 1
        finger = self.touch("begin", None, x, y)
        self.frames(1)
        self.touch("end", finger, x, y)
        self.frames(1)

    def part(self, label: str) -> Any:
        found = self.screen.find(label)
        assert found is not None, f"no key reads {label!r}; there are {self.texts()}"
        return found

    def tap(self, label: str, *, hasty: bool = False) -> None:
        self.tap_at(*self.part(label).middle(), hasty=hasty)

    def drag(self, x: float, y: float, to_x: float, to_y: float) -> None:
        self.seconds.now += 1
        finger = self.touch("begin", None, x, y)
        self.touch("update", finger, to_x, to_y)
        self.frames(1)
        self.touch("end", finger, to_x, to_y)
        self.frames(2)

    def texts(self) -> list[str]:
        return list(self.screen.words())

    def pixels(self) -> Any:
        """What is on the glass, as a picture."""
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
        from PIL import Image

        self.window.canvas.ask_update()
        self.frames(1)
        width, height = self.look.sizes.width, self.look.sizes.height
        data = bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))
        return Image.frombytes("RGB", (width, height), data).transpose(Image.Transpose.FLIP_TOP_BOTTOM)

    def png(self, path: Path) -> Any:
        picture = self.pixels()
        picture.save(path)
        return picture

    def rows(self) -> list[dict[str, Any]]:
        """All marks in the form of the design's boxes.csv."""
        return [row for mark in self.screen.marks() for row in [mark_row(mark, self.look)] if row]

    def close(self) -> None:
        if self.desk.screen is not None:
            self.desk.screen.leave()
        self.window.remove_widget(self.glass.pane)
        self.frames(1)


def mark_row(mark: Mark, look: Look) -> dict[str, Any]:
    """One mark as a row: kind, place, colour, and for letters face, size and text."""
    if isinstance(mark, Icon):
        return {
            "kind": "icon",
            "x": mark.x,
            "y": mark.y,
            "colour": mark.colour,
            "px": mark.px,
            "text": mark.name,
        }
    if isinstance(mark, Text):
        width = look.width_of(mark.text, mark.face, mark.px)
        x = mark.x - {"left": 0, "centre": width / 2, "right": width}[mark.align]
        row = {"kind": "text", "x": x, "y": mark.top, "w": width, "colour": mark.colour}
        return row | {"face": mark.face, "px": mark.px, "text": mark.text, "right": x + width}
    if not isinstance(mark, Box | Frame):
        return {}
    area, kind = mark.area, "box" if isinstance(mark, Box) else "frame2"
    return {"kind": kind, "x": area.x, "y": area.y, "w": area.w, "h": area.h, "colour": mark.colour}


@pytest.fixture(scope="session")
def window() -> Any:
    """The one window of this process."""
    window = open_window(WindowPlan(*WINDOW), channels(DARK["ground"]))
    Clock._max_fps = 0
    EventLoop.status = "started"
    return window


@pytest.fixture(scope="session")
def letters() -> Letters:
    return Letters()


@pytest.fixture(params=["7", "10"])
def panel(request: pytest.FixtureRequest) -> str:
    """Both panels, one after the other."""
    return str(request.param)


@pytest.fixture
def scheme() -> str:
    return "dark"


@pytest.fixture
def ui(window: Any, letters: Letters, panel: str, scheme: str) -> Iterator[UI]:
    """A desk on the window, in the size of the panel. Offer it screens, then show one."""
    width, height = PANELS[panel]
    look = choose_look(width, height, scheme, letters.width)
    window.clearcolor = (*look.rgb("ground"), 1)
    made = UI(window, look, Painter(look, letters))
    yield made
    made.close()
