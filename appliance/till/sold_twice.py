"""A unit that was sold both here and online: both parties, named, so that a person can see to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.money import Currency
from appliance.domain.tender import CompletedSale
from appliance.receipts.wording import short_day
from appliance.storage.oversold import Oversold
from appliance.till import waiting_words as words
from appliance.till.clock import Local, clock_time

_ON_ITS_WAY: Final = {
    "pending": "Not paid yet.",
    "on-hold": "Not sent yet. They can still be told.",
    "processing": "Not sent yet. They can still be told.",
    "completed": "The shop says that it was sent.",
    "cancelled": "The order is cancelled.",
    "refunded": "The money went back already.",
    "failed": "The payment failed.",
}


_PAID: Final = ("processing", "completed")


@dataclass(frozen=True, slots=True)
class Party:
    """One who bought it.

    Attributes:
        title: where. name: who, or which receipt. note: when and how. hint: how it stands now, "" for unknown.
    """

    title: str
    name: str
    note: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class SoldTwice:
    """A product of which more was sold than there was.

    Attributes:
        title: the product; number: as it is known at the till, "" without one.
        count_text: how many too many.
        online, here: the parties. story: what happened when, oldest first, each with its time.
        sale_id: the sale here; order_number: the order there, "" if it is not known.
    """

    oversold_id: int
    title: str
    count_text: str
    online: Party
    here: Party
    story: tuple[tuple[str, str], ...]
    sale_id: str
    order_number: str = ""
    number: str = ""
    units: int = 1


def describe(
    unit: Oversold, sold: CompletedSale, currency: Currency, now: datetime, local: Local
) -> SoldTwice:
    """Put a row of the file into words."""
    lines = [line for line in sold.sale.lines if unit.product_id in (line.stock_id, line.product_id)]
    numbers = {line.number for line in lines if line.number is not None}
    return SoldTwice(
        unit.oversold_id,
        unit.product_name,
        words.too_many(unit.units),
        _online(unit, currency, now, local),
        _here(unit, sold, currency, now, local),
        _story(unit, sold, now, local),
        unit.sale_id,
        unit.order_number or (str(unit.order_id) if unit.order_id is not None else ""),
        str(numbers.pop()) if len(numbers) == 1 else "",
        unit.units,
    )


def line_of(unit: Oversold, local: Local) -> str:
    """All of it on one line, for ``till status``: the product, both buyers, and when each bought it."""
    here = f"receipt {unit.receipt_number} here, {when(unit.sold_at, local)}, by {unit.cashier_name}"
    who = unit.customer or "a customer"
    there = "no order found online"
    if unit.order_id is not None:
        at = f", {when(unit.ordered_at, local)}" if unit.ordered_at is not None else ""
        there = f"order {unit.order_number or unit.order_id} of {who} online{at}"
    return f"{unit.product_name}, {words.too_many(unit.units)}: {here}; {there}"


def when(at: datetime, local: Local) -> str:
    """An instant whose day matters: "21 Nov 14:20"."""
    here = local(at)
    return f"{short_day(here)} {clock_time(at, local)}"


def _online(unit: Oversold, currency: Currency, now: datetime, local: Local) -> Party:
    if unit.order_id is None:
        return Party("Online", "No order found", "look in the online shop")
    note = words.moment(unit.ordered_at, now, local) if unit.ordered_at is not None else ""
    if unit.order_total_minor is not None:
        paid = "paid " if unit.order_status in _PAID else ""
        note = f"{note} · {paid}{currency.amount(unit.order_total_minor)}".removeprefix(" · ")
    name = unit.customer or "A customer"
    hint = _ON_ITS_WAY.get(unit.order_status, "")
    return Party(f"Online #{unit.order_number or unit.order_id}", name, note, hint)


def _here(unit: Oversold, sold: CompletedSale, currency: Currency, now: datetime, local: Local) -> Party:
    paid = ", ".join(dict.fromkeys(tender.kind.value for tender in sold.payment.tenders)) or "free"
    amount = sum(
        sold.sale.line_gross_minor(line)
        for line in sold.sale.lines
        if unit.product_id in (line.stock_id, line.product_id)
    )
    note = f"{words.moment(sold.completed_at, now, local)} · {paid} {currency.amount(amount)}"
    return Party(
        "In the shop", sold.receipt_number, note, f"Sold by {sold.cashier_name}, likely taken along."
    )


def _story(unit: Oversold, sold: CompletedSale, now: datetime, local: Local) -> tuple[tuple[str, str], ...]:
    who = unit.customer or "A customer"
    events = [(sold.completed_at, f"This till sold it, receipt {sold.receipt_number}")]
    if unit.ordered_at is not None:
        events.append((unit.ordered_at, f"{who} bought it online"))
    events.append((unit.found_at, f"Back in step: {words.too_many(unit.units)}"))
    return tuple((words.moment(at, now, local), text) for at, text in sorted(events))
