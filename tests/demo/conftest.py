"""The panel on a real window off screen, a real bench, a real shop, and a till at the bench's devices."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from appliance.demo.network import Network
from appliance.demo.panel import HEIGHT, WIDTH, Panel, opened
from appliance.demo.shop.seed import fill
from appliance.demo.shop.server import DemoShop
from appliance.demo.stage import PRINTER, SCANNER
from appliance.storage.database import Database
from appliance.ui.widgets.part import GUARD_SECONDS
from drivers.virtual.client import VirtualBench

PATIENCE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class SmallStage:
    """What the panel needs of the demo's stage, without the till's two programs."""

    bench: VirtualBench
    network: Network
    shop: DemoShop
    database_path: Path

    @property
    def shop_url(self) -> str:
        return self.shop.url


class TillAtBench:
    """The till's end of the devices; see till_at_bench.py."""

    def __init__(self, bench: VirtualBench) -> None:
        self.said: list[str] = []
        self._program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("till_at_bench.py"))],
            env=bench.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._listening = threading.Thread(target=self._listen, daemon=True)
        self._listening.start()

    def ask(self, command: str) -> None:
        assert self._program.stdin is not None
        self._program.stdin.write(command + "\n")
        self._program.stdin.flush()

    def close(self) -> None:
        assert self._program.stdin is not None and self._program.stdout is not None
        self._program.stdin.close()
        self._program.wait(PATIENCE_SECONDS)
        self._listening.join(PATIENCE_SECONDS)
        self._program.stdout.close()

    def _listen(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self.said.append(line.strip())


class PanelHand:
    """Touches the panel through Kivy's own dispatch, and looks at its pixels."""

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self._fingers = 0

    def tap(self, label: str) -> None:
        from kivy.base import EventLoop

        part = self.panel.screen.find(label)
        assert part is not None, f"nothing reads {label!r}; there is {self.words()}"
        area = part.target
        x, y = (area.x + area.w / 2) / (WIDTH - 1), (HEIGHT - 1 - area.y - area.h / 2) / (HEIGHT - 1)
        self._fingers += 1
        finger = _finger(self._fingers, x, y)
        finger.move({"x": x, "y": y})
        EventLoop.post_dispatch_input("begin", finger)
        self.panel.draw(1)
        EventLoop.post_dispatch_input("end", finger)
        self.panel.draw(1)

    def wait(self, true: Callable[[], object], what: str) -> None:
        end = time.monotonic() + PATIENCE_SECONDS
        while not true():
            assert time.monotonic() < end, f"waited in vain for {what}; the panel says {self.words()}"
            self.panel.draw(1)
            time.sleep(0.005)

    def sees(self, words: str) -> None:
        self.wait(lambda: any(words in each for each in self.words()), f"{words!r}")

    def words(self) -> list[str]:
        return self.panel.screen.words()

    def pixels(self) -> Any:
        from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels
        from PIL import Image

        self.panel.window.canvas.ask_update()
        self.panel.draw(2)
        data = bytes(glReadPixels(0, 0, WIDTH, HEIGHT, GL_RGB, GL_UNSIGNED_BYTE))
        return Image.frombytes("RGB", (WIDTH, HEIGHT), data).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def _finger(number: int, x: float, y: float) -> Any:
    from kivy.input.motionevent import MotionEvent

    class Finger(MotionEvent):
        def __init__(self) -> None:
            super().__init__("hand", number, {"x": x, "y": y}, is_touch=True, type_id="touch")
            self.profile = ("pos",)

        def depack(self, args: dict[str, float]) -> None:
            self.sx, self.sy = args["x"], args["y"]
            super().depack(args)

    return Finger()


@pytest.fixture(scope="session")
def _bench() -> Iterator[VirtualBench]:
    with VirtualBench.start() as bench:
        yield bench


@pytest.fixture
def stage(_bench: VirtualBench, tmp_path: Path) -> Iterator[SmallStage]:
    """A scanner and a printer, a shop with goods, a cable to it, an empty till."""
    with ExitStack() as stack:
        shop = stack.enter_context(DemoShop(tmp_path / "shop.db"))
        fill(shop.database)
        network = stack.enter_context(Network.in_front_of(shop.url))
        Database.open(tmp_path / "till.db", now=lambda: datetime.now(UTC)).close()
        _bench.plug_scanner(SCANNER)
        _bench.plug_printer(PRINTER)
        yield SmallStage(_bench, network, shop, tmp_path / "till.db")
        for device in _bench.devices():
            _bench.unplug(device)


@pytest.fixture
def till(stage: SmallStage) -> Iterator[TillAtBench]:
    """A till that holds the bench's scanner and printer."""
    till = TillAtBench(stage.bench)
    yield till
    till.close()


@pytest.fixture
def hand(stage: SmallStage) -> Iterator[PanelHand]:
    """The panel, shown, and a hand on it."""
    with opened(stage) as panel:
        panel.start()
        panel.draw(2)
        time.sleep(GUARD_SECONDS)  # keys ignore a double tap just after they appeared, and this hand is quick
        yield PanelHand(panel)
