"""Fields: what is being typed, over a line, with a caret that stands still."""

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

UNDERLINE = 3
CARET = 2
CARET_HEIGHT = 26
CARET_SPACE = 5
MORE_ROWS = 3
GAP = 10


class Field(Part):
    """One line of input.

    Attributes:
        label: quiet words on the left, shown while nothing is typed, or always if the value stands right.
        value: what was typed, strong, on the left, with the caret after it.
        amount: a strong number on the right instead ("0.00").
        icon: a sign before it all; count: quiet words on the right ("5 found").
        more: "down" or "up" beside the count when there is more than is shown; hit over the count and its sign.
        can_clear: shows the cross, hit over the field's last square.
    """

    def __init__(
        self,
        look: Look,
        area: Area,
        *,
        label: str = "",
        value: str = "",
        amount: str = "",
        icon: str = "",
        on_clear: Callable[[], None] | None = None,
        on_more: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(look, area)
        self.label, self.value, self.amount, self.icon = label, value, amount, icon
        self.count = self.more = ""
        self.has_caret = False
        self.can_clear = False
        self.on_clear, self.on_more = on_clear, on_more
        row = look.sizes.row
        self.target = Area(area.right - row, area.y, row, row)
        self.more_target = Area(self.target.x - MORE_ROWS * row, area.y, MORE_ROWS * row, row)

    @property
    def can_be_tapped(self) -> bool:
        """Whether the cross is there to be tapped."""
        return self.is_shown and self.can_clear and self.on_clear is not None

    def takes(self, x: float, y: float) -> bool:
        """Only its cross takes a finger, and the count when there is more."""
        return (self.can_be_tapped and self.target.holds(x, y)) or self._takes_more(x, y)

    def tap(self, x: float, y: float) -> None:
        """Clear what was typed, or show more of what was found."""
        if self.on_more is not None and self._takes_more(x, y):
            self.on_more()
        elif self.can_be_tapped and self.on_clear is not None:
            self.on_clear()

    def _takes_more(self, x: float, y: float) -> bool:
        return self.is_shown and bool(self.more) and self.more_target.holds(x, y)

    def words(self) -> list[str]:
        """What can be read on it, and "Clear" for its cross."""
        shown = [self.label, self.value, self.amount, self.count, "Clear" if self.can_clear else ""]
        return [each for each in shown if each] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """Bed, underline, and what was typed."""
        sizes, area = self.look.sizes, self.area
        x = area.x + sizes.inner
        marks: list[Mark] = [
            Box(area, "panel"),
            Box(Area(area.x, area.bottom - UNDERLINE, area.w, UNDERLINE), "edge"),
        ]
        if self.icon:
            marks.append(Icon(x, middle(area, sizes.icon), self.icon, sizes.icon, "ivory"))
            x += sizes.icon + GAP
        if self.label and (self.amount or not self.value):
            after = x + (CARET + CARET_SPACE if self.has_caret and not self.value else 0)
            marks.append(word(self.label, after, middle(area, sizes.text.line), "Medium", sizes.text, "sand"))
        marks += self._value(x)
        return marks + self._right()

    def _value(self, x: float) -> list[Mark]:
        sizes = self.look.sizes
        marks: list[Mark] = []
        if self.value:
            text = self._end_of(self.value, sizes.title)
            marks.append(word(text, x, middle(self.area, sizes.text.line), "SemiBold", sizes.title))
            x += self.look.width_of(text, "SemiBold", sizes.title) + CARET
        if self.has_caret:
            top = round(middle(self.area, CARET_HEIGHT))
            marks.append(Box(Area(round(x), top, CARET, CARET_HEIGHT), "ivory"))
        return marks

    def _end_of(self, text: str, px: int) -> str:
        """The end of a text that is too long: what is typed now stays in sight."""
        room = self.area.w - 2 * self.look.sizes.inner - (4 * self.look.sizes.row if self.count else 0)
        while len(text) > 1 and self.look.width_of(text, "SemiBold", px) > room:
            text = text[1:]
        return text

    def _right(self) -> list[Mark]:
        sizes, right = self.look.sizes, self.area.right - self.look.sizes.inner
        marks: list[Mark] = []
        top = middle(self.area, sizes.text.line)
        if self.amount:
            marks.append(word(self.amount, right, top, "SemiBold", sizes.text, align="right"))
        if self.can_clear:
            marks.append(
                Icon(right - sizes.icon, middle(self.area, sizes.icon), "close", sizes.icon, "ivory")
            )
        if self.count:
            right -= sizes.icon + GAP
            if self.more:
                right -= sizes.icon
                marks.append(Icon(right, middle(self.area, sizes.icon), self.more, sizes.icon, "ivory"))
                right -= GAP // 2
            ink = "ivory" if self.more else "sand"
            marks.append(word(self.count, right, top, "Medium", sizes.text, ink, "right"))
        return marks
