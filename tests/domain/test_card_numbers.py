"""Numbers of cards are masked wherever they are typed; other numbers stay."""

import pytest

from appliance.domain.card_numbers import is_card_like, mask

VISA, AMEX, LONGEST = "4111111111111111", "378282246310005", "6304000000000000000"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (VISA, "**** 1111"),
        ("4111 1111 1111 1111", "**** 1111"),
        ("4111-1111-1111-1111", "**** 1111"),
        ("3782 822463 10005", "**** 0005"),
        (LONGEST, "**** 0000"),
        ("4222222222222", "**** 2222"),
        (f"card {VISA} 12/28 thanks", "card **** 1111 12/28 thanks"),
        (f"12/28 {VISA}", "12/28 **** 1111"),
        (f"{VISA} {AMEX}", "**** 1111 **** 0005"),
        (f"{VISA}/{AMEX}", "**** 1111/**** 0005"),
        (f"0 4 {VISA}", "0 4 **** 1111"),
        (f"x{VISA}y", "x**** 1111y"),
    ],
)
def test_a_card_number_keeps_its_last_four_digits(typed: str, kept: str) -> None:
    assert mask(typed) == kept
    assert mask(kept) == kept


@pytest.mark.parametrize(
    "text",
    ["", "slip 004512", "4111111111111112", "2026-11-21 14:32", "T1-000123", "0123456789 12", "091 555 014"],
)
def test_what_is_no_card_number_stays(text: str) -> None:
    assert mask(text) == text


def test_a_card_number_hidden_among_more_digits_is_masked() -> None:
    for text in (f"99{VISA}1228", f"{VISA}00000", f";{VISA}=28121010000012300000?"):
        assert VISA not in mask(text)


@pytest.mark.parametrize(
    ("digits", "so"), [(VISA, True), ("411111111111", False), ("0" * 20, False), ("0" * 19, True)]
)
def test_the_check_digit_and_the_length_decide(digits: str, so: bool) -> None:
    assert is_card_like(digits) is so
