"""The nightly reading of everything: what was never brought, or changed past the dates, and what is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from appliance.demo.shop.database import ShopDatabase
from appliance.storage.facts import ShopFacts
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


def edit(counter: Counter, sql: str) -> None:
    """Write into the shop's tables as an import does: no date moves."""
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write(sql)
    shop.close()


def test_a_price_that_was_changed_past_the_dates_comes_with_the_night(counter: Counter) -> None:
    rounds(counter, 4)
    edit(counter, "UPDATE product SET price = '99.00', regular_price = '99.00' WHERE sku = '1209'")
    rounds(counter, 4)
    assert counter.product("1209").price_minor == 1290
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 2)
    assert counter.product("1209").price_minor == 9900


def test_a_count_that_was_changed_past_the_dates_comes_within_minutes(counter: Counter) -> None:
    rounds(counter, 30, minutes=2)
    edit(counter, "UPDATE product SET stock = 7 WHERE sku = '1209'")
    rounds(counter, 12, minutes=2)
    assert counter.product("1209").on_hand == 7


def test_what_was_deleted_for_ever_goes_with_the_night(counter: Counter) -> None:
    mug = counter.product("1209")
    rounds(counter, 4)
    edit(counter, f"DELETE FROM product WHERE id = {mug.product_id}")
    rounds(counter, 4)
    assert counter.catalogue.get(mug.product_id) == mug
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 2)
    assert counter.catalogue.get(mug.product_id) is None


def test_everything_is_compared_once_after_it_was_read_for_the_first_time(counter: Counter) -> None:
    """A choice that is switched off has a number, and never becomes a product: it is not asked for again."""
    asked: list[str] = []
    shop = counter.service.download.shop

    def numbers() -> set[int]:
        asked.append("numbers")
        return shop.all_product_ids() | {999_999}

    download_from(counter, all_product_ids=numbers)
    ShopFacts(counter.database).set_cursor(None)
    for _ in range(3):
        rounds(counter, 2)
        counter.clock.ahead += timedelta(days=1, minutes=1)
    assert asked == ["numbers"]


def test_a_night_with_nothing_new_writes_nothing(counter: Counter) -> None:
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 4)
    counter.clock.ahead += timedelta(days=1)
    before = counter.database.rows("SELECT count(*) FROM stock_change")
    rounds(counter, 4)
    assert counter.database.rows("SELECT count(*) FROM stock_change") == before
