"""Giving money back: the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from appliance.domain.approval import Approval
from appliance.domain.refund import Refund
from appliance.domain.tender import TenderKind
from appliance.till.errors import ApprovalNeededError
from appliance.till.refunding import Proof, receipt_text
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.screen import Screen
from appliance.ui.screens.approve import ask
from appliance.ui.screens.refund.giving import Giving
from appliance.ui.screens.refund.layout import GiveBackLayout
from appliance.ui.screens.refund.left import Hands, Page
from appliance.ui.screens.refund.showing import Showing
from appliance.ui.widgets.header import Header
from appliance.ui.widgets.pad import BACKSPACE

CODE_DIGITS = 12
MOST_DIGITS = {Page.FIND: 9, Page.SLIP: 12, Page.CODE: CODE_DIGITS, Page.NUMBER: 9}


@dataclass(frozen=True, slots=True)
class Ready:
    """A refund that only needs its key: what a manager is asked about is exactly what is done."""

    refund: Refund
    reason: str
    slip: str


class GiveBack(Screen):
    """The receipt on the left, what comes back on the right, the money in the corner."""

    def __init__(self, desk: Desk, counter: Counter) -> None:
        super().__init__(desk)
        self.counter = counter
        self.giving = Giving(counter)
        self.page, self.digits = Page.FIND, ""
        hands = Hands(
            self._type,
            self._without,
            lambda: self._do(lambda: self.giving.set_damaged(False)),
            lambda: self._do(lambda: self.giving.set_damaged(True)),
            lambda: self._do(lambda: self.giving.change_quantity(-1)),
            lambda: self._do(lambda: self.giving.change_quantity(1)),
            self._third_key,
            self._turn,
            lambda: self._do(self.giving.other_way),
            self._choose_reason,
        )
        back, title = self.say("till.sale"), self.say("return.title")
        self.add_header(
            Header(
                self.look,
                back=back,
                title=title,
                on_back=lambda: desk.show("sell"),
                on_state=lambda: desk.show("waiting"),
            )
        )
        self.layout = GiveBackLayout(self.look, self.say, hands, self._tap_line, self._press_lit)
        self.showing = Showing(self.layout, self.giving, desk, counter)
        self.add_all(self.layout.parts)
        self.round_off(*self.layout.blocks)

    # life

    def enter(self, **why: object) -> None:
        """Begin anew: with a `receipt` as scanned, with a `sale_id`, or (`back`) empty.

        Coming back from a manager nothing is lost.
        """
        receipt, sale_id = why.get("receipt"), why.get("sale_id")
        is_new = isinstance(receipt, str) or isinstance(sale_id, str) or "back" in why
        if is_new or self.giving.coming is None:
            self.giving.begin()
            self._turn(Page.FIND)
        if isinstance(receipt, str):
            self._open(lambda: self.giving.open_receipt(receipt))
        elif isinstance(sale_id, str):
            self._open(lambda: self.giving.open_sale(sale_id))
        else:
            self._fill()

    def on_barcode(self, text: str, symbology: str | None) -> None:
        """A receipt is taken up; a product is ticked, or comes back without one."""
        receipt = receipt_text(text)
        if receipt:
            self._open(lambda: self.giving.open_receipt(receipt))
            return
        self._take(lambda: self.giving.scan(self.counter.recognising.scanned(text, symbology)))

    def complain(self, sentence: str) -> None:
        """Say it above the lit key."""
        super().complain(sentence)
        self.layout.notice.say("stop", sentence, self.desk.seconds())

    # what the fingers do

    def _turn(self, page: Page) -> None:
        self.page, self.digits = page, ""
        self.layout.notice.change(is_shown=False)
        if page is Page.SLIP:
            self.showing.ask_for_slip()
        self._fill()

    def _type(self, key: str) -> None:
        digits = self.digits[:-1] if key == BACKSPACE else self.digits + key
        if self.page in (Page.FIND, Page.NUMBER):
            digits = digits.lstrip("0")
        if len(digits) <= MOST_DIGITS.get(self.page, 0):
            self.digits = digits
        if self.page is not Page.SLIP:
            self.layout.notice.change(is_shown=False)
        self._fill()

    def _without(self) -> None:
        self.giving.open_shelf()
        self._turn(Page.LINES)

    def _third_key(self) -> None:
        """All lines of a receipt; without one, a number to type."""
        if self.giving.receipt is None:
            self._turn(Page.NUMBER)
        else:
            self._do(self.giving.tick_all)

    def _choose_reason(self, at: int) -> None:
        self._do(lambda: setattr(self.giving, "reason", at))

    def _tap_line(self, key: int) -> None:
        self._do(lambda: self.giving.tap(key))

    def _press_lit(self) -> None:
        typed: dict[Page, Callable[[], None]] = {
            Page.FIND: lambda: self._open(lambda: self.giving.open_receipt(self.digits)),
            Page.NUMBER: self._add_number,
            Page.CODE: self._check_code,
        }
        typed.get(self.page, self._go_on)()

    def _go_on(self) -> None:
        """One thing after the other: what comes back, why, the slip of the terminal, then the money."""
        refund = self.giving.plan()
        if refund is None:
            return
        if not self.giving.reason:
            self._turn(Page.WHY)
        elif self.giving.tender is TenderKind.CARD and self.page is not Page.SLIP:
            self._turn(Page.SLIP)
        else:
            reason = self.say(f"return.why_{self.giving.reason}")
            self._give(Ready(refund, reason, self.digits))

    def _give(self, ready: Ready) -> None:
        amount = self.counter.currency.price(self.giving.amount_minor(ready.refund))
        try:
            self._finish(ready, None)
        except ApprovalNeededError as needed:
            ask(self.desk, needed, lambda approval: self._finish(ready, approval), amount)
        except self.counter.refusals as refused:
            self.complain(str(refused))

    def _finish(self, ready: Ready, approval: Approval | None) -> None:
        done = self.giving.give(ready.refund, ready.reason, ready.slip, approval)
        self.giving.begin()
        self.desk.play("done")
        self.desk.show("returned", done=done)

    def _open(self, find: Callable[[], None]) -> None:
        """Take a receipt up; a code that is not its own is said."""
        try:
            find()
        except self.counter.refusals as refused:
            self.digits = ""
            self._fill()
            self.complain(str(refused))
            return
        self._turn(Page.LINES)
        self._tell_of_proof()

    def _tell_of_proof(self) -> None:
        if self.giving.proof is Proof.WRONG:
            self.complain(self.say("return.wrong_code"))
        elif self.giving.proof is Proof.GENUINE:
            self.desk.play("scanned")

    def _check_code(self) -> None:
        self.giving.code = self.digits
        self._turn(Page.LINES)
        self._tell_of_proof()

    def _add_number(self) -> None:
        self._take(lambda: self.giving.scan(self.counter.recognising.number(int(self.digits or "0"))))

    def _take(self, scan: Callable[[], str]) -> None:
        wrong = scan()
        if wrong:
            self.digits = ""
            self._fill()
            self.complain(wrong)
            return
        self.desk.play("scanned")
        self._turn(Page.LINES)

    def _do(self, what: Callable[[], None]) -> None:
        if self.page is not Page.SLIP:
            self.layout.notice.change(is_shown=False)
        asked_minor = self._amount_minor()
        what()
        is_asked = self.page is Page.SLIP
        if is_asked and (self.giving.tender is not TenderKind.CARD or not self._amount_minor()):
            self._turn(Page.LINES)
        elif is_asked and self._amount_minor() != asked_minor:
            self._turn(Page.SLIP)  # the terminal must be asked for this amount, and its slip is another one
        else:
            self._fill()

    def _amount_minor(self) -> int:
        refund = self.giving.plan()
        return 0 if refund is None else self.giving.amount_minor(refund)

    def _fill(self) -> None:
        self.showing.show(self.page, self.digits)
