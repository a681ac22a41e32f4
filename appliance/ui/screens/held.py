"""The sales that are set aside: one tap takes one up again."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.domain.sale import Sale
from appliance.till.waiting_words import moment
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, two_columns
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.points import Point, Points


class Held(Screen):
    """How it works on the left, what is set aside on the right, oldest first."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter, self.holding = counter, counter.holding
        self._back = "sell"
        self._sale_ids: Sequence[str] = ()
        left, right = two_columns(self.look.sizes)
        back, title = self.say("cash.back"), self.say("held.title")
        self.add_page_header(back, title, lambda: self._back)
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.points = self.add(Points(look, between(left, sizes)))
        name = self.say("held.hold")
        self.hold = self.add(Key(look, foot(left, sizes), name, self._hold, icon="hold", beside=True))
        self.notice = self.add(Notice(look, self.points.area._replace(h=3 * sizes.row - sizes.seam)))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        room = between(right, sizes)
        rows = (room.h + sizes.seam) // sizes.row
        above, newest = self.say("till.more_above"), self.say("till.to_newest")
        self.list = LineList(look, room, rows, self._recall, more_above=above, to_newest=newest)
        self.add_all(self.list.parts)
        back = self.say("menu.back")
        self.add(LitKey(look, foot(right, sizes), back, lambda: self.desk.show("sell"), icon="send"))

    # life

    def enter(self, **why: object) -> None:
        """`back` names the screen that the arrow leads to, the sell screen without it."""
        self._back = str(why.get("back", "sell"))
        self.notice.change(is_shown=False)
        self.refresh()

    def refresh(self) -> None:
        """Read again what is set aside."""
        held = self.holding.all()
        self._sale_ids = [each.sale.sale_id for each in held]
        names = {each.person_id: each.name for each in self.counter.signing_in.people()}
        now, local = self.counter.now(), self.counter.local
        rows = [
            self._row(at, each.sale, f"{moment(each.held_at, now, local)} · {names.get(each.person_id, '')}")
            for at, each in enumerate(held)
        ]
        self.list.fill(rows, None)
        is_open = self._is_open()
        self.hold.change(is_off=not is_open)
        self.points.change(points=tuple(self._explain(len(held), is_open=is_open)))

    def complain(self, sentence: str) -> None:
        """Say it over the words on the left."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _hold(self) -> None:
        try:
            self.holding.hold()
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("taken-off")
        self.notice.change(is_shown=False)
        self.refresh()

    def _recall(self, at: int) -> None:
        try:
            self.holding.recall(self._sale_ids[at])
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("taken-off")
        self.desk.show("sell")

    # what is shown

    def _is_open(self) -> bool:
        sale = self.counter.selling.sale
        return sale is not None and not sale.is_empty

    def _row(self, at: int, sale: Sale, when: str) -> LineText:
        first, rest = sale.lines[0].name, len(sale.lines) - 1
        note = self.say.count("held.and_more", rest, name=first) if rest else first
        amount = self.counter.currency.amount(sale.total_minor)
        return LineText(at, when, amount, quantity=f"{sale.items:,}", note=note, is_one=sale.items == 1)

    def _explain(self, held: int, *, is_open: bool) -> list[Point]:
        say = self.say
        if not held:
            points = [Point("info", say("held.none")), Point("hold", say("held.how"))]
        else:
            points = [Point("info", say("held.tap")), Point("note", say("held.prices"))]
        if is_open and held:
            points.append(Point("warn", say("held.open"), "amber"))
        return points
