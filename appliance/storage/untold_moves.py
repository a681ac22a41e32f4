"""Pieces that came or went here beside sales, and that the shop's count does not know of yet (``untold_move``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import apsw

_INSERT: Final = "INSERT INTO untold_move (stock_id, seq, quantity) VALUES (?, ?, ?)"
_TELL: Final = (
    "UPDATE shop_stock SET quantity = shop_stock.quantity + m.quantity FROM untold_move AS m "
    "WHERE m.seq = ? AND m.stock_id = shop_stock.stock_id"
)
_UNTELL: Final = _TELL.replace("+ m.quantity", "- m.quantity")
_DELETE: Final = "DELETE FROM untold_move WHERE seq = ?"


def add_untold(connection: apsw.Connection, seq: int, pieces: Iterable[tuple[int, int]]) -> None:
    """Count pieces (stock id, how many; below 0 for fewer) from an entry on; those of one stock are added up."""
    sums: dict[int, int] = {}
    for stock_id, quantity in pieces:
        sums[stock_id] = sums.get(stock_id, 0) + quantity
    rows = [(stock_id, seq, quantity) for stock_id, quantity in sums.items() if quantity]
    connection.executemany(_INSERT, rows)


def tell_untold(connection: apsw.Connection, seq: int) -> None:
    """The shop's count has them from now on. Without a new reading: it is no change that the shop made."""
    connection.execute(_TELL, (seq,))
    connection.execute(_DELETE, (seq,))


def untell(connection: apsw.Connection, seq: int) -> None:
    """The shop has undone them: after :func:`add_untold`."""
    connection.execute(_UNTELL, (seq,))


def drop_untold(connection: apsw.Connection, seq: int) -> None:
    """A person has seen to it that the shop's count is right: they count here no more."""
    connection.execute(_DELETE, (seq,))
