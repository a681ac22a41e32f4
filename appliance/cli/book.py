"""Sales that were made on paper, from their product numbers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import TypeVar

from appliance.cli._booking import Books, books
from appliance.domain.money import Currency
from appliance.domain.staff import Person
from appliance.domain.tender import TenderKind
from appliance.receipts.wording import counted, short_day
from appliance.settings import Settings, SettingsError, load
from appliance.storage.bookings import Booked
from appliance.till.booking import BookedBeforeError
from appliance.till.booking_rows import ListRow, Preview
from appliance.till.errors import ApprovalNeededError
from appliance.till.unbooking import numbers

T = TypeVar("T")
_NAME = 34


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    parser.add_argument(
        "list", nargs="?", help='numbers, "23, 2x612, 5": the quantity first; / or a new line between sales'
    )
    parser.add_argument("--file", type=Path, help="a sheet instead, each line a sale")
    parser.add_argument(
        "--on", type=_day, metavar="DAY", help="when it was sold: 2026-11-21; today if left out"
    )
    parser.add_argument("--at", type=_time, metavar="TIME", help="at what time: 14:30; noon if left out")
    parser.add_argument("--paid", choices=[kind.value for kind in TenderKind], default=TenderKind.CASH.value)
    parser.add_argument("--slip", default="", help="of the card terminal")
    parser.add_argument("--cashier", default="", metavar="NAME", help="who books; asks for the PIN")
    parser.add_argument("--yes", action="store_true", help="book it without asking")
    parser.add_argument("--again", action="store_true", help="book it though it was booked before")
    parser.add_argument(
        "--undo", nargs="+", metavar="RECEIPT", help="take booked sales back, such as T1-000124"
    )


def run(arguments: argparse.Namespace) -> int:
    """Show what a list comes to, ask, and book it; 1 when nothing was booked."""
    settings = load(arguments.settings)
    with books(settings) as open_books:
        person = open_books.cashier(arguments.cashier)
        if arguments.undo:
            return _undo(open_books, person, arguments)
        return _book(open_books, person, arguments, settings)


def _book(till: Books, person: Person, arguments: argparse.Namespace, settings: Settings) -> int:
    kind = TenderKind(arguments.paid)
    preview = till.booking.preview(_text(arguments), arguments.on, arguments.at, kind, arguments.slip)
    _show(preview, till.currency, settings)
    if preview.troubles:
        print("\n".join(preview.troubles), file=sys.stderr)
        print("Nothing was booked.", file=sys.stderr)
        return 1
    what = f"{counted(preview.count, 'sale', 'sales')}, {till.currency.price(preview.total_minor)}"
    if not (arguments.yes or _says_yes(f"Book {what}? y/n ")):
        print("Nothing was booked.")
        return 1
    till.prove(person)
    booked = _record(till, preview, person, arguments)
    if booked is None:
        return 1
    print(
        f"Booked as {numbers(booked.receipts)}. To take it back: till book --undo {' '.join(booked.receipts)}"
    )
    return 0


def _record(till: Books, preview: Preview, person: Person, arguments: argparse.Namespace) -> Booked | None:
    try:
        return till.booking.book(preview, person, again=arguments.again)
    except BookedBeforeError as before:
        print(before)
        if not arguments.yes and _says_yes("Book it again? y/n "):
            return till.booking.book(preview, person, again=True)
        print("Nothing was booked. Add --again if it is meant." if arguments.yes else "Nothing was booked.")
        return None


def _undo(till: Books, person: Person, arguments: argparse.Namespace) -> int:
    undoing = till.booking.undoing
    asked = dict.fromkeys(number.strip().upper() for number in arguments.undo)
    found = [(number, undoing.of_receipt(number)) for number in asked]
    for number, booked in found:
        print(f"{number} was booked {undoing.words(booked)}: {booked.text}")
    if not (arguments.yes or _says_yes(f"Take back {', '.join(number for number, _ in found)}? y/n ")):
        print("Nothing was taken back.")
        return 1
    till.prove(person)
    for number, booked in found:
        try:
            undone = undoing.undo(booked, person, only=[number])
        except ApprovalNeededError as needed:
            undone = undoing.undo(booked, person, till.ask_manager(needed), only=[number])
        amount = till.currency.price(undone.paid_minor)
        print(f"{number} is taken back by {numbers(undone.receipts)}: {amount}, {undone.tender.value}.")
    return 0


def _text(arguments: argparse.Namespace) -> str:
    if (arguments.list is None) == (arguments.file is None):
        raise SettingsError('give a list, such as till book "23, 612", or --file SHEET')
    if arguments.list is not None:
        return str(arguments.list)
    try:
        return str(arguments.file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{arguments.file} cannot be read: {error}") from error


def _says_yes(question: str) -> bool:
    try:
        return input(question).strip().casefold() in ("y", "yes")
    except EOFError:
        print()
        return False


def _show(preview: Preview, currency: Currency, settings: Settings) -> None:
    at = preview.sold_at.astimezone(settings.zone)
    slip = f", slip {preview.slip}" if preview.slip else ""
    print(f"Sold {short_day(at)} {at.year} at {at:%H:%M}, paid by {preview.tender.value}{slip}.")
    for sale in dict.fromkeys(row.written.sale for row in preview.rows):
        if preview.count > 1:
            print(f"\nSale {sale:<50}{currency.amount(preview.amount_of(sale)):>14}")
        for row in preview.rows:
            if row.written.sale == sale:
                print(_line(row, currency))
    if preview.rows:
        items = counted(preview.items, "item", "items")
        print(f"\n{counted(preview.count, 'sale', 'sales')}, {items}: {currency.price(preview.total_minor)}")


def _line(row: ListRow, currency: Currency) -> str:
    if row.trouble:
        return f"  ! {row.trouble}"
    written, name = row.written, row.name if len(row.name) <= _NAME else f"{row.name[: _NAME - 1]}…"
    price, amount = currency.amount(row.unit_price_minor), currency.amount(row.amount_minor)
    hints = f"   ({', '.join(row.hints)})" if row.hints else ""
    return f"{written.number:>9} {written.quantity:>4} × {name:<{_NAME}}{price:>10}{amount:>10}{hints}"


def _day(text: str) -> date:
    return _read(date.fromisoformat, text, "a day is written 2026-11-21")


def _time(text: str) -> time:
    return _read(time.fromisoformat, text, "a time is written 14:30").replace(tzinfo=None)


def _read(read: Callable[[str], T], text: str, otherwise: str) -> T:
    try:
        return read(text)
    except ValueError:
        raise argparse.ArgumentTypeError(otherwise) from None
