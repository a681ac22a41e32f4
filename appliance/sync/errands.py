"""What the shop is told beside the sales, after them: stock moves, refunds, notes. And whether it has lost any.

While nothing of it is due, a round costs three small questions to the till's own file, and the shop nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from appliance.storage.order_notes import OrderNotes
from appliance.storage.outbox_rows import OutboxEntry
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.refund_rows import RefundEntry
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.sync.noting import Noting
from appliance.sync.queue import Queue
from appliance.sync.refund_telling import RefundTelling
from appliance.sync.set_back import SetBackWatch
from appliance.sync.sweep import Sweep
from appliance.sync.upload import Telling


@dataclass(slots=True)
class Errands:
    """All of it, for one till.

    Attributes:
        moves, telling, sweep: stock moves, told as sales are.
        refunds, refund_telling: money back.
        notes, noting: words for the owner.
        set_back: whether the shop has lost what it was told.
        now: the clock.
        hold_back: writes the moves that hold pieces back from the web, or free them (``HoldingBack.reconcile``).
    """

    moves: StockMoveOutbox
    telling: Telling
    sweep: Sweep
    refunds: RefundOutbox
    refund_telling: RefundTelling
    notes: OrderNotes
    noting: Noting
    set_back: SetBackWatch
    now: Callable[[], datetime]
    hold_back: Callable[[], object] = bool
    move_queue: Queue[OutboxEntry] = field(init=False)
    refund_queue: Queue[RefundEntry] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with empty hands."""
        self.move_queue, self.refund_queue = Queue(self.moves, self.now), Queue(self.refunds, self.now)

    def tell(self, heard: Callable[[], None]) -> int:
        """Tell all that is due; return how much the shop has now. Refunds that lost their order go last, as moves.

        Raises:
            ShopError: the network, or the whole shop.
        """
        self.hold_back()
        told = self.refund_queue.run(self.refund_telling.tell, heard)
        told += self.move_queue.run(self._tell_move, heard)
        self.noting.run()
        return told

    def _tell_move(self, entry: OutboxEntry) -> bool:
        with self.set_back.listening():
            is_told = self.telling.tell(entry)
        if is_told:
            self.set_back.heard_of(self.moves.entry(entry.sale_id))
        return is_told

    def look_late(self) -> None:
        """Look once more at what the shop has had for a while.

        Raises:
            ShopError: the shop did not answer.
        """
        self.sweep.run()
        self.sweep.drop_claims()
        self.refund_telling.look_late()
        self.refund_telling.drop_claims()

    def hurry(self) -> None:
        """Forget all waiting times."""
        self.moves.hurry()
        self.refunds.hurry()

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next of them that waits for its turn is due again."""
        each = (self.moves.next_try_at(now), self.refunds.next_try_at(now), self.notes.next_try_at(now))
        return min((at for at in each if at is not None), default=None)
