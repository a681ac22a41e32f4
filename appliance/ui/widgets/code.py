"""A code to scan from the screen: dark squares on paper, each as many whole pixels wide."""

from collections.abc import Sequence
from itertools import groupby

import segno

from appliance.ui.marks import Area, Box, Mark
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

QUIET = 4
"""Squares of paper around a code (ISO/IEC 18004)."""


class Code(Part):
    """A QR code as large as its area lets it be; `text` is what is read from it."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.text = ""

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def words(self) -> list[str]:
        """What a scanner reads."""
        return [self.text] if self.text and self.is_shown else []

    def marks(self) -> list[Mark]:
        """The panel, the paper, and each run of dark squares as one box."""
        area = self.area
        marks: list[Mark] = [Box(area, "panel")]
        if not self.text:
            return marks
        rows = segno.make(self.text, error="l", micro=False).matrix
        across = len(rows) + 2 * QUIET
        px = min(area.w, area.h) // across
        side = across * px
        left, top = area.x + (area.w - side) // 2, area.y + (area.h - side) // 2
        marks.append(Box(Area(left, top, side, side), "paper", self.look.sizes.corner // 2))
        start = QUIET * px
        for row, cells in enumerate(rows):
            marks += _runs(cells, left + start, top + start + row * px, px)
        return marks


def _runs(cells: Sequence[int], left: int, top: int, px: int) -> list[Mark]:
    marks: list[Mark] = []
    at = 0
    for is_dark, run in groupby(cells):
        width = len(list(run))
        if is_dark:
            marks.append(Box(Area(left + at * px, top, width * px, px), "ink"))
        at += width
    return marks
