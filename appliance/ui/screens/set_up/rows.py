"""A page of rows: what is asked, what holds, and a tap changes it."""

from collections.abc import Sequence

from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screens.set_up.walk import StepPage, Walk
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.sentence import wrap


class RowsPage(StepPage):
    """Rows over the whole width; below them what to know, and the lit key. A subclass fills `list` in `fill`."""

    def __init__(self, desk: Desk, walk: Walk) -> None:
        super().__init__(desk, walk)
        look, sizes = self.look, self.look.sizes
        width = sizes.width - 2 * sizes.margin
        block = Area(sizes.margin, sizes.head, width, sizes.body)
        count = (sizes.slab_top - sizes.head) // sizes.row
        area = block._replace(h=sizes.slab_top - sizes.seam - sizes.head)
        self.list = LineList(look, area, count, self.choose, has_quantity=True)
        self.add_all(self.list.parts)
        base = Area(block.x, sizes.slab_top, width, sizes.slab)
        left, lit = split(base, (758, 500) if look.is_large else (344, 442))
        self.about = ""
        self.hint = self.add(Drawing(look, left, self._draw_hint))
        self.lit = self.add(LitKey(look, lit, self.say("set_up.next"), self.go_on, icon="next"))
        self.add_notice()
        self.round_off(block)

    def enter(self, **why: object) -> None:
        """Shown."""
        self.notice.change(is_shown=False)
        self.fill()

    def fill(self) -> None:
        """Show what holds now."""

    def choose(self, key: int) -> None:
        """A row was tapped."""

    def show_rows(self, rows: Sequence[LineText], chosen: int | None = None) -> None:
        """Fill the list from its top."""
        self.list.fill(rows, chosen)

    def say_below(self, about: str) -> None:
        """What to know, left of the lit key."""
        self.about = about
        self.hint.change(is_stale=True)

    def _draw_hint(self) -> list[Mark]:
        area, sizes = self.hint.area, self.look.sizes
        lines = wrap(self.look, self.about, "Medium", sizes.note, area.w - 2 * sizes.inner, 3)
        top = middle(area, len(lines) * sizes.note.line)
        marks: list[Mark] = [Box(area, "panel")]
        for at, line in enumerate(lines):
            marks.append(
                word(line, area.x + sizes.inner, top + at * sizes.note.line, "Medium", sizes.note, "sand")
            )
        return marks
