"""The shop's products at the till."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from appliance.domain.catalogue import CatalogueChanges, Category
from appliance.domain.tax import TaxRate, TaxRules
from appliance.storage.database import Database
from appliance.storage.pacing import FEWEST_ROWS, MOST_ROWS, PAUSE_SECONDS, SALE_PAUSE_SECONDS, Pace
from tests.storage.conftest import Till
from tests.storage.samples import NOON, RULES, product, products, sale, ticking


def names(till: Till, category: int | None, offset: int = 0, limit: int = 99) -> list[str]:
    return [each.name for each in till.catalogue.in_category(category, offset, limit)]


def test_a_product_comes_back_as_the_shop_described_it(till: Till) -> None:
    described = product(
        7,
        parent_id=3,
        tile_name="Apple",
        regular_price_minor=500,
        sale_price_minor=400,
        sale_from=NOON,
        sale_until=NOON + timedelta(days=1),
        tax_class="reduced-rate",
        category_ids=(1, 4, 9),
        backorders=True,
        number=7,
    )
    till.learn(described)
    assert till.catalogue.get(7) == described
    till.learn(product(7, number=7, category_ids=(), manages_stock=False, on_hand=None))
    assert till.catalogue.get(7) == product(7, number=7, category_ids=(), manages_stock=False, on_hand=None)
    assert till.db.rows("SELECT * FROM shop_stock") == []


def test_a_barcode_finds_by_gtin_first_and_by_sku_in_any_case_else(till: Till) -> None:
    till.learn(product(1), product(2, sku="20000000000001"), product(3, sku="aB-9", gtin=None))
    found = till.catalogue.find_barcode("20000000000001", "20000000000001")
    assert found is not None and found.product_id == 1
    for gtin, raw, wanted in (("20000000000009", "20000000000001", 2), (None, "Ab-9", 3), (None, "", None)):
        found = till.catalogue.find_barcode(gtin, raw)
        assert (found.product_id if found else None) == wanted


def test_the_short_number_is_the_sku_or_else_the_shops_own_number(till: Till) -> None:
    till.learn(
        product(11, sku="42"), product(42, sku="A-1"), product(12, sku="007"), product(13, sku="1234567")
    )
    for number, wanted in ((42, 11), (12, 12), (13, 13), (11, None), (7, None), (99, None)):
        found = till.catalogue.find_number(number)
        assert (found.product_id if found else None) == wanted
    shown = {each.product_id: each.number for each in till.catalogue.in_category(None, 0, 9)}
    assert shown == {11: 42, 42: None, 12: 12, 13: 13}
    till.catalogue.remove([11])
    found = till.catalogue.find_number(42)
    assert found is not None and (found.product_id, found.number) == (42, 42)


def test_variations_share_their_parents_count_where_the_parent_keeps_it(till: Till) -> None:
    shared = {"parent_id": 9, "manages_stock": False, "parent_manages_stock": True, "on_hand": 6}
    till.learn(product(10, **shared), product(11, **shared), product(9, on_hand=6))
    assert {each.product_id: each.on_hand for each in till.catalogue.in_category(None, 0, 9)} == {
        9: 6,
        10: 6,
        11: 6,
    }
    till.catalogue.set_stock({9: 2}, NOON)
    assert [each.on_hand for each in till.catalogue.in_category(None, 0, 9)] == [2, 2, 2]
    till.learn(product(9, manages_stock=False, on_hand=None))
    assert till.db.rows("SELECT stock_id FROM shop_stock") == [(9,)]


def test_a_category_is_paged_in_the_order_of_names(till: Till) -> None:
    till.catalogue.set_categories([Category(1, "Tea", 2), Category(2, "Jam", 1), Category(3, "Empty", 0)])
    spelled = ["Éclair", "apple", "Zest", "Banana"]
    till.learn(*(product(n, name=name, category_ids=(1,)) for n, name in enumerate(spelled, 1)))
    till.learn(product(9, name="Plum jam", category_ids=(2,)))
    assert names(till, 1) == ["apple", "Banana", "Éclair", "Zest"]
    assert names(till, 1, 1, 2) == ["Banana", "Éclair"]
    assert names(till, None) == ["apple", "Banana", "Éclair", "Plum jam", "Zest"]
    assert [each.name for each in till.catalogue.categories()] == ["Jam", "Tea"]


def test_favourites_are_what_sells_here_and_then_what_is_new(till: Till) -> None:
    till.learn(*products(20))
    assert [each.product_id for each in till.catalogue.favourites(3)] == [20, 19, 18]
    for number in (0, 40, 1):
        till.sell(number)
    assert [each.product_id for each in till.catalogue.favourites(7)] == [2, 4, 7, 9, 1, 3, 5]
    till.catalogue.remove([4])
    assert [each.product_id for each in till.catalogue.favourites(13)][-4:] == [20, 19, 18, 17]


def test_a_long_apply_is_many_small_transactions_with_pauses(till: Till) -> None:
    pauses: list[float] = []
    seen: list[int] = []
    with Database.open(till.db.path, now=ticking()) as other:

        def sleep(seconds: float) -> None:
            pauses.append(seconds)
            other.rows("PRAGMA busy_timeout = 0")
            with other.transaction() as connection:  # the lock is free
                connection.execute("INSERT INTO shop_fact VALUES (?, '')", (str(len(pauses)),))
            seen.append(other.rows("SELECT count(*) FROM product")[0][0])

        till.catalogue.apply(CatalogueChanges(products(3 * MOST_ROWS)), sleep=sleep)
    assert seen[-1] == 3 * MOST_ROWS
    assert max(later - before for before, later in pairwise([0, *seen])) <= MOST_ROWS
    assert all(0 < each <= SALE_PAUSE_SECONDS for each in pauses)


def test_while_a_sale_is_open_the_pauses_are_long(till: Till) -> None:
    pauses: list[float] = []
    till.catalogue.apply(CatalogueChanges(products(5)), sleep=pauses.append)
    till.drafts.keep(sale(1), None)
    till.catalogue.apply(CatalogueChanges(products(5, 6)), sleep=pauses.append)
    assert pauses == [PAUSE_SECONDS, SALE_PAUSE_SECONDS]


def test_what_is_as_before_takes_no_lock_and_no_pause(till: Till) -> None:
    till.learn(*products(30), product(31, manages_stock=False, on_hand=None))
    counts = dict.fromkeys(range(1, 31), 50)
    with Database.open(till.db.path, now=ticking()) as other, other.transaction():
        till.learn(*products(30), product(31, manages_stock=False, on_hand=None))
        till.catalogue.set_stock(counts, NOON)
    till.catalogue.set_stock({**counts, 7: 3}, NOON)
    till.learn(product(8, manages_stock=False, on_hand=None))
    held = till.db.rows("SELECT stock_id, quantity FROM shop_stock WHERE quantity <> 50 OR stock_id = 8")
    assert held == [(7, 3)]


def test_a_chunk_is_written_about_as_long_as_its_commit_takes() -> None:
    pace = Pace()
    for _ in range(9):
        pace.note(pace.rows, pace.rows * 0.001, 0.0001)
    assert pace.rows == FEWEST_ROWS  # a slow computer with a quick disk
    for _ in range(9):
        pace.note(pace.rows, pace.rows * 0.0001, 0.003)
    assert pace.rows == 30  # a slow disk
    pace.note(30, 0.003, 0.2)
    assert pace.rows == 30  # one commit had to wait
    for _ in range(9):
        pace.note(pace.rows, 0.0, 0.2)
    assert pace.rows == MOST_ROWS


def test_what_was_removed_is_found_no_more_and_its_sales_stay(till: Till) -> None:
    till.learn(*products(6))
    completed = till.sell(0).completed
    till.catalogue.apply(CatalogueChanges((), removed=(1, 2)))
    assert till.catalogue.get(1) is None
    assert till.catalogue.find_barcode("20000000000001", "") is None
    assert 1 not in [each.product_id for each in till.catalogue.search(product(1).name)]
    assert till.catalogue.product_ids() == {3, 4, 5, 6}
    assert till.catalogue.count() == 4
    assert till.journal.sale(completed.sale.sale_id) == completed
    till.db.check()


def test_an_unchanged_count_is_not_written_again_but_known_to_be_fresh(till: Till) -> None:
    till.learn(*products(3))
    till.db.checkpoint()
    hour = NOON + timedelta(hours=1)
    till.catalogue.set_stock({1: 50, 2: 50, 3: 49}, hour)
    assert till.db.rows("SELECT read_at = ? FROM shop_stock", ("2026-11-21T13:00:00.000000Z",)) == [
        (0,),
        (0,),
        (1,),
    ]
    assert till.catalogue.stock_age(1) == NOON
    till.catalogue.note_stock_read(hour)
    assert till.catalogue.stock_age(1) == hour
    assert till.catalogue.stock_age(99) is None
    till.catalogue.set_stock({1: 50}, NOON + timedelta(hours=7))
    assert till.catalogue.stock_age(1) == NOON + timedelta(hours=7)


def test_tax_rules_come_back_and_are_written_only_when_they_change(till: Till) -> None:
    assert till.catalogue.tax_rules() == TaxRules(prices_include_tax=True, rates={})
    till.catalogue.set_tax(RULES)
    assert till.catalogue.tax_rules() == RULES
    with Database.open(till.db.path, now=ticking()) as other:
        before = other.version()
        till.catalogue.set_tax(RULES)
        assert other.version() == before
    net = TaxRules(prices_include_tax=False, rates={"standard": TaxRate("standard", 200_000, "MwSt")})
    till.catalogue.set_tax(net)
    assert till.catalogue.tax_rules() == net


def test_a_count_that_variations_share_stays_when_their_parent_is_no_product_of_its_own(till: Till) -> None:
    shirts = [product(number, parent_id=30, parent_manages_stock=True, on_hand=6) for number in (31, 32)]
    till.catalogue.apply(CatalogueChanges((product(30, on_hand=9),)))
    till.catalogue.apply(CatalogueChanges(tuple(shirts), removed=(30,)))
    assert [each and each.on_hand for each in map(till.catalogue.get, (30, 31, 32))] == [None, 6, 6]
    till.catalogue.apply(CatalogueChanges((), removed=(31, 32, 30)))
    assert till.db.rows("SELECT * FROM shop_stock") == []


def test_a_category_that_the_shop_lists_twice_is_one(till: Till) -> None:
    till.learn(product(1, category_ids=(4,)))
    till.catalogue.set_categories([Category(4, "Tea"), Category(4, "Tea")])
    assert [each.name for each in till.catalogue.categories()] == ["Tea"]
