"""Paying in words: what the lit key offers now, and what was taken so far."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from appliance.domain.money import Currency
from appliance.domain.tender import Payment, Tender, TenderKind
from appliance.ui.screens.giving_back import given_back
from appliance.ui.strings import Words


class Way(enum.Enum):
    """How the rest is about to be paid: cash in one go, in parts, or by card."""

    CASH = "cash"
    SPLIT = "split"
    CARD = "card"


class Offer(enum.Enum):
    """What a tap on the lit key does."""

    NOTHING = "nothing"
    FINISH = "finish"
    CASH = "cash"
    CARD = "card"


@dataclass(frozen=True, slots=True)
class LitWords:
    """The lit key: what it does, with how much, and how it says so."""

    offer: Offer
    amount_minor: int
    verb: str
    note: str = ""

    @property
    def is_lit(self) -> bool:
        """Whether there is anything to do."""
        return self.offer is not Offer.NOTHING


class PayWords:
    """Says amounts as this shop writes them."""

    def __init__(self, say: Words, currency: Currency) -> None:
        self._say, self._currency = say, currency

    def lit_for_card(self, amount_minor: int, slip: str) -> LitWords:
        """By card: the slip number comes first, so that no payment is noted that did not happen."""
        if slip:
            return LitWords(
                Offer.CARD, amount_minor, self._say("pay.card_paid"), self._say("pay.slip_of", slip=slip)
            )
        return LitWords(Offer.NOTHING, amount_minor, self._say("pay.card_paid"), self._say("pay.card_slip"))

    def lit_for_cash(self, payment: Payment, given_minor: int, *, in_parts: bool) -> LitWords:
        """In cash: the exact amount until something is typed, then what was typed with its change."""
        due = payment.cash_due_minor
        if (
            payment.is_settled
        ):  # a total of nothing, or lines were taken off until the tenders covered the rest
            return LitWords(Offer.FINISH, 0, self._say("pay.nothing"))
        if given_minor == 0:
            return self._nothing_typed(payment)
        if given_minor >= due:
            note = self.change(given_minor - due)
            return LitWords(Offer.CASH, given_minor, self._say("pay.take"), note)
        rest = self._currency.amount(due - given_minor)
        if in_parts:
            note = self._say("pay.stays_due", amount=rest)
            return LitWords(Offer.CASH, given_minor, self._say("pay.take_part"), note)
        return LitWords(
            Offer.NOTHING, given_minor, self._say("pay.take"), self._say("pay.short", amount=rest)
        )

    def change(self, change_minor: int) -> str:
        """The change under an amount: "change 48.50"."""
        if change_minor == 0:
            return self._say("pay.no_change")
        return self._say("pay.change", amount=self._currency.amount(change_minor))

    def _nothing_typed(self, payment: Payment) -> LitWords:
        due = payment.cash_due_minor
        note = ""
        if due != payment.due_minor:
            note = self._say("pay.rounded", amount=self._currency.amount(payment.due_minor))
        return LitWords(Offer.CASH, due, self._say("pay.exact"), note)

    def tender(self, tender: Tender) -> str:
        """A tender on one line: "Cash 50.00", "Card 30.00 · slip 4711"."""
        amount = self._currency.amount(tender.amount_minor)
        if tender.kind is TenderKind.CASH:
            return self._say("pay.cash_tender", amount=amount)
        words = self._say("pay.card_tender", amount=amount)
        return f"{words} · {self._say('pay.slip_of', slip=tender.reference)}" if tender.reference else words

    def tenders(self, payment: Payment, most: int) -> list[str]:
        """All tenders, each on a line; more than `most` end in a line that sums up the rest."""
        lines = [self.tender(each) for each in payment.tenders]
        if len(lines) <= most:
            return lines
        rest = payment.tenders[most - 1 :]
        amount = self._currency.amount(sum(each.amount_minor for each in rest))
        return [*lines[: most - 1], self._say("pay.more_tenders", count=len(rest), amount=amount)]

    def given_back(self, tenders: tuple[Tender, ...]) -> tuple[str, tuple[str, ...]]:
        """What is handed back now: a title and notes."""
        title, *notes = given_back(self._say, self._currency, tenders)
        return title, (*notes, self._say("pay.gave_back_note"))
