"""One of several ways: a ring that is full when it is chosen, a strong word, and what it means."""

from __future__ import annotations

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.key import BAR_BESIDE, Key

BESIDE = 14


class WayKey(Key):
    """A row of a choice. Exactly one of its neighbours is chosen."""

    def __init__(self, look: Look, area: Area, on_tap: Callable[[], None]) -> None:
        super().__init__(look, area, " ", on_tap, chosen_bar="side")

    def marks(self) -> list[Mark]:
        """Bed, bar, ring, words."""
        look, sizes, area = self.look, self.look.sizes, self.area
        bed, ink, note_ink = self.ink()
        x = area.x + sizes.inner
        words, top = x + sizes.icon + BESIDE, middle(area, sizes.text.line + sizes.note.line)
        room = area.right - sizes.inner - words
        marks: list[Mark] = [Box(area, bed)]
        if self.is_chosen and not self.is_down:
            marks.append(Box(Area(area.x, area.y, BAR_BESIDE, area.h), "ivory"))
        ring = "radio1" if self.is_chosen else "radio0"
        return [
            *marks,
            Icon(x, middle(area, sizes.icon), ring, sizes.icon, ink),
            word(
                look.fit(self.text, "SemiBold", sizes.text.px, room), words, top, "SemiBold", sizes.text, ink
            ),
            word(
                look.fit(self.note, "Medium", sizes.note.px, room),
                words,
                top + sizes.text.line,
                "Medium",
                sizes.note,
                note_ink,
            ),
        ]
