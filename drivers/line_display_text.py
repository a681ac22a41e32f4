"""What two lines of 20 characters can say: signs that the display lacks are replaced, and no amount is ever cut.

A customer's display has one table of 256 characters, chosen by its maker or by a command. What is not in it would
appear as some other sign, a euro as a piece of a frame, so nothing leaves here that the table does not have.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Final

from drivers.devices import DisplayLine

COLUMNS: Final = 20

PAGES: Final[Mapping[str, int]] = {
    "437": 0,
    "850": 2,
    "860": 3,
    "863": 4,
    "865": 5,
    "1252": 16,
    "866": 17,
    "852": 18,
    "858": 19,
}
"""Code pages by their usual name, with what ``ESC t`` calls them (Epson DM-D110; its clones follow)."""

_UNKNOWN: Final = "?"
_INSTEAD: Final[Mapping[str, str]] = {
    "€": "EUR ",
    "₹": "Rs ",
    "₺": "TL ",
    "₽": "RUB ",
    "₪": "ILS ",
    "\N{MINUS SIGN}": "-",
    "–": "-",
    "—": "-",
    "‐": "-",
    "‑": "-",
    "‘": "'",
    "’": "'",
    "‚": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "×": "x",
    "·": ".",
    "•": "*",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ı": "i",
}


def readable(text: str, page: str) -> str:
    """The text in signs that the code page has; a run of signs without any likeness becomes one "?".

    Control characters, which the display would obey, and marks of direction are taken out.
    """
    shown = ""
    for sign in unicodedata.normalize("NFC", text):
        new = _in_page(sign, page)
        if new != _UNKNOWN or sign == _UNKNOWN or not shown.endswith(_UNKNOWN):
            shown += new
    words = " ".join(shown.split())
    return words if words.strip(f"{_UNKNOWN} ") or _UNKNOWN in text else ""


def fitted(line: DisplayLine, page: str) -> str:
    """Exactly 20 signs: the text from the left, cut where it must be, and what stands at the right end whole."""
    right = readable(line.right, page)
    if len(right) > COLUMNS:
        right = right.replace(",", "").replace(" ", "")
    if len(right) > COLUMNS:
        right = ""  # half an amount would be another amount
    room = COLUMNS - len(right) - bool(right)
    left = (readable(line.text, page) or readable(line.instead, page))[: max(room, 0)].rstrip()
    if line.is_centred and not right:
        return left.center(COLUMNS)
    return left.ljust(COLUMNS - len(right)) + right


def encoded(shown: str, page: str) -> bytes:
    """The bytes of what ``fitted`` made."""
    return shown.encode(f"cp{page}")


def _in_page(sign: str, page: str) -> str:
    if sign.isspace():
        return " "
    if unicodedata.category(sign).startswith("C"):
        return ""
    if _has(page, sign):
        return sign
    plain = "".join(each for each in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(each))
    for likeness in (_INSTEAD.get(sign, ""), plain):
        if likeness and likeness.isascii() and likeness.isprintable():
            return likeness
    return _UNKNOWN


def _has(page: str, sign: str) -> bool:
    try:
        return len(sign.encode(f"cp{page}")) == 1
    except UnicodeEncodeError:
        return False
