"""What giving back says: rows, facts, and the lit key."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.tender import TenderKind
from appliance.receipts.wording import short_day
from appliance.till.coming_back import OfReceipt, Row
from appliance.till.refunding import Proof
from appliance.till.waiting_words import moment
from appliance.ui.counter import Counter
from appliance.ui.strings import Words
from appliance.ui.widgets.lines import LineText


@dataclass(frozen=True, slots=True)
class ReceiptFact:
    """A row of what is known of a receipt; ``is_check`` draws its label behind a check."""

    label: str
    value: str = ""
    is_strong: bool = False
    is_check: bool = False


class Wording:
    """Puts rows and receipts into words."""

    def __init__(self, say: Words, counter: Counter) -> None:
        self._say, self._counter = say, counter

    def row(self, row: Row, icon_px: int) -> LineText:
        """A line of the list: ticked, not ticked, or locked because it came back before."""
        amount = self._counter.currency.amount(row.amount_minor)
        if not row.most:
            note, icon, colour = self._came_back(row), "lock", "faint"
        elif row.chosen:
            note, icon, colour = self._comes(row), "box1", "ivory"
        else:
            note, icon, colour = self._bought(row), "box0", "ivory"
        return LineText(
            row.key,
            row.name,
            amount,
            note=note,
            icon=icon,
            icon_colour=colour,
            icon_px=icon_px,
            is_off=not row.most,
        )

    def facts(self, of: OfReceipt, proof: Proof) -> tuple[ReceiptFact, ...]:
        """How it was paid, who sold it, what came back so far, and that it is ours."""
        completed, say, price = of.refundable.completed, self._say, self._counter.currency.price
        kinds = {tender.kind for tender in completed.payment.tenders}
        name = "return.paid_mixed" if len(kinds) > 1 else f"return.paid_{of.refundable.tender.value}"
        facts = [
            ReceiptFact(say(name), price(completed.sale.total_minor), is_strong=True),
            ReceiptFact(say("return.sold_by"), completed.cashier_name),
        ]
        back = sum(each.amount_minor for each in of.refundable.returned.values())
        is_genuine = proof is Proof.GENUINE
        if back:
            facts.append(ReceiptFact(say("return.back_so_far"), price(back), is_strong=True))
        if is_genuine:
            facts.append(ReceiptFact(say("return.genuine"), is_check=True))
        return tuple(facts)

    def when(self, of: OfReceipt) -> str:
        """When it was sold, for the heading."""
        return moment(of.refundable.completed.completed_at, self._counter.now(), self._counter.local)

    def lit_note(self, tender: TenderKind, pieces: int, *, asks_manager: bool) -> str:
        """Which way the money goes, and for how much."""
        items = self._say.count("till.items", pieces)
        note = self._say(f"return.to_{tender.value}", items=items)
        return self._say("return.with_manager", note=note) if asks_manager else note

    def _came_back(self, row: Row) -> str:
        day = short_day(self._counter.local(row.last_at)) if row.last_at is not None else ""
        if row.sold == 1:
            return self._say("return.back_1", day=day)
        name = "return.back_2" if row.sold == 2 else "return.back_many"
        return self._say(name, count=row.sold, day=day)

    def _comes(self, row: Row) -> str:
        where = self._say("return.to_damaged" if row.is_damaged else "return.to_shelf")
        if not row.sold:
            return self._say.count("return.loose", row.chosen, where=where)
        return self._say.count("return.comes", row.chosen, most=row.most, where=where)

    def _bought(self, row: Row) -> str:
        gone = row.sold - row.most
        if gone:
            return self._say("return.bought_some", count=row.sold, gone=gone)
        return self._say("return.bought", count=row.sold)
