"""A document as a picture of one bit a dot, for thermal paper of 576 or 384 dots.

Everything is drawn, letters too: no printer's code page knows every name that a shop sells, and its memory of
the chosen page is gone after a power cut. Left-aligned, one right edge for every amount.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from drivers.document import (
    Banner,
    Code,
    Document,
    Element,
    Framed,
    Item,
    Listed,
    Masthead,
    Pair,
    QrBeside,
    Rule,
    Space,
    Style,
    Table,
    Text,
)
from drivers.printer_raster_blocks import (
    set_banner,
    set_framed,
    set_masthead,
    set_qr_beside,
    set_rule,
    set_space,
    set_table,
)
from drivers.printer_raster_lines import (
    set_code,
    set_item,
    set_listed,
    set_pair,
    set_text,
    small_pair_fits,
)
from drivers.printer_raster_sheet import Faces, Sheet
from drivers.printer_raster_sizes import BY_WIDTH, Sizes

_BELOW = 24  # blank dots under the last line

_SETTERS: dict[type[Any], Callable[[Any, Sheet, Sizes], None]] = {
    Banner: set_banner,
    Code: set_code,
    Framed: set_framed,
    Item: set_item,
    Listed: set_listed,
    Masthead: set_masthead,
    Pair: set_pair,
    QrBeside: set_qr_beside,
    Rule: set_rule,
    Space: set_space,
    Table: set_table,
    Text: set_text,
}


class ReceiptRaster:
    """Renders documents; for one thread at a time.

    Args:
        faces_folder: Holds the files of ``printer_raster_sheet.Face`` and ``icons.json``.
        width_dots: Of the paper's printable part: 576 (80 mm) or 384 (58 mm).

    Raises:
        ValueError: for another width.
    """

    def __init__(self, faces_folder: Path, width_dots: int = 576) -> None:
        if width_dots not in BY_WIDTH:
            raise ValueError(f"receipts are {sorted(BY_WIDTH)} dots wide, not {width_dots}")
        self.width_dots = width_dots
        self._sizes = BY_WIDTH[width_dots]
        self._faces = Faces(faces_folder)

    def render(self, document: Document) -> Image.Image:
        """Return the picture, mode "1", 0 = black."""
        sheet = Sheet(self._faces, self.width_dots)
        for element in self._refolded(document.elements):
            _SETTERS[type(element)](element, sheet, self._sizes)
        return sheet.image(_BELOW)

    def _refolded(self, elements: tuple[Element, ...]) -> Iterator[Element]:
        """Yield the elements, with two small pairs that are too wide set in another order."""
        at = 0
        while at < len(elements):
            first, second = elements[at], elements[at + 1] if at + 1 < len(elements) else None
            if isinstance(first, Pair) and isinstance(second, Pair) and self._crowded(first, second):
                yield Text(first.left, Style.SMALL)
                yield Pair(first.right, second.right, Style.SMALL)
                yield Text(second.left, Style.SMALL)
                at += 2
            else:
                yield first
                at += 1

    def _crowded(self, first: Pair, second: Pair) -> bool:
        if first.style is not Style.SMALL or second.style is not Style.SMALL:
            return False
        return not all(small_pair_fits(pair, self._faces, self._sizes) for pair in (first, second))
