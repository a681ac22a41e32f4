"""The window: Kivy's settings as measured, its pace, its first frame, and pictures of it.

Call `configure` before anything else of Kivy is imported; `Pane`s and painters may be imported after it.
"""

import ctypes
import gc
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IDLE_FPS_PANEL = 4
"""Loops a second while nothing happens and touches wake the loop themselves (0.17 % of a core)."""
IDLE_FPS_MOUSE = 12
"""The same where SDL must be asked for the mouse: a click waits at most 83 ms (0.5 % of a core)."""
FRAMES_TO_GLASS = {True: 3, False: 1}
"""How many frames are swapped before the first is surely seen: KMSDRM shows one only when later ones follow."""
FIRST_REDRAWS = 10
REDRAW_SECONDS = 1.0
BUSY_FPS = 60
BUSY_SECONDS = 1.0
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""Of <malloc.h>."""
LARGE_BLOCK_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class WindowPlan:
    """How the window is opened.

    Attributes:
        title: what a desktop shows.
        is_kiosk: the whole panel, no frame, no pointer, no mouse: fingers come from our own reader.
        place: its left and top on a desktop; None for the middle.
        rotation: degrees clockwise that the picture is turned in it (``turning``).
    """

    width: int
    height: int
    title: str = "Gapless"
    is_kiosk: bool = False
    place: tuple[int, int] | None = None
    rotation: int = 0

    @property
    def size(self) -> tuple[int, int]:
        """Of the window: a picture that is turned by a quarter is as wide as it is high."""
        return (self.width, self.height) if self.rotation % 180 == 0 else (self.height, self.width)


def configure(plan: WindowPlan) -> None:
    """Set Kivy up; must run before Kivy's window is imported.

    Nothing is read from or written to a home directory, no key ends or opens anything, and there is one
    source of touch.
    """
    os.environ.update(
        KIVY_NO_ARGS="1",
        KIVY_NO_CONFIG="1",
        KIVY_NO_ENV_CONFIG="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
    )
    _give_memory_back()
    from kivy.config import Config  # noqa: PLC0415  # after the environment, which Kivy reads at import

    for section, values in _settings(plan).items():
        for key, value in values.items():
            Config.set(section, key, value)
    Config.remove_section("input")
    Config.add_section("input")
    if not plan.is_kiosk:
        Config.set("input", "mouse", "mouse,disable_multitouch")
    _leave_styles_out()


def _leave_styles_out() -> None:
    """Let Kivy parse an empty style file at its import: measured, 6 MiB and 75 ms less.

    Its place is that of Kivy's data, which its shaders are in too, so it is put back at once.
    """
    import kivy.resources  # noqa: PLC0415  # remembers the place of the data: before it is changed

    data, kivy.kivy_data_dir = kivy.kivy_data_dir, str(Path(__file__).with_name("plain"))
    try:
        import kivy.lang.builder  # noqa: PLC0415
    finally:
        kivy.kivy_data_dir = data


def _give_memory_back() -> None:
    """Let the C library give large blocks back when they are freed, and keep one heap, not one for each thread.

    By itself it raises its threshold after the first one: the 19 MiB that checking a PIN takes would stay ours.
    One heap saves 3 MiB; our threads hardly ever allocate at the same time.
    """
    if sys.platform == "linux":
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK_BYTES)
        library.mallopt(M_ARENA_MAX, 1)


def _settings(plan: WindowPlan) -> dict[str, dict[str, str]]:
    is_kiosk = str(int(plan.is_kiosk))
    left, top = plan.place or (0, 0)
    return {
        "graphics": {
            "width": str(plan.size[0]),
            "height": str(plan.size[1]),
            "position": "auto" if plan.place is None else "custom",
            "left": str(left),
            "top": str(top),
            "multisamples": "0",
            "vsync": "0",
            "maxfps": str(IDLE_FPS_PANEL if plan.is_kiosk else IDLE_FPS_MOUSE),
            "resizable": "0",
            "borderless": is_kiosk,
            "show_cursor": str(int(not plan.is_kiosk)),
            "allow_screensaver": "0",
        },
        "kivy": {
            "kivy_clock": "interrupt",
            "exit_on_escape": "0",
            "pause_on_minimize": "0",
            "log_level": "warning",
        },
    }


def open_window(plan: WindowPlan, colour: tuple[float, float, float]) -> Any:
    """Open the window on its ground colour and return Kivy's object."""
    from kivy.base import EventLoop  # noqa: PLC0415  # the window opens at import
    from kivy.clock import Clock  # noqa: PLC0415

    EventLoop.ensure_window()
    window = EventLoop.window
    window.set_title(plan.title)
    window.clearcolor = (*colour, 1)
    window.bind(on_keyboard=lambda *_: True)
    if plan.is_kiosk:
        window.bind(on_request_close=lambda *_, **__: True)
    Clock.interupt_next_only = True
    _drain_software(window)
    return window


def _drain_software(window: Any) -> None:
    """Where Mesa draws in software, wait for each frame to be drawn before it is swapped.

    Nothing else holds it back off screen: measured, frames in a row pile up at 1 to 8 MiB each and the memory never
    comes back (after 300 frames 137 MiB with the wait, 523 without). A real graphics chip needs no wait.
    """
    from kivy.graphics.opengl import GL_RENDERER, glFinish, glGetString  # noqa: PLC0415

    if any(name in glGetString(GL_RENDERER) for name in (b"llvmpipe", b"softpipe", b"swrast")):
        window.bind(on_flip=lambda *_: glFinish())


class Pace:
    """Raises the loop's rate while fingers are on the glass, and lets it sink after a second."""

    def __init__(self, idle_fps: int) -> None:
        self._idle = idle_fps
        self._until = 0.0

    def wake(self) -> None:
        """A finger: be quick for a second."""
        from kivy.clock import Clock  # noqa: PLC0415

        if not self._until:
            Clock.schedule_once(self._rest, BUSY_SECONDS)
        self._until = time.monotonic() + BUSY_SECONDS
        Clock._max_fps = BUSY_FPS  # Kivy has no setter for it

    def _rest(self, _elapsed: float) -> None:
        from kivy.clock import Clock  # noqa: PLC0415

        left = self._until - time.monotonic()
        if left > 0:
            Clock.schedule_once(self._rest, left)
            return
        self._until = 0.0
        Clock._max_fps = self._idle


def after_frames(window: Any, count: int, do: Callable[[], None]) -> None:
    """Run once after so many frames were drawn and swapped. Never a timer: a slow start would fool it."""
    left = count

    def flipped(*_args: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            window.unbind(on_flip=flipped)
            do()

    window.bind(on_flip=flipped)


def draw_at_once(window: Any, count: int) -> None:
    """Draw so many frames one after the other, though nothing changes, and no loop rests between them."""
    from kivy.clock import Clock  # noqa: PLC0415

    left = count

    def flipped(*_args: object) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            window.unbind(on_flip=flipped)
        else:
            Clock.schedule_once(lambda _elapsed: window.canvas.ask_update(), 0)

    window.bind(on_flip=flipped)


def draw_again(window: Any, times: int) -> None:
    """Draw once a second for a while, though nothing changes.

    Measured on KMSDRM: the first frame stays black until a later one is swapped, and one redraw may be too early.
    """
    from kivy.clock import Clock  # noqa: PLC0415

    left = times

    def again(_elapsed: float) -> bool:
        nonlocal left
        left -= 1
        window.canvas.ask_update()
        return left > 0

    Clock.schedule_interval(again, REDRAW_SECONDS)


def settle() -> None:
    """After the first frame: take what was made so far from the garbage collector.

    Measured: a full collection takes 22 ms before, and none after.
    """
    gc.collect()
    gc.freeze()
