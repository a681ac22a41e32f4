"""The demo's two windows on a desktop: both to be seen, on each other only where the screen is too small."""

from __future__ import annotations

import pytest

from appliance.demo.desktop import Place, Size, screen_size, side_by_side

PANEL = (1280, 800)
TILLS = [(800, 480), (1280, 800)]
NARROW = [(1920, 1080), (1680, 1050), (1366, 768), (1024, 600)]


def covered(screen: Size, till: Size) -> int:
    """How many pixels of the till's window lie under the panel's."""
    (x, y), (panel_x, panel_y) = side_by_side(screen, till, PANEL)
    across = min(x + till[0], panel_x + PANEL[0]) - max(x, panel_x)
    down = min(y + till[1], panel_y + PANEL[1]) - max(y, panel_y)
    return max(0, across) * max(0, down)


def is_inside(place: Place, window: Size, screen: Size) -> bool:
    return all(0 <= place[axis] <= screen[axis] - window[axis] for axis in (0, 1))


@pytest.mark.parametrize(
    ("screen", "till"),
    [((2080, 800), TILLS[0]), ((2100, 1000), TILLS[0]), ((2560, 1440), TILLS[1]), ((3840, 1080), TILLS[1])],
)
def test_both_windows_are_whole_and_apart_where_there_is_room(screen: Size, till: Size) -> None:
    places = side_by_side(screen, till, PANEL)
    assert is_inside(places[0], till, screen)
    assert is_inside(places[1], PANEL, screen)
    assert covered(screen, till) == 0


@pytest.mark.parametrize("screen", NARROW)
def test_on_a_narrow_screen_both_windows_begin_on_it(screen: Size) -> None:
    for left, top in side_by_side(screen, TILLS[0], PANEL):
        assert 0 <= left < screen[0]
        assert 0 <= top < screen[1]


def test_on_a_full_hd_screen_the_panel_hides_no_more_than_a_tenth_of_the_till() -> None:
    assert covered((1920, 1080), TILLS[0]) <= 800 * 480 / 10


def test_without_a_display_the_desktop_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":no such display")
    assert screen_size() is None
