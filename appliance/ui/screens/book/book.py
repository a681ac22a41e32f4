"""Sales from paper: numbers typed on the left, names and prices on the right, and one key that books them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from appliance.domain.approval import Approval
from appliance.domain.booking import DAYS_BACK
from appliance.domain.tender import TenderKind
from appliance.till.booking import BookedBeforeError, Booking
from appliance.till.booking_rows import Preview
from appliance.till.errors import ApprovalNeededError
from appliance.till.price_listing import PriceListing
from appliance.till.unbooking import Booked, Undone, numbers
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.book.layout import Places, places
from appliance.ui.screens.book.pad import list_pad
from appliance.ui.screens.book.sheet import Sheet, sheet_of
from appliance.ui.screens.book.showing import OF_SALE, day_words, lit_words, rows_of
from appliance.ui.widgets.band import Band, bed_of
from appliance.ui.widgets.field import Field
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lines import LineList
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.points import Point, Points

HOW = (
    ("keys", "book.how_number"),
    ("close", "book.how_times"),
    ("user", "book.how_sale"),
    ("clock", "book.how_day"),
)
BAND_ROWS = 2


class Book(Screen):
    """The list is kept while another page is shown; it goes when it is booked."""

    def __init__(self, desk: Desk, counter: Counter, booking: Booking, price_listing: PriceListing) -> None:
        super().__init__(desk)
        self.counter, self.booking, self.price_listing = counter, booking, price_listing
        self._back, self._sheet, self._days_ago, self._tender = "menu", Sheet(), 0, TenderKind.CASH
        self._preview: Preview | None = None
        self._booked: Booked | None = None
        self._again = False
        at = places(self.look.sizes)
        self.add_page_header(self.say("book.back"), self.say("book.title"), lambda: self._back)
        self._build_left(at)
        self._build_right(at)
        self.round_off(at.left, at.right)

    def _build_left(self, at: Places) -> None:
        look, say = self.look, self.say
        self.field = self.add(Field(look, at.field, label=say("book.field")))
        self.field.has_caret = True
        self.add_all(list_pad(look, say, at.pad, self._type))
        earlier, day, later = at.days
        self.earlier = self.add(
            Key(look, earlier, "", self._mover(1), icon="minus", name=say("book.earlier"))
        )
        self.day = self.add(Key(look, day, " ", self._to_today, note=" "))
        self.later = self.add(Key(look, later, "", self._mover(-1), icon="plus", name=say("book.later")))

    def _build_right(self, at: Places) -> None:
        look, say, row = self.look, self.say, self.look.sizes.row
        cash, card, paper = at.ways
        self.ways = {
            kind: self.add(
                Key(look, cell, say(f"book.{kind.value}"), self._payer(kind), icon=kind.value, beside=True)
            )
            for kind, cell in ((TenderKind.CASH, cash), (TenderKind.CARD, card))
        }
        self.add(Key(look, paper, say("book.print"), self._print, icon="printer", beside=True))
        rooms = (at.rows.h + look.sizes.seam) // row
        above, newest = say("till.more_above"), say("till.to_newest")
        self.list = LineList(look, at.rows, rooms, self._choose, more_above=above, to_newest=newest)
        self.add_all(self.list.parts)
        self.how = self.add(Points(look, at.about or at.rows))
        self.how.points = tuple(Point(icon, say(name)) for icon, name in HOW)
        top = at.rows._replace(h=BAND_ROWS * row - look.sizes.seam)
        undo = top._replace(x=top.right - 2 * row, w=2 * row)
        self.band = self.add(Band(look, top._replace(w=top.w - undo.w), "done"))
        self.undo = self.add(Key(look, undo, say("book.undo"), self._undo, icon="return", bed=bed_of("done")))
        self._under_band = (
            None if at.about else at.rows._replace(y=at.rows.y + 2 * row, h=at.rows.h - 2 * row)
        )
        self.notice = self.add(Notice(look, top._replace(y=at.rows.y + (rooms - BAND_ROWS) * row)))
        self.lit = self.add(LitKey(look, at.lit, " ", self._press_lit))

    # life

    def enter(self, **why: object) -> None:
        """`back` names the screen that the arrow leads to. What was typed is still there."""
        back = why.get("back")
        if isinstance(back, str):
            self._back = back
            if self._sheet.is_empty:
                self._days_ago, self._tender = 0, TenderKind.CASH
        self._booked = self.booking.undoing.last()
        self.notice.change(is_shown=False)
        self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A scan puts its number on the list."""
        try:
            number = self.booking.number_of(text, symbology)
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("scanned")
        self._go_on(self._sheet.add(number))

    def complain(self, sentence: str) -> None:
        """Say it at the foot of the list."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())
        self._fill()

    # what the fingers do

    def _type(self, key: str) -> None:
        sheet = self._sheet
        deeds: dict[str, Callable[[], Sheet]] = {
            "comma": sheet.comma,
            "backspace": sheet.back,
            "next_sale": sheet.next_sale,
        }
        self._go_on(deeds[key]() if key in deeds else sheet.press(key))

    def _choose(self, key: int) -> None:
        if key < OF_SALE and self._preview is not None:
            written = self._preview.rows[key].written
            self._go_on(self._sheet.choose(self._sheet.key_of(written.sale, written.item)))

    def _mover(self, days: int) -> Callable[[], None]:
        def move() -> None:
            self._days_ago = min(max(self._days_ago + days, 0), DAYS_BACK)
            self._go_on(self._sheet)

        return move

    def _to_today(self) -> None:
        self._days_ago = 0
        self._go_on(self._sheet)

    def _payer(self, kind: TenderKind) -> Callable[[], None]:
        def choose() -> None:
            self._tender = kind
            self._go_on(self._sheet)

        return choose

    def _print(self) -> None:
        count = self.price_listing.print()
        problem = self.counter.printing.problem()
        if problem:
            self.complain(problem)
            return
        title, note = self.say.count("book.printing", count), self.say("book.printing_note")
        self.notice.say("done", title, self.desk.seconds(), notes=(note,))
        self._fill()

    def _press_lit(self) -> None:
        if self._preview is None:
            return
        try:
            person = self.counter.selling.signed_in()
            self._booked = self.booking.book(self._preview, person, again=self._again)
        except BookedBeforeError as before:
            self.desk.play("refused")
            self._again = True
            self.notice.say("look", str(before), self.desk.seconds(), notes=(self.say("book.again_note"),))
            self._fill()
            return
        except self.counter.refusals as refused:
            self.complain(str(refused))
            return
        self.desk.play("done")
        self._go_on(Sheet())

    def _undo(self) -> None:
        booked = self._booked
        if booked is None:
            return
        try:
            self._say_undone(booked, self.booking.undoing.undo(booked, self.counter.selling.signed_in()))
        except ApprovalNeededError as needed:
            amount = self.counter.currency.price(booked.total_minor)
            ask(self.desk, needed, lambda approval: self._undo_approved(booked, approval), amount)
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _undo_approved(self, booked: Booked, approval: Approval) -> None:
        undone = self.booking.undoing.undo(booked, self.counter.selling.signed_in(), approval)
        self.desk.show("book")
        self._say_undone(booked, undone)

    def _say_undone(self, booked: Booked, undone: Undone) -> None:
        """The list comes back as it was, so that it can be mended."""
        self.desk.play("taken-off")
        self._booked, self._sheet, self._again = None, sheet_of(booked.text), False
        self._days_ago = (self.booking.today() - self.counter.local(booked.sold_at).date()).days
        self._tender = undone.tender
        amount = self.counter.currency.price(undone.paid_minor)
        note = self.say("book.undone_note", receipts=numbers(undone.receipts), amount=amount)
        self.notice.say("done", self.say("book.undone"), self.desk.seconds(), notes=(note,), icon="return")
        self._fill()

    # what is shown

    def _go_on(self, sheet: Sheet) -> None:
        """Another list, or another day for it: what was said before is over."""
        self._sheet, self._again = sheet, False
        self.notice.change(is_shown=False)
        self._fill()

    def _fill(self) -> None:
        today = self.booking.today()
        day = today - timedelta(days=self._days_ago)
        preview = self._preview = self.booking.preview(self._sheet.text, day, tender=self._tender)
        rows, chosen = rows_of(preview, self._sheet, self.counter.currency, self.say)
        room = len(self.list.rows) - (BAND_ROWS if self.notice.is_shown else 0)
        self.list.fill(rows, chosen, room)
        self.field.change(value=self._sheet.typed)
        self._fill_quiet(is_empty=not rows)
        text, note = day_words(day, today, self.say)
        self.day.change(text=text, note=note, name=text)
        for key, end in ((self.later, 0), (self.earlier, DAYS_BACK)):
            key.change(is_off=self._days_ago == end)
        for kind, key in self.ways.items():
            key.change(is_chosen=kind is self._tender)
        again = {"verb": self.say("book.again")} if self._again else {}
        self.lit.change(**(lit_words(preview, text, self.counter.currency, self.say) | again))

    def _fill_quiet(self, *, is_empty: bool) -> None:
        """What stands where the list is while there is none: what was booked last, and how to begin."""
        now, booked = self.desk.seconds(), self._booked if is_empty else None
        for part in (self.band, self.undo):
            part.show(booked is not None, now)
        if self._under_band is not None:
            self.how.change(is_shown=is_empty, area=self._under_band if booked else self.list.panel.area)
        if booked is not None:
            title = self.say.count("book.done", len(booked.receipts))
            amount = self.counter.currency.price(booked.total_minor)
            self.band.change(title=title, notes=(numbers(booked.receipts), amount))
