"""What the set-up writes for the programs of the system, in their own words."""

from __future__ import annotations

import configparser
from pathlib import Path

import pytest

from appliance.card.network import WIFI, WIRE, firewall, networks, wpa_supplicant
from appliance.card.pairing import pairing_rules
from appliance.card.screen import LARGE, SMALL, size_of_screen
from appliance.card.toml_text import to_toml
from tests.card.card import Card

FIXED = {"address": "192.168.1.50/24", "gateway": "192.168.1.1", "dns": "192.168.1.1, 9.9.9.9"}


def read(text: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(text)
    return parser


def test_a_cable_needs_nothing_and_nobody_waits_for_it() -> None:
    (wire,) = networks({}).values()
    found = read(wire)
    assert found["Match"]["Name"] == "en* eth*"
    assert found["Network"]["DHCP"] == "yes"
    assert found["Link"]["RequiredForOnline"] == "no"


def test_a_fixed_address_is_the_wires_or_with_a_wifi_the_wifis() -> None:
    wire = networks(FIXED)[WIRE]
    assert "Address=192.168.1.50/24\nGateway=192.168.1.1\nDNS=192.168.1.1\nDNS=9.9.9.9\n" in wire
    assert "DHCP" not in wire
    both = networks({**FIXED, "wifi_name": "Laden"})
    assert "Address=192.168.1.50/24" in both[WIFI]
    assert read(both[WIRE])["Network"]["DHCP"] == "yes"


def test_the_wire_goes_before_the_wifi_where_both_lead_on() -> None:
    both = networks({"wifi_name": "Laden"})
    metrics = {name: int(read(text)["DHCPv4"]["RouteMetric"]) for name, text in both.items()}
    assert metrics[WIRE] < metrics[WIFI]


@pytest.mark.parametrize("name", ["Laden", 'Café "Laden" \\ 2', "名前"])
@pytest.mark.parametrize("password", ["hunter2hunter", 'with "quotes" and #', "a" * 63])
def test_no_sign_in_a_name_or_a_password_means_anything_to_the_wifi(name: str, password: str) -> None:
    lines = [line.strip() for line in wpa_supplicant(name, password, "IE").splitlines()]
    found = dict(line.split("=", 1) for line in lines if "=" in line)
    assert bytes.fromhex(found["ssid"]).decode() == name
    assert found["psk"][0] == found["psk"][-1] == '"', "it reads from the first quote to the last"
    assert found["psk"][1:-1] == password
    assert found["country"] == "IE"
    assert "SAE" in found["key_mgmt"]


def test_a_raw_key_of_a_wifi_stands_without_quotes() -> None:
    assert f"psk={'0f' * 32}\n" in wpa_supplicant("Laden", "0f" * 32, "IE")


@pytest.mark.parametrize(
    ("urls", "ports"),
    [
        (["https://shop.example"], "443"),
        (["https://shop.example:8443/wp", ""], "443, 8443"),
        (["http://10.0.2.2:8080", "https://updates.example"], "443, 8080"),
        (["http://shop.example"], "80, 443"),
        (["https://shop.example:99999"], "443"),
    ],
)
def test_the_firewall_learns_the_ports_of_the_shop_and_of_new_versions(urls: list[str], ports: str) -> None:
    assert firewall(*urls).splitlines()[-1] == f"add element inet till shop_ports {{ {ports} }}"


def test_the_status_page_is_let_in_only_where_it_is_wanted(card: Card) -> None:
    rules = card.places.run / "shop.nft"
    flushed = "flush set inet till status_ports"
    assert flushed in rules.read_text("utf-8"), "what an earlier start let in is shut out"
    assert "add element inet till status_ports" not in rules.read_text("utf-8")
    assert not card.places.status_page.exists()
    card.type(card.typed().replace(b"page = false", b"page = true"))
    card.set_up()
    assert f"{flushed}\nadd element inet till status_ports {{ 80 }}\n" in rules.read_text("utf-8")
    assert card.places.status_page.exists()
    card.type(card.typed().replace(b"page = true", b"page = false"))
    card.set_up()
    assert not card.places.status_page.exists()


@pytest.mark.parametrize(
    ("match", "wanted"),
    [
        ("0C2E:0b61", 'ATTR{idVendor}=="0c2e", ATTR{idProduct}=="0b61"'),
        ("usb-0000:01:00.0-1.2/input0", 'KERNEL=="*-1.2"'),
        ("S/N 12345", 'ATTR{serial}=="S/N 12345"'),
    ],
)
def test_only_the_paired_scanner_is_let_in(match: str, wanted: str) -> None:
    none, one = pairing_rules(match).splitlines()[1:]
    assert none.endswith('ENV{TILL_SCANNER}="0"')
    assert wanted in one
    assert one.endswith('ENV{TILL_SCANNER}="1"')


@pytest.mark.parametrize("match", ["", "  ", '", RUN+="/bin/sh', "a*", "[x]", "x" * 99, "a\nb"])
def test_a_name_with_udevs_own_signs_makes_no_rule(match: str) -> None:
    assert pairing_rules(match) == ""


def test_every_sign_of_a_text_survives_as_toml() -> None:
    import tomllib

    text = "".join(map(chr, (*range(0x80), 0x85, 0xA0, 0x2028, 0x1F600)))
    assert tomllib.loads(to_toml({"a": {"b": text, "c": [text, ""]}})) == {"a": {"b": text, "c": [text, ""]}}


@pytest.mark.parametrize(
    ("modes", "size"),
    [
        ("1280x800\n", LARGE),
        ("800x480\n", SMALL),
        ("1920x1080\n1280x800\n", LARGE),
        ("1024x600i\n", SMALL),
        ("", SMALL),
    ],
)
def test_the_size_of_the_window_is_that_of_the_screen_that_is_plugged_in(
    tmp_path: Path, modes: str, size: tuple[int, int]
) -> None:
    for name, status, listed in (
        ("card0-HDMI-A-1", "disconnected", "4096x2160"),
        ("card0-DSI-1", "connected", modes),
    ):
        folder = tmp_path / "sys/class/drm" / name
        folder.mkdir(parents=True)
        (folder / "status").write_text(f"{status}\n")
        (folder / "modes").write_text(listed)
    assert size_of_screen(tmp_path) == size
    assert size_of_screen(tmp_path / "nowhere") == SMALL
