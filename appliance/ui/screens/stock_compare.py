"""What was counted against what should be there, product by product, and a manager's word for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from appliance.domain.approval import Approval
from appliance.domain.shelf_count import Comparison
from appliance.till.counting import Counting
from appliance.till.errors import ApprovalNeededError
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Mark, split
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.screens.stock_count_words import compared_row, heading, signed, sums
from appliance.ui.widgets.band import Band, bed_of
from appliance.ui.widgets.facts import Fact, Facts
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.points import Point, Points

FACTS: Final = 4


class StockCompare(Screen):
    """The sums on the left, the products on the right: what differs first. A tap leads back to counting one again."""

    def __init__(self, desk: Desk, counter: Counter, counting: Counting) -> None:
        super().__init__(desk)
        self.counter, self.counting = counter, counting
        self._comparison = Comparison(())
        self._page = 0
        left, right = two_columns(self.look.sizes)
        title = self.say("count_shelf.compared")
        self.add_page_header(self.say("count_shelf.title"), title, lambda: "stock-count")
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, say, sizes = self.look, self.say, self.look.sizes
        room, pitch = between(left, sizes), 60 if look.is_large else 43
        facts = room._replace(h=FACTS * pitch)
        self.facts = self.add(Facts(look, facts, pitch))
        points = room._replace(y=facts.bottom, h=room.bottom - facts.bottom)
        self.points = self.add(Points(look, points))
        again, give_up = split(foot(left, sizes), 2)
        beside = look.is_large
        self.add(Key(look, again, say("count_shelf.go_on"), self._go_on, icon="scanner", beside=beside))
        self.add(Key(look, give_up, say("count_shelf.give_up"), self._ask_give_up, icon="bin", beside=beside))
        self.notice = self.add(
            Notice(look, points._replace(y=points.bottom - 2 * sizes.row, h=2 * sizes.row))
        )
        self._build_question(room)

    def _build_question(self, room: Area) -> None:
        """A band with its two ways on: giving up cannot be undone."""
        look, say, row = self.look, self.say, self.look.sizes.row
        keys = Area(room.x, room.bottom - row + look.sizes.seam, room.w, row - look.sizes.seam)
        self.band = self.add(
            Band(look, Area(room.x, keys.y - 2 * row, room.w, 2 * row - look.sizes.seam), "look")
        )
        yes, no = split(keys, 2)
        bed = bed_of("look")
        self.yes = self.add(Key(look, yes, say("count_shelf.give_up_all"), self._give_up, bed=bed))
        self.no = self.add(Key(look, no, say("count_shelf.keep"), self._keep, bed=bed))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.heading = self.add(Drawing(look, top_row(right, sizes), self._draw_heading))
        room = between(right, sizes, 1)
        self.rows = (room.h + sizes.seam) // sizes.row
        self.list = LineList(look, room, self.rows, self._count_again, has_quantity=False)
        self.add_all(self.list.parts)
        turn = Area(room.x, room.y + (self.rows - 1) * sizes.row, room.w, sizes.row - sizes.seam)
        self.more = self.add(Key(look, turn, " ", self._turn, icon="down", beside=True, bed="panel"))
        self.lit = self.add(
            LitKey(look, foot(right, sizes), self.say("approve.key"), self._approve, icon="send")
        )

    # life

    def enter(self, **why: object) -> None:
        """Compare now. Coming back from a manager who did not approve, it is the same comparison again."""
        self._page = 0
        self.notice.change(is_shown=False)
        self._ask(shown=False)
        try:
            self._comparison = self.counting.reveal()
        except self.counter.refusals as refused:
            self._comparison = Comparison(())
            self.complain(str(refused))
        self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan goes on counting."""
        self.desk.show("stock-count")
        if self.desk.screen is not None and self.desk.screen is not self:
            self.desk.screen.on_barcode(text, symbology)

    def complain(self, sentence: str) -> None:
        """Say it over the words on the left."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _go_on(self) -> None:
        self.desk.show("stock-count")

    def _count_again(self, stock_id: int) -> None:
        self.desk.show("stock-count", chosen=stock_id)

    def _turn(self) -> None:
        step = self.rows - 1
        self._page = (self._page + 1) % -(-len(self._comparison.lines) // step)
        self._fill()

    def _ask_give_up(self) -> None:
        self.notice.change(is_shown=False)
        count = len(self._comparison.lines)
        title = self.say.count("count_shelf.give_up_title", count)
        self.band.change(title=title, notes=(self.say("count_shelf.give_up_note"),))
        self._ask(shown=True)

    def _keep(self) -> None:
        self._ask(shown=False)

    def _ask(self, *, shown: bool) -> None:
        self.points.change(points=() if shown else tuple(self._explain(self.counting.promised())))
        for part in (self.band, self.yes, self.no):
            part.show(shown, self.desk.seconds())

    def _give_up(self) -> None:
        try:
            self.counting.give_up()
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("taken-off")
        self.desk.show("stock-count")

    def _approve(self) -> None:
        try:
            self._do(None)
        except ApprovalNeededError as needed:
            ask(self.desk, needed, self._do, sums(self._comparison))
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _do(self, approval: Approval | None) -> None:
        settled = self.counting.approve(self._comparison, approval)
        differing = sum(len(move.lines) for move in settled.moves)
        title = self.say.count("count_shelf.done", len(settled.lines))
        labels = ", ".join(move.label for move in settled.moves)
        note = self.say.count("count_shelf.goes", differing, label=labels) if differing else ""
        self.desk.show("stock-count", done=(title, note or self.say("count_shelf.all_right")))

    # what is shown

    def _fill(self) -> None:
        say, lines = self.say, self._comparison.lines
        pages = len(lines) > self.rows
        step = self.rows - 1 if pages else self.rows
        shown = lines[self._page * step : (self._page + 1) * step]
        promised = self.counting.promised()
        self.list.fill(
            [compared_row(line, self.counting.went(line), promised, self.counter, say) for line in shown],
            None,
        )
        left = len(lines) - self._page * step - len(shown)
        text = say("count_shelf.more", count=left) if left else say("count_shelf.from_top")
        self.more.change(text=text, name=text, is_shown=pages, icon="down" if left else "up")
        self.facts.change(facts=tuple(self._facts()))
        self.points.change(points=tuple(self._explain(promised)))
        self.heading.change(is_stale=True)
        differing = self._comparison.differing
        note = say.count("count_shelf.differ", differing) if differing else say("count_shelf.none_differ")
        self.lit.change(note=note, is_lit=bool(lines))

    def _facts(self) -> list[Fact]:
        say, comparison = self.say, self._comparison
        right = len(comparison.lines) - comparison.differing
        return [
            Fact(say("count_shelf.counted"), f"{len(comparison.lines):,}"),
            Fact(say("count_shelf.right"), f"{right:,}"),
            Fact(say("count_shelf.short"), signed(-comparison.short)),
            Fact(say("count_shelf.over"), signed(comparison.over)),
        ]

    def _explain(self, promised: Mapping[int, int]) -> list[Point]:
        say = self.say
        points = [Point("send", say("count_shelf.sent_as"))]
        if any(self.counting.went(line) for line in self._comparison.lines):
            points.insert(0, Point("warn", say("count_shelf.look_moved"), "amber"))
        if any(line.variance > 0 and promised.get(line.stock_id) for line in self._comparison.lines):
            points.insert(0, Point("warn", say("count_shelf.look_promised"), "amber"))
        points.append(Point("back", say("count_shelf.tap")))
        return points

    def _draw_heading(self) -> list[Mark]:
        name, quiet = self.say("count_shelf.by_product"), self.say("count_shelf.difference")
        return heading(self.look, self.heading.area, name, quiet)
