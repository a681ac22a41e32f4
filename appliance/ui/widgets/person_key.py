"""Keys with a person on them: the initial in a square, the name, and what the person does."""

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import BAR_BESIDE
from appliance.ui.widgets.part import Part

SMALL_SQUARE_ROOM = 60
"""A key lower than a large square and this much air gets the small one, on the large panel too."""


class PersonKey(Part):
    """One person; `key` comes back at a tap. Without a name it is a plain piece of the panel."""

    def __init__(self, look: Look, area: Area, on_tap: Callable[[int], None]) -> None:
        super().__init__(look, area)
        self.key, self.name, self.note = 0, "", ""
        self.is_chosen = False
        self.on_tap = on_tap

    @property
    def can_be_tapped(self) -> bool:
        """Whether there is somebody to choose."""
        return self.is_shown and bool(self.name)

    def press(self, x: float, y: float) -> None:
        """Light up at once, unless empty."""
        self.change(is_down=bool(self.name))

    def slide(self, inside: bool) -> None:
        """Follow the finger."""
        self.change(is_down=inside and bool(self.name))

    def tap(self, x: float, y: float) -> None:
        """Choose this person."""
        if self.can_be_tapped:
            self.on_tap(self.key)

    def words(self) -> list[str]:
        """Name and what the person does."""
        return [self.name, self.note] if self.can_be_tapped else []

    def marks(self) -> list[Mark]:
        """Bed, bar, square with the initial, name over note."""
        if not self.name:
            return [Box(self.area, "panel")]
        bed = "down" if self.is_down else "raised" if self.is_chosen else "key"
        marks: list[Mark] = [Box(self.area, bed)]
        if self.is_chosen and not self.is_down:
            marks.append(Box(Area(self.area.x, self.area.y, BAR_BESIDE, self.area.h), "ivory"))
        return marks + self._square() + self._names()

    def _is_roomy(self) -> bool:
        return self.look.is_large and self.area.h >= 88 + SMALL_SQUARE_ROOM

    def _measures(self) -> tuple[int, int, int, int]:
        """Left edge, side and letter of the square, and the gap after it."""
        sizes = self.look.sizes
        if self._is_roomy():
            return 28, 88, sizes.digit, 22
        return sizes.inner, min(sizes.row - sizes.seam, self.area.h - 10), sizes.title, sizes.inner

    def _square(self) -> list[Mark]:
        left, side, px, _ = self._measures()
        square = Area(self.area.x + left, round(middle(self.area, side)), side, side)
        bed, ink = ("ivory", "panel") if self.is_chosen else ("ground", "ivory")
        return [
            Box(square, bed, self.look.sizes.corner - 2),
            word(self.name[0], square.x + side / 2, middle(square, px), "Display", px, ink, "centre"),
        ]

    def _names(self) -> list[Mark]:
        sizes, look = self.look.sizes, self.look
        left, side, _, gap = self._measures()
        name, note = (Type(27, 34), Type(20, 30)) if self._is_roomy() else (sizes.text, sizes.note)
        x = self.area.x + left + side + gap
        room = self.area.right - x - sizes.inner // 2
        ink, second = ("down-ink", "down-ink") if self.is_down else ("ivory", "sand")
        top = middle(self.area, name.line + note.line)
        return [
            word(look.fit(self.name, "SemiBold", name.px, room), x, top, "SemiBold", name, ink),
            word(look.fit(self.note, "Medium", note.px, room), x, top + name.line, "Medium", note, second),
        ]
