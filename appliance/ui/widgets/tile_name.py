"""A product's name on a tile: two short lines, cut between words, without what a cashier can do without.

An owner's own line break is kept. Else the name loses its last part ("(200)", "450 g", ", forest green") until it
fits; only a name that still does not ends in an ellipsis. A number stays with its unit.
"""

import re
from typing import Final

from appliance.ui.theme import Look

FACE: Final = "Medium"
LINES: Final = 2
SMALLER: Final = 3
"""So many pixels a name may shrink for a word that is wider than its tile ("Carpenter's")."""

_TAIL: Final = re.compile(
    r"""
    \s*\([^()]*\)$                                      # (200)
    | ,[^,]*$                                           # , forest green
    | \s+[\d.,/]+(\s*[x×]\s*[\d.,/]+)+(\s*[^\W\d]{1,3}\.?)?$ # 4 × 40
    | \s+[\d.,/]+\s*[^\W\d]{1,3}\.?(\s+net)?$           # 450 g
    """,
    re.VERBOSE,
)
_INSIDE: Final = re.compile(r"(?<=\d) (?=[x×](?: |\d)|[^\W\d]{1,2}\b)|(?<=[x×]) (?=\d)")
_KEPT: Final = "\N{NO-BREAK SPACE}"


def cut_name(look: Look, name: str, width: int) -> tuple[int, tuple[str, ...]]:
    """The size in pixels, and one or two lines of at most `width` pixels."""
    px = _size(look, name, width)
    if "\n" in name:
        first, rest = name.split("\n", 1)
        lines = [first, rest.replace("\n", " ")]
    else:
        lines = _wrapped(look, name, width, px)
    return px, tuple(look.fit(line, FACE, px, width) for line in lines if line)


def _size(look: Look, name: str, width: int) -> int:
    """The design's size, or a little less for one long word."""
    largest = look.sizes.tile_name.px
    words = name.split()
    for px in range(largest, largest - SMALLER, -1):
        if all(look.width_of(word, FACE, px) <= width for word in words):
            return px
    return largest


def _wrapped(look: Look, name: str, width: int, px: int) -> list[str]:
    short = " ".join(name.split())
    while True:
        lines = _lines(look, short, width, px)
        if len(lines) <= LINES:
            return lines
        shorter = _TAIL.sub("", short)
        if shorter == short or not shorter:
            break
        short = shorter
    return _ended(look, lines, width, px)


def _ended(look: Look, lines: list[str], width: int, px: int) -> list[str]:
    """The first lines, the last of them ending between two words."""
    last = lines[LINES - 1]
    while " " in last and look.width_of(f"{last}…", FACE, px) > width:
        last = last.rsplit(" ", 1)[0]
    return [*lines[: LINES - 1], f"{last.rstrip(' ,')}…"]


def _lines(look: Look, text: str, width: int, px: int) -> list[str]:
    """As many lines as it takes."""
    lines: list[str] = []
    for each in _INSIDE.sub(_KEPT, text).split(" "):
        word = each.replace(_KEPT, " ")
        if lines and look.width_of(f"{lines[-1]} {word}", FACE, px) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines
