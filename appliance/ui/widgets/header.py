"""The header of every screen: where we are, who sells, how the till is, what time it is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypedDict, Unpack

from appliance.ui.marks import Area, Icon, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.state_chip import CHIP_PADDING, StateChip, state_sign

__all__ = ["Header", "HeaderKeys", "HeaderText", "state_sign"]


@dataclass(frozen=True, slots=True)
class HeaderText:
    """What the header says, the same on every screen.

    Attributes:
        state: "online", "offline", "needs_you", "printer", "scanner", "stick" or "clock"; words: what its chip says.
        clock: the shop's own time, "14:32".
    """

    till: str = ""
    cashier: str = ""
    state: str = "online"
    words: str = ""
    clock: str = ""


class HeaderKeys(TypedDict, total=False):
    """What stands at the left of a header.

    Attributes:
        brand: a name that leads nowhere; or
        back: where the arrow leads, with this screen's title; or, without both, the menu key.
        on_state: a tap on the state chip.
    """

    brand: str
    back: str
    title: str
    on_back: Callable[[], None]
    on_menu: Callable[[], None]
    on_state: Callable[[], None]


class Header:
    """The parts of the header; see `HeaderKeys`."""

    def __init__(self, look: Look, **keys: Unpack[HeaderKeys]) -> None:
        sizes = look.sizes
        brand, back, on_state = keys.get("brand", ""), keys.get("back", ""), keys.get("on_state")
        self.lead: Part
        if brand:
            self.lead = _Brand(look, brand)
        elif back:
            self.lead = _Back(look, back, keys.get("title", ""), keys.get("on_back"))
        else:
            self.lead = _Menu(look, keys.get("on_menu"))
        right = sizes.width - sizes.margin - (8 if brand else 0)
        self.clock = _Clock(look, Area(right, 0, 0, sizes.head))
        self.chip = StateChip(look, Area(right, 0, 0, sizes.head), on_state)

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen."""
        return [self.lead, self.clock, self.chip]

    def fill(self, text: HeaderText) -> None:
        """Show the till's present state."""
        if isinstance(self.lead, _Menu):
            self.lead.change(till=text.till, cashier=text.cashier)
        self.clock.change(text=text.clock)
        self.chip.change(state=text.state, text=text.words, right=self.clock.left)


class _Menu(Part):
    """Three strokes, the till's name and the cashier's."""

    def __init__(self, look: Look, on_tap: Callable[[], None] | None) -> None:
        sizes = look.sizes
        super().__init__(look, Area(sizes.margin, 0, sizes.head, sizes.head))
        self.target = self.area
        self.till = self.cashier = ""
        self.name = "menu"
        self.on_tap = on_tap

    @property
    def can_be_tapped(self) -> bool:
        return self.on_tap is not None

    def tap(self, x: float, y: float) -> None:
        if self.on_tap is not None:
            self.on_tap()

    def words(self) -> list[str]:
        return ["Menu", self.till, self.cashier]

    def marks(self) -> list[Mark]:
        sizes = self.look.sizes
        line = Type(sizes.label.px, sizes.text.line)
        top = middle(self.area, line.line)
        x = self.area.right + 8
        after = x + self.look.width_of(self.till, "SemiBold", line.px) + 10
        ink = "sand" if self.is_down else "ivory"
        icon_x = self.area.x + (self.area.w - sizes.icon) / 2
        return [
            Icon(icon_x, middle(self.area, sizes.icon), "menu", sizes.icon, ink),
            word(self.till, x, top, "SemiBold", line),
            word(self.cashier, after, top, "Medium", line, "sand"),
        ]


class _Back(Part):
    """An arrow, where it leads, and the title of this screen."""

    def __init__(self, look: Look, back: str, title: str, on_tap: Callable[[], None] | None) -> None:
        sizes = look.sizes
        self.back, self.title = back, title
        self.name = "back"
        width = 8 + sizes.icon + 6 + look.width_of(back, "Medium", sizes.text.px) + 18
        super().__init__(look, Area(sizes.margin, 0, width, sizes.head))
        self.target = self.area
        self.on_tap = on_tap

    @property
    def can_be_tapped(self) -> bool:
        return self.on_tap is not None

    def tap(self, x: float, y: float) -> None:
        if self.on_tap is not None:
            self.on_tap()

    def words(self) -> list[str]:
        return [self.back, self.title]

    def marks(self) -> list[Mark]:
        sizes, x = self.look.sizes, self.area.x + 8
        top = middle(self.area, sizes.text.line)
        return [
            Icon(x, middle(self.area, sizes.icon), "back", sizes.icon, "ivory"),
            word(
                self.back, x + sizes.icon + 6, top, "Medium", sizes.text, "ivory" if self.is_down else "sand"
            ),
            word(self.title, self.area.right, middle(self.area, sizes.title), "SemiBold", sizes.title),
        ]


class _Brand(Part):
    """The name of the house, on the first screen."""

    def __init__(self, look: Look, text: str) -> None:
        sizes = look.sizes
        super().__init__(look, Area(sizes.margin + sizes.inner, 0, sizes.pad, sizes.head))
        self.text = text

    def takes(self, x: float, y: float) -> bool:
        return False

    def words(self) -> list[str]:
        return [self.text]

    def marks(self) -> list[Mark]:
        px = self.look.sizes.title + 2
        return [word(self.text, self.area.x, middle(self.area, px), "Display", px)]


class _Clock(Part):
    """The time, at the right edge; it only ever changes once a minute."""

    def __init__(self, look: Look, area: Area) -> None:
        super().__init__(look, area)
        self.text = ""

    @property
    def left(self) -> int:
        """Where the state chip must end."""
        if not self.text:
            return self.area.x
        width = self.look.width_of(self.text, "SemiBold", self.look.sizes.label.px)
        return self.area.x - 8 - width - CHIP_PADDING

    def takes(self, x: float, y: float) -> bool:
        return False

    def words(self) -> list[str]:
        return [self.text]

    def marks(self) -> list[Mark]:
        line = Type(self.look.sizes.label.px, self.look.sizes.text.line)
        return [
            word(self.text, self.area.x - 8, middle(self.area, line.line), "SemiBold", line, align="right")
        ]
