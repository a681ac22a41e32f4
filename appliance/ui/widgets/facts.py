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
    """Rows of facts on a panel; more than fit at the pitch stand closer, and past that the last are left out."""

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
            marks += self._row(fact, self.area.y + at * self._close_pitch())
        return marks

    def _shown(self) -> Sequence[Fact]:
        return self.facts[: self._room(self._close_pitch())]

    def _room(self, pitch: int) -> int:
        """How many rows there are: the last may lack a little air at its foot."""
        return self.area.h // pitch + (self.area.h % pitch > pitch * 3 // 4)

    def _close_pitch(self) -> int:
        """The pitch, or as close as a line of text where there are many facts: a shop with many VAT rates."""
        if len(self.facts) <= self._room(self._pitch):
            return self._pitch
        return max(self.area.h // len(self.facts), self.look.sizes.text.line)

    def _row(self, fact: Fact, y: float) -> list[Mark]:
        look, size, inner = self.look, self.look.sizes.text, self.look.sizes.inner
        top = y + (self._close_pitch() - size.line) / 2
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
