"""Product numbers that will fail at the counter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.barcodes.numbers import is_gtin
from appliance.domain.catalogue import Product
from appliance.domain.mismatches import MismatchKind, find

MUG_GTIN = "5000000000012"


def product(
    product_id: int, sku: str = "", barcode: str = "", *, name: str = "", number: int | None = 1
) -> Product:
    digits = barcode.replace(" ", "").replace("-", "")
    gtin = digits.zfill(14) if digits.isdigit() and is_gtin(digits) else None
    return Product(
        product_id, name or f"Thing {product_id}", 100, sku=sku, barcode=barcode, gtin=gtin, number=number
    )


def kinds(*products: Product) -> list[tuple[MismatchKind, tuple[int, ...]]]:
    return [(each.kind, each.product_ids) for each in find(products)]


def test_a_catalogue_in_order_has_no_findings() -> None:
    assert find([product(1, "A-1", MUG_GTIN), product(2, "A-2")]) == []


def test_a_barcode_on_two_products_is_found_however_it_was_typed() -> None:
    twins = product(1, "A", MUG_GTIN), product(2, "B", f"0{MUG_GTIN}")
    assert kinds(*twins) == [(MismatchKind.BARCODE_DOUBLED, (1, 2))]


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    (found,) = find([product(1, "A", "5000000000013")])
    assert found.kind is MismatchKind.CHECK_DIGIT
    assert "5000000000012" in found.advice


def test_what_is_no_barcode_at_all_is_found() -> None:
    assert kinds(product(1, "A", "12345")) == [(MismatchKind.BARCODE_ODD, (1,))]


def test_skus_that_are_equal_or_differ_only_in_capitals_are_two_findings() -> None:
    assert kinds(product(1, "AB"), product(2, "AB")) == [(MismatchKind.SKU_DOUBLED, (1, 2))]
    assert kinds(product(1, "AB"), product(2, "ab")) == [(MismatchKind.SKU_CASE, (1, 2))]


def test_a_sku_that_is_another_products_barcode_is_found() -> None:
    crossed = product(1, MUG_GTIN), product(2, "B", MUG_GTIN)
    assert kinds(*crossed) == [(MismatchKind.SKU_IS_A_BARCODE, (1, 2))]


def test_a_product_whose_number_another_claims_is_found() -> None:
    assert kinds(product(7, "12"), product(12, "mug", number=None)) == [(MismatchKind.NUMBER_TAKEN, (7, 12))]


def test_a_product_without_any_number_is_the_last_of_the_list() -> None:
    found = kinds(product(1), product(2, "A", "5000000000013"))
    assert found == [(MismatchKind.CHECK_DIGIT, (2,)), (MismatchKind.NO_NUMBER_AT_ALL, (1,))]


@given(st.lists(st.tuples(st.text("aB1 ", max_size=3), st.text("0159-x", max_size=14)), max_size=12))
def test_whatever_the_catalogue_each_finding_names_products_of_it_and_says_what_to_do(
    rows: list[tuple[str, str]],
) -> None:
    products = [product(number, sku, barcode) for number, (sku, barcode) in enumerate(rows, 1)]
    for found in find(products):
        assert found.advice
        assert set(found.product_ids) <= {each.product_id for each in products}
        assert len(found.names) == len(found.product_ids)
