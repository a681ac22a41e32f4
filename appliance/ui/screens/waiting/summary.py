"""How many sales wait, why, and since when."""

from __future__ import annotations

from appliance.till.waiting import WaitingView
from appliance.ui.marks import Area, Box, Icon, Mark, middle, word
from appliance.ui.strings import Words
from appliance.ui.theme import Look, Type
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.sentence import balance, wrap


class Summary(Part):
    """The large number with its words, a sentence, and two facts."""

    def __init__(self, look: Look, area: Area, say: Words) -> None:
        super().__init__(look, area)
        self.view: WaitingView | None = None
        self.next_try = ""
        self._say = say

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def marks(self) -> list[Mark]:
        """From the top: number, sentence, facts."""
        marks: list[Mark] = [Box(self.area, "panel")]
        if self.view is None:
            return marks
        sizes, large = self.look.sizes, self.look.is_large
        top, height = self.area.y + (26 if large else 12), round(1.17 * sizes.due)
        marks += self._headline(self.view, self.area._replace(y=top, h=height))
        y = top + height + (22 if large else 8)
        room = self.area.w - 2 * sizes.inner
        for line in wrap(self.look, self.view.explanation, "Medium", sizes.text, room):
            marks.append(word(line, self.area.x + sizes.inner, y, "Medium", sizes.text))
            y += sizes.text.line
        return marks + self._facts(self.view, y + (20 if large else 10))

    def _headline(self, view: WaitingView, row: Area) -> list[Mark]:
        """A number in sky and its words beside it; a check when there is nothing to count."""
        look, sizes = self.look, self.look.sizes
        x = row.x + sizes.inner
        number, _, words = view.headline.partition(" ")
        if view.count:
            sign: Mark = word(number, x, row.y, "Display", Type(sizes.due, row.h), "sky")
            width = look.width_of(number, "Display", sizes.due)
        else:
            sign = Icon(x, middle(row, sizes.icon_large), "check", sizes.icon_large, "leaf")
            width = sizes.icon_large
            words = self._say("waiting.none" if self._is_clear(view) else "waiting.no_other")
        x += width + 16
        line = Type(sizes.title, 5 * sizes.title // 4)
        lines = balance(look, words, "SemiBold", line)
        top = middle(row, line.line * len(lines))
        texts = [word(text, x, top + at * line.line, "SemiBold", line) for at, text in enumerate(lines)]
        return [sign, *texts]

    def _is_clear(self, view: WaitingView) -> bool:
        return not (view.questions or view.parked or view.oversold or view.unprinted)

    def _facts(self, view: WaitingView, y: float) -> list[Mark]:
        sizes, say = self.look.sizes, self._say
        pitch = 56 if self.look.is_large else 38
        facts = [(say("waiting.in_step"), view.in_step_until, "SemiBold")]
        if self.next_try:
            facts.append((say("waiting.next_try"), self.next_try, "Medium"))
        x, right = self.area.x + sizes.inner, self.area.right - sizes.inner
        marks: list[Mark] = []
        for at, (label, value, face) in enumerate(facts):
            top = y + at * pitch + (pitch - sizes.text.line) / 2
            marks.append(word(label, x, top, "Medium", sizes.text, "sand"))
            marks.append(word(value, right, top, face, sizes.text, align="right"))
        return marks
