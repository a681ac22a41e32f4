"""The shop in miniature: a folder, an online shop, a network that can fail, devices, and the two programs.

Everything is what it is on the counter: real processes, the real file, real HTTP over a real socket, real device
libraries; only the devices' other end and the cable to the shop are ours.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from appliance.demo.hand import Hand
from appliance.demo.network import Network
from appliance.demo.new_till import CARD, open_till, write_settings
from appliance.demo.program import Program
from appliance.machine.hardware import ROOT
from drivers.virtual.client import VirtualBench

SCANNER: Final = "scanner"
PRINTER: Final = "printer"
START_SECONDS: Final = 30.0


class StageError(Exception):
    """A part of the miniature did not start. The text names it and shows its last words."""


@dataclass(slots=True)
class Stage:
    """The running miniature."""

    folder: Path
    shop_url: str
    key: str
    secret: str
    network: Network
    bench: VirtualBench
    kiosk: Program
    syncd: Program
    hand: Hand

    @property
    def settings_path(self) -> Path:
        """The till's settings."""
        return self.folder / "till.toml"

    @property
    def card(self) -> Path:
        """What stands for the till's memory card: everything that it keeps."""
        return self.folder / CARD

    @property
    def database_path(self) -> Path:
        """The till's one file."""
        return self.card / "till.db"

    @property
    def stick(self) -> Path:
        """Where the till's stick is plugged in."""
        return self.folder / "stick"

    @property
    def shop_file(self) -> Path:
        """The shop's file, which only the shop writes."""
        return self.folder / "shop.db"

    def now(self) -> datetime:
        """The wall clock, UTC."""
        return datetime.now(UTC)

    def papers(self) -> list[bytes]:
        """What came out of the printer so far, cut by cut, as the bytes that it executed."""
        jobs: list[bytes] = self.bench.printer(PRINTER)["jobs"]
        return [job for job in jobs[:-1] if job]

    def start_kiosk(self) -> None:
        """Start the kiosk, of which none runs, and wait until it has drawn its first screen."""
        self.bench.let_go()
        self.kiosk.start()
        self.hand.connect(START_SECONDS, lambda: _check(self.kiosk))

    def restart_kiosk(self) -> None:
        """Kill the kiosk as a power cut does and start it again."""
        self.kiosk.kill()
        self.hand.close()
        self.start_kiosk()

    def restart_syncd(self) -> None:
        """Kill the sync service as a power cut does and start it again."""
        self.syncd.kill()
        self.syncd.start()


@contextmanager
def staged(
    size: tuple[int, int],
    theme: str,
    *,
    headless: bool,
    deadline_seconds: float = 10,
    late_minutes: float = 0.2,
    place: tuple[int, int] | None = None,
    hardware_root: Path = ROOT,
) -> Iterator[Stage]:
    """Set the whole miniature up, and take it down again.

    Args:
        size: the till's screen, in pixels.
        theme: "dark" or "light".
        headless: draw off screen.
        deadline_seconds: how long the till waits for an answer of the shop.
        late_minutes: how long a lost request may still be under way; the late look comes after it.
        hardware_root: where the till finds the numbers of its board and its card.
        place: left and top of the till's window on a desktop; None for the middle.

    Raises:
        StageError: a part did not start.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gapless-demo-")))
        key, secret = f"ck_{secrets.token_hex(20)}", f"cs_{secrets.token_hex(20)}"
        shop = _start_shop(stack, folder, key, secret)
        bench = stack.enter_context(VirtualBench.start())
        open_till(folder, hardware_root)
        shop_url = _address(shop)  # only now: it starts while the bench does
        network = stack.enter_context(Network.in_front_of(shop_url))
        write_settings(folder, network.url, key, secret, (deadline_seconds, late_minutes), size, theme)
        stack.callback(lambda: _unplug_all(bench))
        bench.plug_scanner(SCANNER)
        bench.plug_printer(PRINTER)
        screen = {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy"} if headless else {}
        remote = folder / "remote.sock"
        settings = ["--settings", str(folder / "till.toml"), "--hardware-root", str(hardware_root)]
        where = [] if place is None else ["--place", *map(str, place)]
        kiosk = Program(
            "the till",
            ["appliance.kiosk", *settings, "--remote", str(remote), *where],
            bench.environment() | screen,
            folder / "kiosk.log",
        )
        syncd = Program("the sync service", ["appliance.syncd", *settings], {}, folder / "syncd.log")
        stage = Stage(folder, shop_url, key, secret, network, bench, kiosk, syncd, Hand(remote))
        stack.callback(stage.hand.close)
        stack.callback(kiosk.stop)
        stack.callback(syncd.stop)
        syncd.start()
        stage.start_kiosk()
        yield stage


def wait_until(what: str, true: Callable[[], bool], seconds: float, every: float = 0.05) -> None:
    """Wait for something to become true.

    Raises:
        StageError: it did not in time.
    """
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise StageError(f"In {seconds:.0f} seconds it did not come about that {what}.")
        time.sleep(every)


def _start_shop(stack: ExitStack, folder: Path, key: str, secret: str) -> subprocess.Popen[bytes]:
    arguments = ["--port", "0", "--data", str(folder / "shop.db"), "--key", key, "--secret", secret]
    command = [sys.executable, "-m", "appliance.demo.shop", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
    stack.callback(process.wait)
    stack.callback(process.terminate)
    return process


def _address(shop: subprocess.Popen[bytes]) -> str:
    assert shop.stdout is not None
    line = shop.stdout.readline()
    if not line:
        raise StageError("The online shop did not start.")
    hello: dict[str, Any] = json.loads(line)
    return str(hello["url"])


def _unplug_all(bench: VirtualBench) -> None:
    for device in bench.devices():
        bench.unplug(device)


def _check(program: Program) -> None:
    if program.process is None or program.process.poll() is not None:
        raise StageError(f"{program.name} ended at once. Its last words:\n{program.words()}")
