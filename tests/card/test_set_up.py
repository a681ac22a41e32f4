"""Boot after boot of one card: what was typed holds, and what was mistyped never keeps a till from selling."""

from __future__ import annotations

import stat
import tomllib
from pathlib import Path

import pytest

from appliance.card.problems import Sells
from appliance.settings import load, load_secrets
from tests.card.card import KEY, PIN, SECRET, TEMPLATE, WIFI_PASSWORD, Card, filled_in
from tests.card.cutting import CuttingDisk

WANTED = [
    "Line 8: fill in the shop's name.",
    "Line 18: fill in the time zone.",
    "Line 21: fill in the currency.",
    "Line 25: fill in the address of the online shop.",
    "Line 26: fill in the shop's key (ck_...).",
    "Line 27: fill in the shop's secret (cs_...).",
    "Line 30: fill in the first manager's name.",
    "Line 31: fill in the manager's PIN, four digits.",
]


def test_the_shipped_file_asks_for_what_nobody_can_guess_and_for_nothing_else(new: Card) -> None:
    assert new.set_up() is Sells.NO
    assert new.sentences() == WANTED
    assert not new.places.settings.exists()
    assert new.report()["screen"]["touch"] == "panel"
    assert new.typed() == TEMPLATE.read_bytes()


def test_a_file_that_was_filled_in_makes_a_till(card: Card) -> None:
    settings = load(card.places.settings)
    assert (settings.receipt.name, settings.till.series, settings.money.currency) == (
        "Holm & Ash",
        "T1",
        "EUR",
    )
    assert settings.till.data == card.places.till_data
    assert settings.screen.touch == "panel"
    assert (card.places.run / "localtime").readlink() == card.places.zones / "Europe/Dublin"
    assert (card.places.run / "hostname").read_text() == "till-t1\n"
    assert card.till.founded == [("Ciarán", PIN)]
    for secret in (KEY, SECRET, WIFI_PASSWORD, PIN):
        assert secret.encode() not in card.typed()
        assert secret not in card.places.settings.read_text("utf-8")
    assert b'key = ""  # moved into the till ' in card.typed()


def test_what_the_sync_service_gets_is_the_shops_key_from_systemd(card: Card, folder: Path) -> None:
    sync = tomllib.loads(card.places.sync_settings.read_text("utf-8"))
    assert sync["shop"]["secrets_file"] == "/run/credentials/till-sync.service/shop"
    assert sync["till"]["keys_file"] == "/run/credentials/till-sync.service/keys"
    assert {key: value for key, value in sync["till"].items() if key != "keys_file"} == {
        key: value for key, value in card.settings()["till"].items() if key != "keys_file"
    }
    handed = folder / "shop"
    handed.touch(0o600)
    handed.write_text(card.secret("shop"))
    assert (load_secrets(handed).key, load_secrets(handed).secret) == (KEY, SECRET)


def test_nobody_else_can_read_what_is_secret(card: Card) -> None:
    for path in (card.places.system, card.places.credentials):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    for path in (*card.places.credentials.iterdir(), card.places.run / "wpa_supplicant.conf"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    sealed = b"".join(path.read_bytes() for path in card.places.system.rglob("*") if path.is_file())
    for secret in (KEY, SECRET, WIFI_PASSWORD):
        assert secret.encode() not in sealed


def test_a_boot_at_which_nothing_changed_writes_nothing_that_lasts(folder: Path) -> None:
    disk = CuttingDisk()
    card = Card(folder, disk, filled_in())
    card.set_up()
    before = {path: path.stat().st_mtime_ns for path in (folder / "data").rglob("*")}
    before |= {path: path.stat().st_mtime_ns for path in (folder / "boot").rglob("*")}
    disk.plug_in()
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == []
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert "overwrite" not in disk.kinds
    assert len(card.till.founded) == 1


@pytest.mark.parametrize(
    ("typed", "now", "words"),
    [
        ('theme = "dark"', "theme = dark", 'Line 47: a text stands in quotes: theme = "dark"'),
        ('theme = "dark"', 'theme = "blue"', "Line 47: screen.theme must be one of dark, light, not 'blue'."),
        ('"https://shop.example"', '""', "Line 25: fill in the address of the online shop."),
        ("[receipt]", "[recipt]", "Line 7: there is no section [recipt]. Did you mean receipt?"),
        (
            'series = "T1"',
            'series = "T2"',
            'Line 17: this till has been set up with series = "T1", and keeps it. Write that again.',
        ),
        (
            'currency = "EUR"',
            'currency = "GBP"',
            'Line 21: this till has been set up with currency = "EUR", and keeps it. Write that again.',
        ),
    ],
)
def test_a_mistake_leaves_the_till_selling_as_before(card: Card, typed: str, now: str, words: str) -> None:
    before = card.settings()
    text = card.typed().decode()
    assert text.count(typed) == 1
    card.type(text.replace(typed, now).replace("Holm & Ash", "Another name"))
    assert card.set_up() is Sells.AS_BEFORE
    assert words in card.sentences()
    assert card.settings() == before, "no half of the new file is used"
    card.type(text.replace("Holm & Ash", "Another name"))
    assert card.set_up() is Sells.AS_TYPED
    assert card.settings()["receipt"]["name"] == "Another name"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "There is no till.toml on the card. Copy the one of the guide to it and fill it in."),
        (b"", "till.toml is empty. Copy the one of the guide to the card and fill it in."),
        (b"# nothing", 'There is no [till] with time_zone = "...": the time zone.'),
        (b"\0" * 2048, "till.toml is damaged: a part of it is empty. Copy it to the card once more."),
        (b"{\\rtf1 till}", "till.toml was saved by a word processor."),
        (bytes(range(1, 256)), "a letter in this line is not saved as UTF-8"),
    ],
)
def test_a_file_that_is_lost_or_spoilt_leaves_the_till_selling(
    card: Card, content: bytes | None, words: str
) -> None:
    before, wifi = card.settings(), card.places.run / "wpa_supplicant.conf"
    wifi.unlink()
    if content is None:
        card.places.typed.unlink()
    else:
        card.type(content)
    assert card.set_up() is Sells.AS_BEFORE
    assert words in " ".join(card.sentences())
    assert card.settings() == before
    assert content == b"# nothing" or WIFI_PASSWORD in wifi.read_text()


def test_a_file_whose_name_windows_made_longer_is_named(card: Card) -> None:
    card.places.typed.rename(card.places.boot / "till.toml.txt")
    assert card.set_up() is Sells.AS_BEFORE
    assert card.sentences() == [
        "The settings are called till.toml.txt on the card. Give the file the name till.toml."
    ]


def test_a_mistake_in_the_network_keeps_the_old_network_and_takes_all_else(card: Card) -> None:
    text = card.typed().decode()
    card.type(text.replace('dns = ""', 'dns = "192.168.1.1"').replace("Holm & Ash", "Another name"))
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == [
        "Line 42: gateway and dns belong to a fixed address: fill in address, or empty them all."
    ]
    assert card.settings()["receipt"]["name"] == "Another name"
    assert WIFI_PASSWORD in (card.places.run / "wpa_supplicant.conf").read_text()


def test_a_secret_that_is_typed_later_replaces_the_old_one(card: Card) -> None:
    other = "0123456789" * 4
    text = card.typed().decode().replace('\nkey = ""', f'\nkey = "ck_{other}"')
    card.type(text.replace('\nsecret = ""', f'\nsecret = "cs_{other}"'))
    assert card.set_up() is Sells.AS_TYPED
    assert card.secret("shop") == f'key = "ck_{other}"\nsecret = "cs_{other}"\n'
    assert other.encode() not in card.typed()


def test_half_a_new_key_is_not_taken_in_and_the_old_one_stays(card: Card) -> None:
    card.type(card.typed().decode().replace('\nkey = ""', f'\nkey = "{KEY[:-1]}9"'))
    assert card.set_up() is Sells.AS_BEFORE
    assert card.sentences() == ["Line 27: key and secret belong together: type both of them."]
    assert SECRET in card.secret("shop")


def test_another_wifi_needs_its_own_password(card: Card) -> None:
    text = card.typed().decode().replace('"Laden"', '"Hof"')
    card.type(text)
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == [
        'Line 39: the password of the Wi-Fi "Hof" is missing. Type it: wifi_password = "..."'
    ]
    card.type(text.replace('wifi_password = ""', 'wifi_password = "quieter quieter"'))
    card.set_up()
    assert card.sentences() == []
    assert 'psk="quieter quieter"' in (card.places.run / "wpa_supplicant.conf").read_text()
    card.type(card.typed().decode().replace('wifi_name = "Hof"', 'wifi_name = ""'))
    card.set_up()
    assert not (card.places.run / "wpa_supplicant.conf").exists()
    assert card.secret("wifi") == ""


def test_a_manager_who_forgot_the_pin_gets_a_new_one_by_the_card(card: Card) -> None:
    card.type(card.typed().decode().replace('manager_pin = ""', 'manager_pin = "1470"'))
    assert card.set_up() is Sells.AS_TYPED
    assert card.till.founded == [("Ciarán", PIN), ("Ciarán", "1470")]
    assert b"1470" not in card.typed()
    assert card.secret("manager") == ""


def test_a_till_that_cannot_be_set_up_says_so_and_tries_again_at_the_next_boot(new: Card) -> None:
    new.type(filled_in())
    new.till.fails = "python3: till: The disk is full."
    assert new.set_up() is Sells.NO
    assert new.sentences() == ["The till could not be set up: python3: till: The disk is full."]
    new.till.fails = ""
    assert new.set_up() is Sells.AS_TYPED
    assert new.till.founded == [("Ciarán", PIN)]


def test_settings_of_an_older_version_are_used_as_far_as_this_one_knows_them(card: Card) -> None:
    state = card.machine.state.read_text("utf-8").replace('"volume": 4', '"volume": 4, "loudness": 3')
    card.machine.state.write_text(state.replace('"theme": "dark"', '"theme": "sepia"'))
    card.type("[till\n")
    assert card.set_up() is Sells.AS_BEFORE
    settings = load(card.places.settings)
    assert (settings.receipt.name, settings.sound.volume, settings.screen.theme) == ("Holm & Ash", 4, "dark")


def test_every_key_of_the_shipped_file_is_one_and_every_section_has_its_words() -> None:
    text = TEMPLATE.read_text("utf-8")
    assert tomllib.loads(text)["staff"] == {"manager": "", "manager_pin": ""}
    assert text.isascii(), "an old editor cannot spoil what is plain"
    assert max(map(len, text.splitlines())) <= 120
