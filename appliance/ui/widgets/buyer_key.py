"""One who bought it: a sign and a name, when and how, and what is known of it now."""

from __future__ import annotations

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, word
from appliance.ui.theme import Look
from appliance.ui.widgets.key import BAR_BESIDE, Key

BESIDE = 10


class BuyerKey(Key):
    """Three lines on a panel; chosen, it has the bar of a list."""

    bed = "panel"

    def __init__(self, look: Look, area: Area, icon: str, on_tap: Callable[[], None]) -> None:
        super().__init__(look, area, " ", on_tap, icon=icon)
        self.strong = self.quiet = self.hint = ""

    def words(self) -> list[str]:
        """Each line."""
        return [each for each in (self.strong, self.quiet, self.note, self.hint) if each]

    def marks(self) -> list[Mark]:
        """Bed, bar, and the lines in the middle of the height."""
        look, sizes, area = self.look, self.look.sizes, self.area
        bed, ink, _ = ("panel", "ivory", "sand") if self.is_off else self.ink()
        quiet = ink if self.is_down else "sand"
        gap, sign = (10, 26) if look.is_large else (4, 20)
        lines = sizes.text.line * 2 + gap + (gap + sizes.note.line if self.hint else 0)
        x, right, top = area.x + sizes.inner, area.right - sizes.inner, area.y + (area.h - lines) / 2
        marks: list[Mark] = [Box(area, bed)]
        if self.is_chosen and not self.is_down:
            marks.append(Box(Area(area.x, area.y, BAR_BESIDE, area.h), "ivory"))
        room = right - x - sign - BESIDE - look.width_of(self.quiet, "Medium", sizes.note.px) - BESIDE
        strong = look.fit(self.strong, "SemiBold", sizes.text.px, room)
        note, hint = (
            look.fit(text, "Medium", px, right - x)
            for text, px in ((self.note, sizes.text.px), (self.hint, sizes.note.px))
        )
        marks += [
            Icon(x, top + (sizes.text.line - sign) / 2, self.icon, sign, ink),
            word(strong, x + sign + BESIDE, top, "SemiBold", sizes.text, ink),
            word(
                self.quiet,
                right,
                top + (sizes.text.line - sizes.note.line) / 2,
                "Medium",
                sizes.note,
                quiet,
                "right",
            ),
            word(note, x, top + sizes.text.line + gap, "Medium", sizes.text, ink),
        ]
        if self.hint:
            marks.append(word(hint, x, top + 2 * (sizes.text.line + gap), "Medium", sizes.note, quiet))
        return marks
