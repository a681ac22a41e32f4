"""The sizes of a receipt in dots, for both widths of paper; 8 dots are a millimetre."""

from __future__ import annotations

from dataclasses import dataclass

#: Line metrics of the Gapless faces, in em: above and below the baseline.
ASCENT, DESCENT = 1.040, 0.313


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes of type and places for one width of paper; a pair is (size, place below its element's top)."""

    width: int
    amount_edge: int
    framed_edge: int
    column_edges: tuple[int, int, int]
    """Right edges of the second, third and fourth column of a table with four."""
    normal: int
    small: int
    big: int
    letter: int
    code: int
    table_head: int
    table: int
    table_pitch: int
    beside: int
    beside_first: int
    beside_gap: int
    mark: tuple[int, int]
    mark_left: int
    name: tuple[int, int]
    name_left: int
    strapline: tuple[int, int]
    strapline_left: int
    masthead_below: int
    framed_height: int
    framed_label: tuple[int, int]
    framed_amount: tuple[int, int]
    framed_left: int
    module: int


PAPER_80_MM = Sizes(
    width=576,
    amount_edge=548,
    framed_edge=550,
    column_edges=(274, 408, 548),
    normal=24,
    small=20,
    big=28,
    letter=18,
    code=16,
    table_head=20,
    table=21,
    table_pitch=29,
    beside=22,
    beside_first=16,
    beside_gap=8,
    mark=(84, 79),
    mark_left=-10,
    name=(54, 52),
    name_left=88,
    strapline=(21, 82),
    strapline_left=90,
    masthead_below=8,
    framed_height=98,
    framed_label=(36, 63),
    framed_amount=(66, 69),
    framed_left=20,
    module=6,
)

PAPER_58_MM = Sizes(
    width=384,
    amount_edge=362,
    framed_edge=364,
    column_edges=(192, 275, 362),
    normal=21,
    small=18,
    big=26,
    letter=16,
    code=16,
    table_head=18,
    table=18,
    table_pitch=24,
    beside=19,
    beside_first=15,
    beside_gap=4,
    mark=(64, 61),
    mark_left=-8,
    name=(42, 44),
    name_left=64,
    strapline=(19, 68),
    strapline_left=66,
    masthead_below=6,
    framed_height=80,
    framed_label=(27, 50),
    framed_amount=(50, 56),
    framed_left=14,
    module=5,
)

BY_WIDTH = {sizes.width: sizes for sizes in (PAPER_80_MM, PAPER_58_MM)}
