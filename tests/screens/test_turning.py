"""A screen that hangs upside down, stands upright, or is of another size: the picture and the fingers turn together."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from PIL import Image, ImageChops

from appliance.ui.marks import Area, Box, Mark, word
from appliance.ui.screen import Screen
from appliance.ui.turning import Lie, Turning
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.plain import Drawing
from drivers.touch_decoding import Mounting
from tests.screens.conftest import UI, WINDOW

ROTATIONS = (0, 90, 180, 270)
SIZES = ((800, 480), (480, 800), (1024, 600), (1280, 800), (720, 1280))


class Corner(Screen):
    """A key in the upper left corner, a word in the middle, and nothing that is the same upside down."""

    def __init__(self, desk: Any) -> None:
        super().__init__(desk)
        self.taps = 0
        self.add(Drawing(self.look, Area(0, 0, 800, 480), self._draw))
        self.add(Key(self.look, Area(0, 0, 120, 60), "Here", self._count))

    def _count(self) -> None:
        self.taps += 1

    def _draw(self) -> list[Mark]:
        return [Box(Area(0, 0, 800, 480), "panel"), word("Gapless", 300, 300, "Display", 40)]


@pytest.mark.parametrize(("rotation", "window"), list(itertools.product(ROTATIONS, SIZES)))
def test_a_point_of_the_picture_comes_back_from_the_window(rotation: int, window: tuple[int, int]) -> None:
    lie = Lie((800, 480), window, rotation)
    for point in ((0, 0), (799, 0), (0, 479), (400, 100)):
        x, y = lie.to_window(*point)
        assert -0.5 <= x <= window[0] - 0.5
        assert -0.5 <= y <= window[1] - 0.5
        assert lie.to_picture(x, y) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize(("rotation", "window"), list(itertools.product(ROTATIONS, SIZES)))
def test_a_finger_on_the_glass_is_where_the_pixel_under_it_is(rotation: int, window: tuple[int, int]) -> None:
    """The panel counts as the glass does; its driver turns that, and the window turns it back."""
    turning = Turning((800, 480), lambda: window, rotation)
    for pixel in ((0, 0), (799, 0), (30, 470)):
        x, y = turning.lie.to_window(*pixel)
        glass = x / (window[0] - 1), y / (window[1] - 1)
        told = Mounting(rotation).place(*glass)
        assert turning.share_in_window(*told) == pytest.approx(glass)
        assert turning.share_of_picture(*pixel) == pytest.approx(told)


def glass(ui: UI) -> Image.Image:
    """The whole window."""
    from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels

    ui.window.canvas.ask_update()
    ui.frames()
    data = bytes(glReadPixels(0, 0, *WINDOW, GL_RGB, GL_UNSIGNED_BYTE))
    return Image.frombytes("RGB", WINDOW, data).transpose(Image.Transpose.FLIP_TOP_BOTTOM)


def shown(ui: UI, rotation: int) -> Image.Image:
    ui.glass.turn(Turning((800, 480), lambda: WINDOW, rotation))
    return glass(ui)


@pytest.mark.parametrize("panel", ["7"])
def test_the_picture_is_turned_as_a_whole(ui: UI) -> None:
    ui.offer(corner=Corner)
    ui.show("corner")
    upright = ui.pixels()
    pictures = {rotation: shown(ui, rotation) for rotation in ROTATIONS}
    # A window that is higher than wide for the picture: turned by a quarter it has just its own size there.
    left, top = (WINDOW[0] - 480) // 2, 0
    quarter = pictures[90].crop((left, top, left + 480, 800)).rotate(90, expand=True)
    assert ImageChops.difference(quarter, upright).getbbox() is None
    for one, other in ((0, 180), (90, 270)):
        assert ImageChops.difference(pictures[one], pictures[other].rotate(180)).getbbox() is None
    assert pictures[0].getpixel((0, 400)) == pictures[0].getpixel((1279, 400))


@pytest.mark.parametrize("panel", ["7"])
@pytest.mark.parametrize("rotation", ROTATIONS)
def test_a_finger_hits_the_key_wherever_it_was_turned_to(ui: UI, rotation: int) -> None:
    ui.offer(corner=Corner)
    corner = ui.show("corner")
    ui.glass.turn(turning := Turning((800, 480), lambda: WINDOW, rotation))
    x, y = turning.lie.to_window(60, 30)
    # The hand of the tests counts pixels from the picture's height up.
    ui.tap_at(x, y - (WINDOW[1] - ui.look.sizes.height))
    assert corner.taps == 1
    ui.tap_at(WINDOW[0] - 1 - x, WINDOW[1] - 1 - y - (WINDOW[1] - ui.look.sizes.height))
    assert corner.taps == 1


@pytest.mark.parametrize(
    ("window", "now", "then"),
    [
        ((800, 480), 0, 180),
        ((800, 480), 180, 0),
        ((800, 480), 90, 0),
        ((720, 1280), 0, 90),
        ((720, 1280), 90, 270),
    ],
)
def test_a_screen_may_hang_two_ways(window: tuple[int, int], now: int, then: int) -> None:
    assert Turning((800, 480), lambda: window, now).next() == then
