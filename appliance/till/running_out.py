"""What runs out and which product numbers will fail at the counter, in words for the cashier and the owner."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.domain.mismatches import Mismatch
from appliance.storage.stock_list import LowStock, StockList


@dataclass(frozen=True, slots=True)
class StockRow:
    """A row of one of the lists.

    Attributes:
        name: the product, or the products.
        left: how many can be sold; None on the list of numbers.
        note: short, for the row.
        sentences: all that there is to say, and what to do.
    """

    name: str
    left: int | None
    note: str
    sentences: tuple[str, ...]


class RunningOut:
    """Reads what the sync service found."""

    def __init__(self, stock_list: StockList) -> None:
        self._stock_list = stock_list

    def low(self) -> list[StockRow]:
        """What runs out over both channels, what sells fastest for what is left first."""
        return [_low(each) for each in self._stock_list.low()]

    def wrong_numbers(self) -> tuple[int, list[StockRow]]:
        """How many product numbers are wrong, and the worst of them."""
        count, worst = self._stock_list.mismatches()
        return count, [_wrong(each) for each in worst]


def _low(low: LowStock) -> StockRow:
    sold = low.sold_here + low.sold_online
    pace = f"{low.sold_here:,} sold here and {low.sold_online:,} online in 30 days."
    if low.available <= 0:
        lasts = "Nothing is left to sell, here or online."
    elif low.days_left is None:
        lasts = "None was sold in the last 30 days."
    else:
        lasts = f"At that pace it is gone in {_days(low.days_left)}."
    note = f"sold {low.sold_here:,} here, {low.sold_online:,} online" if sold else "none sold in 30 days"
    sentences = (f"{low.available:,} left over both channels.", *((pace,) if sold else ()), lasts)
    return StockRow(low.name, low.available, note, sentences)


def _days(days: int) -> str:
    return "less than a day" if days < 1 else "a day" if days == 1 else f"{days} days"


def _wrong(found: Mismatch) -> StockRow:
    code = found.code or "no number"
    return StockRow(
        " / ".join(found.names), None, code, (found.advice, "It is put right in the online shop.")
    )
