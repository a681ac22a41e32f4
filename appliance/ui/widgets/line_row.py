"""One row of a list: a quantity, a name over a note, an amount."""

from collections.abc import Callable
from dataclasses import dataclass

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part

BAR_BESIDE = 4
BEFORE_AMOUNT = 10
QUANTITY_SPACE = 2
SMALLEST_QUANTITY = 11
BETWEEN = " · "
CAPTION = -1
"""The key of a row that says only how many lines are not shown."""


@dataclass(frozen=True, slots=True)
class LineText:
    """What a row says. `key` is whatever the screen wants back at a tap (the line's position).

    Attributes:
        quantity: "" for none; is_one draws it quietly.
        icon: a sign in the quantity's place; icon_px: another size than that of the clocks and hints.
        strong: how many letters of the name are strong (what was searched for).
        note: second line; hint: the amber words after it.
        middle: words in a column of their own ("14 left"), amber if `middle_is_low`.
    """

    key: int
    name: str
    amount: str = ""
    quantity: str = ""
    note: str = ""
    hint: str = ""
    icon: str = ""
    icon_colour: str = "sky"
    icon_px: int = 0
    strong: int = 0
    middle: str = ""
    middle_is_low: bool = False
    is_one: bool = True
    is_off: bool = False


class LineRow(Part):
    """One row: quantity, name over note, amount. Its seam is drawn at its foot."""

    def __init__(
        self, look: Look, area: Area, on_tap: Callable[[int], None] | None, middle_width: int = 0
    ) -> None:
        super().__init__(look, area)
        self.target = area._replace(h=look.sizes.row)
        self.text: LineText | None = None
        self.is_chosen = False
        self.caption = ""
        self.has_quantity = self.is_live = True
        self.middle_width = middle_width
        self.on_tap = on_tap

    @property
    def can_be_tapped(self) -> bool:
        """Whether a tap does something now."""
        has_use = bool(self.caption) or (self.text is not None and self.is_live)
        return self.is_shown and self.on_tap is not None and has_use

    def tap(self, x: float, y: float) -> None:
        """Tell the list which line, CAPTION for the caption ("12 more above")."""
        if self.can_be_tapped and self.on_tap is not None:
            self.on_tap(self.text.key if self.text is not None else CAPTION)

    def words(self) -> list[str]:
        """Everything on the row, the name whole."""
        if not self.is_shown:
            return []
        if self.text is None:
            return [self.caption] if self.caption else []
        text = self.text
        return [
            each
            for each in (text.quantity, text.name, text.note, text.hint, text.middle, text.amount)
            if each
        ]

    def marks(self) -> list[Mark]:
        """Nothing for a row without text: the list's own panel shows."""
        if self.caption:
            return self._caption()
        if self.text is None:
            return []
        sizes, area = self.look.sizes, self.area
        inside = Area(area.x, area.y, area.w, sizes.row - sizes.seam)
        marks: list[Mark] = []
        if self.is_chosen or self.is_down:
            marks.append(Box(area, "raised"))
        if self.is_chosen:
            marks.append(Box(Area(area.x, area.y, BAR_BESIDE, area.h), "ivory"))
        marks.append(self._seam())
        marks += self._lead(inside)
        amount_x = area.right - sizes.inner
        number = Type(sizes.num, sizes.text.line)
        ink = "faint" if self.text.is_off else "ivory"
        if self.text.amount:
            top = middle(inside, number.line)
            marks.append(word(self.text.amount, amount_x, top, "SemiBold", number, ink, "right"))
        return marks + self._middle(inside) + self._names(inside, ink)

    def _seam(self) -> Box:
        sizes, area = self.look.sizes, self.area
        return Box(Area(area.x, area.y + sizes.row - sizes.seam, area.w, sizes.seam), "ground")

    def _caption(self) -> list[Mark]:
        sizes = self.look.sizes
        inside = Area(self.area.x, self.area.y, self.area.w, sizes.row - sizes.seam)
        icon_x = self.area.right - sizes.inner - sizes.icon
        return [
            Box(self.area, "raised" if self.is_down else "panel"),
            self._seam(),
            word(
                self.caption,
                self.area.x + sizes.inner,
                middle(inside, sizes.text.line),
                "Medium",
                sizes.text,
                "sand",
            ),
            Icon(
                icon_x,
                middle(inside, sizes.icon),
                "up" if self.caption_is_above else "down",
                sizes.icon,
                "ivory",
            ),
        ]

    caption_is_above = True

    def _lead(self, inside: Area) -> list[Mark]:
        """The quantity, or an icon in its place."""
        sizes, text = self.look.sizes, self.text
        if text is None or not self.has_quantity:
            return []
        x = self.area.x + sizes.quantity / 2
        if text.icon:
            px = text.icon_px or sizes.icon - 4
            return [Icon(x - px / 2, middle(inside, px), text.icon, px, text.icon_colour)]
        face, ink = ("Medium", "sand") if text.is_one else ("SemiBold", "ivory")
        ink = "faint" if text.is_off else ink
        number = Type(self._quantity_px(text.quantity, face), sizes.text.line)
        return [word(text.quantity, x, middle(inside, number.line), face, number, ink, "centre")]

    def _quantity_px(self, quantity: str, face: str) -> int:
        """The size of the quantity: smaller from a thousand up, never over the name."""
        sizes = self.look.sizes
        room = sizes.quantity - 2 * BAR_BESIDE - QUANTITY_SPACE
        steps = range(sizes.num, SMALLEST_QUANTITY, -1)
        return next((px for px in steps if self.look.width_of(quantity, face, px) <= room), SMALLEST_QUANTITY)

    def _middle(self, inside: Area) -> list[Mark]:
        sizes, text = self.look.sizes, self.text
        if text is None or not text.middle:
            return []
        x = self.area.right - self.middle_width
        top = middle(inside, sizes.label.line)
        if not text.middle_is_low:
            return [word(text.middle, x, top, "Medium", sizes.label, "sand" if text.is_off else "ivory")]
        gap = 16
        return [
            Icon(x, inside.y + inside.h // 2 - 6, "warn", gap, "amber"),
            word(text.middle, x + gap + 4, top, "Medium", sizes.label, "amber"),
        ]

    def _names(self, inside: Area, ink: str) -> list[Mark]:
        """Name over note, both cut to the room before the amount."""
        sizes, text, look = self.look.sizes, self.text, self.look
        if text is None:
            return []
        x = self.area.x + (sizes.quantity if self.has_quantity else sizes.inner)
        amount_width = look.width_of(text.amount, "SemiBold", sizes.num) if text.amount else 0
        right = self.area.right - max(sizes.inner + amount_width, self.middle_width) - BEFORE_AMOUNT
        has_note = bool(text.note or text.hint)
        top = middle(inside, sizes.text.line + (sizes.note.line if has_note else 0))
        marks = self._name(x, top, right - x, ink)
        if has_note:
            marks += self._note(x, top + sizes.text.line, right - x)
        return marks

    def _name(self, x: float, top: float, room: float, ink: str) -> list[Mark]:
        look, text, size = self.look, self.text, self.look.sizes.text
        if text is None:
            return []
        strong, rest = text.name[: text.strong], text.name[text.strong :]
        marks: list[Mark] = []
        if strong:
            strong = look.fit(strong, "SemiBold", size.px, int(room))
            marks.append(word(strong, x, top, "SemiBold", size, ink))
            shift = look.width_of(strong, "SemiBold", size.px)
            x, room = x + shift, room - shift
        if rest:
            marks.append(word(look.fit(rest, "Medium", size.px, int(room)), x, top, "Medium", size, ink))
        return marks

    def _note(self, x: float, top: float, room: float) -> list[Mark]:
        look, text, size = self.look, self.text, self.look.sizes.note
        if text is None:
            return []
        ink = "faint" if text.is_off else "ivory" if self.is_chosen else "sand"
        note = self._note_beside_hint(text, room) if text.hint else text.note
        marks: list[Mark] = []
        if note:
            note = look.fit(note, "Medium", size.px, int(room))
            marks.append(word(note, x, top, "Medium", size, ink))
            shift = look.width_of(note, "Medium", size.px)
            x, room = x + shift, room - shift
        if text.hint:
            hint = look.fit(text.hint, "SemiBold", size.px, int(room) - size.px - 4)
            line = word(hint, x + size.px + 4, top, "SemiBold", size, "amber")
            marks.append(Icon(x, line.top + 5, "warn", size.px, "amber"))
            marks.append(line)
        return marks

    def _note_beside_hint(self, text: LineText, room: float) -> str:
        """The note with a point after it; its first parts go where the hint would not fit whole."""
        look, px = self.look, self.look.sizes.note.px
        parts = text.note.split(BETWEEN) if text.note else []
        left = room - look.width_of(text.hint, "SemiBold", px) - px - 4
        while parts and look.width_of(BETWEEN.join([*parts, ""]), "Medium", px) > left:
            parts.pop(0)
        return BETWEEN.join([*parts, ""]) if parts else ""
