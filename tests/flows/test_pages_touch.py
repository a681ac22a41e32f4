"""The pages that stand alone are tapped on the real touch panel: of a till that cannot start, and of wrong settings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.demo.stage import Stage, wait_until
from tests.flows.test_rescue import damage

SIZE = (800, 480)


def break_the_file(stage: Stage) -> None:
    damage(stage.database_path)


def mistake(stage: Stage) -> None:
    report = {
        "problems": [{"line": 12, "where": "shop", "words": "Line 12: fill in the key."}],
        "sells": "no",
    }
    (stage.folder / "setup.json").write_text(json.dumps(report), encoding="utf-8")


def begin_with_panel(stage: Stage, wish: Path) -> None:
    """Start the kiosk as on the card: it reads the panel itself."""
    settings = stage.settings_path.read_text(encoding="utf-8")
    stage.settings_path.write_text(
        settings.replace("[screen]", '[screen]\ntouch = "panel"'), encoding="utf-8"
    )
    stage.kiosk.environment |= {"GAPLESS_POWER_OFF": str(wish)}
    stage.bench.plug_touch(width=SIZE[0], height=SIZE[1])
    stage.start_kiosk()


def tap_until(stage: Stage, word: str, done: Callable[[], bool]) -> None:
    """Put a finger on the panel where a key is drawn, as often as a person would before the panel is read."""
    x, y = stage.hand.place(word)

    def tap() -> bool:
        stage.bench.tap_screen(x / SIZE[0], y / SIZE[1])
        return done()

    wait_until(f"{word!r} does what it says", tap, 10, every=0.5)


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("trouble", "page"), [(break_the_file, "trouble"), (mistake, "settings")])
def test_a_finger_on_the_panel_switches_a_till_off_that_cannot_sell(
    stage: Stage, tmp_path: Path, trouble: Callable[[Stage], None], page: str
) -> None:
    stage.kiosk.kill()
    stage.syncd.kill()
    trouble(stage)
    wish = tmp_path / "off"
    begin_with_panel(stage, wish)
    wait_until(f"the page {page} is there", lambda: stage.hand.screen() == page, 20)
    stage.bench.tap_screen(0.5, 0.02)
    assert not wish.exists(), "a finger beside the keys does nothing"
    tap_until(stage, "Switch off", wish.exists)
    process = stage.kiosk.process
    assert process is not None
    wait_until("the window is closed", lambda: process.poll() is not None, 20)
    assert process.poll() == 0
