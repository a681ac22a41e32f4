"""A receipt in words and amounts, free of any printer: what stands on it, not where each dot goes.

It knows nothing of a sale: a receipt, an X report and a technician's test slip are made of the same elements.
Who renders it decides sizes and breaks lines (``printer_raster``). Every string is cleaned when an element is
made: a product's name comes from a web shop, and a control byte in it could open the drawer of a printer in
text mode, or turn a line around.
"""

from __future__ import annotations

import enum
import unicodedata
from dataclasses import dataclass, fields
from typing import TypeVar

_BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_BLANKS = frozenset("\t\n\r\x0b\x0c\x85\u2028\u2029")
_DROPPED_CATEGORIES = frozenset({"Cc", "Cs"})

_Value = TypeVar("_Value")


def clean(text: str) -> str:
    """Return the text without control characters, surrogates and direction overrides; breaks are blanks."""
    blanked = "".join(" " if c in _BLANKS else c for c in text)
    return "".join(
        c for c in blanked if c not in _BIDI_CONTROLS and unicodedata.category(c) not in _DROPPED_CATEGORIES
    )


def _cleaned(value: _Value) -> _Value:
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, str):
        return clean(value)  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(_cleaned(part) for part in value)  # type: ignore[return-value]
    return value


class Style(enum.Enum):
    """How loud a line is."""

    NORMAL = "normal"
    STRONG = "strong"
    SMALL = "small"
    SMALL_STRONG = "small strong"
    BIG = "big"


class Align(enum.Enum):
    """Where a text stands."""

    START = "start"
    CENTRE = "centre"
    END = "end"


@dataclass(frozen=True, slots=True)
class _Element:
    def __post_init__(self) -> None:
        for field in fields(self):
            object.__setattr__(self, field.name, _cleaned(getattr(self, field.name)))


@dataclass(frozen=True, slots=True)
class Masthead(_Element):
    """The head of the paper: a name, a line under it, and the mark before it."""

    name: str
    strapline: str = ""
    mark: bool = True


@dataclass(frozen=True, slots=True)
class Pair(_Element):
    """Words at the left and at the right of one row.

    NORMAL and STRONG pairs end where amounts end (they share the column with Item); SMALL and BIG pairs use
    all the width. Two SMALL pairs in sequence that do not fit are set as left, right and right, left. The
    right side of a BIG pair that does not fit goes below in SMALL, split at a double blank.
    """

    left: str
    right: str
    style: Style = Style.NORMAL


@dataclass(frozen=True, slots=True)
class Text(_Element):
    """A paragraph; long ones are broken between words."""

    text: str
    style: Style = Style.NORMAL
    align: Align = Align.START


@dataclass(frozen=True, slots=True)
class Item(_Element):
    """A line with an amount and the letter of its tax rate; ``detail`` stands below it, indented."""

    name: str
    amount: str
    tax_letter: str = ""
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Listed(_Element):
    """A row of a list that is looked up by number: the number strong, in a column of its own, name and amount."""

    number: str
    name: str
    amount: str


@dataclass(frozen=True, slots=True)
class Rule(_Element):
    """A line across the paper."""

    thickness_dots: int = 2

    def __post_init__(self) -> None:
        """Refuse a rule that cannot be seen or that is a bar: a black bar draws current and bands."""
        if not 1 <= self.thickness_dots <= 8:
            raise ValueError(f"a rule is 1 to 8 dots thick, not {self.thickness_dots}")


@dataclass(frozen=True, slots=True)
class Framed(_Element):
    """The one thing that counts, in a round frame: a label and an amount."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Table(_Element):
    """Rows under column heads; the first column starts at the left, the others end at their right edge."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold_last: bool = True

    def __post_init__(self) -> None:
        """Refuse rows that do not fit their heads."""
        _Element.__post_init__(self)
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError("every row needs one cell for each column")


@dataclass(frozen=True, slots=True)
class QrBeside(_Element):
    """A QR code at the left with words beside it.

    Attributes:
        data: What the code says, as one string (UTF-8 in the code).
        lines: Paragraphs beside it; STRONG is bold, every other style is not.
    """

    data: str
    lines: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Space(_Element):
    """Blank paper."""

    dots: int


@dataclass(frozen=True, slots=True)
class Code(_Element):
    """A short code in small print, for machines' and inspectors' eyes."""

    text: str


@dataclass(frozen=True, slots=True)
class Banner(_Element):
    """A word across the paper in a frame, such as COPY."""

    text: str


Element = Masthead | Pair | Text | Item | Listed | Rule | Framed | Table | QrBeside | Space | Code | Banner


@dataclass(frozen=True, slots=True)
class Document:
    """What goes on one piece of paper, from top to bottom; the printer cuts after it."""

    elements: tuple[Element, ...]
