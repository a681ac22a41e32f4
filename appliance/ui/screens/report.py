"""The X report: the day so far, to read and to print as often as one likes."""

from __future__ import annotations

from appliance.domain.report import DayTotals, TenderTotal
from appliance.domain.tender import TenderKind
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, three_columns, top_row
from appliance.ui.screens.figures import day_facts
from appliance.ui.widgets.facts import Facts
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing, Panel
from appliance.ui.widgets.sentence import wrap
from appliance.ui.widgets.table import Table

COUNT = ("count", "report.count_cash", "")
CASH = ("coins", "report.paid_in", "cash")
CLOSE = ("lock", "report.close", "close-day")
"""Icon, word, and the screen that the key leads to; "" for one that comes with a later version."""


class Report(Screen):
    """What was sold on the left, what was taken on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.totals: DayTotals | None = None
        left, middle_block, right = three_columns(self.look.sizes)
        back, title = self.say("report.menu"), self.say("report.title")
        self.add_page_header(back, title, lambda: "menu")
        self._build_left(left)
        blocks = [left, right]
        self._build_right(right)
        if self.look.is_large:
            self._build_middle(middle_block)
            blocks.append(middle_block)
        self.round_off(*blocks)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.day = self.add(Drawing(look, top_row(left, sizes), self._draw_day))
        self.facts = self.add(Facts(look, between(left, sizes, 1), 60 if look.is_large else 43))
        keys = (COUNT, CASH) if look.is_large else (CASH, CLOSE)
        for (icon, name, screen), cell in zip(keys, split(foot(left, sizes), 2), strict=True):
            self._add_key(cell, icon, name, screen)

    def _build_middle(self, block: Area) -> None:
        """The large panel has room to say what an X report is; the small one says it under the table."""
        look, sizes = self.look, self.look.sizes
        self.words_area = between(block, sizes)
        self.add(Drawing(look, self.words_area, self._draw_explain))
        self._add_key(foot(block, sizes), *CLOSE)

    def _add_key(self, cell: Area, icon: str, name: str, screen: str) -> None:
        """A key that leads to another page."""

        def go() -> None:
            self.desk.show(screen, back="x-report")

        key = Key(
            self.look, cell, self.say(name), go, icon=icon, beside=self.look.is_large, is_off=not screen
        )
        self.add(key)

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        room = between(right, sizes)
        columns = (124, 124) if look.is_large else (108, 108)
        rows = 5
        self.table = self.add(Table(look, room._replace(h=rows * sizes.row - sizes.seam), columns))
        rest = room._replace(y=room.y + rows * sizes.row, h=room.h - rows * sizes.row)
        self.words_area = rest
        self.add(Panel(look, rest) if look.is_large else Drawing(look, rest, self._draw_explain))
        self.notice = self.add(Notice(look, rest))
        note = self.say("report.print_note")
        self.lit = self.add(
            LitKey(look, foot(right, sizes), self.say("report.print"), self._print, note=note)
        )

    # life

    def enter(self, **why: object) -> None:
        """Read the figures as they are now."""
        self.notice.change(is_shown=False)
        self.refresh()

    def refresh(self) -> None:
        """Read them again: the shop may have heard of a sale meanwhile."""
        totals = self.counter.reporting.totals()
        self.totals = totals
        self.day.change(is_stale=True)
        self.facts.change(facts=tuple(day_facts(totals, self.counter.currency, self.say)))
        self.table.change(rows=tuple(self._rows(totals)))
        self.lit.change(amount=self.counter.currency.price(totals.total_minor))

    def complain(self, sentence: str) -> None:
        """Say it under the table."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _print(self) -> None:
        """Journalled, and on its way to the printer; if there is none, it waits there with the receipts."""
        try:
            self.counter.reporting.x_report(self.counter.selling.signed_in())
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("done")
        problem = self.counter.printing.problem()
        kind, title = ("look", problem) if problem else ("done", self.say("report.printing"))
        notes = (self.say("report.waits"),) if problem else ()
        self.notice.say(kind, title, self.desk.seconds(), notes=notes, icon="printer")

    # what is shown

    def _rows(self, totals: DayTotals) -> list[tuple[str, str, str]]:
        """What was taken, how often and how much; then what the shop has not heard of."""
        amount, say = self.counter.currency.amount, self.say
        none = TenderTotal(0, 0)
        rows = [(say("report.taken"), say("report.count"), say("report.amount"))]
        for kind in TenderKind:
            total = totals.tenders.get(kind, none)
            rows.append((say(f"report.{kind.value}"), f"{total.count:,}", amount(total.amount_minor)))
        rows.append((say("report.given_out"), "", amount(totals.change_minor)))
        rows.append((say("report.unsent"), f"{totals.unsent:,}", ""))
        return rows

    def _draw_day(self) -> list[Mark]:
        area, sizes = self.day.area, self.look.sizes
        today = self.counter.today()
        right = area.right - sizes.inner
        date = f"{today:%A} {today.day} {today:%B}"
        return [
            Box(area, "panel"),
            word(date, area.x + sizes.inner, middle(area, sizes.text.line), "SemiBold", sizes.text),
            word(
                self.counter.clock(),
                right,
                middle(area, sizes.note.line),
                "Medium",
                sizes.note,
                "sand",
                "right",
            ),
        ]

    def _draw_explain(self) -> list[Mark]:
        area, sizes = self.words_area, self.look.sizes
        room = area.w - 2 * sizes.inner
        marks: list[Mark] = [Box(area, "panel")]
        y = area.y + sizes.inner
        for line in wrap(self.look, self.say("report.explain"), "Medium", sizes.text, room):
            marks.append(word(line, area.x + sizes.inner, y, "Medium", sizes.text))
            y += sizes.text.line
        return marks
