"""A unit that was sold both here and online: both parties, named, so that a person can see to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from appliance.domain.money import Currency
from appliance.domain.tender import CompletedSale
from appliance.storage.oversold import Oversold
from appliance.till import waiting_words as words
from appliance.till.clock import Local


@dataclass(frozen=True, slots=True)
class Party:
    """One who bought it: ``title`` says where, ``name`` who or which receipt, ``note`` when and how."""

    title: str
    name: str
    note: str


@dataclass(frozen=True, slots=True)
class SoldTwice:
    """A product of which more was sold than there was."""

    oversold_id: int
    title: str
    count_text: str
    online: Party
    here: Party
    story: tuple[str, ...]


def describe(
    unit: Oversold, sold: CompletedSale, currency: Currency, now: datetime, local: Local
) -> SoldTwice:
    """Put a row of the file into words."""
    return SoldTwice(
        unit.oversold_id,
        unit.product_name,
        words.too_many(unit.units),
        _online(unit, now, local),
        _here(unit, sold, currency, now, local),
        _story(unit, sold, now, local),
    )


def _online(unit: Oversold, now: datetime, local: Local) -> Party:
    if unit.order_id is None:
        return Party("Online", "No order found", "look in the online shop")
    when = words.moment(unit.ordered_at, now, local) if unit.ordered_at is not None else ""
    return Party(f"Online #{unit.order_number or unit.order_id}", unit.customer or "A customer", when)


def _here(unit: Oversold, sold: CompletedSale, currency: Currency, now: datetime, local: Local) -> Party:
    paid = ", ".join(dict.fromkeys(tender.kind.value for tender in sold.payment.tenders)) or "free"
    amount = sum(
        sold.sale.line_gross_minor(line) for line in sold.sale.lines if line.product_id == unit.product_id
    )
    note = f"{words.moment(sold.completed_at, now, local)} · {paid} {currency.amount(amount)}"
    return Party("In the shop", sold.receipt_number, note)


def _story(unit: Oversold, sold: CompletedSale, now: datetime, local: Local) -> tuple[str, ...]:
    who = unit.customer or "A customer"
    events = [(sold.completed_at, f"This till sold it, receipt {sold.receipt_number}")]
    if unit.ordered_at is not None:
        events.append((unit.ordered_at, f"{who} bought it online"))
    events.append((unit.found_at, f"Back in step: {words.too_many(unit.units)}"))
    return tuple(f"{words.moment(at, now, local)}  {text}" for at, text in sorted(events))
