"""Finds product numbers that will fail at the counter: SKUs and barcodes that are missing, doubled, or wrong.

Pure: from the catalogue as the shop describes it. Each finding names the products and says what to do in the shop.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appliance.domain.barcodes.numbers import GTIN_LENGTHS, check_digit
from appliance.domain.catalogue import Product


class MismatchKind(enum.StrEnum):
    """What is wrong, the worst first: what sells the wrong thing before what only costs time."""

    BARCODE_DOUBLED = "barcode-doubled"
    SKU_DOUBLED = "sku-doubled"
    SKU_IS_A_BARCODE = "sku-is-a-barcode"
    CHECK_DIGIT = "check-digit"
    BARCODE_ODD = "barcode-odd"
    SKU_CASE = "sku-case"
    NUMBER_TAKEN = "number-taken"
    NO_NUMBER_AT_ALL = "nothing-to-scan"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One finding.

    Attributes:
        kind: what is wrong.
        product_ids: the shop's numbers of the products, ascending.
        names: their names, in that order.
        code: the SKU or barcode that it is about, "" without one.
        advice: what to do, a sentence for the owner.
    """

    kind: MismatchKind
    product_ids: tuple[int, ...]
    names: tuple[str, ...]
    code: str
    advice: str


def find(products: Iterable[Product]) -> list[Mismatch]:
    """All findings, the worst kind first, then by product."""
    every = sorted(products, key=lambda product: product.product_id)
    found = [*_barcodes(every), *_skus(every), *_crossed(every), *_numbers(every), *_bare(every)]
    order = {kind: place for place, kind in enumerate(MismatchKind)}
    return sorted(found, key=lambda each: (order[each.kind], each.product_ids))


def _barcodes(products: Sequence[Product]) -> Iterable[Mismatch]:
    holders: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.gtin is not None:
            holders[product.gtin].append(product)
        elif product.barcode:
            yield _not_a_gtin(product)
    for gtin, group in holders.items():
        if len(group) > 1:
            advice = "Two things with one barcode: a scan takes the first. Give each its own."
            yield _about(MismatchKind.BARCODE_DOUBLED, group, gtin.lstrip("0"), advice)


def _not_a_gtin(product: Product) -> Mismatch:
    digits = "".join(each for each in product.barcode if each not in " -\t")
    if digits.isascii() and digits.isdigit() and len(digits) in GTIN_LENGTHS:
        right = f"{digits[:-1]}{check_digit(digits[:-1])}"
        advice = f"The last digit does not fit: a mistyped barcode? With these digits it would be {right}."
        return _about(MismatchKind.CHECK_DIGIT, [product], product.barcode, advice)
    advice = "This is no retail barcode (8, 12, 13 or 14 digits). Scan the pack into the shop's field again."
    return _about(MismatchKind.BARCODE_ODD, [product], product.barcode, advice)


def _skus(products: Sequence[Product]) -> Iterable[Mismatch]:
    holders: dict[str, list[Product]] = defaultdict(list)
    for product in products:
        if product.sku:
            holders[product.sku.casefold().strip()].append(product)
    for group in holders.values():
        if len(group) < 2:
            continue
        if len({product.sku for product in group}) == 1:
            advice = "Two things with one SKU: a scan takes the first. Give each its own."
            yield _about(MismatchKind.SKU_DOUBLED, group, group[0].sku, advice)
        else:
            advice = "These SKUs differ only in capitals or blanks, which no scanner tells apart."
            yield _about(MismatchKind.SKU_CASE, group, " / ".join(product.sku for product in group), advice)


def _crossed(products: Sequence[Product]) -> Iterable[Mismatch]:
    by_gtin = {product.gtin: product for product in products if product.gtin is not None}
    for product in products:
        sku = product.sku.strip()
        if not (sku.isascii() and sku.isdigit() and len(sku) in GTIN_LENGTHS):
            continue
        other = by_gtin.get(sku.zfill(14))
        if other is not None and other.product_id != product.product_id:
            advice = f"The SKU of the first is the barcode of {other.name}: a scan sells {other.name}."
            yield _about(MismatchKind.SKU_IS_A_BARCODE, [product, other], sku, advice)


def _numbers(products: Sequence[Product]) -> Iterable[Mismatch]:
    """A short SKU is the number that is typed at the till; where another product has that id, that one has none."""
    by_id = {product.product_id: product for product in products}
    for product in products:
        sku = product.sku
        if sku.isascii() and sku.isdigit() and len(sku) <= 6 and not sku.startswith("0"):
            other = by_id.get(int(sku))
            if other is not None and other.product_id != product.product_id and other.number is None:
                advice = f"{sku} typed at the till is {product.name}. {other.name} has no number: give it a short SKU."
                yield _about(MismatchKind.NUMBER_TAKEN, [product, other], sku, advice)


def _bare(products: Sequence[Product]) -> Iterable[Mismatch]:
    for product in products:
        if not product.sku and not product.barcode:
            advice = "Neither SKU nor barcode: it can only be found by its name, or by the shop's number."
            yield _about(MismatchKind.NO_NUMBER_AT_ALL, [product], "", advice)


def _about(kind: MismatchKind, group: Sequence[Product], code: str, advice: str) -> Mismatch:
    ids = tuple(product.product_id for product in group)
    return Mismatch(kind, ids, tuple(product.name for product in group), code, advice)
