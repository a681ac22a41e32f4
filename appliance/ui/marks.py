"""What a part draws: rectangles, frames, words and icons at exact places.

Marks are values. Parts return them, the painter turns them into Kivy instructions, and the tests compare them
with the design's own list of boxes. Places are pixels from the top left of the panel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from appliance.ui.theme import Type

if TYPE_CHECKING:
    from PIL import Image

ASCENT_EM = 1.040
DESCENT_EM = 0.313


class Area(NamedTuple):
    """A rectangle in pixels; x and y are its top left corner."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """The first column to the right of the rectangle."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """The first row below the rectangle."""
        return self.y + self.h

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def grown(self, by: int) -> Area:
        """The same rectangle, larger by some pixels on each side."""
        return Area(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle. With a radius all four corners are round."""

    area: Area
    colour: str
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """The outline of a rectangle, 2 px wide and inside it."""

    area: Area
    colour: str
    radius: int = 0


@dataclass(frozen=True, slots=True)
class Corners:
    """Rounds the four outer corners of a block by laying the ground colour over them."""

    area: Area
    colour: str
    radius: int


@dataclass(frozen=True, slots=True)
class Text:
    """One run of letters. `x` is its left edge, right edge or middle by `align`; `top` is where its line begins."""

    x: float
    top: float
    text: str
    face: str
    px: int
    colour: str
    align: str = "left"


@dataclass(frozen=True, slots=True)
class Icon:
    """A sign of the icon font in a square of `px` with its top left corner at x, y."""

    x: float
    y: float
    name: str
    px: int
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in its own colours, stretched to its area: make it as large as that, and it stays sharp.

    Draw a changed picture as a new one; the painter compares, it does not look inside for changes.
    """

    area: Area
    image: Image.Image


Mark = Box | Frame | Corners | Text | Icon | Picture


def content_height(px: int) -> int:
    """Height of a line's content area: ascent and descent, each a whole pixel."""
    return rise(px) + round(DESCENT_EM * px)


def rise(px: int) -> int:
    """From the top of the content area down to the baseline."""
    return round(ASCENT_EM * px)


def word(
    text: str,
    x: float,
    top: float,
    face: str,
    size: int | Type,
    colour: str = "ivory",
    align: str = "left",
) -> Text:
    """Letters in a line that begins at `top`; an int as size means a line as high as the letters."""
    px, line = (size.px, size.line) if isinstance(size, Type) else (size, size)
    return Text(x, top + (line - content_height(px)) // 2, text, face, px, colour, align)


def middle(area: Area, line: int) -> float:
    """Where a line of this height begins so that it stands in the middle of the area."""
    return area.y + (area.h - line) / 2


def split(
    area: Area, columns: Sequence[int] | int, rows: Sequence[int] | int = 1, seam: int = 2
) -> list[Area]:
    """Cut a block into cells with a seam between, row by row; odd pixels go to the last cell."""
    widths = _shares(area.w, columns, seam)
    heights = _shares(area.h, rows, seam)
    return [
        Area(area.x + x, area.y + y, w, h)
        for y, h in zip(_starts(heights, seam), heights, strict=True)
        for x, w in zip(_starts(widths, seam), widths, strict=True)
    ]


def _shares(length: int, parts: Sequence[int] | int, seam: int) -> list[int]:
    if not isinstance(parts, int):
        return list(parts)
    each = (length - seam * (parts - 1)) // parts
    return [each] * (parts - 1) + [length - (each + seam) * (parts - 1)]


def _starts(lengths: Sequence[int], seam: int) -> Iterator[int]:
    at = 0
    for length in lengths:
        yield at
        at += length + seam
