"""Rows of a queue: a clock, what waits, since when, and its amount; or a row that turns the page."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part

CLOCK_PX = 20
CLOCK_SINKS = 2
"""On the large panel the small clock stands on the middle of the figures, not of the row."""


@dataclass(frozen=True, slots=True)
class QueueText:
    """What a row says: a name, a quiet note in a column of its own, an amount."""

    name: str
    note: str
    amount: str


class QueueRow(Part):
    """One row of the queue, its seam at its foot. Empty it shows nothing.

    Attributes:
        text: what waits; caption: instead, words that turn the page at a tap, with `icon` at their end.
    """

    def __init__(self, look: Look, area: Area, on_turn: Callable[[], None]) -> None:
        super().__init__(look, area)
        self.text: QueueText | None = None
        self.caption, self.icon = "", "down"
        self.on_turn = on_turn

    @property
    def can_be_tapped(self) -> bool:
        """Only a caption does something."""
        return self.is_shown and bool(self.caption)

    def takes(self, x: float, y: float) -> bool:
        """What waits takes no finger."""
        return self.can_be_tapped and self.target.holds(x, y)

    def tap(self, x: float, y: float) -> None:
        """Turn the page."""
        self.on_turn()

    def words(self) -> list[str]:
        """Everything on the row."""
        if not self.is_shown:
            return []
        if self.text is None:
            return [self.caption] if self.caption else []
        return [self.text.name, self.text.note, self.text.amount]

    def marks(self) -> list[Mark]:
        """The row on its panel."""
        sizes, area = self.look.sizes, self.area
        inside = area._replace(h=sizes.row - sizes.seam)
        seam = Box(Area(area.x, inside.bottom, area.w, area.bottom - inside.bottom), "ground")
        bed = Box(inside, "raised" if self.is_down else "panel")
        if self.caption:
            return [bed, seam, *self._caption(inside)]
        return [bed, seam, *self._row(inside, self.text)] if self.text is not None else []

    def _caption(self, inside: Area) -> list[Mark]:
        sizes = self.look.sizes
        x, right = inside.x + sizes.inner, inside.right - sizes.inner
        return [
            word(self.caption, x, middle(inside, sizes.text.line), "Medium", sizes.text, "sand"),
            Icon(right - sizes.icon, middle(inside, sizes.icon), self.icon, sizes.icon, "ivory"),
        ]

    def _row(self, inside: Area, text: QueueText) -> list[Mark]:
        look, sizes = self.look, self.look.sizes
        x = inside.x + sizes.quantity
        after = x + (150 if look.is_large else 130)
        number = Type(sizes.num, sizes.text.line)
        right = inside.right - sizes.inner
        room = right - look.width_of(text.amount, "SemiBold", sizes.num) - 10 - after
        note = look.fit(text.note, "Medium", sizes.note.px, int(room))
        icon_x = inside.x + (sizes.quantity - CLOCK_PX) / 2
        icon_y = middle(inside, CLOCK_PX) + (CLOCK_SINKS if look.is_large else 0)
        return [
            Icon(icon_x, icon_y, "clock", CLOCK_PX, "sky"),
            word(text.name, x, middle(inside, sizes.text.line), "Medium", sizes.text),
            word(note, after, middle(inside, sizes.note.line), "Medium", sizes.note, "sand"),
            word(text.amount, right, middle(inside, number.line), "SemiBold", number, align="right"),
        ]
