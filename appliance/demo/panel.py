"""The panel's window beside the till's: a shelf to scan from, what can go wrong, the paper and the drawer."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final

from appliance.demo.goods import Good
from appliance.demo.panel_devices import Devices, Miniature, Reading
from appliance.demo.panel_screen import PanelScreen
from appliance.demo.shopper import ShopperError, buy_online
from appliance.storage.errors import StorageError
from appliance.ui.desk import Desk
from appliance.ui.guard import ErrorCount, survive_errors
from appliance.ui.strings import read_words
from appliance.ui.theme import SCHEMES, channels, choose_look
from appliance.ui.window import IDLE_FPS_MOUSE, Pace, WindowPlan, configure, open_window
from drivers.virtual.client import BenchError

log = logging.getLogger(__name__)

WIDTH: Final = 1280
HEIGHT: Final = 800
POLL_SECONDS: Final = 0.25
PICTURE_SECONDS: Final = 60.0
ENDINGS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def show_panel(stage: Miniature, theme: str = "dark", place: tuple[int, int] | None = None) -> None:
    """Show the panel until its window is closed. Kivy has one window for a process: it is this process's."""
    with opened(stage, theme, place) as panel:
        panel.run()


def panel_picture(stage: Miniature, path: Path, theme: str = "dark") -> None:
    """Save a picture of the panel as it would be now, drawn off screen.

    In a process of its own, as the caller's may have a window already, or must never have one.

    Raises:
        PanelError: it could not be drawn.
    """
    facts = [stage.bench.socket_path, stage.bench.root, stage.shop_url, stage.network.mode]
    command = [sys.executable, "-m", "appliance.demo.panel_picture", *facts, str(stage.database_path), theme]
    done = subprocess.run(
        [*command, str(path)], capture_output=True, text=True, timeout=PICTURE_SECONDS, check=False
    )
    if done.returncode:
        raise PanelError(f"The panel could not be drawn:\n{done.stderr[-2000:]}")


class PanelError(Exception):
    """The panel could not be drawn."""


@contextmanager
def opened(
    miniature: Miniature, theme: str = "dark", place: tuple[int, int] | None = None
) -> Iterator[Panel]:
    """Open the panel's window; close what it holds at the end."""
    plan = WindowPlan(WIDTH, HEIGHT, title="Gapless: behind the counter", place=place)
    configure(plan)
    panel = Panel(miniature, open_window(plan, channels(SCHEMES[theme]["ground"])), theme)
    try:
        yield panel
    finally:
        panel.close()


class Panel:
    """The window's content and the two threads that wait for devices and for the shop's page."""

    def __init__(self, miniature: Miniature, window: Any, theme: str) -> None:
        from appliance.ui.glass import KivyGlass  # noqa: PLC0415  # Kivy must be configured first
        from appliance.ui.letters import Letters  # noqa: PLC0415
        from appliance.ui.painter import Painter  # noqa: PLC0415

        self._miniature, self.window = miniature, window
        self._bench_thread = ThreadPoolExecutor(1, "bench")
        self._web_thread = ThreadPoolExecutor(1, "web")
        self._devices = Devices(miniature)
        self._is_hidden = self._is_closed = False
        self._asked = self._answered = 0  # of the bench: a slow one is not asked again before it answered
        letters = Letters()
        look = choose_look(WIDTH, HEIGHT, theme, letters.width)
        glass = KivyGlass(Painter(look, letters))
        self.desk = Desk(glass, look, seconds=time.monotonic, play=_silently, say=read_words())
        address = miniature.shop_url.partition("://")[2].rstrip("/")
        self.screen = PanelScreen(self.desk, self, address)
        self.desk.offer({"panel": lambda _desk: self.screen})
        self._wake: Callable[[], None] = _without_hurry
        self.pane = glass.pane
        self.pane.on_finger = self._finger
        window.add_widget(self.pane)
        for event, hidden in (("minimize", True), ("hide", True), ("restore", False), ("show", False)):
            window.bind(**{f"on_{event}": lambda *_, hidden=hidden: self._hide(hidden)})

    def start(self) -> None:
        """Read the devices once, show the screen, and look again four times a second."""
        self.screen.fill(self._bench_thread.submit(self._devices.read).result())
        self.desk.show("panel")
        self.desk.after(POLL_SECONDS, self._poll)

    def run(self) -> None:
        """Show it until the window is closed."""
        from kivy.base import runTouchApp, stopTouchApp  # noqa: PLC0415

        self._wake = Pace(IDLE_FPS_MOUSE).wake
        undo = survive_errors(ErrorCount(), stopTouchApp)
        # Kivy would take Ctrl-C for one more error to survive.
        before = {number: signal.signal(number, lambda *_: stopTouchApp()) for number in ENDINGS}
        try:
            self.start()
            runTouchApp()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            undo()

    def close(self) -> None:
        """Let go of the window and of the till's file."""
        self._is_closed = True
        self.window.remove_widget(self.pane)
        self._bench_thread.submit(self._devices.close)
        self._bench_thread.shutdown()
        self._web_thread.shutdown(cancel_futures=True)

    # what the screen asks for

    def devices(self, do: Callable[[Devices], None]) -> None:
        """Act on the devices on their thread, then show how they are."""

        def work() -> None:
            try:
                do(self._devices)
                reading = self._devices.read()
            except (BenchError, OSError, StorageError) as error:
                self._tell("stop", "That did not work", str(error))
                return
            finally:
                self._answered += 1
            self.desk.post(lambda: self._fill(reading))

        self._asked += 1
        self._submit(self._bench_thread, work)

    def buy(self, good: Good, name: str, then: Callable[..., None]) -> None:
        """Buy one on the shop's page, on a thread, as the shop may take its time."""

        def work() -> None:
            try:
                said = buy_online(self._miniature.shop_url, good.sku, name)
            except ShopperError as error:
                self.desk.post(partial(then, "stop", "Not bought online", str(error)))
                return
            self.desk.post(partial(then, "done", f"{name} bought it", good.name, said))

        self._submit(self._web_thread, work)

    def open_page(self) -> None:
        """Show the shop's page in the machine's browser."""
        url = self._miniature.shop_url

        def work() -> None:
            if not webbrowser.open(url):
                self._tell("look", "No browser here", url)

        threading.Thread(target=work, name="browser", daemon=True).start()

    def draw(self, frames: int) -> None:
        """Draw some frames outside of ``run``, for pictures."""
        from kivy.base import EventLoop  # noqa: PLC0415

        EventLoop.status = "started"
        for _ in range(frames):
            EventLoop.idle()

    def _submit(self, thread: ThreadPoolExecutor, work: Callable[[], None]) -> None:
        if not self._is_closed:
            thread.submit(work).add_done_callback(_log_failure)

    def _poll(self) -> None:
        if self._is_closed:
            return
        if not self._is_hidden and self._asked == self._answered:
            self.devices(lambda _devices: None)
        self.desk.after(POLL_SECONDS, self._poll)

    def _fill(self, reading: Reading) -> None:
        if not self._is_closed:
            self.screen.fill(reading)

    def _tell(self, kind: str, title: str, *notes: str) -> None:
        self.desk.post(lambda: self.screen.tell(kind, title, *notes))

    def _hide(self, is_hidden: bool) -> None:
        self._is_hidden = is_hidden

    def _finger(self, kind: str, finger: int, x: float, y: float) -> None:
        self._wake()
        self.desk.touch(kind, finger, x, y)


def _log_failure(done: Future[None]) -> None:
    if not done.cancelled() and (error := done.exception()) is not None:
        log.error("The panel: %s", error, exc_info=error)


def _without_hurry() -> None:
    """Frames are drawn one by one until it runs."""


def _silently(_tone: str) -> None:
    """The till sounds, not the panel."""
