"""What the sync service needs of an outbox, whatever it is that the shop has yet to hear by an order.

Two are tables of the till's file, of sales (``outbox``) and of stock moves (``stock_move_outbox``); a third lives in
the memory of the explorer of faults (tests/faults). One contract test holds all of them to this.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from appliance.storage.outbox_rows import OutboxEntry
from appliance.storage.refund_rows import RefundEntry


class Told(Protocol):
    """How far each telling has come. Every change is on the disk when the call returns, whole or not at all.

    The first argument of most is the id of what is told: 32 hexadecimal digits.
    """

    def due(self, now: datetime, limit: int) -> list[OutboxEntry]:
        """What to work on now, oldest first; what was put off for longer than any is, was by a wrong clock."""

    def entry(self, told_id: str, /) -> OutboxEntry:
        """How far one telling has come.

        Raises:
            StorageError: there is no such thing.
        """

    def anchor(self, told_id: str, /) -> tuple[int, bytes]:
        """Where it stands in the journal: its entry's number and hash."""

    def note_posted(self, told_id: str, at: datetime, /) -> None:
        """Before sending it: a reservation may reach the shop from now on. The first time stays."""

    def remember(self, told_id: str, order_id: int, /) -> None:
        """This order is the one, and the shop's count has its pieces: both in one transaction.

        Raises:
            RuleBrokenError: that order is another's.
        """

    def hold_claim(self, told_id: str, claim_id: int, order_id: int, /) -> None:
        """This claim holds, and the order that it names is the one, in one transaction."""

    def adopt_sent(self, told_id: str, order_id: int, at: datetime, /) -> None:
        """The shop has it already: another card has told it. One transaction."""

    def forget_order(self, told_id: str, /) -> None:
        """The order is gone: it is due, and its pieces count here again, both in one transaction."""

    def note_committing(self, told_id: str, at: datetime, /) -> None:
        """Before sending it: a commit may reach the shop from now on. The first time stays."""

    def mark_sent(self, told_id: str, at: datetime, /) -> None:
        """The shop has it."""

    def note_attempt(self, told_id: str, next_try_at: datetime | None, /) -> None:
        """A try failed; the next is not before then."""

    def park(self, told_id: str, reason: str, /) -> None:
        """Set it aside until a person has seen to it; the others go on."""

    def unpark(self, told_id: str, /) -> None:
        """Try a parked one again, from where it was."""

    def hurry(self) -> None:
        """Forget all waiting times: try everything at once."""

    def next_try_at(self, now: datetime) -> datetime | None:
        """When the next one that waits for its turn is due again, None if none waits."""

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[OutboxEntry]:
        """What the shop got before an instant and nobody has looked at since, oldest first.

        With ``now``, that too which it got later than now: under a clock that was put back since.
        """

    def mark_checked(self, told_id: str, at: datetime, problem: str = "", /) -> None:
        """The late look is done; what it found wrong, in the owner's words, stays as the reason."""

    def claimed(self, checked_before: datetime) -> list[OutboxEntry]:
        """Those whose claim the shop still keeps though all was found right, and was so before an instant."""

    def note_claim_dropped(self, told_id: str, /) -> None:
        """The shop keeps no claim of it any more."""


class RefundsTold(Protocol):
    """The same for refunds, which are told under an order that is there already (``refund_outbox``)."""

    def due(self, now: datetime, limit: int) -> list[RefundEntry]:
        """Refunds to work on now, oldest first: those whose sale the shop has."""

    def anchor(self, refund_id: str, /) -> tuple[int, bytes]:
        """Where it stands in the journal: its entry's number and hash."""

    def note_posted(self, refund_id: str, at: datetime | None, /) -> None:
        """Before sending it: it may reach the shop from now on. After a try that certainly never left, as it was."""

    def hold_claim(self, refund_id: str, claim_id: int, /, *, is_ours: bool) -> None:
        """Who tells it is decided in the shop."""

    def mark_sent(self, refund_id: str, shop_refund_id: int, at: datetime, problem: str = "", /) -> None:
        """The shop has it, and its count has the pieces: in one transaction."""

    def become_move(self, refund_id: str, at: datetime, /) -> None:
        """It has no order to be told to: what went back to the shelf is told as a stock move. One transaction."""

    def note_attempt(self, refund_id: str, next_try_at: datetime | None, /) -> None:
        """A try failed; the next is not before then."""

    def park(self, refund_id: str, reason: str, /) -> None:
        """Set it aside until a person has seen to it; the others go on."""

    def unchecked(self, before: datetime, now: datetime | None = None) -> list[RefundEntry]:
        """What the shop got before an instant and nobody has looked at since; see :class:`Told`."""

    def mark_checked(self, refund_id: str, at: datetime, problem: str = "", /) -> None:
        """The late look is done; what it found wrong, in the owner's words, stays as the reason."""

    def claimed(self, checked_before: datetime) -> list[RefundEntry]:
        """Those whose claim is this till's, and is still kept though all was found right, and was so before then."""

    def note_claim_dropped(self, refund_id: str, /) -> None:
        """The shop keeps no claim of it any more."""
