"""What a technician types, copies or scans of an online shop."""

from __future__ import annotations

import pytest

from appliance.domain.countries import Country, country_of
from appliance.domain.shop_address import address_in, is_address, key_page, keys_in
from appliance.domain.wifi_code import wifi_in

KEY, SECRET = f"ck_{'0a' * 20}", f"cs_{'9f' * 20}"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("holmandash.ie", "https://holmandash.ie"),
        (" https://Holm.example/ ", "https://Holm.example"),
        ("HTTPS://shop.example", "https://shop.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("https://shop.example/wp-admin/admin.php?page=wc-settings", "https://shop.example"),
        ("https://example.org/shop/wp-login.php", "https://example.org/shop"),
        ("https://example.org/wp-json/", "https://example.org"),
        ("https://example.org/shop/?x=1#y", "https://example.org/shop"),
        ("//shop.example", "https://shop.example"),
        ("https://", ""),
        ("", ""),
        ("https://[", "https://["),
    ],
)
def test_the_address_is_found_in_it(typed: str, address: str) -> None:
    assert address_in(typed) == address


def test_the_page_for_a_new_key_is_woocommerces_own() -> None:
    page = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"
    assert key_page("shop.example/") == f"https://shop.example{page}"


@pytest.mark.parametrize("text", [f"{KEY}|{SECRET}", f" {KEY}|{SECRET}\n"])
def test_the_code_beside_a_new_key_has_both(text: str) -> None:
    assert keys_in(text) == (KEY, SECRET)


@pytest.mark.parametrize(
    "text", [KEY, f"{SECRET}|{KEY}", f"{KEY}|", f"{KEY} {SECRET}", f"{KEY}|{SECRET}|x", "5012345678900"]
)
def test_another_code_is_no_key(text: str) -> None:
    assert keys_in(text) is None


def test_a_web_address_is_told_from_other_codes() -> None:
    assert is_address(" HTTPS://shop.example")
    assert not is_address("5012345678900")


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("https://holmandash.ie", "IE"),
        ("https://holm.co.uk:444/shop", "GB"),
        ("https://holm.example", ""),
        ("https://holm.io", ""),
        ("https://192.168.1.50", ""),
        ("", ""),
    ],
)
def test_the_ending_of_an_address_may_say_the_country(address: str, code: str) -> None:
    assert country_of(address) == code


@pytest.mark.parametrize(("code", "money"), [("IE", "EUR"), ("LI", "CHF"), ("JE", "GBP"), ("NO", "")])
def test_a_country_says_what_is_paid_with_where_the_till_knows_it(code: str, money: str) -> None:
    assert Country(code, "", ("UTC",)).currency == money


@pytest.mark.parametrize(
    ("code", "wifi"),
    [
        ("WIFI:T:WPA;S:Laden;P:hunter2hunter;;", ("Laden", "hunter2hunter")),
        ('WIFI:S:Holm \\; Ash;T:WPA;P:a\\:b\\\\c\\,\\";H:true;;', ("Holm ; Ash", 'a:b\\c,"')),
        ("wifi:P:x1234567;S:y;T:WPA;", ("y", "x1234567")),
        ("WIFI:T:nopass;S:Open;;", None),
        ("MECARD:N:x;;", None),
        ("WIFI", None),
    ],
)
def test_a_telephones_code_for_a_wifi_is_read(code: str, wifi: tuple[str, str] | None) -> None:
    assert wifi_in(code) == wifi
