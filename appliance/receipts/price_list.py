"""The price list with the product numbers: what a shop sells from when the till is down."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.domain.money import Currency
from appliance.receipts.sale import masthead
from appliance.receipts.wording import Local, ReceiptHeader, counted, day_and_time
from drivers.document import Document, Element, Listed, Pair, Rule, Space, Style, Text

ROWS_ON_A_SHEET: Final = 50
"""A sheet of about 35 cm, which a hand can hold; a list of 400 products is eight of them, cut apart."""
TITLE: Final = "Price list"
HOW: Final = "Write down the number, and 2x before it for two. Type it all in when the till is back."
_GAP: Final = 10


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One product: its number, its name, its price, and its SKU where that is not the number."""

    number: int
    name: str
    price_minor: int
    sku: str = ""


@dataclass(frozen=True, slots=True)
class PriceSection:
    """The products of a category, by name."""

    name: str
    rows: tuple[PriceRow, ...]


def sheets(sections: Sequence[PriceSection], rows: int = ROWS_ON_A_SHEET) -> list[tuple[PriceSection, ...]]:
    """A list cut into sheets of so many rows; a category that goes on is named again."""
    made: list[tuple[PriceSection, ...]] = []
    sheet: list[PriceSection] = []
    left = rows
    for section in sections:
        rest = section.rows
        while rest:
            sheet.append(PriceSection(section.name, rest[:left]))
            rest, left = rest[left:], left - len(sheet[-1].rows)
            if not left:
                made.append(tuple(sheet))
                sheet, left = [], rows
    return [*made, tuple(sheet)] if sheet else made


def compose(
    sheet: Sequence[PriceSection],
    header: ReceiptHeader,
    currency: Currency,
    *,
    local: Local,
    at: datetime,
    number: int = 1,
    of: int = 1,
) -> Document:
    """Compose one sheet of a price list.

    Args:
        sheet: what stands on it.
        header: the owner's words; only the shop's name is on it.
        currency: of the till.
        local: the shop's time zone.
        at: when the prices were these.
        number: which sheet it is; of: how many there are.
    """
    return Document(tuple(_elements(sheet, header, currency, day_and_time(at, local), (number, of))))


def _elements(
    sheet: Sequence[PriceSection],
    header: ReceiptHeader,
    currency: Currency,
    when: str,
    which: tuple[int, int],
) -> Iterator[Element]:
    yield from masthead(ReceiptHeader(header.name, mark=header.mark))
    number, of = which
    yield Pair(TITLE if of == 1 else f"{TITLE} {number} of {of}", when, Style.BIG)
    yield Text(HOW, Style.SMALL)
    yield Rule(2)
    for place, section in enumerate(sheet):
        if place:
            yield Space(_GAP)
        yield Text(section.name, Style.STRONG)
        for row in section.rows:
            yield Listed(str(row.number), row.name, currency.amount(row.price_minor))
    yield Rule(2)
    rows = sum(len(section.rows) for section in sheet)
    yield Text(f"{counted(rows, 'product', 'products')}. Prices as of {when}.", Style.SMALL)
