"""A slip that says whether the printer prints: its edges, its sizes, and a code that a scanner can read."""

from __future__ import annotations

from typing import Final

from drivers.document import Align, Document, Masthead, Pair, QrBeside, Rule, Space, Style, Text

TEXT: Final = "GAPLESS"
"""What the code on it says."""
_GAP: Final = 8


def slip(shop: str, till: str) -> Document:
    """The slip.

    Args:
        shop: its name, "" where it has none yet.
        till: its name.
    """
    return Document(
        (
            Masthead(shop or "Gapless", "Test slip"),
            Rule(),
            Pair("Left edge", "Right edge", Style.SMALL),
            Space(_GAP),
            Text(till, Style.BIG),
            Text("0123456789 äéîõüß €", Style.NORMAL),
            Rule(),
            Text("Both edges and both lines must be whole.", Style.SMALL, Align.START),
            QrBeside(TEXT, (Text("A scanner reads GAPLESS here."),)),
        )
    )
