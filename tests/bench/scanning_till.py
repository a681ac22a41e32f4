"""The till that `bench_scan` measures: the whole app on one window, and a thread that scans.

    python -m tests.bench.scanning_till FOLDER WIDTHxHEIGHT ROUNDS BENCH_SOCKET BENCH_ROOT

Draws off screen, on a file with 2,000 products, and prints what it measured as JSON. Three things take turns, so that
whatever else the machine does falls on all of them: a scan posted as the scanner's thread posts it; a scan typed at the
virtual scanner and read by the real driver; and the floor, a window that changes the colour of one rectangle as large
as itself, posted and measured in the same way.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

os.environ.update(SDL_VIDEODRIVER="offscreen", SDL_AUDIODRIVER="dummy")

from appliance.domain.catalogue import CatalogueChanges, Category
from appliance.ui.window import WindowPlan, configure
from drivers.devices import Scan
from drivers.hotplug import HotplugMonitor
from drivers.input_matching import Pairing
from drivers.scanner_evdev import EvdevScanner, ScannerSettings
from drivers.virtual.client import VirtualBench
from tests.bench.frames import PATIENCE_SECONDS, Frames
from tests.screens.till import Till
from tests.storage.samples import product

PRODUCTS = 2_000
LINES_IN_A_SALE = 15
BLOCK = 10
"""So many of one kind, then of the next."""
PIXELS_EVERY = 10
WARM_UP = 20


def ean(number: int) -> str:
    """An EAN-13 with its check digit."""
    digits = f"539{number:09d}"
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return f"{digits}{-total % 10}"


@dataclass
class Measured:
    """Milliseconds, and how many sampled frames did hold the new line."""

    scan_ms: list[float] = field(default_factory=list)
    kept_ms: list[float] = field(default_factory=list)
    evdev_ms: list[float] = field(default_factory=list)
    read_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)
    frames_checked: int = 0
    frames_right: int = 0


class Scanning:
    """The thread that scans and measures."""

    def __init__(self, app: Any, till: Till, bench: VirtualBench, rounds: int) -> None:
        self.app, self.till, self.bench, self.rounds = app, till, bench, rounds
        self.frames = Frames(app.window)
        self.measured = Measured()
        self.chance = random.Random(7)
        self.kept_at = 0.0
        self.read_at = 0.0
        self.floor_colour: Any = None

    def note_kept(self) -> None:
        """Called when the line is on the disk, before it is drawn."""
        self.kept_at = time.perf_counter()

    def note_read(self, scan: Scan) -> None:
        """A code came from the scanner: on the till's clock, when its last key was read."""
        self.read_at = scan.at_monotonic
        self.app.scan(scan.text, scan.symbology)

    def run(self) -> None:
        """All rounds, then the end."""
        try:
            self._do(lambda: self.app.desk.show("sell"))
            for _ in range(WARM_UP):
                self._scan([])
            while len(self.measured.scan_ms) < self.rounds:
                for _ in range(BLOCK):
                    self._scan(self.measured.scan_ms)
                self._type_block()
                self._floor_block()
                self._check_frame()
            print(json.dumps(vars(self.measured)), flush=True)
            self.app.stop()
        except BaseException:
            self.app.stop(1)
            raise

    def _pause(self) -> None:
        time.sleep(self.chance.uniform(0.03, 0.08))

    def _scan(self, times: list[float]) -> None:
        self._pause()
        code, drawn = self._next_code()
        start = time.perf_counter()
        times.append(self.frames.time(lambda: self.app.scan(code), drawn))
        if times is self.measured.scan_ms:
            self.measured.kept_ms.append((self.kept_at - start) * 1000)

    def _type_block(self) -> None:
        """A fifth as many, as each takes the time of its typing."""
        for _ in range(BLOCK // 5):
            self._pause()
            code, drawn = self._next_code()
            self.measured.evdev_ms.append(self.frames.time(partial(self.bench.scan, code), drawn))
            self.measured.read_ms.append((self.frames.at - self.read_at) * 1000)

    def _next_code(self) -> tuple[str, Callable[[], bool]]:
        """A product that is not in the sale yet, and whether its line is in the sale that the screen shows."""
        selling = self.till.counter.selling
        if selling.sale is not None and len(selling.sale.lines) >= LINES_IN_A_SALE:
            self._do(self._start_new)
        lines = 0 if selling.sale is None else len(selling.sale.lines)
        sold = set() if selling.sale is None else {line.product_id for line in selling.sale.lines}
        number = self.chance.choice([each for each in range(1, PRODUCTS + 1) if each not in sold])

        def is_drawn() -> bool:
            return selling.sale is not None and len(selling.sale.lines) > lines

        return ean(number), is_drawn

    def _start_new(self) -> None:
        self.till.counter.selling.void_sale()
        self.app.desk.show("sell")

    def _floor_block(self) -> None:
        """The same window with one rectangle on it."""
        pane = self.app.window.children[0]
        bare = self._bare()
        self._do(lambda: (self.app.window.remove_widget(pane), self.app.window.add_widget(bare)))
        for _ in range(BLOCK):
            self._pause()
            grey = self.chance.random()
            self.measured.floor_ms.append(
                self.frames.time(
                    lambda grey=grey: self.app.desk.post(lambda: self._paint(grey)),  # type: ignore[misc]
                    lambda grey=grey: self.floor_colour.r == grey,  # type: ignore[misc]
                )
            )
        self._do(lambda: (self.app.window.remove_widget(bare), self.app.window.add_widget(pane)))

    def _bare(self) -> Any:
        from kivy.graphics import Color, Rectangle
        from kivy.uix.widget import Widget

        made: list[Any] = []

        def make() -> None:
            bare = Widget()
            with bare.canvas:
                self.floor_colour = Color(0, 0, 0)
                Rectangle(pos=(0, 0), size=self.app.window.size)
            made.append(bare)

        self._do(make)
        return made[0]

    def _paint(self, grey: float) -> None:
        self.floor_colour.rgb = (grey, grey, grey)

    def _check_frame(self) -> None:
        """The frame that counted as the scan's is the picture that stays, and not the one of before."""
        self._pause()
        before, (code, drawn) = self._picture(), self._next_code()
        seen: list[bytes] = []
        window = self.app.window

        def flipping(*_args: object) -> None:
            if drawn() and not seen:
                seen.append(self._read())

        self._do(lambda: window.bind(on_flip=flipping))
        self.frames.time(lambda: self.app.scan(code), drawn)
        self._do(lambda: window.unbind(on_flip=flipping))
        after = self._picture()
        self.measured.frames_checked += 1
        self.measured.frames_right += seen[0] == after != before

    def _picture(self) -> bytes:
        """The sale's column as it is after everything was drawn afresh."""
        found: list[bytes] = []

        def look(*_args: object) -> None:
            self.app.window.unbind(on_flip=look)
            found.append(self._read())

        def ask() -> None:
            self.app.window.bind(on_flip=look)
            self.app.window.canvas.ask_update()

        self._do(ask)
        end = time.monotonic() + PATIENCE_SECONDS
        while not found and time.monotonic() < end:
            time.sleep(0.005)
        return found[0]

    def _read(self) -> bytes:
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

        sizes, window = self.app.desk.look.sizes, self.app.window
        left = sizes.width - sizes.margin - sizes.sale
        bottom = window.height - sizes.head - sizes.body
        return bytes(glReadPixels(left, bottom, sizes.sale, sizes.body, GL_RGB, GL_UNSIGNED_BYTE))

    def _do(self, act: Callable[[], object]) -> None:
        """Have something done on the UI thread, and wait for it."""
        done = threading.Event()

        def do() -> None:
            act()
            done.set()

        self.app.desk.post(do)
        if not done.wait(PATIENCE_SECONDS):
            raise TimeoutError("the UI thread did not answer")


def stocked_till(folder: Path) -> Till:
    """A till with 2,000 products, and somebody who sells."""
    till = Till(folder / "till.db")
    till.catalogue.set_categories([Category(number, f"Category {number}") for number in range(1, 13)])
    stock = tuple(product(number, gtin=f"0{ean(number)}") for number in range(1, PRODUCTS + 1))
    till.catalogue.apply(CatalogueChanges(stock, read_at=till.clock()))
    till.sign_in()
    till.printing.start()
    return till


def main(folder: Path, size: tuple[int, int], rounds: int, bench: VirtualBench) -> int:
    """Build the till as the kiosk does, and measure."""
    plan = WindowPlan(*size, is_kiosk=True)
    configure(plan)
    from appliance.ui.app import Outside, TillApp

    till, parts = stocked_till(folder), list[Scanning]()
    seen = [till.db.version()]

    def changed() -> bool:
        seen.append(till.db.version())
        return seen.pop(0) != seen[0]

    app = TillApp(till.counter, plan, "dark", Outside(changed, play=lambda _tone: parts[0].note_kept()))
    parts.append(Scanning(app, till, bench, rounds))
    hotplug = HotplugMonitor()
    hotplug.start()
    scanner = EvdevScanner(ScannerSettings(Pairing(), "us"), hotplug)

    def ready() -> None:
        present = threading.Event()
        scanner.start(
            lambda scan: parts[0].note_read(scan) if isinstance(scan, Scan) else None,
            lambda is_there: present.set() if is_there else None,
        )
        threading.Thread(target=begin, args=(present,), daemon=True).start()

    def begin(present: threading.Event) -> None:
        present.wait(PATIENCE_SECONDS)
        parts[0].run()

    code = app.run(ready)
    scanner.stop()
    hotplug.stop()
    till.close()
    return code


if __name__ == "__main__":
    width, _, height = sys.argv[2].partition("x")
    sys.exit(
        main(
            Path(sys.argv[1]),
            (int(width), int(height)),
            int(sys.argv[3]),
            VirtualBench.connect(sys.argv[4], sys.argv[5]),
        )
    )
