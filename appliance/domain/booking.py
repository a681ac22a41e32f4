"""A list from paper: product numbers as a shopkeeper wrote them down, read into sales.

The whole grammar: numbers with commas between them; ``2x612`` is two of number 612 (the quantity comes first, as on
the pad and on the receipt; ``*`` and the multiplication sign do as well); a new line or ``/`` begins the next sale.
Blanks between the parts are tolerated, so are semicolons and Arabic commas, and the digits of every script. A list has
no prices: each thing is sold as on the shelf. Nothing that cannot be read is dropped: it keeps its place, with a
sentence that names it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

MOST_PIECES: Final = 999
MOST_ITEMS: Final = 500
"""More on one list is a file that is no list."""
DAYS_BACK: Final = 31
"""Older paper is booked by the accountant, not at the till."""

_SALES: Final = re.compile(r"[\n\r/]+")
_ITEMS: Final = re.compile("[,;\N{ARABIC COMMA}\N{ARABIC SEMICOLON}]")
_TIMES: Final = re.compile(r"[x*\N{MULTIPLICATION SIGN}]", re.IGNORECASE)
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_LONGEST_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class Written:
    """One item of a list.

    Attributes:
        sale: 1, 2, 3 ... in the list; item: the same within its sale.
        text: as it was written, without the blanks around it.
        number: the product's; quantity: pieces. Both mean nothing where something is wrong.
        wrong: what cannot be read, "" if all is well; without the item's name and place.
    """

    sale: int
    item: int
    text: str
    number: int = 0
    quantity: int = 1
    wrong: str = ""

    @property
    def normal(self) -> str:
        """The same item as everybody would write it: "2x612", "612"."""
        return f"{self.quantity}x{self.number}" if self.quantity > 1 else str(self.number)


def read(text: str) -> tuple[Written, ...]:
    """Read a list; empty lines are no sales, and a comma at the end of a line is none.

    Whatever the text: each piece of it comes back as an item, read or with what is wrong with it.
    """
    found: list[Written] = []
    sales = (each for each in _SALES.split(text) if each.strip(" \t,"))
    for sale, line in enumerate(sales, 1):
        pieces = [" ".join(piece.split()) for piece in _ITEMS.split(line)]
        if not pieces[-1]:
            pieces.pop()
        found += [_item(sale, place, piece) for place, piece in enumerate(pieces, 1)]
    if len(found) <= MOST_ITEMS:
        return tuple(found)
    last = found[MOST_ITEMS]
    wrong = f"a list has at most {MOST_ITEMS} items; book the rest as a second one"
    return (*found[:MOST_ITEMS], Written(last.sale, last.item, last.text, wrong=wrong))


def place_of(written: Written, *, among_sales: bool) -> str:
    """Where it stands: "item 2", or "sale 3, item 2" on a sheet of several."""
    place = f"item {written.item}"
    return f"sale {written.sale}, {place}" if among_sales else place


def sentence(written: Written, wrong: str, *, among_sales: bool) -> str:
    """What is wrong with an item, by its name and place: "0x612: a quantity from 1 to 999 is needed (item 2)"."""
    text = written.text
    shown = text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"
    return f"{shown or 'Nothing'}: {wrong} ({place_of(written, among_sales=among_sales)})"


def normal_text(items: tuple[Written, ...]) -> str:
    """A list as everybody would write it: by this the same list is known again."""
    sales: dict[int, list[str]] = {}
    for each in items:
        sales.setdefault(each.sale, []).append(each.normal)
    return " / ".join(", ".join(sale) for sale in sales.values())


def day_problem(day: date, today: date) -> str:
    """Why nothing can be booked on a day, "" if it can."""
    if day > today:
        return "This day is still to come."
    if (today - day).days > DAYS_BACK:
        return f"This day is more than {DAYS_BACK} days ago. Ask the accountant."
    return ""


def _item(sale: int, item: int, text: str) -> Written:
    parts = [_plain(part) for part in _TIMES.split(text)]
    wrong = next(_faults(text, parts), "")
    if wrong:
        return Written(sale, item, text, wrong=wrong)
    quantity = int(parts[0]) if len(parts) > 1 else 1
    return Written(sale, item, text, int(parts[-1]), quantity)


def _faults(text: str, parts: list[str]) -> Iterator[str]:
    """What is wrong, the most telling first."""
    is_plain = all(_NUMBER.fullmatch(part) for part in parts)
    checks = (
        (not text, "a number is missing between two commas"),
        ("@" in text or "." in text, "a list has no prices; each thing is sold as on the shelf"),
        (len(parts) > 2, "there is more than one x"),
        (not parts[0] and len(parts) == 2, "the quantity comes first, as in 2x612"),
        (not parts[-1], "the product's number is missing"),
        (any(" " in part for part in parts), "a comma is missing between two numbers"),
        (not is_plain, "this is no product number"),
        (
            is_plain and len(parts) == 2 and not 1 <= int(parts[0]) <= MOST_PIECES,
            f"a quantity from 1 to {MOST_PIECES} is needed",
        ),
        (is_plain and not int(parts[-1]), "0 is no product number; the quantity comes first, as in 2x612"),
    )
    return (words for is_so, words in checks if is_so)


def _plain(part: str) -> str:
    """The digits of every script as 0 to 9, blanks around them gone."""
    return "".join(str(int(each)) if each.isdecimal() else each for each in part.strip())
