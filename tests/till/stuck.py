"""What a person decides about what the shop did not take, built of its parts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from appliance.domain.money import Currency
from appliance.storage.database import Database
from appliance.storage.facts import ShopFacts
from appliance.storage.journal import Journal
from appliance.storage.mending import Mending
from appliance.storage.outbox import Outbox
from appliance.storage.refund_outbox import RefundOutbox
from appliance.storage.set_back import SetBacks
from appliance.storage.stock_moves import StockMoveOutbox
from appliance.till.approving import Approving
from appliance.till.putting_right import Outboxes, PuttingRight


def putting_right(
    db: Database, journal: Journal, approving: Approving, currency: Currency, now: Callable[[], datetime]
) -> PuttingRight:
    """What a person decides about what the shop did not take."""
    boxes = Outboxes(Outbox(db, journal), RefundOutbox(db, journal), StockMoveOutbox(db, journal))
    mending, lost = Mending(db, journal), SetBacks(db, journal)
    return PuttingRight(boxes, mending, lost, ShopFacts(db), journal, approving, currency, now)
