"""Facts: a quiet word on the left, its value on the right, row under row."""

from collections.abc import Sequence
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Mark, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

COUNT_GAP = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One row. `count` stands quietly before the value ("39 ·"); `is_strong` says the label as loud as the value."""

    label: str
    value: str
    count: str = ""
    is_strong: bool = False


class Facts(Part):
    """Rows of facts on a panel, at a fixed pitch; what does not fit is left out at the end."""

    def __init__(self, look: Look, area: Area, pitch: int) -> None:
        super().__init__(look, area)
        self.facts: Sequence[Fact] = ()
        self._pitch = pitch

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps facts."""
        return False

    def words(self) -> list[str]:
        """Each fact in one string."""
        return [
            " ".join(part for part in (each.label, each.count, each.value) if part) for each in self._shown()
        ]

    def marks(self) -> list[Mark]:
        """The panel and its rows."""
        marks: list[Mark] = [Box(self.area, "panel")]
        for at, fact in enumerate(self._shown()):
            marks += self._row(fact, self.area.y + at * self._pitch)
        return marks

    def _shown(self) -> Sequence[Fact]:
        return self.facts[: self.area.h // self._pitch + (self.area.h % self._pitch > self._pitch * 3 // 4)]

    def _row(self, fact: Fact, y: float) -> list[Mark]:
        look, size, inner = self.look, self.look.sizes.text, self.look.sizes.inner
        top = y + (self._pitch - size.line) / 2
        right = self.area.right - inner
        face, ink = ("SemiBold", "ivory") if fact.is_strong else ("Medium", "sand")
        marks: list[Mark] = [
            word(fact.label, self.area.x + inner, top, face, size, ink),
            word(fact.value, right, top, "SemiBold", size, align="right"),
        ]
        if fact.count:
            left = right - look.width_of(fact.value, "SemiBold", size.px) - COUNT_GAP
            marks.append(word(fact.count, left, top, "Medium", size, "sand", "right"))
        return marks
