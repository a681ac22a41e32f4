"""The demo's program: sets the miniature up, shows its panel or plays the day, and says what came of it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Final

from appliance.demo.album import Album
from appliance.demo.day import Day
from appliance.demo.desktop import screen_size, side_by_side
from appliance.demo.hand import HandError
from appliance.demo.panel import ENDINGS, HEIGHT, WIDTH, PanelError, panel_picture, show_panel
from appliance.demo.program import Program
from appliance.demo.stage import Stage, StageError, staged
from appliance.demo.verdict import judge
from drivers.virtual.client import BenchError

SIZES: Final = {"800x480": (800, 480), "1280x800": (1280, 800)}
WATCHING_SECONDS: Final = 0.35
"""Pace of a day that somebody watches."""


def main() -> int:
    """Run the demo; 0 unless something did not start, or the day was stopped or did not end in agreement."""
    arguments = _arguments()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C: whatever was started is taken down again
        signal.signal(number, signal.default_int_handler)
    try:
        if arguments.headless is not None:
            return _off_screen(arguments)
        return _on_screen(arguments)
    except (StageError, HandError, PanelError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="appliance/demo/run", description="Gapless: a shop in miniature")
    parser.add_argument(
        "--headless", metavar="DIR", help="off screen; pictures, receipts and the verdict go to DIR"
    )
    parser.add_argument("--day", action="store_true", help="play a cashier's day")
    parser.add_argument("--size", choices=sorted(SIZES), default="800x480", help="the till's screen")
    parser.add_argument("--theme", choices=("dark", "light"), default="dark")
    parser.add_argument("--from", dest="here", default=".", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.headless is None and not _has_display():
        print("There is no display: the day is played off screen, into .demo/day.")
        arguments.headless, arguments.day, arguments.here = ".demo/day", True, "."
    return arguments


def _has_display() -> bool:
    return screen_size() is not None or bool(os.environ.get("WAYLAND_DISPLAY"))


def _off_screen(arguments: argparse.Namespace) -> int:
    folder = Path(arguments.here, arguments.headless).resolve()
    started = time.monotonic()
    with staged(SIZES[arguments.size], arguments.theme, headless=True) as stage:
        album = Album(stage, folder)
        if not arguments.day:
            album.look("sign in")
            print(f"The till's first screen is in {folder}.")
            return 0
        day = Day(stage, lambda words: _say(started, words), album.look)
        try:
            day.play()
        except (StageError, HandError):
            album.look("where it stopped")
            album.keep_logs()
            raise
        album.keep_papers()
        album.keep_logs()
        panel_picture(stage, folder / "screens" / "panel.png", arguments.theme)
        verdict = judge(stage, day, seconds=time.monotonic() - started)
    verdict.write(folder / "verdict.json")
    print(verdict.table())
    print(f"\nPictures, receipts and verdict.json are in {folder}.")
    return 0 if verdict.agrees else 1


def _on_screen(arguments: argparse.Namespace) -> int:
    started, closing = time.monotonic(), threading.Event()
    size, screen = SIZES[arguments.size], screen_size()
    till, panel = (None, None) if screen is None else side_by_side(screen, size, (WIDTH, HEIGHT))
    with staged(size, arguments.theme, headless=False, place=till) as stage:
        print(
            f"The online shop: {stage.shop_url}\nSign in as Marta with 2580, or as Ciarán (manager) with 1470."
        )
        if arguments.day:
            _watch(stage, started, closing)
        _end_with(stage.kiosk)
        show_panel(stage, arguments.theme, panel)
        closing.set()
        for number in ENDINGS:  # nothing disturbs the clearing up
            signal.signal(number, signal.SIG_IGN)
    return 0


def _end_with(till: Program) -> None:
    """End the demo when somebody closes the till's window, or when the till ends by itself."""
    process = till.process
    assert process is not None

    def wait() -> None:
        if process.wait() > 0:
            print(f"The till ended. Its last words:\n{till.words()}", file=sys.stderr)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="till", daemon=True).start()


def _watch(stage: Stage, started: float, closing: threading.Event) -> None:
    """Play the day beside the panel, slowly enough to follow; once the demo closes, what fails needs no word."""
    day = Day(stage, lambda words: _say(started, words), lambda _name: None, step_seconds=WATCHING_SECONDS)

    def play() -> None:
        try:
            day.play()
            print(judge(stage, day, seconds=time.monotonic() - started).table())
        except (StageError, HandError, BenchError, OSError, ValueError) as error:
            if not closing.is_set():
                print(error, file=sys.stderr)

    threading.Thread(target=play, name="day", daemon=True).start()


def _say(started: float, words: str) -> None:
    print(f"{time.monotonic() - started:6.1f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
