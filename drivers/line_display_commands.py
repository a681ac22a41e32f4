"""The commands of customers' displays: how each set begins, and how it writes both lines.

Both lines are always written whole: what a display did not hear, or forgot when it was switched off, is mended by the
next time. Nothing relies on scrolling or on where the cursor stands.

Sources: Epson's DM-D110 specification (ESC/POS); the CD5220's manual, and LCDproc's experience with it (single
commands that come fast are lost by many displays, a line written by one command is not).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from drivers.line_display_text import PAGES

_ANEW: Final = b"\x0d\x0c\x1b@"
"""Ends a command that another program left half said, clears, and sets everything back."""


@dataclass(frozen=True, slots=True)
class CommandSet:
    """One maker's way of saying it.

    Attributes:
        begin: The code page's number -> what is said once, when the display was plugged in.
        write: The page's number, upper and lower line (20 bytes each) -> what shows them.
        clear: Leaves it dark.
    """

    begin: Callable[[int], bytes]
    write: Callable[[int, bytes, bytes], bytes]
    clear: bytes = b"\x0d\x0c"


def _escpos_begin(page: int) -> bytes:
    return _ANEW + _escpos_mode(page)


def _escpos_mode(page: int) -> bytes:
    """Code page, overwriting, no cursor: all that a display forgets that was switched off and on."""
    return b"\x1bt" + bytes([page]) + b"\x1f\x01" + b"\x1fC\x00"


def _escpos_write(page: int, upper: bytes, lower: bytes) -> bytes:
    return _escpos_mode(page) + b"\x1f$\x01\x01" + upper + b"\x1f$\x01\x02" + lower


def _cd5220_begin(page: int) -> bytes:
    """Its first makers have no ``ESC t``, and their only table is nearly 437: then it is not said."""
    return _ANEW + b"\x1b_\x00" + (b"\x1bt" + bytes([page]) if page else b"")


def _cd5220_write(page: int, upper: bytes, lower: bytes) -> bytes:
    return b"\x1bQA" + upper + b"\x0d" + b"\x1bQB" + lower + b"\x0d"


SETS: Final[Mapping[str, CommandSet]] = {
    "escpos": CommandSet(_escpos_begin, _escpos_write),
    "cd5220": CommandSet(_cd5220_begin, _cd5220_write),
}


def page_number(page: str) -> int:
    """What the commands call a code page such as "858".

    Raises:
        ValueError: for one that is not known.
    """
    if page not in PAGES:
        raise ValueError(f"a display's code page is one of {', '.join(PAGES)}, not {page!r}")
    return PAGES[page]
