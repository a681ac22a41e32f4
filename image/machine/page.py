"""A page of the kiosk that no sale leads to, drawn on this computer: what the card must show in trouble.

    python -m image.machine.page SOCKET ERROR

draws the page for one of storage's errors, and waits to be looked at.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image

from appliance.demo.hand import Hand
from appliance.storage import errors
from appliance.till.trouble import trouble_of
from appliance.ui.sounds import Sounds
from appliance.ui.window import WindowPlan, configure
from image.machine.errors import MachineError
from image.machine.screen import Golden
from image.machine.twin import SIZE

_DRAWN_SECONDS: Final = 60.0
_REGIONS: Final = ((0, 50, 800, 480),)
ON_A_PC: Final = "On a PC"
_KEYS: Final = ("Try again", "Switch off", "Look again", "Set up", ON_A_PC)


@dataclass(frozen=True, slots=True)
class Page:
    """How a page looks, its words, and where its keys are."""

    golden: Golden
    words: tuple[str, ...]
    keys: dict[str, tuple[float, float]]


def see_trouble(error: str, folder: Path) -> Page:
    """The page for an error of storage's, by the error's name, on a till without a stick.

    Raises:
        MachineError: it is not drawn.
    """
    place = folder / "page.sock"
    with _drawn(["image.machine.page", str(place), error], place, {}) as hand:
        return _look(hand, folder, "trouble")


def see_new(report: str, folder: Path) -> tuple[Page, Page]:
    """What a new till shows, by the report of the card's set-up, as JSON: its welcome, and the page behind "On a PC".

    It is the kiosk's own program that draws them.

    Raises:
        MachineError: they are not drawn.
    """
    with new_till(report, folder) as hand:
        first = _look(hand, folder, "set-up")
        hand.tap(ON_A_PC)
        return first, _look(hand, folder, "settings")


@contextmanager
def new_till(report: str, folder: Path) -> Iterator[Hand]:
    """The kiosk's own program on a new till's first page, with a hand at it; by the report of the card's set-up.

    Raises:
        MachineError: it draws nothing.
    """
    place, new = folder / "page.sock", folder / "new"
    new.mkdir(exist_ok=True)
    found = json.loads(report) | {"data": str(new)}
    (new / "setup.json").write_text(json.dumps(found), encoding="utf-8")
    command = ["appliance.kiosk", "--settings", str(new / "till.toml"), "--remote", str(place)]
    with _drawn(command, place, {"RUNTIME_DIRECTORY": str(new)}) as hand:
        yield hand


@contextmanager
def _drawn(command: list[str], place: Path, environment: dict[str, str]) -> Iterator[Hand]:
    place.unlink(missing_ok=True)
    screen = {"SDL_VIDEODRIVER": "offscreen", "SDL_AUDIODRIVER": "dummy", "KIVY_NO_CONSOLELOG": "1"}
    whole = os.environ | screen | environment
    with place.with_suffix(".log").open("wb") as words:
        drawing = subprocess.Popen(
            [sys.executable, "-m", *command],
            env=whole,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
        )
    hand = Hand(place)

    def check() -> None:
        if drawing.poll() is not None:
            raise MachineError(f"{command[0]} ended at once, and drew nothing.")

    try:
        hand.connect(_DRAWN_SECONDS, check)
        yield hand
    finally:
        hand.close()
        drawing.kill()  # a kiosk does not end by a signal that SDL takes for a wish
        drawing.wait(10)


def _look(hand: Hand, folder: Path, screen: str) -> Page:
    """The page once it is there.

    Raises:
        MachineError: it does not come.
    """
    end = time.monotonic() + _DRAWN_SECONDS
    while hand.screen() != screen:
        if time.monotonic() > end:
            raise MachineError(f"The page {screen!r} was not drawn.")
        time.sleep(0.1)
    picture = folder / "page.png"
    hand.screenshot(picture)
    words = tuple(hand.texts())
    keys: dict[str, tuple[float, float]] = {word: hand.place(word) for word in _KEYS if word in words}
    with Image.open(picture) as found:
        return Page(Golden(screen, found.convert("RGB"), _REGIONS), words, keys)


def main(place: Path, error: str) -> int:
    """Draw the page for an error."""
    plan = WindowPlan(*SIZE, is_kiosk=True)
    configure(plan)
    from appliance.ui.frame import Frame  # noqa: PLC0415  # opens the window, so not before configure
    from appliance.ui.screens.trouble import TroubleKeys, TroubleScreen  # noqa: PLC0415

    trouble = trouble_of(getattr(errors, error)(""), None)
    keys = TroubleKeys(lambda: False, lambda: None, lambda: None)
    frame = Frame(plan, "dark", Sounds(0), place)
    frame.offer({"trouble": lambda desk: TroubleScreen(desk, keys, trouble)})
    return frame.run_from("trouble", lambda: None)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
