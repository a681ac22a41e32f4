"""Closing the day: what will happen, one key that does it, and then what became of the paper."""

from __future__ import annotations

from appliance.domain.report import DayTotals, ZReport
from appliance.till.printing import ReceiptFate
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.screens.figures import day_facts
from appliance.ui.widgets.band import Band
from appliance.ui.widgets.facts import Facts
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.points import Point, Points

BAND_ROWS = 2
PAPER = {
    ReceiptFate.OUT: ("done", "close.out", "close.out_note"),
    ReceiptFate.COMING: ("calm", "close.coming", "close.coming_note"),
    ReceiptFate.MAYBE: ("look", "close.maybe", "close.maybe_note"),
    ReceiptFate.NOT_PRINTED: ("look", "close.waits", "close.waits_note"),
}


class CloseDay(Screen):
    """The day's figures on the left; what closing does on the right. What is closed is not closed again."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter, self.cashing_up = counter, counter.cashing_up
        self.closed: ZReport | None = None
        self._totals: DayTotals | None = None
        left, right = two_columns(self.look.sizes)
        back, title = self.say("report.menu"), self.say("close.title")
        self.add_page_header(back, title, lambda: "menu")
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.day = self.add(Drawing(look, top_row(left, sizes), self._draw_day))
        self.facts = self.add(Facts(look, between(left, sizes, 1), 60 if look.is_large else 43))
        again, cash = split(foot(left, sizes), 2)
        beside = look.is_large
        self.again = self.add(Key(look, again, " ", self._print_again, icon="printer", beside=beside))
        name = self.say("report.paid_in")
        self.add(Key(look, cash, name, self._move_cash, icon="coins", beside=beside))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.points = self.add(Points(look, between(right, sizes)))
        self.room = self.points.area
        over = self.room._replace(h=BAND_ROWS * sizes.row - sizes.seam)
        self.band = self.add(Band(look, over))
        self.notice = self.add(Notice(look, over))
        self.lit = self.add(LitKey(look, foot(right, sizes), " ", self._press_lit))

    # life

    def enter(self, **why: object) -> None:
        """Ask, with the figures as they are now."""
        self.closed = None
        self.notice.change(is_shown=False)
        self.refresh()

    def refresh(self) -> None:
        """Read the figures again; once closed, what became of the paper."""
        closed = self.closed
        totals = closed.totals if closed is not None else self.cashing_up.so_far()
        self._totals = totals
        self.facts.change(facts=tuple(day_facts(totals, self.counter.currency, self.say)))
        self.day.change(is_stale=True)
        if closed is None:
            self._ask(totals)
        else:
            self._tell(closed)

    def complain(self, sentence: str) -> None:
        """Say it over what is asked."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _press_lit(self) -> None:
        if self.closed is not None:
            self.desk.show("sell")
            return
        try:
            self.closed = self.cashing_up.close_day()
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("done")
        self.notice.change(is_shown=False)
        # Another key is under the finger now: the second half of a double tap must not press it.
        self.lit.appeared_at = self.desk.seconds()
        self.refresh()

    def _print_again(self) -> None:
        try:
            self.counter.selling.signed_in()
            self.cashing_up.print_again(self._printable())
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.refresh()

    def _move_cash(self) -> None:
        self.desk.show("cash", back="close-day")

    # what is shown

    def _printable(self) -> int:
        """The Z report that can be printed again, 0 before the first."""
        return self.closed.number if self.closed is not None else self.cashing_up.next_number() - 1

    def _ask(self, totals: DayTotals) -> None:
        say, number, last = self.say, self.cashing_up.next_number(), self._printable()
        self.band.change(is_shown=False)
        self.points.change(area=self.room, points=tuple(self._will_happen(totals, number)))
        name = say("close.again_of", number=last) if last else say("close.again")
        self.again.change(text=name, name=name, is_off=not last)
        self.lit.change(
            verb=say("close.key"), note=say("close.key_note"), amount=say("close.z", number=number), icon=""
        )

    def _will_happen(self, totals: DayTotals, number: int) -> list[Point]:
        say, price = self.say, self.counter.currency.price
        drawer = price(totals.cash_expected_minor)
        points = [Point("receipt", say("close.prints", number=number))]
        if not totals.sales and not totals.refunds:
            points.insert(0, Point("info", say("close.nothing"), "sky"))
        points.append(Point("drawer", say("close.drawer", amount=drawer)))
        if totals.unsent:
            points.append(Point("clock", say.count("close.unsent", totals.unsent), "sky"))
        if totals.held:
            points.append(Point("hold", say.count("close.held", totals.held), "amber"))
        if words := self.counter.clock_words():
            points.append(Point("warn", say("close.clock", words=words), "amber"))
        return points

    def _tell(self, closed: ZReport) -> None:
        """What became of the paper, and what comes next."""
        say, fate = self.say, self.cashing_up.paper(closed.number)
        kind, title, note = PAPER[fate]
        problem = self.counter.printing.problem() if fate is ReceiptFate.NOT_PRINTED else ""
        notes = (*([problem] if problem else []), say(note))
        self.band.change(
            kind=kind,
            title=say(title, number=closed.number),
            notes=notes,
            icon="check" if kind == "done" else "printer",
            is_shown=True,
        )
        room = self.room
        top = self.band.area.bottom + self.look.sizes.seam
        self.points.change(
            area=room._replace(y=top, h=room.bottom - top),
            points=(
                Point("check", say("close.closed"), "leaf"),
                Point("drawer", say("close.count", amount=self._drawer(closed))),
                Point("next", say("close.next", number=closed.number + 1)),
            ),
        )
        self.again.change(text=say("close.again"), name=say("close.again"), is_off=False)
        self.lit.change(verb=say("menu.back"), note="", amount="", icon="send")

    def _drawer(self, closed: ZReport) -> str:
        return self.counter.currency.price(closed.totals.cash_expected_minor)

    def _draw_day(self) -> list[Mark]:
        area, sizes, totals = self.day.area, self.look.sizes, self._totals
        date = f"{self.counter.today():%A} {self.counter.today().day} {self.counter.today():%B}"
        after = totals.after_z if totals is not None else 0
        since = self.say("close.since", number=after) if after else ""
        top = middle(area, sizes.text.line)
        right, note = area.right - sizes.inner, middle(area, sizes.note.line)
        return [
            Box(area, "panel"),
            word(date, area.x + sizes.inner, top, "SemiBold", sizes.text),
            word(since, right, note, "Medium", sizes.note, "sand", "right"),
        ]
