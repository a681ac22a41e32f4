"""How the till is, in the header: the joint, locked or parted, and a word."""

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part

CHIP_PADDING = 12
CHIP_GAP = 9
BEDS = {"offline": ("sky-bed", "sky"), "needs_you": ("amber-bed", "amber")}
BEDS["clock"] = BEDS["needs_you"]
BEDS |= dict.fromkeys(("printer", "scanner", "stick"), ("coral-bed", "coral"))
SIGNS = {"needs_you": "warn", "printer": "printer", "scanner": "scanner", "stick": "usb", "clock": "clock"}


class StateChip(Part):
    """How the till is: the mark, locked or parted, and a word. Drawn small, hit over the whole header."""

    def __init__(self, look: Look, area: Area, on_tap: Callable[[], None] | None) -> None:
        super().__init__(look, area)
        self.state, self.text, self.right = "online", "", area.x
        self.name = "state"
        self.on_tap = on_tap

    @property
    def can_be_tapped(self) -> bool:
        return self.on_tap is not None

    def tap(self, x: float, y: float) -> None:
        if self.on_tap is not None:
            self.on_tap()

    def takes(self, x: float, y: float) -> bool:
        return self.right - self._width() <= x < self.right and y < self.look.sizes.head

    def middle(self) -> tuple[float, float]:
        return self.right - self._width() / 2, self.look.sizes.head / 2

    def words(self) -> list[str]:
        return [self.text]

    def _width(self) -> int:
        sizes = self.look.sizes
        return (
            2 * CHIP_PADDING + sizes.icon + CHIP_GAP + self.look.width_of(self.text, "Medium", sizes.label.px)
        )

    def marks(self) -> list[Mark]:
        sizes = self.look.sizes
        area = Area(self.right - self._width(), 6, self._width(), sizes.head - 12)
        bed, ink = BEDS.get(self.state, ("", "ivory"))
        line = Type(sizes.label.px, sizes.text.line)
        x = area.x + CHIP_PADDING
        marks: list[Mark] = [Box(area, bed, sizes.corner - 2)] if bed else []
        if self.is_down and not bed:
            marks.append(Box(area, "raised", sizes.corner - 2))
        marks += state_sign(self.state, ink, x, middle(area, sizes.icon), sizes.icon)
        marks.append(word(self.text, x + sizes.icon + CHIP_GAP, middle(area, line.line), "Medium", line, ink))
        return marks


def state_sign(state: str, ink: str, x: float, y: float, px: int) -> list[Mark]:
    """The joint, locked (ivory and brass) or parted (sky); or the sign of what stopped."""
    if state in SIGNS:
        return [Icon(x, y, SIGNS[state], px, ink)]
    if state == "offline":
        return [Icon(x, y, "gapL", px, ink), Icon(x, y, "gapR", px, ink)]
    return [Icon(x, y, "jointL", px, "ivory"), Icon(x, y, "jointR", px, "mark")]
