"""What the shop did not take: send it again, tell it otherwise, or settle it by hand."""

from __future__ import annotations

import enum
from collections.abc import Callable

from appliance.domain.approval import Approval
from appliance.domain.catalogue import Product
from appliance.domain.sale import SaleLine
from appliance.till.errors import ApprovalNeededError
from appliance.till.putting_right import Stuck
from appliance.till.recognising import FoundReceipt, Recognised, Unknown
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, split
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.widgets.heading import Heading
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList, LineText
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.points import Point, Points
from appliance.ui.widgets.way_key import WayKey

REASON_ROWS = 2


class WayOn(enum.StrEnum):
    """What can be done about it."""

    AGAIN = "again"
    OTHER = "other"
    WITHOUT = "without"
    SETTLE = "settle"


class StuckPage(Screen):
    """What it is and why on the left, the ways on the right. Nothing is written before the lit key."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter, self.putting_right = counter, counter.waiting.putting_right
        self._stuck: Stuck | None = None
        self._lines: tuple[SaleLine, ...] = ()
        self._way, self._position = WayOn.AGAIN, 0
        self._product: Product | None = None
        left, right = two_columns(self.look.sizes)
        self.add_page_header(self.say("oversold.back"), self.say("stuck.title"), lambda: "waiting")
        self._build_left(left)
        self._build_right(right)
        self.round_off(left, right)

    def _build_left(self, left: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.head = self.add(Heading(look, top_row(left, sizes)))
        room = between(left, sizes, 1)
        reason = room._replace(h=REASON_ROWS * sizes.row - sizes.seam)
        self.reason = self.add(Points(look, reason))
        rest = between(left, sizes, 1 + REASON_ROWS)
        rows = (rest.h + sizes.seam) // sizes.row
        above, newest = self.say("till.more_above"), self.say("till.to_newest")
        self.list = LineList(look, rest, rows, self._choose_line, more_above=above, to_newest=newest)
        self.add_all(self.list.parts)
        number, later = split(foot(left, sizes), 2)
        name = self.say("stuck.number")
        self.number = self.add(Key(look, number, name, self._type_number, icon="keys", beside=True))
        name = self.say("oversold.later")
        self.add(Key(look, later, name, lambda: self.desk.show("waiting"), icon="clock", beside=True))
        self.notice = self.add(Notice(look, reason))

    def _build_right(self, right: Area) -> None:
        look, sizes = self.look, self.look.sizes
        self.hello = self.add(Heading(look, top_row(right, sizes)))
        self.hello.change(strong=self.say("stuck.ways"), quiet=self.say("oversold.nothing_yet"))
        cells = split(between(right, sizes, 1), 1, len(WayOn))
        self.ways = {
            way: self.add(WayKey(look, cell, self._taker(way)))
            for way, cell in zip(WayOn, cells, strict=True)
        }
        self.lit = self.add(LitKey(look, foot(right, sizes), " ", self._go_on, icon="send"))

    # life

    def enter(self, **why: object) -> None:
        """Shown for one thing (`stuck`); or again, after a number was typed or a manager was asked."""
        stuck = why.get("stuck")
        if isinstance(stuck, Stuck):
            self._stuck, self._way, self._product = stuck, WayOn.AGAIN, None
            self._lines = self.putting_right.lines(stuck)
            self._position = self._doubtful()
        if self._stuck is None:
            self.desk.show("waiting")
            return
        self.notice.change(is_shown=False)
        self._fill(self._stuck)

    def refresh(self) -> None:
        """It may have gone by itself, or by somebody else's hand: then there is nothing more to do here."""
        ids = {(each.kind, each.told_id) for each in self.putting_right.stuck()}
        if self._stuck is not None and (self._stuck.kind, self._stuck.told_id) not in ids:
            self._stuck = None
            self.desk.show("waiting")

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan is the product that it is told as."""
        self._take(self.counter.recognising.scanned(text, symbology))

    def complain(self, sentence: str) -> None:
        """Say it over the reason."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _doubtful(self) -> int:
        """The line that it is about, as far as can be known: the first whose product is in the catalogue no more."""
        gone = (
            line.position
            for line in self._lines
            if line.product_id is not None
            and isinstance(self.counter.recognising.product(line.product_id), Unknown)
        )
        return next(gone, self._lines[0].position if self._lines else 0)

    def _choose_line(self, position: int) -> None:
        self._position = position
        self._refill()

    def _taker(self, way: WayOn) -> Callable[[], None]:
        def take() -> None:
            self._way = way
            self._refill()

        return take

    def _type_number(self) -> None:
        about = self.say("stuck.number_about")
        self.desk.show("note", back="stuck", about=about, done=self._take_number, page=1)

    def _take_number(self, text: str) -> None:
        digits = "".join(each for each in text if each.isascii() and each.isdigit())
        if digits:
            found = self.counter.recognising.number(int(digits[:9]))
            self.desk.show("stuck")
            self._take(found)

    def _take(self, found: Recognised | Unknown | FoundReceipt) -> None:
        if self._stuck is None or not self._stuck.can_mend or not isinstance(found, Recognised):
            self.complain(found.reason if isinstance(found, Unknown) else self.say("stuck.no_product"))
            return
        self.desk.play("scanned")
        self._product, self._way = found.product, WayOn.OTHER
        self._refill()

    def _go_on(self) -> None:
        stuck = self._stuck
        if stuck is None:
            return
        try:
            self._do(stuck, None)
        except ApprovalNeededError as needed:
            ask(self.desk, needed, lambda approval: self._do(stuck, approval), stuck.number)
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _do(self, stuck: Stuck, approval: Approval | None) -> None:
        person = self.counter.selling.signed_in()
        if self._way is WayOn.AGAIN:
            self.putting_right.send_again(stuck)
        elif self._way is WayOn.SETTLE:
            self.putting_right.settle(stuck, person, approval)
        else:
            product = self._product if self._way is WayOn.OTHER else None
            self.putting_right.mend(stuck, self._position, product, person, approval)
        self._stuck = None
        self.desk.play("done")
        self.desk.show("waiting")

    # what is shown

    def _refill(self) -> None:
        self.notice.change(is_shown=False)
        if self._stuck is not None:
            self._fill(self._stuck)

    def _fill(self, stuck: Stuck) -> None:
        say, amount = self.say, self.counter.currency.amount
        self.head.change(strong=stuck.title, quiet=stuck.total_text)
        self.reason.change(points=(Point("warn", stuck.reason, "amber"),))
        rows = [
            LineText(
                line.position,
                line.name,
                amount(line.amount_minor),
                quantity=f"{line.quantity}",
                note=say("stuck.no_product_told")
                if line.product_id is None
                else f"{line.number or line.sku}",
                is_one=line.quantity == 1,
            )
            for line in self._lines
        ]
        self.list.fill(rows, self._position if stuck.can_mend else None)
        self.number.change(is_off=not stuck.can_mend)
        line = next((line for line in self._lines if line.position == self._position), None)
        name = line.name if line is not None else ""
        told_as = self._product.name if self._product is not None else say("stuck.scan_it")
        notes = {
            WayOn.AGAIN: say("stuck.look_note" if stuck.in_shop else "stuck.again_note"),
            WayOn.OTHER: told_as,
            WayOn.WITHOUT: name,
            WayOn.SETTLE: say("stuck.settle_note"),
        }
        mends = (WayOn.OTHER, WayOn.WITHOUT)
        for way, key in self.ways.items():
            text = say("waiting.look_again" if way is WayOn.AGAIN and stuck.in_shop else f"stuck.{way.value}")
            off = way in mends and not stuck.can_mend
            note = say("stuck.cannot_mend") if off else notes[way]
            key.change(text=text, name=text, note=note, is_chosen=way is self._way, is_off=off)
        self._fill_lit()

    def _fill_lit(self) -> None:
        key, is_ready = self.ways[self._way], self._way is not WayOn.OTHER or self._product is not None
        note = "stuck.scan_it" if not is_ready else f"stuck.then_{self._way.value}"
        self.lit.change(verb=key.text, note=self.say(note), is_lit=is_ready)
