"""The page behind the menu key: what a cashier does besides selling. What comes with later versions is drawn sunk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Box, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.screens.drawer import DrawerKey
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing

PLACES = (
    ("return", "menu.return", "return"),
    ("receipt", "menu.receipts", ""),
    ("hold", "menu.hold", "held"),
    ("user", "menu.customers", ""),
    ("count", "menu.count", ""),
    ("chart", "menu.today", ""),
    ("coins", "menu.cash_in", "cash"),
    ("note", "menu.book", "book"),
    ("shelf", "menu.stock", "stock"),
    ("scanner", "menu.count_shelf", "stock-count"),
    ("globe", "menu.language", ""),
    ("sliders", "menu.devices", "devices"),
)
"""Icon, word, and the screen that the key leads to; "" for one that comes with a later version."""


class Menu(Screen):
    """What is done each day on the left, the rest on the right."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.drawer = DrawerKey(desk, counter)
        left, right = two_columns(self.look.sizes)
        back, title = self.say("till.sale"), self.say("menu.title")
        self.add_page_header(back, title, lambda: "sell")
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes, say = self.look, self.look.sizes, self.say
        self.hello = self.add(Drawing(look, top_row(left, sizes), self._draw_hello))
        self.notice = self.add(Notice(look, top_row(left, sizes)))
        waiting, report, drawer, close = split(between(left, sizes, 1), 2, 2)
        large = sizes.icon_large
        self.waiting = self.add(
            Key(
                look,
                waiting,
                say("menu.waiting"),
                lambda: self.desk.show("waiting"),
                icon="clock",
                icon_px=large,
                note=" ",
            )
        )
        self.add(
            Key(
                look,
                report,
                say("menu.report"),
                lambda: self.desk.show("x-report"),
                icon="receipt",
                icon_px=large,
                note=say("menu.report_note"),
            )
        )
        opener = self._open_drawer if self.drawer.works else None
        closer = self._leads_to("close-day")
        for cell, icon, name, do in ((drawer, "drawer", "drawer", opener), (close, "lock", "close", closer)):
            note = say(f"menu.{name}_note")
            key = Key(
                look, cell, say(f"menu.{name}"), do, icon=icon, icon_px=large, note=note, is_off=do is None
            )
            self.add(key)
        self.lock = self.add(
            Key(look, foot(left, sizes), say("menu.lock"), self._lock, icon="user", beside=True)
        )

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.later = self.add(Drawing(look, top_row(right, sizes), self._draw_later))
        self.places: dict[str, Key] = {}
        for (icon, name, screen), cell in zip(PLACES, split(between(right, sizes, 1), 3, 4), strict=True):
            is_off = not self.desk.has(screen)
            key = Key(look, cell, self.say(name), self._leads_to(screen), icon=icon, is_off=is_off)
            self.places[screen] = self.add(key)
        back = self.say("menu.back")
        self.add(LitKey(look, foot(right, sizes), back, lambda: self.desk.show("sell"), icon="send"))

    def _leads_to(self, screen: str) -> Callable[[], None]:
        return lambda: self.desk.show(screen, back="menu")

    def enter(self, **why: object) -> None:
        """Say how many wait, and how many are held."""
        self.drawer.forget()
        self.notice.change(is_shown=False)
        self.hello.change(is_stale=True)
        self.refresh()

    def refresh(self) -> None:
        """Count again what waits; say if the drawer that was asked for stayed shut."""
        if problem := self.drawer.problem():
            self.complain(f"{self.say('till.drawer_shut')} {problem}")
        view = self.counter.waiting.view()
        needing = len(view.questions) + len(view.parked) + len(view.oversold) + len(view.unprinted)
        if needing:
            note = self.say.count("menu.needs", needing)
        elif view.count:
            note = self.say.count("menu.waiting", view.count)
        else:
            note = self.say("menu.waiting_none")
        self.waiting.change(note=note)
        held = len(self.counter.holding.all())
        self.places["held"].change(note=self.say.count("menu.held", held) if held else "")

    def complain(self, sentence: str) -> None:
        """Say it in the first row."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _open_drawer(self) -> None:
        self._do(self.drawer.press)

    def _lock(self) -> None:
        """The cashier goes; the sale stays for whoever signs in next."""
        self._do(self._sign_out)

    def _sign_out(self) -> None:
        selling = self.counter.selling
        if selling.cashier is not None:
            self.counter.signing_in.sign_out(selling.cashier)
        selling.hand_over(None)
        self.desk.set_header(replace(self.desk.header, cashier=""))
        self.desk.show("sign-in")

    def _do(self, what: Callable[[], object]) -> None:
        self.notice.change(is_shown=False)
        try:
            what()
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _draw_hello(self) -> list[Mark]:
        cashier = self.counter.selling.cashier
        return self._heading(
            self.hello.area, self.counter.till_name, cashier.name if cashier is not None else ""
        )

    def _draw_later(self) -> list[Mark]:
        return self._heading(self.later.area, "", self.say("menu.later"))

    def _heading(self, area: Area, strong: str, quiet: str) -> list[Mark]:
        """A row with a strong word at its start and a quiet one: at its end, or alone."""
        sizes = self.look.sizes
        x, right = area.x + sizes.inner, area.right - sizes.inner
        top = middle(area, sizes.text.line)
        marks: list[Mark] = [Box(area, "panel")]
        if not strong:
            return [*marks, word(quiet, x, top, "Medium", sizes.text, "sand")]
        name = word(strong, x, top, "SemiBold", sizes.text)
        return [*marks, name, word(quiet, right, top, "Medium", sizes.text, "sand", "right")]
