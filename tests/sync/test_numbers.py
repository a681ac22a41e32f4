"""The nightly comparison of all numbers: what is gone, and what was never brought."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from appliance.demo.shop.database import ShopDatabase
from tests.sync.test_poison import download_from, rounds

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


def test_a_product_that_an_import_wrote_past_the_shops_own_dates_comes_with_the_next_comparison(
    counter: Counter,
) -> None:
    """Importers write into the shop's tables, and a shop set back to a copy has old dates."""
    mug = counter.product("1209")
    counter.catalogue.remove([mug.product_id])
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE product SET modified = '2020-01-01T00:00:00'")
    shop.close()
    counter.clock.ahead += timedelta(minutes=10)
    rounds(counter, 1)
    assert counter.catalogue.get(mug.product_id) is None
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 2)
    assert counter.catalogue.get(mug.product_id) == mug


def test_numbers_that_cannot_be_sold_are_not_asked_for_each_night(counter: Counter) -> None:
    """A choice that is switched off has a number, and never becomes a product of the till."""
    cursors: list[str | None] = []
    shop = counter.service.download.shop

    def changes(cursor: str | None) -> object:
        cursors.append(cursor)
        return shop.changes(cursor)

    download_from(counter, changes=changes, all_product_ids=lambda: shop.all_product_ids() | {999_999})
    for _ in range(4):
        counter.clock.ahead += timedelta(days=1, minutes=1)
        rounds(counter, 2)
    assert len(cursors) >= 8
    assert cursors.count(None) == 1
