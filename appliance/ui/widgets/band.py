"""Bands: something to know or to decide, in words, without stopping the sale."""

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part

GAP = 14
KINDS = {
    "stop": ("coral-bed", "coral", "unknown"),
    "look": ("amber-bed", "amber", "warn"),
    "calm": ("sky-bed", "sky", "info"),
    "done": ("leaf-bed", "leaf", "check"),
}


def bed_of(kind: str) -> str:
    """The bed that the band's keys share with it."""
    return KINDS[kind][0]


class Band(Part):
    """A sign, a strong line and a second line; its keys are ordinary keys beside or under it.

    Attributes:
        kind: "stop", "look", "calm" or "done"; icon: another sign than the kind's own.
        title, notes: the words, each note on a line of its own; amount: a number on the right.
    """

    def __init__(self, look: Look, area: Area, kind: str = "stop", *, icon: str = "") -> None:
        super().__init__(look, area)
        self.kind, self.icon = kind, icon
        self.title = ""
        self.notes: tuple[str, ...] = ()
        self.amount = ""

    def takes(self, x: float, y: float) -> bool:
        """The band swallows fingers while it is shown: what it covers cannot be tapped."""
        return self.is_shown and self.target.holds(x, y)

    def words(self) -> list[str]:
        """Its words, each line whole."""
        return [each for each in (self.title, *self.notes, self.amount) if each] if self.is_shown else []

    def marks(self) -> list[Mark]:
        """Bed, sign, words."""
        sizes, look, area = self.look.sizes, self.look, self.area
        bed, ink, sign = KINDS[self.kind]
        px = sizes.icon_large
        x = area.x + sizes.inner + px + GAP
        taken = look.width_of(self.amount, "SemiBold", sizes.num) + GAP if self.amount else 0
        room = area.right - sizes.inner - x - taken
        top = middle(area, sizes.text.line + sizes.note.line * len(self.notes))
        title = look.fit(self.title, "SemiBold", sizes.text.px, room)
        marks: list[Mark] = [
            Box(area, bed),
            Icon(area.x + sizes.inner, middle(area, px), self.icon or sign, px, ink),
            word(title, x, top, "SemiBold", sizes.text),
        ]
        top += sizes.text.line
        for note in self.notes:
            marks.append(word(look.fit(note, "Medium", sizes.note.px, room), x, top, "Medium", sizes.note))
            top += sizes.note.line
        if self.amount:
            right, size = area.right - sizes.inner, sizes.num
            marks.append(word(self.amount, right, middle(area, size), "SemiBold", size, align="right"))
        return marks
