"""Where the parts of the page stand: the list is typed on the left, what it comes to is on the right."""

from __future__ import annotations

from typing import NamedTuple

from appliance.ui.marks import Area, split
from appliance.ui.screens.columns import between, foot, top_row, two_columns
from appliance.ui.theme import Sizes

PAD_ROWS = 4


class Places(NamedTuple):
    """The areas of the page.

    Attributes:
        left, right: both blocks.
        field: what is typed. about: what that is, on the large panel alone.
        pad: four rows of keys. days: a day earlier, the day, a day later.
        ways: cash, card, and the printed list. rows: what it comes to. lit: the lit key.
    """

    left: Area
    right: Area
    field: Area
    about: Area | None
    pad: list[Area]
    days: list[Area]
    ways: list[Area]
    rows: Area
    lit: Area


def places(sizes: Sizes) -> Places:
    """The areas on this panel."""
    left, right = two_columns(sizes)
    pad = Area(left.x, sizes.slab_top - PAD_ROWS * sizes.tile, left.w, PAD_ROWS * sizes.tile - sizes.seam)
    field = top_row(left, sizes)
    room = pad.y - sizes.seam - (field.bottom + sizes.seam)
    about = Area(left.x, field.bottom + sizes.seam, left.w, room) if room > sizes.row else None
    return Places(
        left,
        right,
        field,
        about,
        _pad(pad, sizes.seam),
        split(foot(left, sizes), _day_columns(left.w)),
        split(top_row(right, sizes), 3),
        between(right, sizes, 1),
        foot(right, sizes),
    )


def _pad(area: Area, seam: int) -> list[Area]:
    """Fourteen cells: three rows of four, then two of a double width: the comma is what is pressed most."""
    cells = split(area, 4, PAD_ROWS)
    wide = [
        first._replace(w=second.right - first.x)
        for first, second in ((cells[12], cells[13]), (cells[14], cells[15]))
    ]
    return [*cells[:12], *wide]


def _day_columns(width: int) -> list[int]:
    """Two narrow keys, and the day between them."""
    side = width // 4
    return [side, width - 2 * side - 4, side]
