"""The list as it is typed: sales, their items, and the one item that the keys change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

LONGEST_ITEM: Final = 13
"""Three digits, the sign and nine digits."""
TIMES: Final = "\N{MULTIPLICATION SIGN}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list. Immutable; each key returns a new one.

    Attributes:
        sales: the items of each sale, as typed; the last item may be empty: it is the next one.
        at: the sale and the item that the keys change.
    """

    sales: tuple[tuple[str, ...], ...] = (("",),)
    at: tuple[int, int] = (0, 0)

    @property
    def typed(self) -> str:
        """The item that the keys change."""
        sale, item = self.at
        return self.sales[sale][item]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not any(any(sale) for sale in self.sales)

    @property
    def text(self) -> str:
        """The list, as `domain.booking` reads it."""
        return " / ".join(", ".join(filter(None, sale)) for sale in self.sales if any(sale))

    def key_of(self, sale: int, item: int) -> tuple[int, int]:
        """Where an item of the text stands: its sale and item there are counted from 1, empty ones left out."""
        at = [number for number, each in enumerate(self.sales) if any(each)][sale - 1]
        return at, [number for number, each in enumerate(self.sales[at]) if each][item - 1]

    def press(self, key: str) -> Sheet:
        """A figure, or the sign for "times"."""
        return self if len(self.typed) >= LONGEST_ITEM else self._with(self.typed + key)

    def back(self) -> Sheet:
        """Take the last figure back; on an empty item, go back to the one before."""
        if self.typed:
            return self._with(self.typed[:-1])
        tidy = self._tidy()
        if tidy.is_empty:
            return Sheet()
        sale = len(tidy.sales) - 1
        return replace(tidy, at=(sale, len(tidy.sales[sale]) - 1))

    def comma(self) -> Sheet:
        """The next item, at the end of the list. On an empty one nothing changes."""
        if not self.typed and self.at == self._end():
            return self
        tidy = self._tidy()
        if tidy.is_empty:
            return Sheet()
        sales = (*tidy.sales[:-1], (*tidy.sales[-1], ""))
        return Sheet(sales, (len(sales) - 1, len(sales[-1]) - 1))

    def next_sale(self) -> Sheet:
        """The next sale, with its first item. On an empty list nothing changes."""
        tidy = self._tidy()
        return Sheet() if tidy.is_empty else Sheet((*tidy.sales, ("",)), (len(tidy.sales), 0))

    def add(self, number: int) -> Sheet:
        """An item that was scanned: in place of an empty one, else after what was typed."""
        ready = self if not self.typed else self.comma()
        return ready._with(str(number)).comma()

    def choose(self, at: tuple[int, int]) -> Sheet:
        """Let the keys change another item."""
        return replace(self, at=at)

    def _end(self) -> tuple[int, int]:
        return len(self.sales) - 1, len(self.sales[-1]) - 1

    def _with(self, typed: str) -> Sheet:
        sale, item = self.at
        items = self.sales[sale]
        changed = (*items[:item], typed, *items[item + 1 :])
        return replace(self, sales=(*self.sales[:sale], changed, *self.sales[sale + 1 :]))

    def _tidy(self) -> Sheet:
        """Without what is empty; where the keys are is left open."""
        sales = tuple(tuple(filter(None, sale)) for sale in self.sales if any(sale))
        return Sheet(sales) if sales else Sheet()


def sheet_of(text: str) -> Sheet:
    """A sheet with a list that was booked, so that what was taken back can be mended."""
    sales = tuple(tuple(sale.replace("x", TIMES).split(", ")) for sale in text.split(" / "))
    return Sheet(sales, (len(sales) - 1, len(sales[-1]) - 1)).comma()
