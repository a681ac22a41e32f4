"""A list: a fixed number of rows, filled again and again from a window on the model.

Measured: 2 ms a scan, where a scrolling list of widgets took 24 and leaked.
"""

from collections.abc import Callable, Sequence

from appliance.ui.marks import Area
from appliance.ui.theme import Look
from appliance.ui.widgets.line_row import CAPTION, LineRow, LineText
from appliance.ui.widgets.part import Part
from appliance.ui.widgets.plain import Panel

__all__ = ["LineList", "LineText"]


class LineList:
    """A window of fixed rows on a list: the newest at the foot, older ones a tap away.

    Not a part itself: add its `parts` to the screen.
    """

    def __init__(
        self,
        look: Look,
        area: Area,
        rows: int,
        on_tap: Callable[[int], None] | None,
        *,
        more_above: str = "",
        to_newest: str = "",
        has_quantity: bool = True,
        middle_width: int = 0,
    ) -> None:
        """`more_above` is the caption with {} for how many; without it the list shows its head and never pages.

        `to_newest` is the caption once the oldest are shown: it leads back to the foot.
        """
        pitch = look.sizes.row
        self._area = area
        self.panel = Panel(look, area)
        areas = [
            Area(area.x, area.y + at * pitch, area.w, min(pitch, area.h - at * pitch)) for at in range(rows)
        ]
        self.rows = [LineRow(look, each, self._tapped, middle_width) for each in areas]
        for row in self.rows:
            row.has_quantity, row.is_live = has_quantity, on_tap is not None
        self._on_tap, self._more_above, self._to_newest = on_tap, more_above, to_newest
        self._keys: Sequence[int] = ()
        self._text_of: Callable[[int], LineText] = lambda key: LineText(key, "")
        self._chosen: int | None = None
        self._room = rows
        self._hidden_below = 0

    @property
    def parts(self) -> list[Part]:
        """Panel and rows, to be added to the screen."""
        return [self.panel, *self.rows]

    def fill(self, lines: Sequence[LineText], chosen: int | None, room: int | None = None) -> None:
        """Show these lines, `chosen` by its key. A band that covers rows leaves less `room`."""
        by_key = {line.key: line for line in lines}
        self.fill_from([line.key for line in lines], by_key.__getitem__, chosen, room)

    def fill_from(
        self,
        keys: Sequence[int],
        text_of: Callable[[int], LineText],
        chosen: int | None,
        room: int | None = None,
    ) -> None:
        """The same, asking for a line's words only if it has a row."""
        if len(keys) != len(self._keys) or chosen != self._chosen:
            self._hidden_below = 0
        self._keys, self._text_of, self._chosen = keys, text_of, chosen
        self._room = len(self.rows) if room is None else room
        covered = (len(self.rows) - self._room) * self.panel.look.sizes.row
        self.panel.change(area=self._area._replace(h=self._area.h - covered))
        self._draw()

    def _tapped(self, key: int) -> None:
        if key == CAPTION:
            page, oldest = self._room - 1, len(self._keys) - (self._room - 1)
            self._hidden_below = 0 if self._hidden_below >= oldest else min(self._hidden_below + page, oldest)
            self._draw()
        elif self._on_tap is not None:
            self._on_tap(key)

    def _draw(self) -> None:
        """Fill the rows: all lines if they fit, else a caption and the last that do."""
        window, caption = self._window()
        texts: list[LineText | None] = [self._text_of(key) for key in window]
        if caption:
            texts.insert(0, None)
        texts += [None] * (len(self.rows) - len(texts))
        for at, (row, text) in enumerate(zip(self.rows, texts, strict=True)):
            row.change(
                text=text,
                caption=caption if at == 0 else "",
                caption_is_above=caption != self._to_newest,
                is_chosen=text is not None and text.key == self._chosen,
                is_shown=at < self._room,
            )

    def _window(self) -> tuple[Sequence[int], str]:
        if not self._more_above or len(self._keys) <= self._room:
            return self._keys[: self._room], ""
        end = len(self._keys) - self._hidden_below
        start = max(end - (self._room - 1), 0)
        caption = self._more_above.format(start) if start else self._to_newest
        return self._keys[start:end], caption
