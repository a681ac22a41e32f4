"""How every shop says what changed: small looks that miss nothing. Each test gets a shop by the ``counter`` fixture."""

from __future__ import annotations

from itertools import islice

from appliance.shops.contract import ChangesPage
from tests.shops.counter import Counter


class ChangesContract:
    def test_a_picture_and_the_number_that_is_called_low_come_with_a_product(self, counter: Counter) -> None:
        picture = counter.picture()
        product = counter.product(images=[picture], low_stock_amount=4)
        parent, (small, _) = counter.variable(["S", "M"])
        path = f"/wc/v3/products/{parent['id']}/variations/{small['id']}"
        counter.owner.write(path, {"image": picture, "low_stock_amount": 3})
        products, _, _ = counter.pull(None)
        found = products[product["id"]], products[small["id"]]
        assert [(each.image_url, each.low_stock_amount) for each in found] == [
            (picture["src"], 4),
            (picture["src"], 3),
        ]

    def test_a_product_without_them_has_none(self, counter: Counter) -> None:
        product = counter.product()
        products, _, _ = counter.pull(None)
        assert (products[product["id"]].image_url, products[product["id"]].low_stock_amount) == ("", None)

    def test_what_did_not_change_is_not_brought_again(self, counter: Counter) -> None:
        before, _, cursor = counter.pull(None)
        product = counter.product()
        products, _, cursor = counter.pull(cursor)
        assert product["id"] in products
        assert len(products) <= 50 or len(before) > 500  # a real shop's other tills sell meanwhile

    def test_a_deleted_variation_is_missing_from_its_family(self, counter: Counter) -> None:
        parent, (small, medium) = counter.variable(["S", "M"])
        _, _, cursor = counter.pull(None)
        counter.owner.remove(f"/wc/v3/products/{parent['id']}/variations/{small['id']}")
        assert families(list(counter.shop.changes(cursor)))[parent["id"]] == {medium["id"]}

    def test_a_family_of_what_was_thrown_away_is_empty(self, counter: Counter) -> None:
        parent, _ = counter.variable(["S", "M"])
        _, _, cursor = counter.pull(None)
        counter.owner.throw_away(f"/wc/v3/products/{parent['id']}")
        pages = list(counter.shop.changes(cursor))
        assert families(pages)[parent["id"]] == frozenset()
        assert parent["id"] in {each for page in pages for each in page.changes.removed}

    def test_what_comes_out_of_the_trash_is_brought(self, counter: Counter) -> None:
        product = counter.product()
        counter.owner.throw_away(f"/wc/v3/products/{product['id']}")
        _, _, cursor = counter.pull(None)
        counter.owner.write(f"/wc/v3/products/{product['id']}", {"status": "publish"})
        products, _, _ = counter.pull(cursor)
        assert product["id"] in products

    def test_reading_everything_goes_on_where_it_broke_off(self, counter: Counter) -> None:
        made = {counter.product(name=f"Nail {number}")["id"] for number in range(101)}
        (first,) = islice(counter.shop.changes(None), 1)
        assert (first.done, first.is_last) == (100, False)
        assert first.total is not None
        assert first.total > 100
        rest = list(counter.again().changes(first.next_cursor))
        brought = {each.product_id for page in [first, *rest] for each in page.changes.products}
        assert made <= brought
        assert not {each.product_id for each in first.changes.products} & {
            each.product_id for page in rest for each in page.changes.products
        }

    def test_the_age_of_the_oldest_products_is_told_and_of_those_that_are_asked_for(
        self, counter: Counter
    ) -> None:
        product = counter.product()
        oldest = counter.shop.landmarks(None)
        assert 1 <= len(oldest) <= 10
        told = counter.shop.landmarks([product["id"], 999_999_999])
        assert told == {product["id"]: product["date_created_gmt"]}
        assert counter.shop.landmarks(sorted(oldest)) == oldest


def families(pages: list[ChangesPage]) -> dict[int, frozenset[int]]:
    return {number: held for page in pages for number, held in page.families.items()}
