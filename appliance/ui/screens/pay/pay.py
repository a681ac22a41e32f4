"""Paying: cash in one tap, cash as typed, by card, or in parts."""

from collections.abc import Callable
from dataclasses import replace

from appliance.domain.errors import EmptySaleError
from appliance.domain.tender import Payment
from appliance.till.tendering import Completed, StillDue
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screen import Screen
from appliance.ui.screens.pay.layout import Hands, PayLayout
from appliance.ui.screens.pay.showing import Showing, Typing
from appliance.ui.screens.pay.words import Offer, Way
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.pad import BACKSPACE

MOST_DIGITS = 9
MOST_SLIP_DIGITS = 12


class Pay(Screen):
    """The amount to pay on the right, the pad on the left, the lit key in its corner.

    It keeps nothing but what is being typed: what is due and what was taken is asked of tendering each time.
    """

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.tendering = counter.tendering
        self._typing = Typing()
        hands = Hands(
            self._type, self._take_quick, self._add, self._clear, self._by_card, self._in_parts, self._take
        )
        self.layout = PayLayout(self.look, self.say, counter.currency, hands)
        self.showing = Showing(self.layout, desk, counter)
        back = self.say("till.sale")
        self.add_header(
            Header(
                self.look,
                on_back=self._go_back,
                back=back,
                title=self.say("pay.title"),
                on_state=self._see_waiting,
            )
        )
        self.add_all(self.layout.parts)
        self.round_off(*self.layout.blocks)

    # life

    def enter(self, **why: object) -> None:
        """Start paying, or go on with what was taken before."""
        self._typing = Typing()
        self.layout.notice.change(is_shown=False)
        try:
            self.tendering.begin()
        except EmptySaleError:
            self.desk.show("sell")
            return
        self._fill()

    def for_customer(self) -> Payment | None:
        """What is to be paid."""
        sale = self.counter.selling.sale
        return None if sale is None or sale.is_empty else self.tendering.payment

    def complain(self, sentence: str) -> None:
        """Say it over the quick amounts; the next key takes it away."""
        super().complain(sentence)
        self._tell("stop", sentence)

    # what the fingers do

    def _go_back(self) -> None:
        if self.tendering.cancel():
            self.desk.show("sell")
            return
        self.desk.play("refused")
        paid = self.counter.currency.price(self.tendering.payment.paid_minor)
        self._tell("look", self.say("pay.cannot_go", amount=paid), self.say("pay.cannot_go_note"))

    def _see_waiting(self) -> None:
        self.desk.show("waiting", back="pay")

    def _type(self, key: str) -> None:
        digits, most = self._typing.digits, MOST_DIGITS
        if self._typing.way is Way.CARD:
            most = MOST_SLIP_DIGITS
        digits = digits[:-1] if key == BACKSPACE else digits + key
        if self._typing.way is not Way.CARD:
            digits = digits.lstrip("0")
        if len(digits) <= most:
            self._change(digits=digits)

    def _clear(self) -> None:
        self._change(digits="")

    def _add(self, piece_minor: int) -> None:
        digits = str(self._typing.given_minor + piece_minor)
        if len(digits) <= MOST_DIGITS:
            self._change(digits=digits)

    def _by_card(self) -> None:
        """All that is due, or the part that was typed; a second tap leaves it."""
        if self._typing.way is Way.CARD:
            self._change(way=Way.CASH, digits="")
            return
        due, part = self.tendering.payment.due_minor, self._typing.given_minor
        amount = part if self.showing.is_in_parts(self._typing) and 0 < part < due else due
        self._change(way=Way.CARD, digits="", card_minor=amount)

    def _in_parts(self) -> None:
        """Take a part; once something was taken, hand it all back."""
        if self.tendering.payment.tenders:
            self._do(self._give_back)
            return
        self._change(way=Way.CASH if self._typing.way is Way.SPLIT else Way.SPLIT)

    def _give_back(self) -> None:
        title, notes = self.showing.words.given_back(self.tendering.give_back())
        self.desk.play("taken-off")
        self._typing = Typing()
        self._fill()
        self._tell("calm", title, *notes)

    def _take_quick(self, at: int) -> None:
        amount = self.showing.quick[at]
        self._finish(lambda: self.tendering.take_cash(amount))

    def _take(self) -> None:
        lit, typing = self.showing.lit(self._typing), self._typing
        actions: dict[Offer, Callable[[], Completed | StillDue]] = {
            Offer.FINISH: self.tendering.finish,
            Offer.CASH: lambda: self.tendering.take_cash(lit.amount_minor),
            Offer.CARD: lambda: self.tendering.take_card(lit.amount_minor, typing.digits),
        }
        if lit.offer in actions:
            self._finish(actions[lit.offer])

    def _finish(self, take: Callable[[], Completed | StillDue]) -> None:
        """Take it; when the sale is on disk, show the change."""

        def take_and_show() -> None:
            result = take()
            self.desk.play("done")
            if isinstance(result, Completed):
                self.desk.show("change", done=result)
            else:
                self._typing = Typing()
                self._fill()

        self.layout.notice.change(is_shown=False)
        self._do(take_and_show)

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except self.counter.refusals as refused:
            self.desk.play("refused")
            self._tell("stop", str(refused), self.say("pay.refused_note"))

    def _change(self, **values: object) -> None:
        self._typing = replace(self._typing, **values)  # type: ignore[arg-type]
        self.layout.notice.change(is_shown=False)
        self._fill()

    def _fill(self) -> None:
        self.showing.show(self._typing)

    def _tell(self, kind: str, text: str, *notes: str) -> None:
        self.layout.notice.say(kind, text, self.desk.seconds(), notes=notes)
