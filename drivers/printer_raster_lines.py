"""How the lines of a document are set: pairs, texts, items, codes."""

from __future__ import annotations

from drivers.document import Align, Code, Item, Listed, Pair, Style, Text
from drivers.printer_raster_sheet import Face, Faces, Sheet
from drivers.printer_raster_sizes import Sizes

_BETWEEN = 16  # least blank between the words and the amount of one row
_DETAIL_INDENT = 20
_NUMBERS = "00000"  # as wide is the column of numbers; a longer one has its row to itself
_AFTER_NUMBER = 14
_CODE_ABOVE = 21.4
_BOLD = frozenset({Style.STRONG, Style.SMALL_STRONG, Style.BIG})
_SMALL = frozenset({Style.SMALL, Style.SMALL_STRONG})


def small_pair_fits(pair: Pair, faces: Faces, sizes: Sizes) -> bool:
    """Say whether both sides of a small pair have room in one row."""
    both = sum(faces.width(text, Face.MEDIUM, sizes.small) for text in (pair.left, pair.right))
    return both + _BETWEEN <= sizes.width


def set_pair(element: Pair, sheet: Sheet, sizes: Sizes) -> None:
    """Words left, words or an amount right."""
    if element.style is Style.BIG:
        _set_big_pair(element, sheet, sizes)
        return
    if element.style in _SMALL:
        _set_row(element, sheet, sizes.small, sizes.width)
    else:
        sheet.bottom -= 1.0
        _set_row(element, sheet, sizes.normal, sizes.amount_edge)
        sheet.bottom += 2.0


def _set_row(element: Pair, sheet: Sheet, size: int, edge: int) -> None:
    left = Face.SEMIBOLD if element.style in _BOLD else Face.MEDIUM
    right = Face.MEDIUM if element.style is Style.SMALL else Face.SEMIBOLD
    room = edge - sheet.faces.width(element.right, right, size) - _BETWEEN
    first, *rest = sheet.faces.break_lines(element.left, left, size, room) or [""]
    baseline = sheet.baseline(size)
    sheet.left(0, baseline, first, left, size)
    sheet.right(edge, baseline, element.right, right, size)
    for line in rest:
        sheet.left(0, sheet.baseline(size), line, left, size)


def _set_big_pair(element: Pair, sheet: Sheet, sizes: Sizes) -> None:
    size, faces = sizes.big, sheet.faces
    taken = faces.width(element.left, Face.SEMIBOLD, size) + faces.width(element.right, Face.MEDIUM, size)
    baseline = sheet.baseline(size, 2.0)
    sheet.left(0, baseline, element.left, Face.SEMIBOLD, size)
    if taken + _BETWEEN <= sizes.width:
        sheet.right(sizes.width, baseline, element.right, Face.MEDIUM, size)
    else:
        left, _, right = element.right.partition("  ")
        set_pair(Pair(left, right, Style.SMALL), sheet, sizes)


def set_text(element: Text, sheet: Sheet, sizes: Sizes) -> None:
    """A paragraph over the whole width."""
    face = Face.SEMIBOLD if element.style in _BOLD else Face.MEDIUM
    size = sizes.small if element.style in _SMALL else sizes.normal
    if element.style is Style.BIG:
        size = sizes.big
    for line in sheet.faces.break_lines(element.text, face, size, sizes.width):
        baseline = sheet.baseline(size)
        if element.align is Align.CENTRE:
            sheet.centre(baseline, line, face, size)
        elif element.align is Align.END:
            sheet.right(sizes.width, baseline, line, face, size)
        else:
            sheet.left(0, baseline, line, face, size)


def set_item(element: Item, sheet: Sheet, sizes: Sizes) -> None:
    """A name, an amount on the name's first line, the tax letter in a column of its own."""
    faces, size = sheet.faces, sizes.normal
    room = sizes.amount_edge - faces.width(element.amount, Face.SEMIBOLD, size) - _BETWEEN
    first, *rest = faces.break_lines(element.name, Face.MEDIUM, size, room) or [""]
    baseline = sheet.baseline(size, 3.0)
    sheet.left(0, baseline, first, Face.MEDIUM, size)
    sheet.right(sizes.amount_edge, baseline, element.amount, Face.SEMIBOLD, size)
    sheet.right(sizes.width, baseline, element.tax_letter, Face.MEDIUM, sizes.letter)
    for line in rest:
        sheet.left(0, sheet.baseline(size), line, Face.MEDIUM, size)
    room = sizes.amount_edge - _DETAIL_INDENT
    for line in faces.break_lines(element.detail or "", Face.MEDIUM, sizes.small, room):
        sheet.left(_DETAIL_INDENT, sheet.baseline(sizes.small), line, Face.MEDIUM, sizes.small)
    sheet.bottom += 4.0


def set_listed(element: Listed, sheet: Sheet, sizes: Sizes) -> None:
    """The number at the right of its column, the name after it and below itself, the amount on the first line."""
    faces, size = sheet.faces, sizes.normal
    column = max(faces.width(text, Face.SEMIBOLD, size) for text in (_NUMBERS, element.number))
    left = round(column) + _AFTER_NUMBER
    room = sizes.amount_edge - faces.width(element.amount, Face.SEMIBOLD, size) - _BETWEEN - left
    first, *rest = faces.break_lines(element.name, Face.MEDIUM, size, room) or [""]
    baseline = sheet.baseline(size, 1.0)
    sheet.right(round(column), baseline, element.number, Face.SEMIBOLD, size)
    sheet.left(left, baseline, first, Face.MEDIUM, size)
    sheet.right(sizes.amount_edge, baseline, element.amount, Face.SEMIBOLD, size)
    for line in rest:
        sheet.left(left, sheet.baseline(size), line, Face.MEDIUM, size)


def set_code(element: Code, sheet: Sheet, sizes: Sizes) -> None:
    """Small print, well below what stands above it."""
    sheet.bottom += _CODE_ABOVE
    for line in sheet.faces.break_lines(element.text, Face.MEDIUM, sizes.code, sizes.width):
        sheet.left(0, sheet.baseline(sizes.code), line, Face.MEDIUM, sizes.code)
