"""Keys: a word, an icon, or both; resting, pressed, chosen or sunk."""

from collections.abc import Callable
from typing import TypedDict, Unpack

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part

GAP_OVER = 5
GAP_BESIDE = 10
BAR_BELOW = 3
BAR_BESIDE = 4


class KeyLooks(TypedDict, total=False):
    """How a key may look other than a word in the middle.

    Attributes:
        icon: name of an icon, over the word, or beside it with `beside`.
        note: a small line under the word.
        at_start: everything begins at the key's left edge.
        chosen_bar: where the ivory bar of a chosen key stands: "below" (tabs, answers) or "side" (lists).
        bed: the colour it rests on; colour: that of its word.
        name: what it is called where it shows only an icon.
    """

    icon: str
    note: str
    beside: bool
    at_start: bool
    is_off: bool
    is_chosen: bool
    bed: str
    face: str
    size: int | Type
    icon_px: int
    colour: str
    chosen_bar: str
    name: str


class Key(Part):
    """Anything that can be tapped; see `KeyLooks` for what its keywords mean."""

    icon, note, name = "", "", ""
    beside, at_start, is_off, is_chosen = False, False, False, False
    bed, face, colour, chosen_bar = "key", "Medium", "ivory", "below"
    size: int | Type

    def __init__(
        self,
        look: Look,
        area: Area,
        text: str = "",
        on_tap: Callable[[], None] | None = None,
        **looks: Unpack[KeyLooks],
    ) -> None:
        super().__init__(look, area)
        self.text, self.on_tap = text, on_tap
        self.size, self.icon_px = look.sizes.label, look.sizes.icon
        for name, value in looks.items():
            setattr(self, name, value)
        self.name = self.name or text or self.icon

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something now."""
        return self.is_shown and not self.is_off and self.on_tap is not None

    def press(self, x: float, y: float) -> None:
        """Light up at once, unless it can do nothing."""
        self.change(is_down=self.can_be_tapped)

    def slide(self, inside: bool) -> None:
        """Follow the finger."""
        self.change(is_down=inside and self.can_be_tapped)

    def tap(self, x: float, y: float) -> None:
        """Do what the key is for."""
        if self.can_be_tapped and self.on_tap is not None:
            self.on_tap()

    def words(self) -> list[str]:
        """The key's words, and its name if it shows only an icon."""
        return [each for each in (self.text or self.name, self.note) if each] if self.is_shown else []

    def ink(self) -> tuple[str, str, str]:
        """Colours of bed, word and note in the present state."""
        if self.is_off:
            return "panel", "faint", "faint"
        if self.is_down:
            return "down", "down-ink", "down-ink"
        return ("raised" if self.is_chosen else self.bed), self.colour, "sand"

    def marks(self) -> list[Mark]:
        """The bed, its bar if chosen, and what stands on it."""
        bed, ink, note_ink = self.ink()
        marks: list[Mark] = [Box(self.area, bed)]
        if self.is_chosen and not self.is_down:
            marks.append(Box(self._bar(), "ivory"))
        return marks + (self._row(ink) if self.beside else self._stack(ink, note_ink))

    def _bar(self) -> Area:
        x, y, w, h = self.area
        return (
            Area(x, y, BAR_BESIDE, h)
            if self.chosen_bar == "side"
            else Area(x, y + h - BAR_BELOW, w, BAR_BELOW)
        )

    def _line(self) -> int:
        return self.size.line if isinstance(self.size, Type) else self.size

    def _px(self) -> int:
        return self.size.px if isinstance(self.size, Type) else self.size

    def _row(self, ink: str) -> list[Mark]:
        """Icon beside word, in the middle or at the start of the key."""
        width = self.look.width_of(self.text, self.face, self._px())
        taken = (self.icon_px + GAP_BESIDE if self.icon else 0) + width
        x = self.area.x + (self.look.sizes.inner if self.at_start else (self.area.w - taken) / 2)
        marks: list[Mark] = []
        if self.icon:
            marks.append(Icon(x, middle(self.area, self.icon_px), self.icon, self.icon_px, ink))
            x += self.icon_px + GAP_BESIDE
        marks.append(word(self.text, x, middle(self.area, self._line()), self.face, self.size, ink))
        return marks

    def _stack(self, ink: str, note_ink: str) -> list[Mark]:
        """Icon over word over note, in the middle of the key or from its start."""
        note = self.look.sizes.note
        heights = (
            [self.icon_px] * bool(self.icon)
            + [self._line()] * bool(self.text)
            + [note.line] * bool(self.note)
        )
        top = middle(self.area, sum(heights) + GAP_OVER * (len(heights) - 1))
        align = "left" if self.at_start else "centre"
        x = self.area.x + (self.look.sizes.inner if self.at_start else self.area.w / 2)
        marks: list[Mark] = []
        if self.icon:
            marks.append(
                Icon(x - (0 if self.at_start else self.icon_px / 2), top, self.icon, self.icon_px, ink)
            )
            top += self.icon_px + GAP_OVER
        if self.text:
            marks.append(word(self.text, x, top, self.face, self.size, ink, align))
            top += self._line() + GAP_OVER
        if self.note:
            marks.append(word(self.note, x, top, "Medium", note, note_ink, align))
        return marks


def digit_key(look: Look, area: Area, text: str, on_tap: Callable[[], None], icon: str = "") -> Key:
    """A key of the number pad: a large figure, or the backspace sign."""
    return Key(look, area, text, on_tap, icon=icon, face="SemiBold", size=look.sizes.digit)
