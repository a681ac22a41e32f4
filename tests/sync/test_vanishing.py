"""Too much gone at once: nothing is removed before a person has said that it is so."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from appliance.demo.shop.database import ShopDatabase
from appliance.storage.facts import ShopFacts, Vanished
from tests.sync.test_numbers import edit
from tests.sync.test_poison import rounds

if TYPE_CHECKING:
    from tests.sync.conftest import Counter


def asked(counter: Counter) -> Vanished | None:
    return ShopFacts(counter.database).vanished()


def night(counter: Counter) -> None:
    counter.clock.ahead += timedelta(days=1)
    rounds(counter, 4)


def throw_all_away(counter: Counter) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE product SET status = 'trash', modified = ?", (shop.stamp(),))
    shop.close()


def test_a_shop_that_was_emptied_empties_no_till(counter: Counter) -> None:
    count = counter.catalogue.count()
    edit(counter, "DELETE FROM product")
    night(counter)
    assert counter.catalogue.count() == count
    found = asked(counter)
    assert found is not None
    assert found.is_other_shop, "none of the oldest products is there: it may be another shop"


def test_a_catalogue_thrown_away_at_once_stays_until_a_person_says_that_it_is_so(counter: Counter) -> None:
    count = counter.catalogue.count()
    throw_all_away(counter)
    rounds(counter, 3)
    found = asked(counter)
    assert found is not None
    assert (found.count, found.of, found.is_other_shop) == (count, count, False)
    assert counter.catalogue.count() == count
    assert "gone from the shop at once" in (ShopFacts(counter.database).get("needs_a_look") or "")
    assert ShopFacts(counter.database).accept_vanished()
    assert asked(counter) is None
    rounds(counter, 3)
    assert counter.catalogue.count() == 0
    assert ShopFacts(counter.database).accepted_vanished() is None


def test_what_comes_back_is_not_asked_about_any_more(counter: Counter) -> None:
    throw_all_away(counter)
    rounds(counter, 3)
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE product SET status = 'publish', modified = ?", (shop.stamp(),))
    shop.close()
    assert asked(counter) is not None
    night(counter)
    assert asked(counter) is None


def test_another_shop_at_the_same_address_is_not_taken_for_ours(counter: Counter) -> None:
    """Its numbers may be ours: the age of the products tells."""
    mug = counter.product("1209")
    edit(counter, "UPDATE product SET name = 'Not ours ' || id, created = '2019-01-01T00:00:00'")
    night(counter)
    assert counter.catalogue.get(mug.product_id) == mug
    found = asked(counter)
    assert found is not None
    assert found.is_other_shop
    assert ShopFacts(counter.database).accept_vanished()
    rounds(counter, 3)
    now = counter.catalogue.get(mug.product_id)
    assert now is not None
    assert now.name.startswith("Not ours")
    night(counter)
    assert asked(counter) is None


def test_another_shops_catalogue_that_comes_as_a_change_is_not_taken_for_ours(counter: Counter) -> None:
    count = counter.catalogue.count()
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    shop.write("UPDATE product SET id = id + 5000, created = ?, modified = ?", (shop.stamp(), shop.stamp()))
    shop.close()
    rounds(counter, 3)
    assert counter.catalogue.count() == count
    assert max(counter.catalogue.product_ids()) < 5000
    found = asked(counter)
    assert found is not None
    assert found.is_other_shop
    assert ShopFacts(counter.database).accept_vanished()
    rounds(counter, 6)
    assert min(counter.catalogue.product_ids()) > 5000
    assert counter.catalogue.count() == count


def test_a_few_that_are_gone_are_no_question(counter: Counter) -> None:
    edit(counter, "DELETE FROM product WHERE id IN (SELECT id FROM product ORDER BY id DESC LIMIT 5)")
    count = counter.catalogue.count()
    night(counter)
    assert (counter.catalogue.count(), asked(counter)) == (count - 5, None)


def test_a_catalogue_that_goes_in_small_steps_is_asked_about_too(counter: Counter) -> None:
    shop = ShopDatabase(counter.shop_file, lambda: counter.clock().timestamp())
    for _ in range(4):
        shop.write(
            "UPDATE product SET status = 'trash', modified = ? WHERE id IN "
            "(SELECT id FROM product WHERE status <> 'trash' ORDER BY id DESC LIMIT 4)",
            (shop.stamp(),),
        )
        rounds(counter, 2)
    shop.close()
    found = asked(counter)
    assert found is not None
    assert found.count > 10
