"""The panel's own small parts: switches that say how a thing is now, and heads of its three blocks."""

from __future__ import annotations

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part

GAP = 14


class Switch(Key):
    """A key with a sign, what it does, and under that how the thing is now.

    Attributes:
        lit: the colour of its sign while it is on (chosen).
    """

    chosen_bar = "side"
    lit = "coral"

    def marks(self) -> list[Mark]:
        """The bed, its bar if on, sign and words."""
        bed, ink, note_ink = self.ink()
        sizes, x = self.look.sizes, self.area.x + self.look.sizes.inner
        marks: list[Mark] = [Box(self.area, bed)]
        sign = note_ink
        if self.is_chosen and not self.is_down:
            marks.append(Box(self._bar(), "ivory"))
            sign, note_ink = self.lit, "ivory"
        marks.append(Icon(x, middle(self.area, sizes.icon), self.icon, sizes.icon, sign))
        x += sizes.icon + GAP
        room = self.area.right - sizes.inner - x
        top = middle(self.area, sizes.label.line + sizes.note.line)
        note = self.look.fit(self.note, "Medium", sizes.note.px, room)
        return [
            *marks,
            word(self.text, x, top, "Medium", sizes.label, ink),
            word(note, x, top + sizes.label.line, "Medium", sizes.note, note_ink),
        ]


class Head(Part):
    """The head of a block: a title, and on the right a few words."""

    def __init__(self, look: Look, area: Area, title: str) -> None:
        super().__init__(look, area)
        self.title, self.aside = title, ""

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def marks(self) -> list[Mark]:
        """One fill, the words on its middle line."""
        sizes = self.look.sizes
        return [
            Box(self.area, "panel"),
            word(
                self.title,
                self.area.x + sizes.inner,
                middle(self.area, sizes.text.line),
                "SemiBold",
                sizes.text,
            ),
            word(
                self.aside,
                self.area.right - sizes.inner,
                middle(self.area, sizes.note.line),
                "Medium",
                sizes.note,
                "sand",
                "right",
            ),
        ]
