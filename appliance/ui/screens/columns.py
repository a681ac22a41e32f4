"""Where the blocks of a page stand: the columns of the design, on both panels."""

from appliance.ui.marks import Area
from appliance.ui.theme import Sizes


def two_columns(sizes: Sizes, *, wide_first: bool = False) -> tuple[Area, Area]:
    """The two blocks of a quiet page. On the small panel the narrow one is left, or right with `wide_first`."""
    narrow = sizes.sale if wide_first else sizes.pad
    first = sizes.pad + sizes.margin + sizes.keys if sizes.keys else narrow
    x = sizes.margin + first + sizes.margin
    return (
        Area(sizes.margin, sizes.head, first, sizes.body),
        Area(x, sizes.head, sizes.width - sizes.margin - x, sizes.body),
    )


def three_columns(sizes: Sizes) -> tuple[Area, Area, Area]:
    """The blocks of selling and paying; on the small panel the first two are one and the same."""
    left = Area(sizes.margin, sizes.head, sizes.pad, sizes.body)
    right = Area(sizes.width - sizes.margin - sizes.sale, sizes.head, sizes.sale, sizes.body)
    if not sizes.keys:
        return left, left, right
    return left, Area(left.right + sizes.margin, sizes.head, sizes.keys, sizes.body), right


def foot(block: Area, sizes: Sizes) -> Area:
    """The block's bottom row: lit key or base keys."""
    return Area(block.x, sizes.slab_top, block.w, sizes.slab)


def top_row(block: Area, sizes: Sizes) -> Area:
    """The block's first row, without its seam."""
    return Area(block.x, block.y, block.w, sizes.row - sizes.seam)


def between(block: Area, sizes: Sizes, rows: int = 0) -> Area:
    """What lies between the first `rows` rows and the bottom row, without the seams."""
    top = block.y + rows * sizes.row
    return Area(block.x, top, block.w, sizes.slab_top - sizes.seam - top)


def thirds(width: int, seam: int = 2) -> list[int]:
    """Three columns, the odd pixels in the middle one."""
    side = (width - 2 * seam) // 3
    return [side, width - 2 * seam - 2 * side, side]
