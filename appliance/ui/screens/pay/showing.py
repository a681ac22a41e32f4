"""What the parts of the pay screen say."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.sale import Sale
from appliance.domain.tender import Payment
from appliance.ui.counter import Counter
from appliance.ui.desk import Desk
from appliance.ui.marks import Box, Mark, middle, word
from appliance.ui.screens.pay.layout import QUICK, PayLayout
from appliance.ui.screens.pay.words import LitWords, PayWords, Way
from appliance.ui.screens.sell.wording import line_text
from appliance.ui.widgets.lines import LineText

TENDERS_SHOWN = 3
FIRST_TENDER_KEY = -2
"""The keys of rows for tenders go down from here; those of sale lines are positions, -1 is the list's own."""


@dataclass(frozen=True, slots=True)
class Typing:
    """What the cashier is about to do: the way of paying, the digits so far, and how much goes on the card."""

    way: Way = Way.CASH
    digits: str = ""
    card_minor: int = 0

    @property
    def given_minor(self) -> int:
        """The digits as an amount; 0 while they are those of a slip."""
        return int(self.digits) if self.digits and self.way is not Way.CARD else 0


class Showing:
    """Fills the layout from what tendering says and what is being typed.

    Attributes:
        quick: the amounts on the quick keys.
    """

    def __init__(self, layout: PayLayout, desk: Desk, counter: Counter) -> None:
        self.layout, self.desk, self.look, self.say = layout, desk, desk.look, desk.say
        self.counter, self.currency = counter, counter.currency
        self.words = PayWords(desk.say, counter.currency)
        self.quick: tuple[int, ...] = ()

    def is_in_parts(self, typing: Typing) -> bool:
        """Whether less than all may be taken."""
        return typing.way is Way.SPLIT or bool(self.counter.tendering.payment.tenders)

    def lit(self, typing: Typing) -> LitWords:
        """What the lit key offers now."""
        if typing.way is Way.CARD:
            return self.words.lit_for_card(typing.card_minor, typing.digits)
        payment = self.counter.tendering.payment
        return self.words.lit_for_cash(payment, typing.given_minor, in_parts=self.is_in_parts(typing))

    def show(self, typing: Typing) -> None:
        """Fill every part."""
        payment = self.counter.tendering.payment
        self._fill_due(payment)
        self._fill_field(typing)
        self._fill_quick(payment)
        self._fill_card(payment, typing)
        self._fill_split(payment, typing)
        self._fill_band(payment, typing)
        lit = self.lit(typing)
        amount = self.currency.price(lit.amount_minor)
        self.layout.lit.change(verb=lit.verb, note=lit.note, amount=amount, is_lit=lit.is_lit)
        sale = self.counter.selling.sale
        if sale is not None:
            self._fill_sale(sale, payment)

    def _fill_due(self, payment: Payment) -> None:
        notes = self.words.tenders(payment, TENDERS_SHOWN) if not self.look.is_large else []
        self.layout.due.change(
            title=self.say("pay.still_to_pay" if payment.tenders else "pay.to_pay"),
            notes=tuple(notes) or (self._items(),),
            amount=self.currency.price(payment.due_minor),
        )

    def _fill_field(self, typing: Typing) -> None:
        by_card = typing.way is Way.CARD
        label = self.say("pay.slip" if by_card else "pay.given")
        amount = typing.digits if by_card else self.currency.amount(typing.given_minor)
        text = self.look.sizes.text.px
        taken = self.look.width_of(label, "Medium", text) + self.look.width_of(amount, "SemiBold", text)
        room = self.layout.field.area.w - 3 * self.look.sizes.inner
        self.layout.field.change(label=label if taken <= room else "", amount=amount)
        for key in self.layout.plus:
            key.change(is_off=by_card)
        if self.layout.clear is not None:
            self.layout.clear.change(is_off=not typing.digits)

    def _fill_quick(self, payment: Payment) -> None:
        found = self.counter.tendering.quick_amounts(QUICK) if payment.cash_due_minor else ()
        self.quick = (*found, *(0,) * (QUICK - len(found)))
        for key, amount in zip(self.layout.quick, self.quick, strict=True):
            change = self.counter.tendering.change_if(amount)
            key.change(
                text=self.currency.amount(amount) if amount else "",
                note=self.words.change(change) if amount else "",
                is_off=not amount,
            )

    def _fill_card(self, payment: Payment, typing: Typing) -> None:
        part = typing.given_minor
        if typing.way is Way.CARD:
            text, icon = self.say("pay.no_card"), "back"
        elif self.is_in_parts(typing) and 0 < part < payment.due_minor:
            text, icon = self.say("pay.card_part", amount=self.currency.amount(part)), "card"
        else:
            text, icon = self.say("pay.card"), "card"
        self.layout.card.change(text=text, name=text, icon=icon, is_off=not payment.due_minor)

    def _fill_split(self, payment: Payment, typing: Typing) -> None:
        """Once something was taken there is nothing to choose: the key hands it back instead."""
        has_tenders = bool(payment.tenders)
        text = self.say("pay.give_back" if has_tenders else "pay.split")
        self.layout.split.change(
            text=text,
            name=text,
            icon="return" if has_tenders else "split",
            is_chosen=typing.way is Way.SPLIT and not has_tenders,
            is_off=typing.way is Way.CARD or not payment.total_minor,
        )

    def _fill_band(self, payment: Payment, typing: Typing) -> None:
        band = self.layout.band
        price = self.currency.price(typing.card_minor)
        rest = payment.due_minor - typing.card_minor
        then = self.say("pay.card_then_due", amount=self.currency.amount(rest)) if rest > 0 else ""
        notes = self.say("pay.card_note"), then or self.say("pay.card_then")
        band.change(title=self.say("pay.card_title", amount=price), notes=notes)
        band.show(typing.way is Way.CARD, self.desk.seconds())

    def _items(self) -> str:
        sale = self.counter.selling.sale
        return self.say.count("till.items", sale.items if sale is not None else 0)

    def _fill_sale(self, sale: Sale, payment: Payment) -> None:
        """The large panel shows the sale beside the pad, and under it what was taken."""
        if self.layout.lines is None or self.layout.caption is None:
            return
        rows = [line_text(sale, line, None, self.currency, self.say) for line in sale.lines]
        for at, tender in enumerate(payment.tenders):
            kind, taken = tender.kind.value, self.currency.amount(-tender.amount_minor)
            note = self.say("pay.slip_of", slip=tender.reference) if tender.reference else ""
            name = self.say(f"pay.{kind}_name")
            rows.append(
                LineText(FIRST_TENDER_KEY - at, name, taken, note=note, icon=kind, icon_colour="sand")
            )
        self.layout.lines.fill(rows, None)
        self.layout.caption.change(content=tuple(self._caption()))

    def _caption(self) -> list[Mark]:
        area, sizes = self.layout.blocks[0], self.look.sizes
        row = area._replace(h=sizes.row - sizes.seam)
        top = middle(row, sizes.text.line)
        right = row.right - sizes.inner
        return [
            Box(row, "panel"),
            word(self.say("pay.this_sale"), row.x + sizes.inner, top, "SemiBold", sizes.text),
            word(self._items(), right, top, "Medium", sizes.text, "sand", "right"),
        ]
