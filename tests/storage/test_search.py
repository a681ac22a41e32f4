"""Finding products by what a finger types."""

from __future__ import annotations

import pytest

from appliance.domain.catalogue import Category
from appliance.storage.folding import fold
from tests.storage.conftest import Till
from tests.storage.samples import product, products


def found(till: Till, text: str, limit: int = 30) -> list[str]:
    return [each.name for each in till.catalogue.search(text, limit)]


@pytest.fixture
def shelf(till: Till) -> Till:
    till.catalogue.set_categories([Category(1, "Süßes"), Category(2, "Drinks")])
    till.learn(
        product(1, name="Crème brûlée", sku="CB-100", category_ids=(1,)),
        product(2, name="Oat milk", sku="204", category_ids=(2,)),
        product(3, name="Milk chocolate 204 g", sku="X-1", category_ids=(1,)),
        product(4, name="Milk", sku="20455", category_ids=(2,)),
        product(5, name="Łódź smørrebrød", sku="X-2", category_ids=()),
        product(204, name="Batteries", sku="X-3", category_ids=()),
    )
    return till


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("creme", ["Crème brûlée"]),
        ("CRÈME BRU", ["Crème brûlée"]),
        ("brulee cr", ["Crème brûlée"]),
        ("lodz", ["Łódź smørrebrød"]),
        ("smor", ["Łódź smørrebrød"]),
        ("suss", ["Crème brûlée", "Milk chocolate 204 g"]),
        ("drin mi", ["Milk", "Oat milk"]),
        ("cb-100", ["Crème brûlée"]),
        ("cb 1", ["Crème brûlée"]),
        ("milk", ["Milk", "Milk chocolate 204 g", "Oat milk"]),
        ("milk c", ["Milk chocolate 204 g"]),
        ("20000000000005", ["Łódź smørrebrød"]),
        ("m", []),
        ("", []),
        ("  ", []),
        ("- /", []),
        ("zzz", []),
        ('milk" OR "oat', []),
        ("milk*", ["Milk", "Milk chocolate 204 g", "Oat milk"]),
        ("NOT milk", []),
    ],
)
def test_what_is_typed_finds(shelf: Till, text: str, wanted: list[str]) -> None:
    assert found(shelf, text) == wanted


def test_the_exact_number_comes_first_then_what_begins_so_then_the_rest(shelf: Till) -> None:
    assert found(shelf, "204") == ["Oat milk", "Batteries", "Milk", "Milk chocolate 204 g"]
    assert found(shelf, "2") == []
    assert found(shelf, "5") == ["Łódź smørrebrød"]


def test_names_that_begin_with_the_first_word_come_before_those_that_only_hold_it(shelf: Till) -> None:
    shelf.learn(product(6, name="Almond milk", sku="Y-204"))
    assert found(shelf, "milk 204") == ["Milk", "Milk chocolate 204 g", "Almond milk", "Oat milk"]


def test_a_name_that_begins_so_is_found_among_a_thousand_that_hold_it(till: Till) -> None:
    till.learn(*(product(number, name=f"Brand {number} tea") for number in range(1, 1001)))
    till.learn(product(2000, name="Tea of the house"))
    assert found(till, "tea", 2) == ["Tea of the house", "Brand 1 tea"]


def test_a_category_that_gets_another_name_is_found_by_it(shelf: Till) -> None:
    shelf.catalogue.set_categories([Category(1, "Desserts"), Category(2, "Drinks")])
    assert found(shelf, "dess") == ["Crème brûlée", "Milk chocolate 204 g"]
    assert found(shelf, "suss") == []


def test_a_product_that_gets_another_name_is_found_by_that_only(shelf: Till) -> None:
    shelf.learn(product(2, name="Soy drink", sku="204"))
    assert found(shelf, "soy") == ["Soy drink"]
    assert "Soy drink" not in found(shelf, "oat")


def test_no_more_come_than_asked_for_and_always_in_the_same_order(till: Till) -> None:
    till.learn(*products(500))
    for text in ("ap", "red", "g", "00 g", "sku"):
        first = found(till, text)
        assert len(first) <= 30
        assert found(till, text) == first
        assert found(till, text, 5) == first[:5]


def test_folding_makes_names_comparable() -> None:
    assert fold("  Crème\tBRÛLÉE ") == "creme brulee"
    assert fold("Straße Œuf Ærø İstanbul") == "strasse oeuf aero istanbul"
