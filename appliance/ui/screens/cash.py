"""Money into the drawer and out of it without a sale: which way, what for, how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.domain.approval import Approval
from appliance.domain.staff import Role
from appliance.till.errors import ApprovalNeededError
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.pad import BACKSPACE, number_pad
from appliance.ui.widgets.plain import Drawing, Panel

FLOAT, IN, OUT = "float", "paid_in", "paid_out"
WAYS = ((FLOAT, "coins"), (IN, "down"), (OUT, "up"))
REASONS = {FLOAT: 4, IN: 4, OUT: 6}
"""How many there are to choose from."""
PLACES = 6
MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Move:
    """What the lit key would do."""

    way: str
    amount_minor: int
    reason: str


class Cash(Screen):
    """Three ways and their reasons on the left, the pad on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter, self.cashing_up = counter, counter.cashing_up
        self._back, self._way, self._reason, self._digits = "menu", FLOAT, "", ""
        self._awaits_drawer = False
        left, right = two_columns(self.look.sizes, wide_first=True)
        back, title = self.say("cash.back"), self.say("cash.title")
        self.add_page_header(back, title, lambda: self._back)
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.ways = [
            self.add(Key(look, cell, self.say(f"cash.{way}"), self._turner(way), icon=icon, beside=True))
            for (way, icon), cell in zip(WAYS, split(top_row(left, sizes), 3), strict=True)
        ]
        row = top_row(left, sizes)._replace(y=left.y + sizes.row)
        self.what = self.add(Drawing(look, row, self._draw_what))
        top = row.bottom + sizes.seam
        cells = split(Area(left.x, top, left.w, left.bottom - top), 2, PLACES // 2)
        self.reasons = [
            self.add(Key(look, cell, " ", self._chooser(at), chosen_bar="side", at_start=True))
            for at, cell in enumerate(cells, 1)
        ]
        self.notice = self.add(Notice(look, row))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        pad = Area(right.x, sizes.slab_top - 4 * sizes.tile, right.w, 4 * sizes.tile - sizes.seam)
        self.add(Panel(look, between(right, sizes)._replace(h=pad.y - sizes.seam - right.y)))
        row = Area(right.x, pad.y - sizes.row, right.w, sizes.row - sizes.seam)
        self.field = self.add(Field(look, row, label=self.say("cash.amount")))
        self.add_all(number_pad(look, pad, self._type))
        self.lit = self.add(LitKey(look, foot(right, sizes), " ", self._press_lit))

    # life

    def enter(self, **why: object) -> None:
        """Begin anew; `back` names the screen that the arrow leads to. Coming back from a manager, nothing is lost."""
        back = why.get("back")
        if isinstance(back, str):
            self._back, self._way, self._awaits_drawer = back, FLOAT, False
            self._clear()
        self.notice.change(is_shown=False)
        self._fill()

    def refresh(self) -> None:
        """Say so if the drawer stayed shut: it opens on another thread."""
        problem = self.counter.printing.drawer_problem()
        if self._awaits_drawer and problem:
            self._awaits_drawer = False
            self.complain(f"{self.say('till.drawer_shut')} {problem}")

    def complain(self, sentence: str) -> None:
        """Say it over what the chosen way is."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _turner(self, way: str) -> Callable[[], None]:
        def turn() -> None:
            if way != self._way:
                self._way, self._reason = way, ""
            self.notice.change(is_shown=False)
            self._fill()

        return turn

    def _chooser(self, at: int) -> Callable[[], None]:
        def choose() -> None:
            text = self._reason_at(at)
            self._reason = "" if text == self._reason else text
            self.notice.change(is_shown=False)
            self._fill()

        return choose

    def _type(self, key: str) -> None:
        digits = self._digits[:-1] if key == BACKSPACE else (self._digits + key).lstrip("0")
        if len(digits) <= MOST_DIGITS:
            self._digits = digits
        self.notice.change(is_shown=False)
        self._fill()

    def _press_lit(self) -> None:
        move = self._move()
        try:
            self._do(move, None)
        except ApprovalNeededError as needed:
            amount = self.counter.currency.price(move.amount_minor)
            ask(self.desk, needed, lambda approval: self._do_approved(move, approval), amount)
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _do_approved(self, move: Move, approval: Approval) -> None:
        self.cashing_up.pay_out(move.amount_minor, move.reason, approval)
        self.desk.show("cash")
        self._say_done(move)

    def _do(self, move: Move, approval: Approval | None) -> None:
        if move.way == OUT:
            self.cashing_up.pay_out(move.amount_minor, move.reason, approval)
        elif move.way == IN:
            self.cashing_up.pay_in(move.amount_minor, move.reason)
        else:
            self.cashing_up.put_float(move.amount_minor, move.reason)
        self.desk.play("done")
        self._say_done(move)

    def _say_done(self, move: Move) -> None:
        """The amount goes, so that a second tap books nothing."""
        self._clear()
        self._awaits_drawer = True
        out = move.way == OUT
        amount = self.counter.currency.price(move.amount_minor)
        title = self.say("cash.done_out" if out else "cash.done_in", amount=amount)
        note = self.say("cash.done_out_note" if out else "cash.done_note")
        self._fill()
        self.notice.say("done", title, self.desk.seconds(), notes=(note,))

    def _clear(self) -> None:
        self._digits = self._reason = ""

    # what is shown

    def _move(self) -> Move:
        return Move(self._way, int(self._digits or "0"), self._reason)

    def _reason_at(self, at: int) -> str:
        return self.say(f"cash.{self._way}_{at}") if at <= REASONS[self._way] else ""

    def _fill(self) -> None:
        move, currency = self._move(), self.counter.currency
        for (way, _), key in zip(WAYS, self.ways, strict=True):
            key.change(is_chosen=way == self._way)
        for at, key in enumerate(self.reasons, 1):
            text = self._reason_at(at)
            chosen = bool(text) and text == self._reason
            key.change(text=text, name=text, is_chosen=chosen, is_off=not text)
        self.what.change(is_stale=True)
        self.field.change(amount=currency.amount(move.amount_minor))
        self.lit.change(
            verb=self.say(f"cash.do_{self._way}"),
            note=self._lit_note(move),
            amount=currency.price(move.amount_minor),
            is_lit=self._is_ready(move),
        )

    def _is_ready(self, move: Move) -> bool:
        return move.amount_minor > 0 and (move.way != OUT or bool(move.reason))

    def _lit_note(self, move: Move) -> str:
        if not move.amount_minor:
            return self.say("cash.type")
        if move.way == OUT and not move.reason:
            return self.say("cash.choose")
        return self.say("cash.opens")

    def _draw_what(self) -> list[Mark]:
        area, sizes = self.what.area, self.look.sizes
        cashier = self.counter.selling.cashier
        is_manager = cashier is not None and cashier.role is Role.MANAGER
        name = "paid_out_own" if self._way == OUT and is_manager else f"{self._way}_is"
        x = area.x + sizes.inner + sizes.icon + 10
        text = self.look.fit(self.say(f"cash.{name}"), "Medium", sizes.text.px, area.right - sizes.inner - x)
        return [
            Box(area, "panel"),
            Icon(area.x + sizes.inner, middle(area, sizes.icon), "info", sizes.icon, "sand"),
            word(text, x, middle(area, sizes.text.line), "Medium", sizes.text, "sand"),
        ]
