"""The shelf: products with their barcodes, drawn as on the label. A click holds one under the scanner."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Final

from appliance.demo.goods import GOODS, Good
from appliance.ui.marks import Area, Box, Icon, Mark, Text, rise, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

SHELVES: Final = {
    "Kitchen, tools, home": ("Kitchen", "Tools", "Home"),
    "Garden, paint, light": ("Garden", "Paint", "Light and fire", "Wrapping"),
}
"""The categories of each shelf."""

BAR_HEIGHT: Final = 18
SIDE: Final = 11
_LEFT: Final = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011",
                "0110111", "0001011")  # fmt: skip
_PARITY: Final = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL",
                  "LGGLGL")  # fmt: skip


def on_shelf(shelf: str) -> tuple[Good, ...]:
    """The products of one shelf, category by category."""
    return tuple(good for category in SHELVES[shelf] for good in GOODS if good.category == category)


def on_label(good: Good) -> tuple[str, str]:
    """What it is and which one it is: "Enamel mug" and "forest green"; the second is "" where there is one only."""
    what = good.tile if good.name.startswith(good.tile) else good.name
    first, comma, rest = what.partition(", ")
    which = good.name.removeprefix(first).lstrip(", ") if comma else good.name.removeprefix(what).lstrip(", ")
    return first, which


@cache
def bars(gtin13: str) -> tuple[tuple[int, int], ...]:
    """The dark bars of an EAN-13 as (first module, modules); the symbol is 95 modules wide (GS1, section 5.2)."""
    digits = [int(digit) for digit in gtin13]
    right = ["".join("10"[int(bit)] for bit in _LEFT[digit]) for digit in digits[7:]]
    left = [
        _LEFT[digit] if kind == "L" else "".join("10"[int(bit)] for bit in reversed(_LEFT[digit]))
        for digit, kind in zip(digits[1:7], _PARITY[digits[0]], strict=True)
    ]
    modules = "101" + "".join(left) + "01010" + "".join(right) + "101"
    found: list[tuple[int, int]] = []
    for at, module in enumerate(modules):
        if module == "1" and found and sum(found[-1]) == at:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif module == "1":
            found.append((at, 1))
    return tuple(found)


class ShelfTile(Part):
    """One product on the shelf: its name, its bars and its price; a bag for the bars where a click buys it."""

    def __init__(self, look: Look, area: Area, on_tap: Callable[[Good], None]) -> None:
        super().__init__(look, area)
        self.on_tap = on_tap
        self.good: Good | None = None
        self.is_for_sale_online = False
        self._lines: tuple[str, ...] = ()
        self._has_detail = False

    @property
    def can_be_tapped(self) -> bool:
        """Whether something lies here."""
        return self.is_shown and self.good is not None

    def fill(self, good: Good | None) -> None:
        """Lay another product here, or none."""
        if good != self.good:
            self._lines, self._has_detail = self._set(good) if good is not None else ((), False)
            self.change(good=good)

    def _set(self, good: Good) -> tuple[tuple[str, ...], bool]:
        """Its name on two lines, and whether the second only says which one it is."""
        px, room = self.look.sizes.tile_name.px, self.area.w - 2 * SIDE
        what, which = on_label(good)
        if self.look.width_of(what, "Medium", px) <= room:
            return (what, self.look.fit(which, "Medium", px, room)), True
        words = good.name.split(" ")
        breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        halves = min(breaks, key=lambda two: max(self.look.width_of(line, "Medium", px) for line in two))
        return halves, False

    def press(self, x: float, y: float) -> None:
        """Light up at once, unless empty."""
        self.change(is_down=self.good is not None)

    def slide(self, inside: bool) -> None:
        """Follow the finger."""
        self.change(is_down=inside and self.good is not None)

    def tap(self, x: float, y: float) -> None:
        """Tell which product."""
        if self.good is not None:
            self.on_tap(self.good)

    def words(self) -> list[str]:
        """The whole name, then the price."""
        return [self.good.name, self.good.price] if self.good is not None and self.is_shown else []

    def marks(self) -> list[Mark]:
        """Name from the top, bars and price on one line at the foot."""
        if self.good is None:
            return [Box(self.area, "panel")]
        bed, ink, second = ("down", "down-ink", "down-ink") if self.is_down else ("key", "ivory", "sand")
        sizes, x, foot = self.look.sizes, self.area.x + SIDE, self.area.bottom - SIDE - 1
        marks: list[Mark] = [Box(self.area, bed)]
        for at, line in enumerate(self._lines):
            top = self.area.y + SIDE - 1 + at * sizes.tile_name.line
            colour = second if at and self._has_detail else ink
            marks.append(word(line, x, top, "Medium", sizes.tile_name, colour))
        if self.is_for_sale_online:
            marks.append(Icon(x, foot - sizes.icon + 5, "bag", sizes.icon, second))
        else:
            top = foot - BAR_HEIGHT
            marks += [Box(Area(x + at, top, wide, BAR_HEIGHT), second) for at, wide in bars(self.good.gtin)]
        px = sizes.tile_number.px
        marks.append(
            Text(self.area.right - SIDE, foot - rise(px), self.good.price, "SemiBold", px, ink, "right")
        )
        return marks
