"""Points: sentences one under the other, each with its sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Icon, Mark, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.sentence import wrap

BESIDE_ICON = 10
BETWEEN = 10


@dataclass(frozen=True, slots=True)
class Point:
    """A sentence with an icon; `colour` is that of the icon."""

    icon: str
    text: str
    colour: str = "sand"


class Points(Part):
    """Sentences on a panel; what does not fit is left out, last first."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.points: Sequence[Point] = ()

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def words(self) -> list[str]:
        """Each sentence whole."""
        return [each.text for each in self.points] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """The panel and its sentences."""
        sizes, area = self.look.sizes, self.area
        size, marks = sizes.text, list[Mark]([Box(area, "panel")])
        left = area.x + sizes.inner
        x, y = left + sizes.icon + BESIDE_ICON, float(area.y + sizes.inner)
        for point in self.points:
            lines = wrap(self.look, point.text, "Medium", size, area.right - sizes.inner - x)
            if y + len(lines) * size.line > area.bottom:
                break
            marks.append(Icon(left, y + (size.line - sizes.icon) / 2, point.icon, sizes.icon, point.colour))
            for line in lines:
                marks.append(word(line, x, y, "Medium", size))
                y += size.line
            y += BETWEEN
        return marks
