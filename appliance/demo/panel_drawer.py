"""The cash drawer, drawn: shut, or out with its notes and coins."""

from __future__ import annotations

from typing import Final

from appliance.ui.marks import Area, Box, Frame, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

OUT: Final = 30
"""How far it comes out, in pixels."""
STEPS: Final = (16, 26, OUT)
WORDS_WIDTH: Final = 176
FRONT: Final = 34


class Drawer(Part):
    """The drawer under the till; ``out`` pixels of it can be seen, ``kicks`` counts how often it opened."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.out, self.kicks = 0, 0

    def takes(self, x: float, y: float) -> bool:
        """It opens by itself."""
        return False

    def words(self) -> list[str]:
        """What it is and how it is."""
        return ["Cash drawer", self._state()]

    def marks(self) -> list[Mark]:
        """Its words on the left, the drawer on the right."""
        sizes, x = self.look.sizes, self.area.x + self.look.sizes.inner
        top = middle(self.area, sizes.text.line + sizes.note.line)
        ink = "ivory" if self.out else "sand"
        return [
            Box(self.area, "panel"),
            word("Cash drawer", x, top, "SemiBold", sizes.text),
            word(self._state(), x, top + sizes.text.line, "Medium", sizes.note, ink),
            *self._case(),
        ]

    def _state(self) -> str:
        if self.out:
            return "open"
        return {0: "not opened yet", 1: "opened once"}.get(self.kicks, f"opened {self.kicks} times")

    def _case(self) -> list[Mark]:
        x, y = self.area.x + WORDS_WIDTH, self.area.y + 26
        w = self.area.right - self.look.sizes.inner - x
        wider = self.out // 5
        front = Area(x + 8 - wider, y + 10 + self.out, w - 16 + 2 * wider, FRONT)
        marks: list[Mark] = [Box(Area(x, y, w, FRONT + 16), "raised", 6)]
        marks.append(Box(Area(x + 6, y + 6, w - 12, FRONT + 4), "ground", 3))
        if self.out:
            marks += self._tray(Area(front.x + 4, y + 8, front.w - 8, self.out + 4))
        handle = Area(front.x + front.w // 2 - 30, front.y + FRONT // 2 - 3, 60, 6)
        lock = Area(front.right - 24, front.y + FRONT // 2 - 5, 10, 10)
        return [*marks, Box(front, "edge", 4), Box(handle, "ground", 3), Box(lock, "ground", 5)]

    def _tray(self, tray: Area) -> list[Mark]:
        """Notes lie at the back, coins in front of them, both cut off by the case above."""
        marks: list[Mark] = [Box(tray, "ground")]
        pitch = tray.w // 5
        for at in range(5):
            x = tray.x + at * pitch + 4
            if tray.h > 22:
                marks.append(Frame(Area(x, tray.y + 2, pitch - 8, tray.h - 20), "edge"))
            marks += [Box(Area(x + 2 + 14 * coin, tray.bottom - 15, 12, 12), "sand", 6) for coin in range(2)]
        return marks
