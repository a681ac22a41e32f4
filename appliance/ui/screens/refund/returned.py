"""After money went back: what to hand out, until the next sale."""

from __future__ import annotations

from appliance.domain.tender import TenderKind
from appliance.till.refunding import Refunded
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Box, Mark, middle, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, two_columns
from appliance.ui.theme import Type
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing
from appliance.ui.widgets.points import Point, Points


class Returned(Screen):
    """What is left to do on the left, the amount on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.done: Refunded | None = None
        look, sizes = self.look, self.look.sizes
        left, right = two_columns(sizes)
        self.add_header(
            Header(look, on_menu=lambda: desk.show("menu"), on_state=lambda: desk.show("waiting"))
        )
        self.points = self.add(Points(look, between(left, sizes)))
        more = self.say("returned.more")
        self.add(
            Key(
                look,
                foot(left, sizes),
                more,
                lambda: desk.show("return", back="sell"),
                icon="return",
                beside=True,
            )
        )
        self.number = self.add(Drawing(look, between(right, sizes), self._draw_number))
        words = self.say("change.next"), self.say("change.scan")
        self.add(
            LitKey(look, foot(right, sizes), words[0], lambda: desk.show("sell"), note=words[1], icon="send")
        )
        self.notice = self.add(Notice(look, self.points.area._replace(h=2 * sizes.row - sizes.seam)))
        self.round_off(left, right)

    def enter(self, **why: object) -> None:
        """Show what giving back hands over; without it, go on selling."""
        done = why.get("done")
        if isinstance(done, Refunded):
            self.done = done
        self.notice.change(is_shown=False)
        if self.done is None:
            self.desk.show("sell")
            return
        self.number.change(is_stale=True)
        self.refresh()

    def refresh(self) -> None:
        """The drawer or the printer may say something by now."""
        if self.done is not None:
            self.points.change(points=tuple(self._points(self.done)))

    def for_customer(self) -> Refunded | None:
        """What goes back."""
        return self.done

    def complain(self, sentence: str) -> None:
        """Say it over the points."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _points(self, done: Refunded) -> list[Point]:
        completed, printing, say = done.completed, self.counter.printing, self.say
        points = [Point("check", say("returned.done", number=completed.receipt_number), "leaf")]
        drawer = printing.drawer_problem()
        if done.cash_minor and drawer:
            points.append(Point("drawer", f"{say('till.drawer_shut')} {drawer}", "amber"))
        if problem := printing.problem():
            points.append(Point("printer", say("returned.no_paper", problem=problem), "amber"))
        else:
            points.append(Point("printer", say("returned.paper")))
        points += [
            Point(icon, say.count(f"returned.{name}", count))
            for icon, name, count in (
                ("shelf", "shelf", self._pieces(True)),
                ("damaged", "damaged", self._pieces(False)),
            )
            if count
        ]
        return points

    def _pieces(self, restock: bool) -> int:
        lines = self.done.completed.refund.lines if self.done is not None else ()
        return sum(line.quantity for line in lines if line.restock is restock)

    def _draw_number(self) -> list[Mark]:
        """What to do in words, and how much, as large as it goes."""
        done, area, look, sizes = self.done, self.number.area, self.look, self.look.sizes
        if done is None:
            return []
        is_cash = done.completed.tender is TenderKind.CASH
        title = self.say("returned.hand_out" if is_cash else "returned.on_card")
        text = self.counter.currency.price(done.completed.paid_minor)
        room = area.w - 2 * sizes.inner
        px = next(
            (
                px
                for px in (sizes.due * 3 // 2, sizes.due, *sizes.amount)
                if look.width_of(text, "Display", px) <= room
            ),
            sizes.amount[-1],
        )
        head = Type(sizes.title + 4, round(1.25 * (sizes.title + 4)))
        gap = sizes.inner
        top, right = middle(area, head.line + gap + px), area.right - sizes.inner
        return [
            Box(area, "panel"),
            word(title, right, top, "SemiBold", head, align="right"),
            word(text, right, top + head.line + gap, "Display", px, align="right"),
        ]
