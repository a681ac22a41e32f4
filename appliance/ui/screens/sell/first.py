"""What stands in place of the lines until something was sold: that the till is ready, and three ways to begin."""

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import sentences
from appliance.ui.widgets.state_chip import state_sign

HINTS = (("scanner", "scan"), ("tiles", "tap"), ("keys", "type"))
SHORT_NUMBER = "612"


class PracticeKey(Key):
    """A row with its note at the far end."""

    def marks(self) -> list[Mark]:
        """Icon and word at the start, note at the end."""
        *rest, text = super().marks()
        note = self.look.sizes.note
        _, ink, note_ink = self.ink()
        right = self.area.right - self.look.sizes.inner
        far = word(self.practice_note, right, middle(self.area, note.line), "Medium", note, note_ink, "right")
        seam = Area(self.area.x, self.area.y - self.look.sizes.seam, self.area.w, self.look.sizes.seam)
        return [Box(seam, "ground"), *rest, text, far]

    practice_note = ""


class FirstStart:
    """The mark, "Ready for the first sale", and how to sell. Not a part itself: add its `parts`."""

    def __init__(self, look: Look, say: Words, area: Area, on_practise: Callable[[], None] | None) -> None:
        height = look.sizes.row - look.sizes.seam
        row = Area(area.x, area.bottom - height, area.w, height)
        self._look, self._say, self._area = look, say, area
        self.drawing = Drawing(look, area)
        self.practise = PracticeKey(
            look,
            row,
            say("first.practise"),
            on_practise,
            icon="practice",
            beside=True,
            at_start=True,
            face="SemiBold",
            is_off=on_practise is None,
        )
        self.practise.practice_note = say("first.practise_note")
        self.number = SHORT_NUMBER

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen, over the list's panel."""
        return [self.drawing, self.practise]

    def show(self, products: int | None, now: float) -> None:
        """Show with the number of products that came over, or go (None)."""
        for part in self.parts:
            part.show(products is not None, now)
        if products is not None:
            self.drawing.change(content=tuple(self._marks(products)))

    def _marks(self, products: int) -> list[Mark]:
        large, area = self._look.is_large, self._area
        centre = area.x + area.w / 2
        mark = 112 if large else 64
        title, line = (34, 44) if large else (26, 32)
        top = area.y + (64 if large else 14)
        sign = state_sign("online", "ivory", centre - mark / 2, top, mark)
        top += mark + (23 if large else 10)
        said = self._say("first.title" if products else "first.title_none")
        heading = word(said, centre, top, "Display", Type(title, line), align="centre")
        top += line
        text = self._look.sizes.text
        if not products:
            none = sentences(self._say("first.none"))
            lines = [
                word(each, centre, top + at * text.line, "Medium", text, "sand", "centre")
                for at, each in enumerate(none)
            ]
            return [*sign, heading, *lines]
        came = word(
            self._say.count("first.products", products), centre, top, "Medium", text, "sand", "centre"
        )
        return [*sign, heading, came, *self._hints(centre, top + text.line + (40 if large else 12))]

    def _hints(self, centre: float, top: float) -> list[Mark]:
        look, say, sizes = self._look, self._say, self._look.sizes
        width, gap = (360, 20) if look.is_large else (310, 8)
        x = centre - width / 2
        marks: list[Mark] = []
        for icon, name in HINTS:
            note = f"first.{name}_note" + ("" if name != "type" else "_add" if look.is_large else "_keys")
            height = sizes.label.line + sizes.note.line
            marks += [
                Icon(x, top + (height - sizes.icon) / 2, icon, sizes.icon, "sand"),
                word(say(f"first.{name}"), x + sizes.icon + 16, top, "SemiBold", sizes.label),
                word(
                    say(note, number=self.number) if name == "type" else say(note),
                    x + sizes.icon + 16,
                    top + sizes.label.line,
                    "Medium",
                    sizes.note,
                    "sand",
                ),
            ]
            top += height + gap
        return marks
