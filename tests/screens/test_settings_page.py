"""The page for mistakes in the settings."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.card.disk import Disk
from appliance.till.mistakes import STEPS, Mistakes
from appliance.ui.screens.settings import SettingsKeys, SettingsScreen
from tests.card.card import Card
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, untidy

NEW = "a new card"
BROKEN = (
    'Line 12: the quotes are curly ones, as from a mail. Type straight quotes: name = "Till 1"',
    "Line 25: shop.url must begin with https:// (or http:// on a test bench).",
    "Line 52: scanner.layout must be one of us, de, fr, not 'uk'.",
)
WIFI = ('Line 36: the password of the Wi-Fi "Laden" is missing. Type it: wifi_password = "..."',)


def of_the_template(folder: Path) -> Mistakes:
    """What a technician sees who starts the till with the card just flashed."""
    card = Card(folder, Disk())
    card.set_up()
    found = Mistakes.of(card.report())
    assert found is not None
    return found


@pytest.fixture
def mistakes(request: pytest.FixtureRequest, tmp_path: Path) -> Mistakes:
    return request.param if isinstance(request.param, Mistakes) else of_the_template(tmp_path)


def show(ui: UI, mistakes: Mistakes) -> list[str]:
    did: list[str] = []
    keys = SettingsKeys(*(lambda name=name: did.append(name) for name in ("on", "again", "off")))
    ui.offer(settings=lambda desk: SettingsScreen(desk, keys, mistakes))
    head(ui, "14:32")
    ui.show("settings")
    return did


@pytest.mark.parametrize(
    ("name", "mistakes"),
    [
        ("new", NEW),
        ("before", Mistakes(BROKEN, "as before")),
        ("wifi", Mistakes(WIFI, "as typed")),
    ],
    indirect=["mistakes"],
)
@pytest.mark.parametrize("scheme", ["dark"])
def test_the_mistakes_fit_their_page(ui: UI, panel: str, scheme: str, name: str, mistakes: Mistakes) -> None:
    show(ui, mistakes)
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"settings-{name}", panel) < GOLDEN_MEAN


def test_every_sentence_and_every_step_is_on_the_glass(ui: UI) -> None:
    show(ui, Mistakes(BROKEN, "as before"))
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    for sentence in (*BROKEN, *STEPS, "The till can go on with the settings of before, without these:"):
        assert sentence in drawn


def test_what_does_not_fit_is_counted_so_that_nobody_takes_a_part_for_all(ui: UI) -> None:
    many = tuple(f"Line {line}: {BROKEN[0][9:]}" for line in range(1, 31))
    show(ui, Mistakes(many, "no"))
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    shown = sum(each in drawn for each in many)
    assert 2 <= shown < 30
    assert f"There are {30 - shown} more." in drawn
    show(ui, Mistakes(many[: shown + 1], "no"))
    drawn = " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")
    assert all(each in drawn for each in many[: shown + 1]) or "more." in drawn


@pytest.mark.parametrize(
    ("sells", "verb", "did"),
    [("no", "Switch off", "off"), ("as before", "Sell on", "on"), ("as typed", "Sell on", "on")],
)
def test_the_lit_key_sells_on_where_that_is_possible(ui: UI, sells: str, verb: str, did: str) -> None:
    done = show(ui, Mistakes(BROKEN, sells))
    assert ui.screen.lit.verb == verb
    ui.tap_at(*ui.screen.lit.middle())
    ui.tap("Look again")
    assert done == [did, "again"]
    if sells != "no":
        ui.tap("Switch off")
        assert done[-1] == "off"
    ui.desk.scan("5012345678900")
    assert ui.screen.name == "settings"


def test_a_new_till_can_be_set_up_by_touch_instead(ui: UI, panel: str) -> None:
    done: list[str] = []
    does = [lambda name=name: done.append(name) for name in ("on", "again", "off", "touch")]
    keys = SettingsKeys(*does)
    ui.offer(settings=lambda desk: SettingsScreen(desk, keys, Mistakes(BROKEN, "no")))
    head(ui, "14:32")
    ui.show("settings")
    ui.tap("By touch")
    ui.tap("Look again")
    assert done == ["touch", "again"]
    assert not untidy(ui, panel)
