"""The price list, from the catalogue to the print jobs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appliance.domain.catalogue import CatalogueChanges, Category, Product
from appliance.till.price_listing import MOST_PRINTED, PriceListing
from appliance.till.waiting_words import report_title
from tests.till.conftest import CANDLES, COUNTED_AT, HAMMER, MUG, Bench


@pytest.fixture
def listing(bench: Bench) -> PriceListing:
    bench.catalogue.set_categories([Category(2, "Tools", 1), Category(1, "Kitchen", 2)])
    changed = (
        replace(HAMMER, category_ids=(2,)),
        replace(MUG, category_ids=(1, 2)),
        replace(CANDLES, category_ids=(1,)),
    )
    bench.catalogue.apply(CatalogueChanges(changed, read_at=COUNTED_AT))
    return PriceListing(bench.catalogue, bench.printing, bench.clock)


def test_each_product_stands_once_in_the_order_of_the_categories_and_of_names(listing: PriceListing) -> None:
    found = [(each.name, [row.number for row in each.rows]) for each in listing.sections()]
    assert found[:2] == [("Tools", [331, 1209]), ("Kitchen", [23])]
    assert found[2][0] == "Other"
    assert sum(len(numbers) for _, numbers in found) == 10
    (tools,) = listing.sections("tools")
    assert tools.rows[0].name == "Claw hammer 450 g"


def test_a_sku_that_is_no_number_stands_beside_it(listing: PriceListing) -> None:
    skus = {row.number: row.sku for each in listing.sections() for row in each.rows}
    assert (skus[707], skus[331]) == ("RAIL-5", "")


def test_the_list_is_printed_with_the_prices_of_when_it_was_asked_for(
    bench: Bench, listing: PriceListing
) -> None:
    assert listing.print() == 10
    bench.learn_price(331, 9999)
    bench.printing.start()
    bench.until(lambda: len(bench.printer.printed) == 1)
    assert "Listed(number='331', name='Claw hammer 450 g', amount='24.90')" in repr(bench.printer.printed[0])
    assert bench.drawer.openings == 0


def test_a_long_catalogue_prints_what_sells_most(bench: Bench, listing: PriceListing) -> None:
    many = tuple(Product(5_000 + at, f"Nail {at}", 5, sku=str(5_000 + at)) for at in range(400))
    bench.catalogue.apply(CatalogueChanges(many, read_at=COUNTED_AT))
    bench.sell(331)
    assert listing.print() == MOST_PRINTED
    jobs = [job for job in bench.jobs.open() if job.sale_id is None]
    assert [report_title(job.body) for job in jobs] == [f"Price list {number} of 6" for number in range(1, 7)]
    assert "Claw hammer" in repr([job.body for job in jobs])
