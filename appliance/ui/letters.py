"""Textures of words, icons and round corners.

White on nothing, so that one texture serves every colour. Words come from Kivy's own text provider
(SDL2_ttf), drawn once and kept while they are in use; corners are computed here, because Kivy's smooth
rectangles cost ten triangles each.
"""

import math
from collections import OrderedDict
from typing import Any

from kivy.core.text import Label
from kivy.graphics.texture import Texture

from appliance.ui.theme import FACES

KEPT_BYTES = 4 * 1024 * 1024
"""Pixels of words kept ready: about three full screens of the large panel."""
KEPT_WIDTHS = 2_000
FRAME_PX = 2


class Letters:
    """Words and icons as textures, the least recently used dropped first. For the UI thread only."""

    def __init__(self, kept_bytes: int = KEPT_BYTES) -> None:
        self._kept_bytes, self._bytes = kept_bytes, 0
        self._words: OrderedDict[tuple[str, str, int], Any] = OrderedDict()
        self._rulers: dict[tuple[str, int], Any] = {}
        self._widths: OrderedDict[tuple[str, str, int], int] = OrderedDict()

    def texture(self, text: str, face: str, px: int) -> Any:
        """The drawn word: as wide as its advance, as high as the face's line."""
        key = (text, face, px)
        found = self._words.get(key)
        if found is not None:
            self._words.move_to_end(key)
            return found
        label = Label(text=text, font_size=px, font_name=str(FACES[face]))
        label.refresh()
        self._words[key] = label.texture
        self._bytes += _bytes_of(label.texture)
        while self._bytes > self._kept_bytes and len(self._words) > 1:
            self._bytes -= _bytes_of(self._words.popitem(last=False)[1])
        return label.texture

    def width(self, text: str, face: str, px: int) -> int:
        """How wide the word will be, without drawing it."""
        key = (text, face, px)
        if key not in self._widths:
            self._widths[key] = int(self._ruler(face, px).get_extents(text)[0]) if text else 0
            if len(self._widths) > KEPT_WIDTHS:
                self._widths.popitem(last=False)
        return self._widths[key]

    def ascent(self, face: str, px: int) -> int:
        """From the top of the texture down to the baseline; SDL rounds it up."""
        return int(self._ruler(face, px).get_ascent())

    def _ruler(self, face: str, px: int) -> Any:
        if (face, px) not in self._rulers:
            label = Label(text="x", font_size=px, font_name=str(FACES[face]))
            label.resolve_font_name()
            self._rulers[face, px] = label
        return self._rulers[face, px]


def _bytes_of(texture: Any) -> int:
    return int(texture.width * texture.height * 4)


class Shapes:
    """Round discs, rings and corner covers, one small texture for each radius."""

    def __init__(self) -> None:
        self._made: dict[tuple[str, int], Any] = {}

    def disc(self, radius: int) -> Any:
        """A round filled square of 2 x radius + 2 pixels: stretch its middle for a rectangle."""
        return self._shape("disc", radius)

    def ring(self, radius: int) -> Any:
        """The same, only its outline, `FRAME_PX` wide."""
        return self._shape("ring", radius)

    def cover(self, radius: int) -> Any:
        """What a round corner leaves out: the inverse of the disc."""
        return self._shape("cover", radius)

    def _shape(self, kind: str, radius: int) -> Any:
        if (kind, radius) not in self._made:
            self._made[kind, radius] = _render(kind, radius)
        return self._made[kind, radius]


def _render(kind: str, radius: int) -> Any:
    side = 2 * radius + 2
    alphas = bytearray()
    for row in range(side):
        for column in range(side):
            alphas += bytes((255, 255, 255, round(255 * _alpha(kind, radius, side, column, row))))
    texture = Texture.create(size=(side, side), colorfmt="rgba")
    texture.blit_buffer(bytes(alphas), colorfmt="rgba", bufferfmt="ubyte")
    texture.mag_filter = texture.min_filter = "nearest"
    return texture


def _alpha(kind: str, radius: int, side: int, column: int, row: int) -> float:
    """How much of one pixel the shape covers, from its middle's distance to the edge of the disc."""
    outer = _inside(radius, side, column, row)
    if kind == "disc":
        return outer
    if kind == "cover":
        return 1 - outer
    inset = FRAME_PX
    if not (inset <= column < side - inset and inset <= row < side - inset):
        return outer
    return outer - _inside(max(radius - inset, 0), side - 2 * inset, column - inset, row - inset)


def _inside(radius: int, side: int, column: int, row: int) -> float:
    across = max(radius - column - 0.5, column + 0.5 - (side - radius), 0.0)
    down = max(radius - row - 0.5, row + 0.5 - (side - radius), 0.0)
    if not across or not down:
        return 1.0
    return min(max(radius + 0.5 - math.hypot(across, down), 0.0), 1.0)
