"""What would be lost if the card died now: what is neither on the stick nor in the shop."""

from __future__ import annotations

from dataclasses import dataclass

from appliance.storage.chain import Link
from appliance.storage.database import Database


@dataclass(frozen=True, slots=True)
class AtRisk:
    """What is on the card alone.

    Attributes:
        entries: journal entries, sales included, that are not on the stick.
        receipts: numbers of the sales among them that the shop does not have either, oldest first.
    """

    entries: int
    receipts: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What it comes to, for a person."""
        count = len(self.receipts)
        if count == 0:
            return "If the card died now, 0 sales would be lost."
        sales = "1 sale" if count == 1 else f"{count:,} sales"
        which = self.receipts[0] if count == 1 else f"{self.receipts[0]} to {self.receipts[-1]}"
        return f"If the card died now, {sales} would be lost: {which}."


def at_risk(db: Database, stick_head: Link | None) -> AtRisk:
    """Weigh the card against what is elsewhere.

    Args:
        db: the card's file.
        stick_head: where the stick's journal ends; None without one. One of another journal keeps nothing.
    """
    with db.transaction():
        kept = 0
        if stick_head is not None and stick_head.seq:
            row = db.one("SELECT hash FROM journal WHERE seq = ?", (stick_head.seq,))
            kept = stick_head.seq if row is not None and row[0] == stick_head.hash else 0
        last = db.one("SELECT coalesce(max(seq), 0) FROM journal")  # no number is missing: nothing is counted
        rows = db.rows(
            "SELECT s.series, s.number FROM outbox AS o JOIN sale AS s USING (seq) "
            "WHERE o.state <> 'sent' AND o.seq > ? ORDER BY o.seq",
            (kept,),
        )
    return AtRisk(last[0] - kept if last else 0, tuple(f"{series}-{number:06d}" for series, number in rows))
