"""What needs a person besides sales that the shop refused: refunds, stock moves, and the shop as a whole."""

from __future__ import annotations

from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.set_back import SHOP_SET_BACK
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.till import waiting_words as words


def stuck_lines(database: Database) -> list[str]:
    """A line for each; none while all goes by itself."""
    facts, refunds, moves = ShopFacts(database), RefundOutbox(database), StockMoveOutbox(database)
    lines = []
    if (vanished := facts.vanished()) is not None:
        note = words.vanished(vanished.count, vanished.of, is_other_shop=vanished.is_other_shop)
        lines.append(f"{words.VANISHED}: {note}")
    if facts.get(SHOP_SET_BACK) is not None:
        lines.append(f"{words.SET_BACK}. Say at the till whether it shall be told again.")
    lines += [
        f"Refund {each.receipt_number}: {each.reason}"
        for each in (*refunds.waiting(), *refunds.problems())
        if each.reason
    ]
    lines += [
        f"Stock {each.receipt_number}: {each.reason}"
        for each in (*moves.waiting(), *moves.problems())
        if each.reason
    ]
    return lines
