"""How the blocks of a document are set: masthead, rule, frames, table, QR code."""

from __future__ import annotations

import segno

from drivers.document import Banner, Framed, Masthead, QrBeside, Rule, Space, Style, Table
from drivers.printer_raster_sheet import Face, Sheet
from drivers.printer_raster_sizes import Sizes

_MARK = ("jointL", "jointRo")  # the mark is two icons on one place
_RULE_BELOW = 6.0
_FRAME_ABOVE, _FRAME_BELOW = 11.5, 8.0
_BETWEEN = 16  # least blank between the label and the amount in a frame
_BANNER_PADDING = 10
_CAPITALS = 0.727  # height of a capital, in em
_QR_ABOVE = 20  # with the rule's own, 26 dots clear above a code
_QR_LEFT, _QR_BETWEEN, _QR_SMALLEST_MODULE = 4, 24, 3
_QR_MOST_OF_WIDTH = 0.45  # the words beside it need the rest


def set_masthead(element: Masthead, sheet: Sheet, sizes: Sizes) -> None:
    """The mark, and beside it the name over its strapline."""
    top, faces = round(sheet.bottom), sheet.faces
    if element.mark:
        for icon in _MARK:
            sheet.left(sizes.mark_left, top + sizes.mark[1], faces.icon(icon), Face.ICONS, sizes.mark[0])
        sheet.end_line(top + sizes.mark[1], 0)
    after_mark, sheet.bottom = sheet.bottom, float(top)
    left, strapline_left = (sizes.name_left, sizes.strapline_left) if element.mark else (0, 0)
    size = faces.largest(element.name, Face.DISPLAY, sizes.name[0], sizes.width - left, sizes.big)
    lines = faces.break_lines(element.name, Face.DISPLAY, size, sizes.width - left)
    for number, line in enumerate(lines):
        baseline = sheet.baseline(size) if number else top + sizes.name[1]
        sheet.end_line(baseline, size)
        sheet.left(left, baseline, line, Face.DISPLAY, size)
    if element.strapline:
        size = sizes.strapline[0]
        baseline = sheet.baseline(size) if len(lines) > 1 else top + sizes.strapline[1]
        sheet.end_line(baseline, size)
        sheet.left(strapline_left, baseline, element.strapline, Face.MEDIUM, size)
    sheet.bottom = max(sheet.bottom, after_mark) + sizes.masthead_below


def set_rule(element: Rule, sheet: Sheet, _sizes: Sizes) -> None:
    """A line from edge to edge; a thick one stands a little lower."""
    sheet.rule(element.thickness_dots, 15.5 if element.thickness_dots >= 3 else 13.5)
    sheet.bottom += _RULE_BELOW


def set_framed(element: Framed, sheet: Sheet, sizes: Sizes) -> None:
    """A label and a large amount in a round frame; long ones are set smaller, the amount first."""
    faces, face, top = sheet.faces, Face.DISPLAY, sheet.box(sizes.framed_height, _FRAME_ABOVE)
    room = sizes.framed_edge - sizes.framed_left - _BETWEEN
    full, baseline = sizes.framed_label
    least = faces.width(element.amount, face, sizes.normal)
    label = faces.largest(element.label, face, full, room - least, sizes.small)
    baseline += top - round((full - label) * _CAPITALS / 2)  # capitals stay in the middle
    sheet.left(sizes.framed_left, baseline, element.label, face, label)
    full, place = sizes.framed_amount
    room -= round(faces.width(element.label, face, label))
    amount = faces.largest(element.amount, face, full, room, sizes.small)
    larger = max(amount - label, 0) / (full - label)  # as small as the label, it stands on the label's line
    baseline += round((top + place - baseline) * larger)
    sheet.right(sizes.framed_edge, baseline, element.amount, face, amount)
    sheet.bottom += _FRAME_BELOW


def set_banner(element: Banner, sheet: Sheet, sizes: Sizes) -> None:
    """A word in the middle of a round frame."""
    face, size = Face.DISPLAY, sizes.framed_label[0]
    lines = sheet.faces.break_lines(element.text, face, size, sizes.width - 4 * _BANNER_PADDING)
    height = round(len(lines) * size * 1.35) + 2 * _BANNER_PADDING
    top = sheet.box(height, _FRAME_ABOVE)
    for number, line in enumerate(lines):
        baseline = top + _BANNER_PADDING + round((number + 1.04) * size * 1.35 - 0.35 * size)
        sheet.centre(baseline, line, face, size)
    sheet.bottom += _FRAME_BELOW


def _column_edges(count: int, sizes: Sizes) -> list[int]:
    """The right edges of all columns but the first."""
    if count == len(sizes.column_edges) + 1:
        return list(sizes.column_edges)
    return [round(sizes.amount_edge * number / (count - 1)) for number in range(1, count)]


def set_table(element: Table, sheet: Sheet, sizes: Sizes) -> None:
    """Heads, then rows; the last row is bold if the element says so."""
    edges = _column_edges(len(element.columns), sizes)
    baseline = sheet.baseline(sizes.table_head)
    last = len(element.rows) if element.bold_last else None
    for number, cells in enumerate((element.columns, *element.rows)):
        face = Face.SEMIBOLD if number in (0, last) else Face.MEDIUM
        size = sizes.table if number else sizes.table_head
        sheet.left(0, baseline, cells[0], face, size)
        for edge, cell in zip(edges, cells[1:], strict=True):
            sheet.right(edge, baseline, cell, face, size)
        sheet.end_line(baseline, size)
        baseline += sizes.table_pitch


def _modules(modules_wide: int, sizes: Sizes) -> int:
    """Dots of a module: as large as the width allows, and large enough for a telephone's camera."""
    most = int(sizes.width * _QR_MOST_OF_WIDTH) // modules_wide
    return max(min(sizes.module, most), _QR_SMALLEST_MODULE)


def set_qr_beside(element: QrBeside, sheet: Sheet, sizes: Sizes) -> None:
    """The code at the left, the words beside it, or below a code that leaves them no room."""
    rows = tuple(segno.make(element.data, error="m", micro=False).matrix)
    module, top = _modules(len(rows), sizes), round(sheet.bottom + _QR_ABOVE)
    left = _QR_LEFT + len(rows) * module + _QR_BETWEEN
    sheet.matrix(_QR_LEFT, top, rows, module)
    after_code = sheet.bottom
    baseline = top + sizes.beside_first
    if sizes.width - left < sizes.width // 3:
        left, baseline = 0, round(after_code + sizes.beside * 1.5)
    pitch, strong = round(sizes.beside * 1.353), True
    for words in element.lines:
        if words.style is Style.STRONG and not strong:
            baseline += sizes.beside_gap
        strong = words.style is Style.STRONG
        face = Face.SEMIBOLD if strong else Face.MEDIUM
        for line in sheet.faces.break_lines(words.text, face, sizes.beside, sizes.width - left):
            sheet.left(left, baseline, line, face, sizes.beside)
            sheet.end_line(baseline, sizes.beside)
            baseline += pitch


def set_space(element: Space, sheet: Sheet, _sizes: Sizes) -> None:
    """Blank paper."""
    sheet.bottom += element.dots
