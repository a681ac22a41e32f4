"""The demo's program: sets the miniature up, shows its panel or plays the day, and says what came of it."""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path
from typing import Final

from appliance.demo.album import Album
from appliance.demo.day import Day
from appliance.demo.hand import HandError
from appliance.demo.panel import PanelError, panel_picture, show_panel
from appliance.demo.stage import Stage, StageError, staged
from appliance.demo.verdict import judge

SIZES: Final = {"800x480": (800, 480), "1280x800": (1280, 800)}
WATCHING_SECONDS: Final = 0.35
"""Pace of a day that somebody watches."""


def main() -> int:
    """Run the demo; 0 unless something did not start or the day did not end in agreement."""
    arguments = _arguments()
    try:
        if arguments.headless is not None:
            return _off_screen(arguments)
        return _on_screen(arguments)
    except (StageError, HandError, PanelError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


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
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


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
    started = time.monotonic()
    with staged(SIZES[arguments.size], arguments.theme, headless=False) as stage:
        print(
            f"The online shop: {stage.shop_url}\nSign in as Marta with 2580, or as Ciarán (manager) with 1470."
        )
        if arguments.day:
            _watch(stage, started)
        show_panel(stage, arguments.theme)
    return 0


def _watch(stage: Stage, started: float) -> None:
    """Play the day beside the panel, slowly enough to follow."""
    day = Day(stage, lambda words: _say(started, words), lambda _name: None, step_seconds=WATCHING_SECONDS)

    def play() -> None:
        try:
            day.play()
            print(judge(stage, day, seconds=time.monotonic() - started).table())
        except (StageError, HandError) as error:
            print(error, file=sys.stderr)

    threading.Thread(target=play, name="day", daemon=True).start()


def _say(started: float, words: str) -> None:
    print(f"{time.monotonic() - started:6.1f} s  {words}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
