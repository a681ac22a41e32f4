"""The price list with the product numbers, to sell from when the till is down."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path

from appliance.cli import now
from appliance.cli._books import file_of
from appliance.cli._price_page import price_page
from appliance.domain.money import Currency
from appliance.receipts.price_list import PriceSection
from appliance.receipts.wording import counted
from appliance.settings import SettingsError, load
from appliance.storage.catalogue import Catalogue
from appliance.storage.database import Database
from appliance.till.price_listing import PriceListing


def options(parser: argparse.ArgumentParser) -> None:
    """What may be given."""
    kinds = parser.add_mutually_exclusive_group()
    kinds.add_argument("--html", type=Path, metavar="FILE", help="write a page that prints well on A4")
    kinds.add_argument("--csv", type=Path, metavar="FILE", help="write a table for a spreadsheet")
    parser.add_argument("--category", default="", metavar="NAME", help="only what is in it")


def run(arguments: argparse.Namespace) -> int:
    """Write the list, or show it."""
    settings = load(arguments.settings)
    database = Database.open(file_of(settings), now=now)
    try:
        catalogue = Catalogue(database, now)
        sections = PriceListing(catalogue, None, now).sections(arguments.category)
        known = ", ".join(each.name for each in catalogue.categories())
    finally:
        database.close()
    if not sections and arguments.category:
        raise SettingsError(
            f"there is nothing in {arguments.category!r}; there are: {known or 'no categories'}"
        )
    currency = settings.money.of
    file = arguments.html or arguments.csv
    if file is None:
        _show(sections, currency)
        return 0
    is_page = arguments.html is not None
    at = now().astimezone(settings.zone)
    text = (
        price_page(sections, settings.receipt.name, currency, at) if is_page else _table(sections, currency)
    )
    try:
        file.write_text(text, encoding="utf-8" if is_page else "utf-8-sig", newline="")
    except OSError as error:
        raise SettingsError(f"{file} cannot be written: {error}") from error
    rows = sum(len(section.rows) for section in sections)
    print(f"{file}: {counted(rows, 'product', 'products')} with their numbers.")
    return 0


def _show(sections: Sequence[PriceSection], currency: Currency) -> None:
    for section in sections:
        print(f"\n{section.name}")
        for row in section.rows:
            print(
                f"{row.number:>9}  {row.name:<44}{currency.amount(row.price_minor):>12}  {row.sku}".rstrip()
            )


def _table(sections: Sequence[PriceSection], currency: Currency) -> str:
    """Comma-separated; a name that a spreadsheet would take for a formula gets a sign before it."""
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("Number", "Name", f"Price {currency.code}", "SKU", "Category"))
    for section in sections:
        for row in section.rows:
            words = map(_harmless, (row.name, row.sku, section.name))
            name, sku, category = words
            table.writerow((row.number, name, currency.plain(row.price_minor), sku, category))
    return written.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text
