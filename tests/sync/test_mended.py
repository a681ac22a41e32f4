"""A line that is told otherwise than it was sold: the shop's order, its counts, and the late look."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.mending import Mend, Mending
from tests.storage.samples import seal
from tests.sync.conftest import MARTA

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


@pytest.mark.parametrize("told_as", ["331", None])
def test_a_mended_line_is_told_so_and_both_sides_count_the_same(
    counter: Counter, told_as: str | None
) -> None:
    sale_id = counter.sell(p1209=2, p402=1)
    counter.outbox.park(sale_id, "The shop no longer has it.")
    before = counter.books().stock
    product = None if told_as is None else counter.product(told_as)
    mend = Mend(1) if product is None else Mend(1, product.product_id, None, product.stock_id)
    journal = Journal(counter.database, Identity(counter.database).get(), "Till 1", seal())
    Mending(counter.database, journal).mend(sale_id, mend, MARTA, counter.clock(), "It was another")

    for _ in range(2):
        counter.clock.ahead += timedelta(minutes=20)
        counter.service.run_once()
    entry, order_id = counter.outbox.entry(sale_id), counter.outbox.entry(sale_id).order_id
    assert order_id is not None
    order = counter.service.telling.shop.order(order_id)
    assert order is not None
    assert [line.product_id for line in order.lines] == [
        product and product.product_id,
        counter.product("402").product_id,
    ]
    assert order.total_minor == journal.sale(sale_id).sale.total_minor
    assert (entry.state, entry.reason, entry.checked_at is not None) == ("sent", "", True)
    after = counter.books().stock
    assert (before["1209"] - after["1209"], before["402"] - after["402"]) == (0, 1)
    assert before["331"] - after["331"] == (2 if told_as else 0)
    assert {sku: counter.product(sku).on_hand for sku in ("1209", "402", "331")} == {
        sku: after[sku] for sku in ("1209", "402", "331")
    }
