"""Holding pieces back from the web: what the rules want against what is held.

After each reading of the shop's counts all of it is looked at (:meth:`HoldingBack.reconcile`). What must be given free,
since the last pieces sold here, does not wait for that: each round looks for it just before it tells
(:meth:`HoldingBack.free`), so that the shop's count is below zero for a moment at most.

Each change goes to the shop as an order over nothing, like a sale: reserved, remembered, committed. The pieces stay on
the shelf all the same, for the till counts ``held_back`` on top of the shop's count. ``domain.safety`` says how much is
wanted, and when an order is made for it. The till itself does so, and nobody has to approve it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.domain.safety import SafetyRules, Shelf, change, wish
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.storage.safety import HeldBack
from appliance.storage.stock_moves import StockMoves

DRIFT_OVER: Final = timedelta(days=90)
LINES_IN_A_MOVE: Final = 50
MOVES_AT_ONCE: Final = 4
"""So many orders at most in one round: a rule for a large category is met within some rounds, and no host groans."""
HELD: Final = "Held back from the web"
FREED: Final = "Given to the web again"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HoldingBack:
    """Keeps what is held back near what is wanted.

    Attributes:
        rules: of this till; empty for one that holds nothing back (any more).
        held_back: what is held. moves: writes what changes.
        new_id: names the moves. now: the clock.
        may_tell: whether this card may tell the shop anything; one that was moved or copied holds nothing back.
    """

    rules: SafetyRules
    held_back: HeldBack
    moves: StockMoves
    new_id: Callable[[], str]
    now: Callable[[], datetime]
    may_tell: Callable[[], bool] = lambda: True

    def reconcile(self) -> int:
        """Write what is to be held back besides, or given free; returns how many moves the shop must hear of.

        Of a product of which the shop has yet to hear something nothing is written: its numbers are not known.
        """
        if not self.may_tell():
            return 0
        return self._write(self._changes(self.held_back.shelves(self.rules, self._drift())))

    def free(self) -> int:
        """Write only what is to be given free; the shop's counts may be old, and nothing is held back on old ones."""
        if not self.may_tell() or not self.held_back.count().pieces:
            return 0
        changes = self._changes(self.held_back.shelves(SafetyRules(), {}))
        return self._write([(shelf, pieces) for shelf, pieces in changes if pieces < 0])

    def _drift(self) -> dict[int, int]:
        return self.held_back.drift(self.now() - DRIFT_OVER) if self.rules.learns else {}

    def _changes(self, shelves: list[Shelf]) -> list[tuple[Shelf, int]]:
        drift, waiting = self._drift(), self.held_back.being_told()
        return [
            (shelf, pieces)
            for shelf in shelves
            if shelf.on_hand is not None
            and shelf.stock_id not in waiting
            and (
                pieces := change(
                    wish(self.rules, shelf, drift.get(shelf.stock_id, 0)), shelf.on_hand, shelf.held
                )
            )
        ]

    def _write(self, changes: list[tuple[Shelf, int]]) -> int:
        now, written = self.now(), 0
        for reason, lines in self._orders(changes):
            self.moves.record(MoveKind.HOLD, lines, reason, None, now, move_id=self.new_id())
            log.info("%s: %s.", reason, ", ".join(f"{abs(line.quantity)} of {line.name}" for line in lines))
            written += 1
        return written

    def _orders(self, changes: list[tuple[Shelf, int]]) -> Iterator[tuple[str, list[StockMoveLine]]]:
        """What is given free first: the shop's count may be below zero for want of it."""
        freed = [_line(shelf, pieces) for shelf, pieces in changes if pieces < 0]
        held = [_line(shelf, pieces) for shelf, pieces in changes if pieces > 0]
        orders = [*_chunks(FREED, freed), *_chunks(HELD, held)]
        yield from orders[:MOVES_AT_ONCE]


def _chunks(reason: str, lines: list[StockMoveLine]) -> list[tuple[str, list[StockMoveLine]]]:
    return [(reason, lines[at : at + LINES_IN_A_MOVE]) for at in range(0, len(lines), LINES_IN_A_MOVE)]


def _line(shelf: Shelf, pieces: int) -> StockMoveLine:
    """What is held back is taken from the shop's count."""
    return StockMoveLine(shelf.product_id, shelf.parent_id, shelf.stock_id, shelf.name, -pieces, shelf.sku)
