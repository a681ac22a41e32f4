"""After paying: the change, huge, until the next sale begins."""

from __future__ import annotations

from collections.abc import Sequence

from appliance.domain.tender import TenderKind
from appliance.till.printing import ReceiptFate
from appliance.till.tendering import Completed
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Area, Icon, Mark, middle, split, word
from appliance.ui.screen import Screen
from appliance.ui.screens.columns import foot
from appliance.ui.screens.pay.layout import short_amount
from appliance.ui.theme import Type
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.key import Key
from appliance.ui.widgets.lit_key import LitKey
from appliance.ui.widgets.money import Money, Piece
from appliance.ui.widgets.notice import Notice
from appliance.ui.widgets.plain import Drawing, Panel
from appliance.ui.widgets.sentence import wrap

FACT_GAP, FACTS_GAP, ICON_GAP = 12, 28, 10
LEADING = 0.86
"""The huge number's line is lower than its letters are high: it stands alone."""
LOOKS = {
    ReceiptFate.OUT: ("check", "leaf", "change.out"),
    ReceiptFate.COMING: ("printer", "sand", "change.coming"),
    ReceiptFate.MAYBE: ("warn", "amber", "change.maybe"),
    ReceiptFate.NOT_PRINTED: ("warn", "amber", "change.not_printed"),
    ReceiptFate.NOT_WANTED: ("receipt", "sand", "change.not_wanted"),
}
LEAST_TEXT_WIDTH = 250
"""Room that the words about the receipt keep beside the notes and coins; past it the money takes two rows."""
CENTS = {"EUR": "c", "USD": "c", "GBP": "p"}


class Change(Screen):
    """What goes back to the customer; every scan starts the next sale."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.done: Completed | None = None
        sizes, look = self.look.sizes, self.look
        self.block = Area(sizes.margin, sizes.head, sizes.width - 2 * sizes.margin, sizes.body)
        body = self.block._replace(h=sizes.slab_top - sizes.seam - self.block.y)
        side, top, foot_gap, end = (36, 40, 32, 30) if look.is_large else (20, 20, 16, 18)
        # The words on the left begin a little higher than the large ones on the right.
        self.left = Area(body.x + side, body.y + (36 if look.is_large else 18), body.w, body.h)
        self.inner = Area(body.x + side, body.y + top, body.w - side - end, body.h - top - foot_gap)
        self.add_header(
            Header(look, on_menu=lambda: desk.show("menu"), on_state=lambda: desk.show("waiting"))
        )
        self.add(Panel(look, body))
        self.facts = self.add(Drawing(look, body, self._draw_facts))
        self.number = self.add(Drawing(look, body, self._draw_number))
        self.receipt = self.add(Drawing(look, body))
        coin = 64 if look.is_large else 44
        lower = Area(self.inner.x, self.inner.bottom - coin, self.inner.w, coin)
        self.money = self.add(Money(look, lower))
        self.notes = self.add(Money(look, lower._replace(y=lower.y - coin - self.money.gap)))
        self._build_keys()
        # What goes wrong is said over the total and the tenders: they are known by now.
        self.notice = self.add(Notice(look, body._replace(w=body.w * 2 // 3, h=sizes.row)))
        self.round_off(self.block)

    def _build_keys(self) -> None:
        look, sizes = self.look, self.look.sizes
        widths = [252, 250, 252, sizes.sale] if look.is_large else [113, 114, 113, sizes.sale]
        again, phone, not_cash, following = split(foot(self.block, sizes), widths)
        self.again = self.add(Key(look, again, self.say("change.again"), self._print_again, icon="printer"))
        self.add(Key(look, phone, self.say("change.phone"), icon="qr", is_off=True))
        self.add(Key(look, not_cash, self.say("change.not_cash"), icon="swap", is_off=True))
        words = self.say("change.next"), self.say("change.scan")
        self.add(
            LitKey(look, following, words[0], lambda: self.desk.show("sell"), note=words[1], icon="send")
        )

    # life

    def enter(self, **why: object) -> None:
        """Show the completed sale that paying hands over; shown again without one, it is still the last."""
        done = why.get("done")
        if isinstance(done, Completed):
            self.done = done
        self.notice.change(is_shown=False)
        if self.done is None:
            self.desk.show("sell")
            return
        self._fill_money(self.done)
        self.facts.change(is_stale=True)
        self.number.change(is_stale=True)
        self.refresh()

    def refresh(self) -> None:
        """The receipt may have come out by now."""
        self.receipt.change(content=tuple(self._draw_receipt()))

    def for_customer(self) -> Completed | None:
        """What was given, and the change."""
        return self.done

    def complain(self, sentence: str) -> None:
        """Say it in the upper corner."""
        super().complain(sentence)
        self.notice.say("stop", sentence, self.desk.seconds())

    def _print_again(self) -> None:
        if self.done is None:
            return
        try:
            self.counter.reprinting.receipt(self.done.completed.sale.sale_id)
        except self.counter.refusals as refused:
            self.complain(str(refused))
        self.refresh()

    # what is shown

    def _pays_in_cash(self, done: Completed) -> bool:
        """Whether any money changed hands; else there is no change to speak of."""
        return any(tender.kind is TenderKind.CASH for tender in done.completed.payment.tenders)

    def _fill_money(self, done: Completed) -> None:
        pieces = [self._piece(minor) for minor in done.pieces]
        notes, coins = (
            [each for each in pieces if each.is_note],
            [each for each in pieces if not each.is_note],
        )
        is_split = self._width(pieces) > self.inner.w - LEAST_TEXT_WIDTH
        self.money.change(pieces=tuple(coins if is_split and coins else pieces))
        self.notes.change(pieces=tuple(notes if is_split and coins else ()))

    def _width(self, pieces: Sequence[Piece]) -> int:
        money = self.money
        return sum((money.note_size[0] if each.is_note else money.coin) + money.gap for each in pieces)

    def _piece(self, minor: int) -> Piece:
        currency = self.counter.currency
        cents = CENTS.get(currency.code)
        text = f"{minor}{cents}" if cents and minor < currency.unit_minor else short_amount(currency, minor)
        return Piece(text, minor >= currency.smallest_note_minor)

    def _draw_facts(self) -> list[Mark]:
        """Total and tenders in one line, as far as they fit."""
        if self.done is None:
            return []
        look, sizes = self.look, self.look.sizes
        size = Type(25, sizes.text.line) if look.is_large else sizes.text
        marks: list[Mark] = []
        x, top = float(self.left.x), middle(Area(0, self.left.y, 0, 32), size.line)
        for label, value in self._facts(self.done):
            after = x + look.width_of(label, "Medium", size.px) + FACT_GAP
            width = look.width_of(value, "SemiBold", size.px)
            if after + width > self._title_left():
                break
            marks.append(word(label, x, top, "Medium", size, "sand"))
            marks.append(word(value, after, top, "SemiBold", size))
            x = after + width + FACTS_GAP
        return marks

    def _facts(self, done: Completed) -> list[tuple[str, str]]:
        price, payment = self.counter.currency.price, done.completed.payment
        facts = [(self.say("change.total"), price(payment.total_minor))]
        for tender in payment.tenders:
            facts.append((self.say(f"change.{tender.kind.value}"), price(tender.given_minor)))
        if payment.rounding_minor:
            facts.append((self.say("change.rounded"), price(payment.rounding_minor)))
        return facts

    def _title(self) -> str:
        done = self.done
        return self.say(
            "change.change" if done is not None and self._pays_in_cash(done) else "change.by_card"
        )

    def _title_type(self) -> Type:
        px = 40 if self.look.is_large else self.look.sizes.title + 4
        return Type(px, round(1.2 * px))

    def _title_left(self) -> float:
        size = self._title_type()
        return self.inner.right - self.look.width_of(self._title(), "SemiBold", size.px) - FACTS_GAP

    def _draw_number(self) -> list[Mark]:
        """The title in the corner, and the number as large as it goes, between title and money."""
        done = self.done
        if done is None:
            return []
        text = (
            self.counter.currency.amount(done.change_minor)
            if self._pays_in_cash(done)
            else self.say("change.paid")
        )
        title = self._title_type()
        top = self.inner.y + title.line
        bottom = (self.notes if self.notes.pieces else self.money).area.y
        px = self._huge(text, bottom - top)
        line = round(LEADING * px)
        area = Area(self.inner.x, top, self.inner.w, bottom - top)
        right = self.inner.right
        return [
            word(self._title(), right, self.inner.y, "SemiBold", title, align="right"),
            word(text, right, middle(area, line), "Display", Type(px, line), align="right"),
        ]

    def _huge(self, text: str, height: int) -> int:
        sizes = self.look.sizes.huge
        fitting = (
            px
            for px in sizes
            if self.look.width_of(text, "Display", px) <= self.inner.w and LEADING * px <= height
        )
        return next(fitting, sizes[-1])

    def _draw_receipt(self) -> list[Mark]:
        """What became of the paper, in the lower corner, growing upwards."""
        if self.done is None:
            return []
        look, sizes = self.look, self.look.sizes
        icon, colour, sentence, reason = self._receipt_words(self.done)
        size = Type(20, 24) if look.is_large else sizes.note
        x = self.inner.x + sizes.icon + ICON_GAP
        room = self.inner.right - self._width(self.money.pieces) - x
        one_line = f"{sentence}: {reason}" if reason else sentence
        if look.width_of(one_line, "Medium", size.px) <= room:
            lines = [one_line]
        else:
            lines = [
                each for text in (sentence, reason) for each in wrap(look, text, "Medium", size, room, 2)
            ]
        height = max(sizes.icon, size.line * len(lines))
        top = self.inner.bottom - height
        first = middle(Area(0, top, 0, height), size.line * len(lines))
        marks: list[Mark] = [Icon(self.inner.x, top, icon, sizes.icon, colour)]
        marks += [word(line, x, first + at * size.line, "Medium", size) for at, line in enumerate(lines)]
        return marks

    def _receipt_words(self, done: Completed) -> tuple[str, str, str, str]:
        """Icon, colour, sentence and reason; a drawer that stayed shut comes first: the customer waits for it."""
        printing = self.counter.printing
        drawer = printing.drawer_problem()
        if drawer and self._pays_in_cash(done):
            return "drawer", "amber", self.say("change.drawer"), drawer
        fate = printing.fate(done.completed.sale.sale_id)
        icon, colour, name = LOOKS[fate]
        reason = printing.problem() if fate is ReceiptFate.NOT_PRINTED else ""
        return icon, colour, self.say(name, number=done.completed.receipt_number), reason
