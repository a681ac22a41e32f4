"""The kiosk's own program on a card whose settings were mistyped: it says so first, and sells on with one touch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from PIL import Image

from appliance.demo.hand import Hand, HandError
from appliance.demo.new_till import open_till, write_settings

BROKEN = 'Line 47: a text stands in quotes: theme = "dark"'
SCREEN = {"width": 1280, "height": 800, "touch": "mouse", "theme": "light"}


def write_report(folder: Path, sells: str) -> None:
    problem = {"line": 47, "where": "screen.theme", "words": BROKEN}
    report = {"problems": [problem], "sells": sells, "screen": SCREEN}
    (folder / "setup.json").write_text(json.dumps(report))


@contextmanager
def kiosk(folder: Path) -> Iterator[tuple[Hand, subprocess.Popen[bytes]]]:
    program = [sys.executable, "-m", "appliance.kiosk", "--settings", str(folder / "till.toml")]
    environment = {**os.environ, "NOTIFY_SOCKET": str(folder / "nobody"), "KIVY_HOME": str(folder / "kivy")}
    process = subprocess.Popen([*program, "--remote", str(folder / "hand.sock")], env=environment)
    hand = Hand(folder / "hand.sock")
    try:
        hand.connect(60, lambda: None)
        yield hand, process
    finally:
        hand.close()
        process.terminate()
        process.wait(20)


def test_a_mistake_is_the_first_page_and_one_touch_leads_to_the_till(tmp_path: Path) -> None:
    write_settings(tmp_path, "http://127.0.0.1:9", "ck_1", "cs_1", (5.0, 1.0), (800, 480), "dark")
    open_till(tmp_path)
    write_report(tmp_path, "as before")
    with kiosk(tmp_path) as (hand, process):
        assert hand.screen() == "settings"
        assert hand.sees("The till can go on with the settings of before, without these:")
        assert hand.sees(BROKEN)
        with suppress(HandError):  # the program begins anew, and may not have answered before
            hand.tap("Sell on")
        hand.close()
        time.sleep(1.0)
        hand.connect(60, lambda: None)
        assert hand.screen() == "sign-in"
        assert process.poll() is None, "the same process, so that who watches it sees one till"


def test_without_any_settings_the_page_comes_up_on_the_screen_that_was_found(tmp_path: Path) -> None:
    write_report(tmp_path, "no")
    with kiosk(tmp_path) as (hand, process):
        assert hand.screen() == "settings"
        assert hand.sees("The till cannot sell yet:")
        picture = tmp_path / "page.png"
        hand.screenshot(picture)
        with Image.open(picture) as shown:
            assert shown.size == (1280, 800)
        with suppress(HandError):
            hand.tap("Switch off")
        assert process.wait(20) == 0
