"""A page that stops everything else: what happened and what is safe on the left, what to do on the right."""

from collections.abc import Callable, Sequence

from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import wrap

BRAND = "Gapless"
BESIDE_ICON = 10
BETWEEN = 8

Key2 = tuple[str, str, Callable[[], None]]
"""Icon, word and act of a key."""


class Announcement(Screen):
    """Title and two lists of sentences; two quiet keys on the left, the lit key on the right.

    A subclass fills `title`, `told` and `steps` in `enter`, and calls `fill_in`.
    """

    are_beside = True
    """Whether icon and word of a quiet key stand beside each other; more than two keys have no room for it."""

    def __init__(self, desk: Desk, quiet: Sequence[Key2]) -> None:
        super().__init__(desk)
        self.title, self.kind = "", "stop"
        self.told: tuple[str, ...] = ()
        self.steps: tuple[str, ...] = ()
        self.are_numbered, self.heading = True, "trouble.to_do"
        look, sizes = self.look, self.look.sizes
        left, right = two_columns(sizes, wide_first=True)
        self.add_header(header := Header(look, brand=BRAND))
        header.chip.change(is_shown=False)  # nobody knows now how the till stands with the shop
        self.head = self.add(Drawing(look, top_row(left, sizes), self._draw_title))
        self.happened = self.add(Drawing(look, between(left, sizes, 1), self._draw_told))
        self.keys = [
            self.add(Key(look, cell, name, do, icon=icon, beside=self.are_beside))
            for (icon, name, do), cell in zip(quiet, split(foot(left, sizes), len(quiet)), strict=True)
        ]
        self.over = self.add(Drawing(look, top_row(right, sizes), self._draw_to_do))
        self.to_do = self.add(Drawing(look, between(right, sizes, 1), self._draw_steps))
        self.lit = self.add(LitKey(look, foot(right, sizes), "", self.go_on))
        self.notice = self.add(Notice(look, top_row(left, sizes)))
        self.round_off(left, right)

    def go_on(self) -> None:
        """The lit key."""

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """Nothing can be sold here."""
        self.desk.play("refused")

    def complain(self, sentence: str) -> None:
        """Say it over the title."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def fill_in(self) -> None:
        """Draw anew what was changed."""
        for part in (self.head, self.happened, self.over, self.to_do):
            part.change(is_stale=True)

    def words(self) -> list[str]:
        """The sentences too."""
        return [*super().words(), self.title, *self.told, self.say(self.heading), *self.steps]

    def _draw_title(self) -> list[Mark]:
        area, sizes = self.head.area, self.look.sizes
        x = area.x + sizes.inner + sizes.icon + BESIDE_ICON
        ink, bed = ("coral", "coral-bed") if self.kind == "stop" else ("sky", "sky-bed")
        room = area.right - sizes.inner - x
        name = self.look.fit(self.title, "SemiBold", sizes.text.px, room)
        sign = "stop" if self.kind == "stop" else "info"
        return [
            Box(area, bed),
            Icon(area.x + sizes.inner, middle(area, sizes.icon), sign, sizes.icon, ink),
            word(name, x, middle(area, sizes.text.line), "SemiBold", sizes.text),
        ]

    def _draw_to_do(self) -> list[Mark]:
        area, sizes = self.over.area, self.look.sizes
        top = middle(area, sizes.text.line)
        text = self.say(self.heading)
        return [Box(area, "panel"), word(text, area.x + sizes.inner, top, "SemiBold", sizes.text)]

    def _draw_told(self) -> list[Mark]:
        return self._listed(self.happened.area, [("", each) for each in self.told])

    def _draw_steps(self) -> list[Mark]:
        signs = [f"{at}" if self.are_numbered else "" for at in range(1, len(self.steps) + 1)]
        return self._listed(self.to_do.area, list(zip(signs, self.steps, strict=True)))

    def _listed(self, area: Area, rows: Sequence[tuple[str, str]]) -> list[Mark]:
        """Sentences one under the other, each with its number before it; what does not fit is left out."""
        look, sizes, size = self.look, self.look.sizes, self.look.sizes.text
        marks: list[Mark] = [Box(area, "panel")]
        y = float(area.y + BETWEEN)
        for sign, text in rows:
            x = area.x + sizes.inner + (size.line if sign else 0)
            lines = wrap(look, text, "Medium", size, area.right - sizes.inner - x)
            if y + len(lines) * size.line > area.bottom:
                break
            if sign:
                marks.append(word(sign, area.x + sizes.inner, y, "SemiBold", size, "sand"))
            for line in lines:
                marks.append(word(line, x, y, "Medium", size))
                y += size.line
            y += BETWEEN
        return marks
