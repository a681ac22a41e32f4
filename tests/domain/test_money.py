from decimal import ROUND_HALF_DOWN, ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.errors import AmountError, UnknownCurrencyError
from appliance.domain.money import currency, round_half_down, round_half_up

EUR, JPY, KWD = currency("EUR"), currency("JPY"), currency("KWD")
AMOUNTS = st.integers(min_value=-(10**11), max_value=10**11)


@pytest.mark.parametrize(
    ("code", "text", "minor"),
    [
        ("EUR", "12.90", 1290),
        ("EUR", "12.9", 1290),
        ("eur", "-3", -300),
        ("JPY", "1500", 1500),
        ("KWD", "0.005", 5),
    ],
)
def test_an_amount_is_read_into_the_minor_unit_of_its_currency(code: str, text: str, minor: int) -> None:
    assert currency(code).parse(text) == minor


@pytest.mark.parametrize("text", ["", "12,90", "12.905", "NaN", "Infinity", "1e30", "12.90 EUR", "--1"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        EUR.parse(text)


def test_a_shop_price_with_more_decimals_is_rounded_half_up() -> None:
    assert [EUR.parse_rounded(text) for text in ("1.005", "1.0049999", "-1.005", "2")] == [
        101,
        100,
        -101,
        200,
    ]


@pytest.mark.parametrize("text", ["", "x", "NaN", "1e999999"])
def test_a_shop_price_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(AmountError):
        EUR.parse_rounded(text)


def test_amounts_are_written_for_people_and_for_machines() -> None:
    assert EUR.amount(123450) == "1,234.50"
    assert EUR.amount(-5) == "\N{MINUS SIGN}0.05"
    assert EUR.price(15150) == "€151.50"
    assert EUR.price(-15150) == "\N{MINUS SIGN}€151.50"
    assert EUR.plain(-123450) == "-1234.50"
    assert (JPY.amount(1234), JPY.plain(1234)) == ("1,234", "1234")
    assert KWD.price(1234) == "KD 1.234"


@given(AMOUNTS, st.sampled_from(["EUR", "JPY", "KWD"]))
def test_what_is_written_plainly_reads_back(minor: int, code: str) -> None:
    assert currency(code).parse(currency(code).plain(minor)) == minor


@given(AMOUNTS, st.integers(min_value=1, max_value=10**7))
def test_rounding_is_that_of_decimal_arithmetic(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    if (2 * numerator) % denominator == 0 or abs(exact) < 10**6:  # 28 digits tell them apart there
        assert round_half_up(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
        assert round_half_down(numerator, denominator) == int(exact.quantize(Decimal(1), ROUND_HALF_DOWN))


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(UnknownCurrencyError, match="'XXX' is not known"):
        currency("XXX")
