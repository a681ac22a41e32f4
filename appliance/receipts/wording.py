"""The words on the paper, and how dates and amounts are written there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

Local = Callable[[datetime], datetime]
"""An instant in the shop's time zone."""

BEFORE_TAX: Final = "Before tax"
TOTAL: Final = "Total"
CASH: Final = "Cash"
CARD: Final = "Card"
CHANGE: Final = "Change"
ROUNDING: Final = "Rounding"
COPY: Final = "COPY"
REFUND: Final = "Refund"
CLOCK_NOT_SET: Final = "Clock not set: this date may be wrong"
RATE_HEADS: Final = ("Rate", "Net", "VAT", "Gross")

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ReceiptHeader:
    """What the owner wants on each receipt.

    Attributes:
        name: of the shop; strapline: the line below it, "" for none.
        rows: a left and a right text each: ("14 Quay Street, Galway", "091 555 014").
        promise: paragraphs beside the code at the foot, the first of them strong.
        thanks: the last line, "" for none.
        mark: whether our mark stands before the name.
    """

    name: str
    strapline: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    promise: tuple[str, ...] = ()
    thanks: str = ""
    mark: bool = True


def contact_rows(address: str, phone: str, tax_number: str, web: str) -> tuple[tuple[str, str], ...]:
    """The rows below the shop's name; what the owner left empty takes no room."""
    tax = f"VAT no. {tax_number}" if tax_number else ""
    return tuple(row for row in ((address, phone), (tax, web)) if any(row))


def day_and_time(at: datetime, local: Local) -> str:
    """An instant on paper: "Fri 21 Nov 2025  14:33". Not by the system's locale: the card has only one."""
    here = local(at)
    return f"{weekday_and_day(here)} {here.year}  {here:%H:%M}"


def short_day(day: date) -> str:
    """A day of the year: "21 Nov"."""
    return f"{day.day} {_MONTHS[day.month - 1]}"


def weekday_and_day(day: date) -> str:
    """A day of the year with that of its week: "Fri 21 Nov"."""
    return f"{_DAYS[day.weekday()]} {short_day(day)}"


def from_paper(sold_at: datetime, booked_at: datetime, local: Local) -> str:
    """Said of a sale that was made on paper: "Sold on paper 21 Nov, booked 22 Nov 10:02"."""
    booked = local(booked_at)
    return f"Sold on paper {short_day(local(sold_at))}, booked {short_day(booked)} {booked:%H:%M}"


def served_by(till_name: str, cashier_name: str) -> str:
    """Who sold it, where."""
    return f"{till_name}, you were served by {cashier_name}"


def counted(count: int, one: str, many: str) -> str:
    """A number with its noun: "1 sale", "12 sales"."""
    return f"{count} {one if count == 1 else many}"
