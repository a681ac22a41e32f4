"""What every shop tells the till of its products. Each test gets a shop through the ``counter`` fixture."""

from __future__ import annotations

from appliance.domain.barcodes.numbers import check_digit
from tests.shops.counter import Counter


class CatalogueContract:
    def test_a_first_pull_brings_everything_that_can_be_sold(self, counter: Counter) -> None:
        simple = counter.product(name="Salt & pepper", tax_class="reduced-rate")
        parent, variations = counter.variable(["S", "M"])
        draft = counter.product(status="draft")
        products, removed, _ = counter.pull(None)
        assert products[simple["id"]].name == "Salt & pepper"
        assert (products[simple["id"]].price_minor, products[simple["id"]].on_hand) == (980, 20)
        assert products[simple["id"]].tax_class == "reduced-rate"
        assert [products[each["id"]].name for each in variations] == ["Work apron, S", "Work apron, M"]
        assert {products[each["id"]].parent_id for each in variations} == {parent["id"]}
        assert parent["id"] not in products
        assert draft["id"] not in products
        assert draft["id"] in removed

    def test_a_variation_draws_on_its_own_count_or_its_parents(self, counter: Counter) -> None:
        shared, (small, _) = counter.variable(["S", "M"], manage_stock=True, stock_quantity=6)
        _, (own, _) = counter.variable(["S", "M"])
        products, _, _ = counter.pull(None)
        assert (products[small["id"]].stock_id, products[small["id"]].on_hand) == (shared["id"], 6)
        assert (products[own["id"]].stock_id, products[own["id"]].on_hand) == (own["id"], 10)

    def test_a_variation_without_a_number_of_its_own_has_not_its_parents(self, counter: Counter) -> None:
        parent, (small, _) = counter.variable(["S", "M"], tax_class="reduced-rate")
        products, _, _ = counter.pull(None)
        assert small["sku"] == parent["sku"] != ""  # as the shop shows it
        assert products[small["id"]].sku == ""
        assert products[small["id"]].tax_class == "reduced-rate"

    def test_a_change_is_brought_by_the_next_pull(self, counter: Counter) -> None:
        product = counter.product()
        _, _, cursor = counter.pull(None)
        counter.owner.write(f"/wc/v3/products/{product['id']}", {"regular_price": "12.34"})
        products, _, _ = counter.pull(cursor)
        assert products[product["id"]].price_minor == 1234

    def test_a_change_in_the_second_of_the_pull_is_not_missed(self, counter: Counter) -> None:
        product = counter.product()
        for price in ("1.00", "2.00", "3.00"):
            _, _, cursor = counter.pull(None)
            counter.owner.write(f"/wc/v3/products/{product['id']}", {"regular_price": price})
            products, _, _ = counter.pull(cursor)
            assert products[product["id"]].price_minor == int(price[0]) * 100

    def test_a_changed_variation_is_brought_with_its_parent(self, counter: Counter) -> None:
        parent, (small, _) = counter.variable(["S", "M"])
        _, _, cursor = counter.pull(None)
        counter.owner.write(
            f"/wc/v3/products/{parent['id']}/variations/{small['id']}", {"regular_price": "19.50"}
        )
        products, _, _ = counter.pull(cursor)
        assert products[small["id"]].price_minor == 1950

    def test_what_was_thrown_away_is_removed(self, counter: Counter) -> None:
        product = counter.product()
        parent, (small, _) = counter.variable(["S", "M"])
        _, _, cursor = counter.pull(None)
        for product_id in (product["id"], parent["id"]):
            counter.owner.throw_away(f"/wc/v3/products/{product_id}")
        products, removed, _ = counter.pull(cursor)
        assert {product["id"], parent["id"]} <= removed
        assert not {product["id"], small["id"]} & set(products)

    def test_what_was_deleted_for_ever_is_missing_from_all_numbers(self, counter: Counter) -> None:
        product, kept = counter.product(), counter.product()
        _, (small, _) = counter.variable(["S", "M"])
        counter.owner.remove(f"/wc/v3/products/{product['id']}")
        numbers = counter.shop.all_product_ids()
        assert {kept["id"], small["id"]} <= numbers
        assert product["id"] not in numbers

    def test_a_scheduled_price_comes_with_its_dates(self, counter: Counter) -> None:
        product = counter.product(
            sale_price="7.00",
            date_on_sale_from_gmt="2031-01-01T00:00:00",
            date_on_sale_to_gmt="2031-01-31T23:59:59",
        )
        products, _, _ = counter.pull(None)
        pulled = products[product["id"]]
        assert pulled.sale_from is not None
        assert pulled.sale_until is not None
        assert (pulled.price_minor, pulled.sale_price_minor) == (980, 700)
        assert pulled.price_at(pulled.sale_from) == 700
        assert pulled.price_at(pulled.sale_from.replace(year=2030)) == 980

    def test_a_gtin_is_kept_as_fourteen_digits_and_a_wrong_one_not_at_all(self, counter: Counter) -> None:
        good = counter.product(global_unique_id=_free_gtin(counter))
        bad = counter.product(global_unique_id=str(int(_free_gtin(counter)) + 1))
        products, _, _ = counter.pull(None)
        assert products[good["id"]].gtin == good["global_unique_id"].zfill(14)
        assert products[bad["id"]].gtin is None

    def test_counts_come_for_products_variations_and_shared_stock(self, counter: Counter) -> None:
        product = counter.product(stock_quantity=-3)
        uncounted = counter.product(manage_stock=False, stock_quantity=None)
        shared, (small, _) = counter.variable(["S", "M"], manage_stock=True, stock_quantity=6)
        _, (own, _) = counter.variable(["S", "M"])
        counts = {key: value for page in counter.shop.stock() for key, value in page.counts.items()}
        assert counts[product["id"]] == -3
        assert (counts[shared["id"]], counts[own["id"]]) == (6, 10)
        assert small["id"] not in counts
        assert uncounted["id"] not in counts

    def test_the_shops_taxes_currency_and_categories_are_read(self, counter: Counter) -> None:
        facts = counter.shop.facts()
        assert facts.currency == counter.currency.code
        assert facts.tax.rate("zero-rate").rate_ppm == 0
        assert facts.tax.rate("standard").rate_ppm > facts.tax.rate("reduced-rate").rate_ppm > 0
        assert facts.tax.rate("standard").label.startswith("VAT")
        assert facts.categories == () or all(each.category_id for each in facts.categories)

    def test_more_products_than_a_page_are_all_brought(self, counter: Counter) -> None:
        made = {counter.product(name=f"Screw {number}")["id"] for number in range(105)}
        pages = list(counter.shop.changes(None))
        assert len(pages) >= 2
        assert made <= {each.product_id for page in pages for each in page.changes.products}
        assert made <= counter.shop.all_product_ids()
        assert made <= {key for page in counter.shop.stock() for key in page.counts}


def _free_gtin(counter: Counter) -> str:
    digits = f"29{counter.product()['id']:010d}"
    return f"{digits}{check_digit(digits)}"
