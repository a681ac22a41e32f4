"""Entries of a form: what is asked, small, over what was typed."""

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.key import BAR_BESIDE
from appliance.ui.widgets.part import Part

CARET = 2
UNDERLINE = 3
HIDDEN = "•"


class Entry(Part):
    """One thing to type; the chosen one has the caret, and a cross that empties it.

    Attributes:
        label: what is asked; hint: what stands there, pale, while nothing is typed.
        is_chosen: the keyboard types here; is_hidden: dots instead of letters while it is not chosen.
        is_wrong: a sentence elsewhere says why.
    """

    def __init__(
        self, look: Look, area: Area, label: str, on_tap: Callable[[], None], on_clear: Callable[[], None]
    ) -> None:
        super().__init__(look, area)
        self.label, self.on_tap, self.on_clear = label, on_tap, on_clear
        self.name = label
        self.value = self.hint = ""
        self.is_chosen = self.is_hidden = self.is_wrong = False
        self.cross = Area(area.right - look.sizes.row, area.y, look.sizes.row, look.sizes.row)

    @property
    def can_be_tapped(self) -> bool:
        """Always, to be chosen or emptied."""
        return self.is_shown

    def tap(self, x: float, y: float) -> None:
        """Choose it, or empty it by its cross."""
        if self.is_chosen and self.value and self.cross.holds(x, y):
            self.on_clear()
        else:
            self.on_tap()

    def middle(self) -> tuple[float, float]:
        """Left of its cross."""
        return self.area.x + self.area.w / 3, self.area.y + self.area.h / 2

    def words(self) -> list[str]:
        """What is asked, and what was typed or else the hint."""
        return [each for each in (self.label, self._shown() or self.hint) if each] if self.is_shown else []

    def _shown(self) -> str:
        return HIDDEN * len(self.value) if self.is_hidden and not self.is_chosen else self.value

    def marks(self) -> list[Mark]:
        """Bed, label, and what was typed."""
        sizes, area = self.look.sizes, self.area
        is_lit = self.is_chosen or self.is_down
        marks: list[Mark] = [Box(area, "raised" if is_lit else "panel")]
        if self.is_chosen:
            marks.append(Box(Area(area.x, area.y, BAR_BESIDE, area.h), "ivory"))
        elif self.is_wrong:
            marks.append(Box(Area(area.x, area.bottom - UNDERLINE, area.w, UNDERLINE), "coral"))
        x, top = area.x + sizes.inner, middle(area, sizes.note.line + sizes.text.line)
        ink = "coral" if self.is_wrong else "ivory" if is_lit else "sand"
        marks.append(word(self.label, x, top, "Medium", sizes.note, ink))
        marks += self._line(x, top + sizes.note.line)
        if self.is_chosen and self.value:
            right = area.right - sizes.inner - sizes.icon
            marks.append(Icon(right, middle(area, sizes.icon), "close", sizes.icon, "ivory"))
        return marks

    def _line(self, x: float, top: float) -> list[Mark]:
        sizes = self.look.sizes
        text, size = self._end_of(self._shown()), sizes.text
        marks: list[Mark] = []
        if text:
            marks.append(word(text, x, top, "SemiBold", size))
        elif self.hint:
            room = round(self.area.right - sizes.inner - x)
            after = x + (2 * CARET + 1 if self.is_chosen else 0)
            hint = self.look.fit(self.hint, "Medium", size.px, room)
            marks.append(word(hint, after, top, "Medium", size, "sand" if self.is_chosen else "faint"))
        if self.is_chosen:
            x += self.look.width_of(text, "SemiBold", size.px) + (CARET if text else 0)
            marks.append(Box(Area(round(x), round(top), CARET, size.line), "ivory"))
        return marks

    def _end_of(self, text: str) -> str:
        """The end of a text that is too long: what is typed now stays in sight."""
        sizes = self.look.sizes
        room = self.area.w - 2 * sizes.inner - (sizes.icon + sizes.inner if self.is_chosen else 0)
        while len(text) > 1 and self.look.width_of(text, "SemiBold", sizes.text.px) > room:
            text = text[1:]
        return text
