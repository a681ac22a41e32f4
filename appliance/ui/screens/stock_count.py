"""Counting the shelf: scan each piece, or scan one and type how many there are. What should be there is not shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from appliance.domain.shelf_count import CountLine
from appliance.till.clock import clock_time
from appliance.till.counting import CountedPiece, Counting, CountResult
from appliance.till.recognising import FoundReceipt
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Mark, split
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, three_columns, top_row
from appliance.ui.screens.stock_count_words import counted_row, heading, how_to_count
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.pad import BACKSPACE, PAD, number_pad
from appliance.ui.widgets.plain import Drawing, Panel
from appliance.ui.widgets.points import Points

MOST_DIGITS: Final = 6
SMALL_LABEL: Final = 16
BAND_ROWS: Final = 2
PAD_KEYS: Final = tuple("" if key == "00" else key for key in PAD)


class StockCount(Screen):
    """How it works and the pad on the left, what was counted on the right, what was touched last at the foot."""

    def __init__(self, desk: Desk, counter: Counter, counting: Counting) -> None:
        super().__init__(desk)
        self.counter, self.counting = counter, counting
        self._back, self._digits = "menu", ""
        self._chosen: int | None = None
        self._lines: list[CountLine] = []
        left, pad, right = three_columns(self.look.sizes)
        self.add_page_header(self.say("cash.back"), self.say("count_shelf.title"), lambda: self._back)
        if self.look.is_large:
            self.how = self.add(Points(self.look, between(left, self.look.sizes)))
        self._build_pad(pad)
        self._build_base(left)
        self._build_right(right)
        self.round_off(left, pad, right)

    def _build_pad(self, block: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.field = self.add(Field(look, top_row(block, sizes), label=self.say("count_shelf.how_many")))
        pad = Area(block.x, block.y + sizes.row, block.w, 4 * sizes.tile - sizes.seam)
        keys = number_pad(look, pad, self._type, PAD_KEYS)
        name = self.say("count_shelf.number")
        at = PAD_KEYS.index("")
        keys[at] = self.number = Key(
            look, keys[at].area, name, self._add_number, icon="search", size=SMALL_LABEL
        )
        self.add_all(keys)
        if look.is_large:
            rest = Area(
                block.x, pad.bottom + sizes.seam, block.w, sizes.slab_top - 2 * sizes.seam - pad.bottom
            )
            self.add(Panel(look, rest))
            self.set_key = self.add(
                Key(
                    look,
                    foot(block, sizes),
                    self.say("count_shelf.set"),
                    self._set,
                    icon="enter",
                    beside=True,
                )
            )

    def _build_base(self, block: Area) -> None:
        look, say, large = self.look, self.say, self.look.sizes.icon_large
        (less, more, off), minus, plus = (
            split(foot(block, look.sizes), 3),
            say("sell.minus"),
            say("sell.plus"),
        )
        self.minus = self.add(Key(look, less, "", self._adder(-1), icon="minus", icon_px=large, name=minus))
        self.plus = self.add(Key(look, more, "", self._adder(1), icon="plus", icon_px=large, name=plus))
        self.off = self.add(Key(look, off, say("count_shelf.take_off"), self._take_off, icon="bin"))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.heading = self.add(Drawing(look, top_row(right, sizes), self._draw_heading))
        room = between(right, sizes, 1)
        rows = (room.h + sizes.seam) // sizes.row
        above, newest = self.say("till.more_above"), self.say("till.to_newest")
        self.list = LineList(
            look, room, rows, self._choose, more_above=above, to_newest=newest, has_quantity=False
        )
        self.add_all(self.list.parts)
        self.empty = self.add(Points(look, room))
        last = room.bottom - BAND_ROWS * sizes.row + sizes.seam
        self.notice = self.add(Notice(look, Area(room.x, last, room.w, room.bottom - last)))
        self.lit = self.add(LitKey(look, foot(right, sizes), " ", self._press_lit))

    # life

    def enter(self, **why: object) -> None:
        """Go on with the count. `back` names where the arrow leads, `chosen` a line to look at, `done` what to say."""
        self._back = str(why.get("back", self._back))
        chosen, done = why.get("chosen"), why.get("done")
        self._digits, self._chosen = "", chosen if isinstance(chosen, int) else None
        self.notice.change(is_shown=False)
        self._fill()
        if isinstance(done, tuple):
            title, *notes = done
            self.notice.say("done", str(title), self.desk.seconds(), notes=tuple(map(str, notes)))

    def refresh(self) -> None:
        """Another program may have read the shop's counts."""
        self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """One more piece of what was scanned."""
        self._count(lambda: self.counting.scan(text, symbology))

    def complain(self, sentence: str) -> None:
        """Say it over the last rows."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())
        self._fill()

    # what the fingers do

    def _type(self, key: str) -> None:
        digits = self._digits[:-1] if key == BACKSPACE else self._digits + key
        if len(digits) <= MOST_DIGITS:
            self._digits = digits
        self.notice.change(is_shown=False)
        self._fill()

    def _choose(self, stock_id: int) -> None:
        self._chosen = stock_id
        self.notice.change(is_shown=False)
        self._fill()

    def _adder(self, pieces: int) -> Callable[[], None]:
        return lambda: self._touch(lambda stock_id: self.counting.add(stock_id, pieces))

    def _set(self) -> None:
        counted = int(self._digits or "0")
        self._touch(lambda stock_id: self.counting.set(stock_id, counted))

    def _take_off(self) -> None:
        self._touch(self.counting.remove)
        self._chosen = None
        self._fill()

    def _touch(self, do: Callable[[int], object]) -> None:
        """Do something to the chosen line; it is the newest then."""
        if (line := self._line()) is None:
            return
        self.notice.change(is_shown=False)
        self._digits = ""
        try:
            do(line.stock_id)
        except self.counter.refusals as refused:
            self.complain(str(refused))
        self._fill()

    def _add_number(self) -> None:
        number, self._digits = int(self._digits or "0"), ""
        self._count(lambda: self.counting.add_number(number))

    def _count(self, do: Callable[[], CountResult]) -> None:
        """Count a piece; what cannot be counted is said, and the next scan works."""
        self.notice.change(is_shown=False)
        self._digits = ""
        try:
            found = do()
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        if isinstance(found, CountedPiece):
            self._chosen = found.line.stock_id
            self.desk.play("scanned-look" if found.line.moved else "scanned")
        elif isinstance(found, FoundReceipt):
            self.complain(self.say("count_shelf.receipt", number=found.receipt_number))
        else:
            self.desk.play("unknown")
            title = self.say("sell.unknown", code=found.code)
            self.notice.say("stop", title, self.desk.seconds(), notes=(found.reason,), icon="unknown")
        self._fill()

    def _press_lit(self) -> None:
        if self._digits and not self.look.is_large:
            self._set()
        else:
            self.desk.show("stock-compare")

    # what is shown

    def _line(self) -> CountLine | None:
        """The line that the keys act on: the chosen one, else what was touched last."""
        found = (line for line in self._lines if line.stock_id == self._chosen)
        return next(found, self._lines[-1] if self._lines else None)

    def _fill(self) -> None:
        self._lines = self.counting.lines()
        line, say, now = self._line(), self.say, self.desk.seconds()
        self._chosen = None if line is None else line.stock_id
        room = len(self.list.rows) - (BAND_ROWS if self.notice.is_shown else 0)
        self.list.fill_from([each.stock_id for each in self._lines], self._row, self._chosen, room)
        points = tuple(how_to_count(say))
        if self.look.is_large:
            self.how.change(points=points)
        self.empty.change(points=() if self.look.is_large else points)
        self.empty.show(not self._lines, now)
        self.heading.change(is_stale=True)
        self.minus.change(is_off=line is None or not line.counted)
        self.plus.change(is_off=line is None)
        self.off.change(is_off=line is None)
        self.number.change(is_off=not self._digits)
        self.field.change(value=self._digits, has_caret=bool(self._digits) or not self.look.is_large)
        if self.look.is_large:
            self.set_key.change(is_off=line is None or not self._digits)
        self._fill_lit(line)

    def _row(self, stock_id: int) -> LineText:
        line = next(each for each in self._lines if each.stock_id == stock_id)
        return counted_row(line, self.counting.went(line), self.counter, self.say)

    def _fill_lit(self, line: CountLine | None) -> None:
        say = self.say
        if self._digits and not self.look.is_large:
            note = say("count_shelf.nothing") if line is None else f"{int(self._digits):,} × {line.name}"
            self.lit.change(
                verb=say("count_shelf.set"), note=note, amount="", icon="", is_lit=line is not None
            )
            return
        pieces = sum(each.counted for each in self._lines)
        note = (
            say.count("count_shelf.products", len(self._lines)) if self._lines else say("count_shelf.nothing")
        )
        verb, amount = say("count_shelf.compare"), f"{pieces:,}" if self._lines else ""
        self.lit.change(verb=verb, note=note, amount=amount, icon="", is_lit=bool(self._lines))

    def _draw_heading(self) -> list[Mark]:
        line, say = self._line(), self.say
        age = None if line is None else self.counting.age(line.stock_id)
        words = "" if age is None else say("count_shelf.as_of", time=clock_time(age, self.counter.local))
        return heading(self.look, self.heading.area, say("count_shelf.on_shelf"), words)
