"""What the shop says of a till that was rebuilt, where the shop holds a sale twice."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from appliance.cli._agreeing import agree
from appliance.shops.orders import OrderStatus
from appliance.shops.woocommerce_sales import ShopSale
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from tests.storage.samples import NOON, fresh_till, paid, sale, seal


def test_a_sale_with_a_twin_gets_its_late_look_and_the_others_need_none(tmp_path: Path) -> None:
    """The card died after a lost answer: two orders of one sale, of which one holds its stock and nobody knows it."""
    db, identity, person = fresh_till(tmp_path / "till.db")
    journal = Journal(db, identity, seal=seal())
    for number in (1, 2, 3):
        journal.record(sale(number), paid(sale(number)), person, NOON)

    def order(number: int, order_id: int, status: OrderStatus) -> ShopSale:
        made = sale(number)
        return ShopSale(made.sale_id, f"T1-{number:06d}", order_id, status, True, made.total_minor)

    pages = [
        [order(1, 11, OrderStatus.COMMITTED), order(2, 12, OrderStatus.RESERVED)],
        [order(2, 13, OrderStatus.COMMITTED), order(3, 14, OrderStatus.CANCELLED)],
        [order(3, 15, OrderStatus.COMMITTED)],
    ]
    found = agree(db, pages, NOON)
    assert (found.agreed, found.waiting, found.nowhere) == (3, [], [])
    outbox = Outbox(db)
    later = NOON + timedelta(hours=1)
    assert [entry.receipt_number for entry in outbox.unchecked(later)] == ["T1-000002"]
    assert outbox.entry(sale(2).sale_id).order_id == 13
    db.close()
