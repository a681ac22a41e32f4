"""Where the parts of giving back stand, on both panels."""

from __future__ import annotations

from collections.abc import Callable

from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screens.columns import between, foot, three_columns, top_row
from appliance.ui.screens.refund.left import REASONS, Hands, LeftBlock, reason_keys
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Drawing, Panel
from appliance.ui.widgets.points import Points


class GiveBackLayout:
    """Left block, reasons (a column of their own on the large panel), list, lit key."""

    def __init__(
        self,
        look: Look,
        say: Words,
        hands: Hands,
        on_line: Callable[[int], None],
        on_lit: Callable[[], None],
    ) -> None:
        self._look, self._say = look, say
        sizes = look.sizes
        left, between_them, right = three_columns(sizes)
        self.blocks = (left, between_them, right) if look.is_large else (left, right)
        self.left = LeftBlock(look, say, left, hands)
        self.why: Heading | None = None
        self.reasons, self.other_way = self.left.reasons, [self.left.other_way]
        self._middle: list[Part] = []
        if look.is_large:
            self._build_middle(between_them, hands)
        room = between(right, sizes)
        self.cap_text = ""
        self.panel = Panel(look, room)
        self.cap = Drawing(look, top_row(right, sizes), self._draw_cap)
        rows = between(right, sizes, 1)
        count = (rows.h + sizes.seam) // sizes.row
        above, newest = say("till.more_above"), say("till.to_newest")
        self.list = LineList(look, rows, count, on_line, more_above=above, to_newest=newest)
        self.points = Points(look, rows)
        band = room._replace(y=room.bottom - 2 * sizes.row + sizes.seam, h=2 * sizes.row - sizes.seam)
        self.notice = Notice(look, band)
        self.lit = LitKey(look, foot(right, sizes), say("return.key"), on_lit)

    @property
    def parts(self) -> list[Part]:
        """What to add to the screen, in order."""
        right = [self.panel, *self.list.parts, self.cap, self.points, self.notice, self.lit]
        return [*self.left.parts, *self._middle, *right]

    def _build_middle(self, column: Area, hands: Hands) -> None:
        look, sizes, say = self._look, self._look.sizes, self._say
        self.why = Heading(look, top_row(column, sizes), say("return.why"))
        # As high as tiles, so that every row of keys ends on the same seams.
        top, pitch = column.y + sizes.row, sizes.tile
        cells = [Area(column.x, top + at * pitch, column.w, pitch - sizes.seam) for at in range(REASONS)]
        self.reasons = reason_keys(look, say, cells, hands.choose)
        (cell,) = split(foot(column, sizes), 1)
        key = Key(look, cell, " ", hands.other_way, icon="swap", beside=True)
        self.other_way = [self.left.other_way, key]
        self._middle = [self.why, *self.reasons, key]

    def _draw_cap(self) -> list[Mark]:
        """Words and a seam: the list's own panel lies under them."""
        look, area, sizes = self._look, self.cap.area, self._look.sizes
        words = look.fit(self.cap_text, "SemiBold", sizes.text.px, area.w - 2 * sizes.inner)
        return [
            word(words, area.x + sizes.inner, middle(area, sizes.text.line), "SemiBold", sizes.text),
            Box(Area(area.x, area.bottom, area.w, sizes.seam), "ground"),
        ]
