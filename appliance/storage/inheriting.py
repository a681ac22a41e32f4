"""What the shop has not heard yet, and another card may hold too: it is told by the claiming protocol (``sync``)."""

from __future__ import annotations

from typing import Final

import apsw

_SALES: Final = "UPDATE outbox SET inherited = 1 WHERE state <> 'sent' AND inherited = 0"
_MOVES: Final = "UPDATE stock_move_outbox SET inherited = 1 WHERE state <> 'sent' AND inherited = 0"
_REFUNDS: Final = (
    "UPDATE refund_outbox SET inherited = 1, is_ours = NULL, claim_id = NULL "
    "WHERE state <> 'sent' AND (inherited = 0 OR is_ours IS NOT NULL)"
)
"""Whose a refund is to tell must be asked anew: the answer is on the copy too. The till that it was gets it again."""


def inherit_unsent(connection: apsw.Connection) -> int:
    """Mark all that is unsent, within the transaction that is open; return how many sales are newly marked."""
    connection.execute(_SALES)
    sales = connection.changes()
    connection.execute(_MOVES)
    connection.execute(_REFUNDS)
    return sales
