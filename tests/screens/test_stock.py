"""What runs out, and which numbers will fail at the counter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges, Product
from appliance.storage.stock_list import StockList
from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, head, offer, sunk_keys, untidy
from tests.screens.till import Till, open_till


@pytest.fixture
def till(tmp_path: Path) -> Iterator[Till]:
    with open_till(tmp_path) as made:
        made.sign_in()
        yield made


def product(number: int, name: str, left: int, sku: str = "", barcode: str = "") -> Product:
    return Product(
        number, name, 1290, sku=sku or f"S-{number}", manages_stock=True, on_hand=left, barcode=barcode
    )


def show(ui: UI, till: Till, *products: Product) -> None:
    till.catalogue.apply(CatalogueChanges(products, tuple(till.catalogue.product_ids())))
    looked = StockList(till.db)
    looked.look_low(till.clock(), 2, 7)
    looked.look_numbers()
    offer(ui, till)
    head(ui, "14:32")
    ui.show("stock")


RUNNING_OUT = (
    product(8101, "Enamel mug, forest green", 2),
    product(8102, "Oak hook rail, 5 hooks", 0),
    product(8103, "Wool blanket, moss", 1, sku="wb-1"),
    product(8104, "Wool blanket, grey", 40, sku="WB-1"),
    product(8105, "Masking tape 38 mm", 40, barcode="5000000000013"),
)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_page_is_tidy(ui: UI, till: Till, panel: str, scheme: str) -> None:
    show(ui, till, *RUNNING_OUT)
    assert not untidy(ui, panel)
    ui.tap("Enamel mug, forest green")
    assert not untidy(ui, panel)
    assert golden_difference(ui, f"stock-{scheme}", panel) < GOLDEN_MEAN


def test_each_product_that_runs_out_says_how_many_are_left(ui: UI, till: Till) -> None:
    show(ui, till, *RUNNING_OUT)
    texts = ui.texts()
    assert {"Enamel mug, forest green", "Oak hook rail, 5 hooks", "Wool blanket, moss"} <= set(texts)
    assert "Wool blanket, grey" not in texts
    ui.tap("Oak hook rail, 5 hooks")
    assert "Nothing is left to sell, here or online." in ui.texts()


def test_numbers_that_will_fail_are_a_tap_away_with_what_to_do(ui: UI, till: Till, panel: str) -> None:
    show(ui, till, *RUNNING_OUT)
    ui.tap("Wrong numbers")
    assert not untidy(ui, panel)
    ui.tap("Masking tape 38 mm")
    assert any("5000000000012" in text for text in ui.texts())
    ui.tap("Running out")
    assert "Enamel mug, forest green" in ui.texts()


def test_a_long_list_has_more_pages_and_comes_round(ui: UI, till: Till) -> None:
    show(ui, till, *(product(8200 + at, f"Thing {at:02}", 1) for at in range(20)))
    first = [text for text in ui.texts() if text.startswith("Thing")]
    seen = set(first)
    for _ in range(-(-20 // len(first)) - 1):
        ui.tap("More")
        seen |= {text for text in ui.texts() if text.startswith("Thing")}
    assert len(seen) == 20
    ui.tap("More")
    assert [text for text in ui.texts() if text.startswith("Thing")] == first


def test_with_nothing_to_look_at_it_says_so(ui: UI, till: Till, panel: str) -> None:
    show(ui, till, product(8300, "Bucket", 50))
    assert "Nothing runs out." in ui.texts()
    assert "More" in sunk_keys(ui)
    assert not untidy(ui, panel)
