"""Product tiles: a name on two lines, cut when the tile is filled, never when it is drawn."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Mark, Text, rise, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.tile_name import cut_name

BETWEEN = 3
"""Least space between number and price; a longer price pushes the number off the tile."""
SMALLEST_PRICE = 10


@dataclass(frozen=True, slots=True)
class TileText:
    """What a tile says. `key` is whatever the screen wants back at a tap.

    Attributes:
        name: with a line break where the owner wants one.
        number: the short product number, "" without one.
        left: "2 left", "" while there are enough; takes the number's place.
    """

    key: int
    name: str
    number: str
    price: str
    left: str = ""


class Tile(Part):
    """One product; empty (no text) it is a plain piece of the panel."""

    def __init__(self, look: Look, area: Area, on_tap: Callable[[int], None]) -> None:
        super().__init__(look, area)
        self.text: TileText | None = None
        self.lines: tuple[str, ...] = ()
        self.px = look.sizes.tile_name.px
        self.on_tap = on_tap
        self.side, self.top, self.foot = (11, 11, 15) if look.is_large else (9, 8, 11)

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something now."""
        return self.is_shown and self.text is not None

    def fill(self, text: TileText | None) -> None:
        """Show another product, or none."""
        if text != self.text:
            name = text.name if text else ""
            self.name = text.number if text else ""
            px, lines = cut_name(self.look, name, self.area.w - 2 * self.side)
            self.change(text=text, px=px, lines=lines)

    def press(self, x: float, y: float) -> None:
        """Light up at once, unless empty."""
        self.change(is_down=self.text is not None)

    def slide(self, inside: bool) -> None:
        """Follow the finger."""
        self.change(is_down=inside and self.text is not None)

    def tap(self, x: float, y: float) -> None:
        """Tell the screen which product."""
        if self.text is not None:
            self.on_tap(self.text.key)

    def words(self) -> list[str]:
        """The whole name in one string, then number or stock, then price."""
        if self.text is None or not self.is_shown:
            return []
        name = self.text.name.replace("\n", " ")
        return [name, self.text.left or self.text.number, self.text.price]

    def marks(self) -> list[Mark]:
        """Name from the top; number or stock and price on one baseline at the foot."""
        if self.text is None:
            return [Box(self.area, "panel")]
        sizes = self.look.sizes
        bed, ink, second = ("down", "down-ink", "down-ink") if self.is_down else ("key", "ivory", "sand")
        marks: list[Mark] = [Box(self.area, bed)]
        x, y = self.area.x + self.side, self.area.y + self.top
        for at, line in enumerate(self.lines):
            size = Type(self.px, sizes.tile_name.line)
            marks.append(word(line, x, y + at * size.line, "Medium", size, ink))
        return marks + self._foot(ink, second)

    def _foot(self, ink: str, second: str) -> list[Mark]:
        text, sizes = self.text, self.look.sizes
        if text is None:
            return []
        base = self.area.bottom - self.foot
        x, right = self.area.x + self.side, self.area.right - self.side
        left_px, price_px = sizes.tile_number.px, self._price_px(text.price, right - x)
        marks: list[Mark] = [
            Text(right, base - rise(price_px), text.price, "SemiBold", price_px, ink, "right")
        ]
        face, colour = ("SemiBold", second if self.is_down else "amber") if text.left else ("Medium", second)
        left = text.left or text.number
        room = right - x - self.look.width_of(text.price, "SemiBold", price_px) - BETWEEN
        if left and self.look.width_of(left, face, left_px) <= room:
            marks.append(Text(x, base - rise(left_px), left, face, left_px, colour))
        return marks

    def _price_px(self, price: str, room: int) -> int:
        """The size of the price: smaller for one that nobody designed for, never cut."""
        largest = self.look.sizes.tile_price.px
        fitting = (
            px
            for px in range(largest, SMALLEST_PRICE, -1)
            if self.look.width_of(price, "SemiBold", px) <= room
        )
        return next(fitting, SMALLEST_PRICE)
