from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.domain.barcodes import (
    BarcodeRules,
    GtinCode,
    PlainCode,
    ReceiptCode,
    check_digit,
    has_check_digit,
    read,
)
from appliance.domain.errors import BarcodeError
from appliance.domain.money import currency

RULES = BarcodeRules(currency("EUR"), receipt_series=("T1",))
AMERICAN = BarcodeRules(currency("USD"), upc=True)
PRICED = BarcodeRules(currency("EUR"), gs1_price_wins=True)
GS = "\x1d"
LINK = "https://id.gs1.org/01/09501101530003"

SAME_PRODUCT = [
    ("5012345678900", None, "05012345678900"),
    ("5012345678900", "E0", "05012345678900"),
    ("]E05012345678900", None, "05012345678900"),
    ("96385074", None, "00000096385074"),  # EAN-8
    ("96385074", "E4", "00000096385074"),
    ("036000291452", None, "00036000291452"),  # UPC-A
    ("0036000291452", "E0", "00036000291452"),  # the same as the scanner's EAN-13
    ("15012345678907", "I1", "15012345678907"),  # ITF-14 on a pack of several
    ("04252614", "E0", "00042100005264"),  # UPC-E by a scanner that does not expand it
    ("9781492053743", None, "09781492053743"),  # to biip also a valid AI (97)
    ("978149205374352999", None, "09781492053743"),  # a book with its price beside it
    ("977123456789812", None, "09771234567898"),  # a magazine with its issue
    ("977123456789812", "E3", "09771234567898"),
    ("0109501101530003", None, "09501101530003"),
    ("0109501101530003", "C1", "09501101530003"),
    ("(01)09501101530003(17)261231", None, "09501101530003"),
    (LINK, None, "09501101530003"),
    (f"]Q1{LINK}", None, "09501101530003"),  # Sunrise 2027: a Digital Link in an ordinary QR code
    (f"]d1{LINK}", None, "09501101530003"),
    (LINK, "Q1", "09501101530003"),
    ("HTTPS://example.com/shop/01/09501101530003?utm=x", None, "09501101530003"),
    ("https://id.gs1.org/01/5012345678900", None, "05012345678900"),  # fewer digits are allowed in a link
]


@pytest.mark.parametrize(("text", "symbology", "gtin14"), SAME_PRODUCT)
def test_a_product_is_the_same_14_digits_whatever_was_scanned(
    text: str, symbology: str | None, gtin14: str
) -> None:
    code = read(text, symbology, RULES)

    assert isinstance(code, GtinCode)
    assert code.gtin14 == gtin14


REFUSED = [
    ("4006381333930", None, "not read right"),  # a mistyped EAN-13, to biip a valid AI (400)
    ("04252614", None, "not read right"),  # a misread EAN-8, to biip a UPC-E
    ("96385075", "E4", "not read right"),
    ("12345678", "E0", "not read right"),  # neither
    ("036000291453", None, "not read right"),
    ("15012345678908", "I1", "not read right"),
    ("00000000", None, "not read right"),
    ("12", "E1", "large one"),  # the add-on alone
    ("52999", "E2", "large one"),
    ("https://example.com/about", None, "web address"),
    ("https://[", None, "web address"),
    ("http://example.com/01/124", None, "not read right"),
    ("https://id.gs1.org/01/09501101530004", None, "."),
    ("0109501101530004", "C1", "not read right"),
    (f"0109501101530003{GS}99", "d2", "not read right"),
    ("00340123450000000000", "C1", "carton or pallet"),
    ("0209501101530003371", "C1", "carton or pallet"),
    ("8110106141416543213150110120", "C1", "."),
    ("10ABC", "C1", "names no product"),
    ("0199501101530006", "C1", "needs a weight"),  # indicator 9
    ("", None, "empty"),
    ("   ", None, "empty"),
    ("]E0", None, "empty"),
    ("ABC\x00", None, "characters"),
    ("ABC\x1b@", None, "characters"),
    ("ABC\u202edef", None, "characters"),
    ("x" * 600, None, "too long"),
    ("x" * 65, None, "too long"),
]


@pytest.mark.parametrize(("text", "symbology", "reason"), REFUSED)
def test_what_is_no_product_is_refused_with_its_reason(text: str, symbology: str | None, reason: str) -> None:
    with pytest.raises(BarcodeError, match=reason):
        read(text, symbology, RULES)


def test_north_american_rules_expand_upc_e_and_split_upc_a_from_its_add_on() -> None:
    assert read("04252614", None, AMERICAN) == GtinCode("00042100005264")
    assert read("03600029145212", None, AMERICAN) == GtinCode("00036000291452", add_on="12")
    with pytest.raises(BarcodeError):
        read("03600029145212", None, RULES)


def test_a_book_keeps_the_digits_beside_its_code() -> None:
    code = read("978149205374352999", None, RULES)
    assert isinstance(code, GtinCode)
    assert code.add_on == "52999"


def test_18_digits_that_only_look_like_a_code_with_an_add_on_stay_a_text() -> None:
    assert read("501234567890052999", None, RULES) == PlainCode("501234567890052999")


def test_a_gs1_code_gives_weight_batch_serial_and_date() -> None:
    code = read(f"0109501101530003310300043217261200{GS}10LOT-7{GS}21XY", "d2", RULES)

    assert code == GtinCode(
        "09501101530003", weight_grams=432, batch="LOT-7", serial="XY", expiry=date(2026, 12, 31)
    )  # day 00 is the month's last


def test_a_link_gives_the_same_as_element_strings() -> None:
    link = read(f"{LINK}/10/A1?17=261231&3103=000432&linkType=x", "Q1", RULES)
    elements = read(f"0109501101530003{GS}10A1{GS}172612313103000432", "Q3", RULES)

    assert link == elements


def test_use_by_is_asked_before_sell_by_and_best_before() -> None:
    code = read("0109501101530003152611301626111517261101", "C1", RULES)
    assert isinstance(code, GtinCode)
    assert code.expiry == date(2026, 11, 1)


@pytest.mark.parametrize(("ai", "grams"), [("3100000002", 2000), ("3103000432", 432), ("3105043250", 433)])
def test_weights_are_whole_grams_whatever_their_decimals(ai: str, grams: int) -> None:
    code = read(f"0199501101530006{ai}", "C1", RULES)
    assert isinstance(code, GtinCode)
    assert code.weight_grams == grams


def test_a_price_on_a_gs1_label_counts_only_if_the_shop_says_so() -> None:
    label = "019950110153000631030004323922000599"
    plain, priced = read(label, "e0", RULES), read(label, "e0", PRICED)

    assert isinstance(plain, GtinCode)
    assert isinstance(priced, GtinCode)
    assert (plain.price_minor, priced.price_minor) == (None, 599)


def test_a_price_in_another_currency_is_refused() -> None:
    euro = read("01995011015300063932978000599", "C1", PRICED)
    assert isinstance(euro, GtinCode)
    assert euro.price_minor == 599
    with pytest.raises(BarcodeError, match="another currency"):
        read("01995011015300063932826000599", "C1", PRICED)


def test_our_own_receipt_is_known_by_its_series() -> None:
    assert read("T1-000123", "Q1", RULES) == ReceiptCode("T1-000123")
    assert read("T1-000123 7F3A91C25D0E", "Q1", RULES) == ReceiptCode("T1-000123", "7F3A91C25D0E")
    assert read("T2-000123", "Q1", RULES) == PlainCode("T2-000123")


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        ("HAM-450", None),
        ("12345", None),
        ("12345678", "C0"),
        ("4006381333930", "A0"),
        ("a b", "C0"),
        ("Ünï-1", "Q1"),
    ],
)
def test_any_other_text_may_be_a_stock_keeping_unit(text: str, symbology: str | None) -> None:
    assert read(text, symbology, RULES) == PlainCode(text)


DIGITS = st.text("0123456789", min_size=1, max_size=20)


@given(st.sampled_from([7, 11, 12, 13]), st.data())
def test_every_right_number_is_read_and_every_single_slip_is_refused(
    length: int, data: st.DataObject
) -> None:
    body = data.draw(
        st.text("0123456789", min_size=length, max_size=length).filter(lambda text: int(text) > 0)
    )
    whole = f"{body}{check_digit(body)}"
    assert read(whole, None, RULES) == GtinCode(whole.zfill(14))

    place = data.draw(st.integers(0, length))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != whole[place]))
    slip = f"{whole[:place]}{other}{whole[place + 1 :]}"
    with pytest.raises(BarcodeError):
        read(slip, "E0" if length == 12 else None, RULES)


@given(DIGITS)
def test_a_check_digit_completes_its_digits(digits: str) -> None:
    assert has_check_digit(f"{digits}{check_digit(digits)}")


SYMBOLOGIES = st.sampled_from(
    [None, "E0", "E3", "E4", "C0", "C1", "d1", "d2", "Q1", "Q3", "I1", "A0", "??", ""]
)
HEADS = st.sampled_from(
    ["", "01", "(01)", "]C1", "]Q1https://x/01/", "https://id.gs1.org/01/", GS, "0109501101530003"]
)


@given(
    HEADS, st.one_of(st.text(max_size=80), DIGITS), SYMBOLOGIES, st.sampled_from([RULES, AMERICAN, PRICED])
)
def test_any_text_is_read_or_refused_in_words(
    head: str, tail: str, symbology: str | None, rules: BarcodeRules
) -> None:
    try:
        code = read(f"{head}{tail}", symbology, rules)
    except BarcodeError as refused:
        assert str(refused).endswith(".")
    else:
        if isinstance(code, GtinCode):
            assert len(code.gtin14) == 14
            assert has_check_digit(code.gtin14)
