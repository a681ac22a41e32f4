"""The printer's paper as it comes out: newest at the bottom, torn where it was cut."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from PIL import Image, ImageDraw

from appliance.demo.panel_devices import Slip
from appliance.ui.marks import Area, Box, Mark, Picture
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

PAPER_DOTS: Final = 640
"""80 mm at 8 dots a millimetre; the printer reaches 72 of them."""
SIDE: Final = 11
BED: Final = "raised"
TOOTH: Final = 6
MARGIN: Final = 12
GAP: Final = 14
SLOT: Final = 10
FEED_SECONDS: Final = 0.05
FEED_STEPS: Final = 12

After = Callable[[float, Callable[[], None]], object]


class Paper(Part):
    """The paper over the printer's slot. It is composed anew when something came out or was paged.

    Args:
        after: does something later on the UI thread.
    """

    def __init__(self, look: Look, area: Area, after: After) -> None:
        super().__init__(look, area)
        self._after = after
        self._width = area.w - 2 * SIDE
        self._order: list[Piece] = []
        self._made = -1
        self._has_paper = True
        self._stub = Piece(Slip(Image.new("1", (8, 1), 1), is_cut=False), self._width)
        self._offset = 0
        self._feeding = 0
        self._image: Image.Image | None = None

    @property
    def above(self) -> bool:
        """Whether there is paper above what is seen."""
        return max(self._offset, 0) < self._most  # below 0 while it feeds

    @property
    def below(self) -> bool:
        """Whether newer paper is below what is seen."""
        return self._offset > 0

    @property
    def is_feeding(self) -> bool:
        """Whether paper is coming out now."""
        return self._feeding > 0

    @property
    def _room(self) -> int:
        return self.area.h - SLOT

    @property
    def _most(self) -> int:
        return max(sum(piece.height for piece in self._order) + self._stub.height + GAP - self._room, 0)

    def takes(self, x: float, y: float) -> bool:
        """Nobody tears it."""
        return False

    def fill(self, slips: tuple[Slip, ...], made: int, *, has_paper: bool) -> None:
        """Show the paper that came out so far; what came since the last time feeds out of the slot."""
        known = {
            id(piece.slip): piece for piece in self._order
        }  # a piece holds its slip, so the id stays its own
        if self._made == made and [id(slip) for slip in slips] == list(known):
            return
        self._order = [known.get(id(slip)) or Piece(slip, self._width) for slip in slips]
        new = sum(
            piece.height for piece in self._order[len(slips) - min(made - max(self._made, 0), len(slips)) :]
        )
        is_first, self._made = self._made < 0, made
        self._feed(0 if is_first else min(new, self._room))

    def page(self, up: bool) -> None:
        """Go back to older paper, or forward."""
        step = self._room - 60
        self._feeding = 0
        self._move(min(max(self._offset + (step if up else -step), 0), self._most))

    def marks(self) -> list[Mark]:
        """The paper, and the slot it comes from."""
        if self._image is None:
            self._image = self._compose()
        x, y, w, _ = self.area
        marks: list[Mark] = [
            Picture(Area(x, y, w, self._room), self._image),
            Box(Area(x, y + self._room, w, SLOT), BED),
        ]
        return [*marks, Box(Area(x + 4, y + self._room, w - 8, 4), "ground", 2)]

    def _feed(self, length: int) -> None:
        self._feeding = FEED_STEPS if length else 0
        start = length

        def step() -> None:
            if self._feeding:
                self._feeding -= 1
                self._move(-round(start * (self._feeding / FEED_STEPS) ** 2))
                self._after(FEED_SECONDS, step)

        self._move(-length)
        step()

    def _move(self, offset: int) -> None:
        self._offset = offset
        self._image = None
        self.is_stale = True

    def _at_the_slot(self) -> list[Piece]:
        """The begin of the roll looks out, unless a receipt hangs there or the roll is empty."""
        hangs = bool(self._order) and not self._order[-1].slip.is_cut
        return [self._stub] if self._has_paper and not hangs else []

    def _compose(self) -> Image.Image:
        canvas = Image.new("RGB", (self.area.w, self._room), self.look.colours[BED])
        bottom = self._room + self._offset
        for piece in reversed([*self._order, *self._at_the_slot()]):
            bottom -= piece.foot
            top = bottom - piece.image.height
            if top < self._room and bottom > 0:
                paper = Image.new("RGB", piece.image.size, self.look.colours["paper"])
                paper.paste(self.look.colours["ink"], mask=piece.image)
                canvas.paste(paper, (SIDE, top), piece.mask)
            bottom = top
        return canvas


class Piece:
    """One receipt, scaled to the screen: how much ink is where, and where there is paper."""

    def __init__(self, slip: Slip, width: int) -> None:
        self.slip = slip
        scale = width / PAPER_DOTS
        size = (round(slip.image.width * scale), round(slip.image.height * scale))
        ink = slip.image.convert("L").point(lambda value: 255 - value).resize(size, Image.Resampling.LANCZOS)
        foot = MARGIN + TOOTH if slip.is_cut else 0
        self.foot = GAP if slip.is_cut else 0
        self.image = Image.new("L", (width, TOOTH + MARGIN + size[1] + foot), 0)
        self.image.paste(ink, ((width - size[0]) // 2, TOOTH + MARGIN))
        self.mask = Image.new("L", self.image.size, 255)
        teeth = _teeth(width)
        self.mask.paste(teeth, (0, 0))
        if slip.is_cut:
            self.mask.paste(teeth.transpose(Image.Transpose.FLIP_TOP_BOTTOM), (0, self.image.height - TOOTH))

    @property
    def height(self) -> int:
        """With the gap to the next one."""
        return self.image.height + self.foot


def _teeth(width: int, finer: int = 4) -> Image.Image:
    """The torn edge of a piece of paper, its teeth upwards; drawn larger and made small for soft edges."""
    large = Image.new("L", (width * finer, TOOTH * finer), 0)
    pitch, height = 2 * TOOTH * finer, TOOTH * finer
    for left in range(0, large.width, pitch):
        triangle = [(left, height), (left + pitch // 2, 0), (left + pitch, height)]
        ImageDraw.Draw(large).polygon(triangle, fill=255)
    return large.resize((width, TOOTH), Image.Resampling.BOX)
