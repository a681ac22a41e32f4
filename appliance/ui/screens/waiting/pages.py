"""Cards and rows on pages of a fixed number of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

CARD_ROWS = 3


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on one page: cards first, then rows, by their numbers.

    Attributes:
        cards, rows: the numbers of the first and of the one after the last.
        has_caption: the last row turns the page.
    """

    cards: range
    rows: range
    has_caption: bool


def pages(cards: int, rows: int, height: int) -> Sequence[Page]:
    """Spread them over pages of `height` rows; with more than one page each ends in a caption."""
    if cards * CARD_ROWS + rows <= height:
        return (Page(range(cards), range(rows), False),)
    made: list[Page] = []
    card = row = 0
    while card < cards or row < rows:
        room = height - 1
        cards_here = min(cards - card, room // CARD_ROWS)
        room -= cards_here * CARD_ROWS
        rows_here = min(rows - row, room) if card + cards_here == cards else 0
        made.append(Page(range(card, card + cards_here), range(row, row + rows_here), True))
        card, row = card + cards_here, row + rows_here
    return made
