"""What goes wrong without a key being tapped is said on every screen, and goes at a tap."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.screens.conftest import UI
from tests.screens.looks import head, offer, untidy
from tests.screens.till import Till, open_till

SENTENCE = "The scan was not whole. Scan it again."
SCREENS = ("sign-in", "pay", "change", "waiting", "menu", "x-report", "close-day", "cash", "held")


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        yield made


@pytest.mark.parametrize("name", SCREENS)
def test_a_broken_scan_is_said_on_every_screen(ui: UI, till: Till, panel: str, name: str) -> None:
    till.sign_in()
    done = till.pay((331, 1))
    till.scan_pictured_sale()
    offer(ui, till)
    head(ui, "14:32")
    ui.show(name, done=done) if name == "change" else ui.show(name)
    ui.tones.played.clear()
    ui.screen.complain(SENTENCE)
    ui.desk.draw()
    ui.frames()
    assert SENTENCE in " ".join(ui.texts())
    assert ui.tones.played == ["refused"]
    assert not untidy(ui, panel)
    if name != "sign-in":
        ui.tap(next(text for text in ui.texts() if text in SENTENCE))
        assert "not whole" not in " ".join(ui.texts())
