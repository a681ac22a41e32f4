"""What runs out over both channels, and which product numbers will fail at the counter."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.till.running_out import RunningOut, StockRow
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, two_columns
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.points import Point, Points


class Stock(Screen):
    """One of the two lists on the right; on the left what there is to say of the chosen row, and the other list."""

    def __init__(self, desk: Desk, running_out: RunningOut) -> None:
        super().__init__(desk)
        self.running_out = running_out
        self._back = "menu"
        self._of_numbers = False
        self._chosen: int | None = None
        self._first = 0
        self._rows: Sequence[StockRow] = ()
        left, right = two_columns(self.look.sizes)
        self.add_page_header(self.say("cash.back"), self.say("stock.title"), lambda: self._back)
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.points = self.add(Points(look, between(left, sizes)))
        name = self.say("stock.numbers")
        other, more = split(foot(left, sizes), 2)
        self.other = self.add(Key(look, other, name, self._turn, note=" "))
        self.more = self.add(Key(look, more, self.say("stock.more"), self._page, icon="down"))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        room = between(right, sizes)
        rows = (room.h + sizes.seam) // sizes.row
        self._rows_shown = rows
        self.list = LineList(look, room, rows, self._choose)
        self.add_all(self.list.parts)
        back = self.say("menu.back")
        self.add(LitKey(look, foot(right, sizes), back, lambda: self.desk.show("sell"), icon="send"))

    def enter(self, **why: object) -> None:
        """`back` names the screen that the arrow leads to; what runs out comes first."""
        self._back, self._of_numbers = str(why.get("back", "menu")), False
        self._chosen, self._first = None, 0
        self.refresh()

    def refresh(self) -> None:
        """Read again what was found."""
        low, (count, numbers) = self.running_out.low(), self.running_out.wrong_numbers()
        self._rows = numbers if self._of_numbers else low
        if self._chosen is not None and self._chosen >= len(self._rows):
            self._chosen = None
        self._first = self._first if self._first < len(self._rows) else 0
        shown = range(self._first, min(self._first + self._rows_shown, len(self._rows)))
        self.list.fill([self._line(at) for at in shown], self._chosen)
        self.more.change(is_off=len(self._rows) <= self._rows_shown)
        if self._of_numbers:
            self.other.change(text=self.say("stock.low"), note=self._how_many("stock.low_count", len(low)))
        else:
            note = self._how_many("stock.numbers_count", count)
            self.other.change(text=self.say("stock.numbers"), note=note)
        self.points.change(points=tuple(self._words()))

    def _how_many(self, name: str, count: int) -> str:
        return self.say.count(name, count) if count else self.say("stock.none_of_it")

    def _choose(self, at: int) -> None:
        self._chosen = None if self._chosen == at else at
        self.refresh()

    def _turn(self) -> None:
        self._of_numbers, self._chosen, self._first = not self._of_numbers, None, 0
        self.refresh()

    def _page(self) -> None:
        """The next page; after the last comes the first."""
        self._chosen, self._first = None, self._first + self._rows_shown
        self.refresh()

    def _line(self, at: int) -> LineText:
        row = self._rows[at]
        left = "" if row.left is None else f"{row.left:,}"
        return LineText(at, row.name, "", quantity=left, note=row.note, is_one=False)

    def _words(self) -> list[Point]:
        if not self._rows:
            return [Point("check", self.say("stock.numbers_fine" if self._of_numbers else "stock.low_fine"))]
        if self._chosen is None:
            which = "stock.numbers_how" if self._of_numbers else "stock.low_how"
            return [Point("info", self.say(which)), Point("note", self.say("stock.tap"))]
        row = self._rows[self._chosen]
        icons = ("warn", "note", "clock")
        return [
            Point("info", row.name),
            *(Point(icon, sentence) for icon, sentence in zip(icons, row.sentences, strict=False)),
        ]
