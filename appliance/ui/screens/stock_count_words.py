"""What the pages of a count say of its lines, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from appliance.domain.shelf_count import Comparison, CountLine
from appliance.till.clock import clock_time
from appliance.ui.counter import Counter
from appliance.ui.marks import Area, Box, Mark, middle, word
from appliance.ui.strings import Words
from appliance.ui.theme import Look
from appliance.ui.widgets.lines import LineText
from appliance.ui.widgets.points import Point

MINUS: Final = "\N{MINUS SIGN}"


def how_to_count(say: Words) -> list[Point]:
    """How it works."""
    return [
        Point("scanner", say("count_shelf.how_scan")),
        Point("shelf", say("count_shelf.how_shelf")),
        Point("bag", say("count_shelf.how_sell")),
    ]


def heading(look: Look, area: Area, name: str, quiet: str) -> list[Mark]:
    """The row over a list: what it is, and something quiet at its end."""
    sizes = look.sizes
    x, right, top = area.x + sizes.inner, area.right - sizes.inner, middle(area, sizes.text.line)
    return [
        Box(area, "panel"),
        word(name, x, top, "SemiBold", sizes.text),
        word(quiet, right, middle(area, sizes.note.line), "Medium", sizes.note, "sand", "right"),
    ]


def counted_row(line: CountLine, went: int, counter: Counter, say: Words) -> LineText:
    """A line of the count, without a word of what should be there; ``went`` is what was sold in between."""
    hint = say("count_shelf.moved", count=went) if went else ""
    note = line.sku or clock_time(line.counted_at, counter.local)
    return LineText(line.stock_id, line.name, f"{line.counted:,}", note=note, hint=hint)


def compared_row(
    line: CountLine, went: int, promised: Mapping[int, int], counter: Counter, say: Words
) -> LineText:
    """A line of the comparison: what was found of what should be there, and what makes the difference doubtful."""
    at = clock_time(line.counted_at, counter.local)
    note = say("count_shelf.against", counted=f"{line.counted:,}", expected=f"{line.expected:,}", time=at)
    hint, owed = "", promised.get(line.stock_id, 0)
    if went:
        hint = say("count_shelf.moved", count=went)
    elif line.variance > 0 and owed:
        hint = say("count_shelf.promised", count=owed)
    return LineText(
        line.stock_id, line.name, signed(line.variance), note=note, hint=hint, is_off=not line.variance
    )


def signed(pieces: int) -> str:
    """Pieces with their sign: "+1"; "0" without."""
    return f"{MINUS if pieces < 0 else '+' if pieces else ''}{abs(pieces):,}"


def sums(comparison: Comparison) -> str:
    """What the manager reads beside the deed: "-3 +1"."""
    parts = [signed(-comparison.short)] if comparison.short else []
    parts += [signed(comparison.over)] if comparison.over else []
    return " ".join(parts) or "0"
