"""Small tables: a head and rows, names on the left, figures in columns on the right."""

from collections.abc import Sequence

from appliance.ui.marks import Area, Box, Mark, middle, word
from appliance.ui.theme import Look
from appliance.ui.widgets.part import Part


class Table(Part):
    """Rows at the pitch of a list. The first is the head: strong and quiet.

    Attributes:
        rows: each a name and its figures, as many as there are columns.
    """

    def __init__(self, look: Look, area: Area, columns: Sequence[int]) -> None:
        """`columns` are the widths of the figures' columns, left to right; the last ends at the inner edge."""
        super().__init__(look, area)
        self.rows: Sequence[Sequence[str]] = ()
        self._columns = columns

    def takes(self, x: float, y: float) -> bool:
        """Nobody taps it."""
        return False

    def words(self) -> list[str]:
        """Each row in one string."""
        return [" ".join(cell for cell in row if cell) for row in self.rows]

    def marks(self) -> list[Mark]:
        """Panel, rows, and a seam under each."""
        sizes = self.look.sizes
        marks: list[Mark] = [Box(self.area, "panel")]
        for at, row in enumerate(self.rows):
            inside = Area(self.area.x, self.area.y + at * sizes.row, self.area.w, sizes.row - sizes.seam)
            marks += self._row(row, inside, is_head=at == 0)
            if inside.bottom < self.area.bottom:
                marks.append(Box(Area(inside.x, inside.bottom, inside.w, sizes.seam), "ground"))
        return marks

    def _row(self, row: Sequence[str], inside: Area, *, is_head: bool) -> list[Mark]:
        sizes = self.look.sizes
        size, face, ink = (sizes.note, "Medium", "sand") if is_head else (sizes.text, "SemiBold", "ivory")
        top = middle(inside, sizes.text.line)
        name_face = "SemiBold" if is_head else "Medium"
        marks: list[Mark] = [word(row[0], inside.x + sizes.inner, top, name_face, sizes.text)]
        right = inside.right - sizes.inner
        for cell, width in zip(reversed(row[1:]), reversed(self._columns), strict=True):
            marks.append(word(cell, right, middle(inside, size.line), face, size, ink, "right"))
            right -= width
        return marks
