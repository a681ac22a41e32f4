"""The lit key: the one brass thing on a screen, in its bottom corner, with the verb and the number."""

from collections.abc import Callable
from typing import TypedDict, Unpack

from appliance.ui.marks import Area, Box, Frame, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

APART = 16
"""Between verb and amount; when they come closer the amount steps down a size."""
DOT = 18
DOT_PITCH = 32


class LitLooks(TypedDict, total=False):
    """What the lit key may say besides its verb.

    Attributes:
        note: a line under the verb; amount: the number on the right, or
        icon: a sign there instead; dots: (filled, all) for a PIN being typed.
        is_lit: False sinks it: nothing to do yet, same place.
    """

    note: str
    amount: str
    icon: str
    dots: tuple[int, int] | None
    is_lit: bool


class LitKey(Part):
    """What comes next; see `LitLooks` for what its keywords mean."""

    guards_always = True
    note, amount, icon = "", "", ""
    dots: tuple[int, int] | None = None
    is_lit = True

    def __init__(
        self,
        look: Look,
        area: Area,
        verb: str,
        on_tap: Callable[[], None] | None = None,
        **looks: Unpack[LitLooks],
    ) -> None:
        super().__init__(look, area)
        self.verb, self.on_tap = verb, on_tap
        for name, value in looks.items():
            setattr(self, name, value)
        self.start, self.end, self.note_gap = (24, 15, 9) if look.is_large else (18, 12, 6)

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something now."""
        return self.is_shown and self.is_lit and self.on_tap is not None

    def press(self, x: float, y: float) -> None:
        """Light up at once, unless unlit."""
        self.change(is_down=self.is_lit)

    def slide(self, inside: bool) -> None:
        """Follow the finger."""
        self.change(is_down=inside and self.is_lit)

    def tap(self, x: float, y: float) -> None:
        """Do it."""
        if self.can_be_tapped and self.on_tap is not None:
            self.on_tap()

    def words(self) -> list[str]:
        """Verb, note and amount."""
        return [each for each in (self.verb, self.note, self.amount) if each] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """The slab, the verb with its note, and the number."""
        bed = "brass" if self.is_lit else "panel"
        ink, faint = ("ink", "ink") if self.is_lit else ("sand", "faint")
        marks: list[Mark] = [Box(self.area, "brass-down" if self.is_down else bed)]
        marks += self._verb(ink)
        right = self.area.right - self.end
        if self.amount:
            px = self._amount_px()
            marks.append(word(self.amount, right, middle(self.area, px), "Display", px, faint, "right"))
        elif self.icon:
            px = self.look.sizes.icon_large
            marks.append(Icon(right - px, middle(self.area, px), self.icon, px, faint))
        elif self.dots:
            marks += self._dots(*self.dots, right)
        return marks

    def _verb(self, ink: str) -> list[Mark]:
        sizes, x = self.look.sizes, self.area.x + self.start
        room = self._right_of_note() - x
        verb = self.look.fit(self.verb, "Display", sizes.verb, round(room))
        if not self.note:
            return [word(verb, x, middle(self.area, sizes.verb), "Display", sizes.verb, ink)]
        px = sizes.note.px
        top = middle(self.area, sizes.verb + self.note_gap + px)
        note = self.look.fit(self.note, "Medium", px, round(room))
        return [
            word(verb, x, top, "Display", sizes.verb, ink),
            word(note, x, top + sizes.verb + self.note_gap, "Medium", px, ink),
        ]

    def _right_of_note(self) -> int:
        """Where the note must end: before the amount, which hangs below the note's top."""
        taken = self.look.width_of(self.amount, "Display", self._amount_px()) if self.amount else 0
        return self.area.right - self.end - taken - APART // 2

    def _amount_px(self) -> int:
        sizes = self.look.sizes
        verb = self.look.width_of(self.verb, "Display", sizes.verb)
        note = self.look.width_of(self.note, "Medium", sizes.note.px)
        room = self.area.w - self.start - self.end - APART - max(verb, note)
        fitting = (px for px in sizes.amount if self.look.width_of(self.amount, "Display", px) <= room)
        return next(fitting, sizes.amount[-1])

    def _dots(self, filled: int, count: int, right: int) -> list[Mark]:
        marks: list[Mark] = []
        y = round(middle(self.area, DOT))
        for at in range(count):
            area = Area(right - DOT - DOT_PITCH * (count - 1 - at), y, DOT, DOT)
            marks.append(Box(area, "ivory" if at < filled else "ground", DOT // 2))
            if at >= filled:
                marks.append(Frame(area, "edge", DOT // 2))
        return marks
