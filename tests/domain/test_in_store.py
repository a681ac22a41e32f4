import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.barcodes import BarcodeRules, GtinCode, InStoreCode, InStoreRule, check_digit, read
from appliance.domain.errors import BarcodeError, RuleError
from appliance.domain.money import currency

WEIGHT = "21{item5}{weight5}c"
PRICE = "2x{item4}{v}{price4}c"
EUR = BarcodeRules.from_texts(currency("EUR"), in_store=[WEIGHT, PRICE, "02{item5}{price5}c"])


def labelled(digits: str) -> str:
    return f"{digits}{check_digit(digits)}"


def test_a_weight_label_gives_item_and_grams() -> None:
    assert read(labelled("211234500432"), "E0", EUR) == InStoreCode(12345, weight_grams=432)


def test_a_price_label_with_its_check_digit_gives_item_and_cents() -> None:
    code = labelled("24123492875")  # 9 checks 2875 (GS1 General Specifications 7.9.2)
    assert len(code) == 12

    assert read(code, None, EUR) == InStoreCode(1234, price_minor=2875)
    only = BarcodeRules.from_texts(currency("EUR"), in_store=[PRICE])
    assert read(f"0{code}", "E0", only) == InStoreCode(1234, price_minor=2875)  # as an EAN-13


def test_a_label_whose_price_was_misread_is_refused() -> None:
    with pytest.raises(BarcodeError, match="not read right"):
        read(labelled("24123482875"), None, EUR)


def test_a_upc_a_label_matches_a_rule_that_is_written_as_ean_13() -> None:
    code = labelled("21234500599")
    rules = BarcodeRules.from_texts(currency("EUR"), in_store=["02{item5}{price5}c"])

    assert read(code, "E0", rules) == InStoreCode(12345, price_minor=599)


def test_a_label_with_a_wrong_check_digit_is_refused() -> None:
    code = labelled("211234500432")
    wrong = f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
    with pytest.raises(BarcodeError, match="not read right"):
        read(wrong, None, EUR)


def test_a_label_without_weight_is_refused() -> None:
    with pytest.raises(BarcodeError, match="weigh it again"):
        read(labelled("211234500000"), None, EUR)


def test_codes_of_other_shapes_are_left_alone() -> None:
    assert read("5012345678900", None, EUR) == GtinCode("05012345678900")
    assert read(labelled("291234567890"), "E0", EUR) == GtinCode(labelled("291234567890").zfill(14))


def test_decimals_follow_the_rule_or_else_the_currency() -> None:
    dinar = BarcodeRules.from_texts(currency("KWD"), in_store=["22{item5}{price5}c", "23{item5}{price5/2}c"])
    kilograms = BarcodeRules.from_texts(currency("EUR"), in_store=["22{item5}{weight5/2}c"])

    assert read(labelled("220000701250"), None, dinar) == InStoreCode(7, price_minor=1250)
    assert read(labelled("230000700125"), None, dinar) == InStoreCode(7, price_minor=1250)
    assert read(labelled("220000700125"), None, kilograms) == InStoreCode(7, weight_grams=1250)


def test_a_place_that_the_shop_uses_otherwise_is_skipped() -> None:
    rules = BarcodeRules.from_texts(currency("EUR"), in_store=["2x{item4}x{price4}c"])

    assert read(labelled("24123482875"), None, rules) == InStoreCode(1234, price_minor=2875)


@pytest.mark.parametrize(
    "pattern",
    ["", "21", "21{item5}", "21{weight5}c", "21{item5}{weight5}{price4}c", "21c{item5}{weight5}", "21{item5}{w5}c",
     "2a{item5}{weight5}c", "2x{item4}{v}{price6}c", "21{item5}{weight0}c"],
)  # fmt: skip
def test_a_pattern_that_is_none_is_named(pattern: str) -> None:
    with pytest.raises(RuleError) as refused:
        InStoreRule.parse(pattern)
    assert repr(pattern) in str(refused.value)


@given(st.integers(0, 99_999), st.integers(1, 99_999))
def test_every_label_comes_back_as_it_was_printed(item: int, grams: int) -> None:
    assert read(labelled(f"21{item:05d}{grams:05d}"), "E0", EUR) == InStoreCode(item, weight_grams=grams)
