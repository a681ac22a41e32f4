"""Settings typed on the screen: checked like a file's, locked away where secret, and readable on any PC afterwards."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from appliance.card.checking import check
from appliance.card.disk import Disk
from appliance.card.lines import read_lines
from appliance.card.problems import Sells
from appliance.card.records import keep_record
from appliance.card.typed_settings import IS_SET_UP, NOT_READ, RECORD, written
from tests.card.card import KEY, PIN, SECRET, TEMPLATE, WIFI_PASSWORD, Card, filled_in
from tests.card.cutting import CuttingDisk, CuttingRun, PowerCutError, QuickSeal

BY_TOUCH: dict[str, dict[str, Any]] = {
    "shop": {"url": "https://shop.example", "key": KEY, "secret": SECRET},
    "receipt": {"name": 'Holm "&" Ash', "phone": "+353 1 234"},
    "till": {"name": "Till 2", "series": "T2", "time_zone": "Europe/Dublin"},
    "money": {"currency": "EUR", "cash_rounding": "0.05"},
    "network": {"wifi_name": "Laden", "wifi_password": WIFI_PASSWORD, "wifi_country": "IE"},
    "screen": {"rotation": 180},
    "staff": {"manager": "Ciarán", "manager_pin": PIN},
}
TAKEN_IN = 24
"""In so many steps what was typed is taken in; from there on it is a start like any other (test_power_cuts)."""
SECRETS = (KEY, SECRET, WIFI_PASSWORD, PIN)


def hand_over(card: Card, typed: object = BY_TOUCH) -> None:
    card.places.wishes.mkdir(exist_ok=True)
    card.places.handed.write_text(typed if isinstance(typed, str) else json.dumps(typed))


def test_a_new_till_sells_with_what_was_typed_on_its_screen(new: Card) -> None:
    assert new.set_up() is Sells.NO
    hand_over(new)
    assert new.set_up() is Sells.AS_TYPED
    assert new.sentences() == []
    assert not new.places.handed.exists()
    settings = new.settings()
    assert settings["receipt"] == {"name": 'Holm "&" Ash', "phone": "+353 1 234"} | dict.fromkeys(
        ("strapline", "address", "tax_number", "web"), ""
    )
    assert settings["till"]["series"] == "T2"
    assert settings["screen"]["rotation"] == 180
    assert settings["money"] == {"currency": "EUR", "cash_rounding": "0.05"}
    assert new.till.founded == [("Ciarán", PIN)]
    assert tomllib.loads(new.secret("shop")) == {"key": KEY, "secret": SECRET}
    assert tomllib.loads(new.secret("wifi")) == {"name": "Laden", "password": WIFI_PASSWORD}


def test_any_pc_reads_it_afterwards_remarks_and_all_but_no_secret(new: Card) -> None:
    hand_over(new)
    new.set_up()
    text = new.typed().decode()
    body = tomllib.loads(text)
    for section, keys in BY_TOUCH.items():
        for key, value in keys.items():
            assert body[section][key] == ("" if value in SECRETS else value), key
    for remark in (line for line in TEMPLATE.read_text("utf-8").splitlines() if line.startswith("#")):
        assert remark in text
    for secret in SECRETS:
        for path in Path(new.places.root).rglob("*"):
            assert (
                path.is_symlink()
                or not path.is_file()
                or path.name == "wpa_supplicant.conf"
                or (secret.encode() not in path.read_bytes())
            ), path
    assert not (new.places.system / RECORD).exists()


class RememberingDisk(Disk):
    """Keeps all that is ever written, also what is written over later."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, path: Path, content: bytes, mode: int) -> None:
        self.written.append(content)
        super().write(path, content, mode)

    def overwrite(self, path: Path, offset: int, content: bytes) -> None:
        self.written.append(content)
        super().overwrite(path, offset, content)


def test_no_secret_is_on_the_card_in_plain_letters_even_for_a_moment(folder: Path) -> None:
    disk = RememberingDisk()
    card = Card(folder, disk)
    hand_over(card)
    assert card.set_up() is Sells.AS_TYPED
    on_the_card = [each for each in disk.written if b"psk=" not in each]  # wpa_supplicant's file lies in RAM
    for secret in SECRETS:
        text = secret.encode()
        assert not any(text in each or text.hex().encode() in each for each in on_the_card)


def test_the_next_start_finds_it_as_if_it_had_been_typed_on_a_pc(new: Card) -> None:
    hand_over(new)
    new.set_up()
    before = new.typed()
    assert new.set_up() is Sells.AS_TYPED
    assert new.sentences() == []
    assert new.typed() == before


@pytest.mark.parametrize(
    ("section", "key", "value", "words"),
    [
        ("shop", "url", "shop.example", "shop.url must begin with https:// (or http:// on a test bench)."),
        ("staff", "manager_pin", "12", "a PIN has four digits, no more and no less."),
        ("screen", "rotation", 45, "screen.rotation must be one of 0, 90, 180, 270, not 45."),
        (
            "till",
            "data",
            "/etc",
            "till.data is not typed here: the journal has its own place on the card. Take it out.",
        ),
        ("till", "nmae", "x", "there is no nmae in [till]. Did you mean name?"),
    ],
)
def test_what_is_wrong_is_told_and_then_nothing_is_taken(
    new: Card, section: str, key: str, value: object, words: str
) -> None:
    typed = json.loads(json.dumps(BY_TOUCH))
    typed[section][key] = value
    hand_over(new, typed)
    assert new.set_up() is Sells.NO
    assert new.sentences()[0].casefold() == words.casefold()
    assert new.typed() == TEMPLATE.read_bytes()
    assert new.secret("shop") == ""
    assert not new.places.handed.exists()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "[",
        "[]",
        '{"shop": 1}',
        '{"shop": {"url": ["x"]}}',
        '{"shop": {"url": true}}',
        "[" * 5000,
        "{" + " " * 70_000 + "}",
    ],
)
def test_what_is_no_such_file_is_told_and_harms_nothing(new: Card, typed: str) -> None:
    hand_over(new, typed)
    assert new.set_up() is Sells.NO
    assert new.sentences()[0] == NOT_READ
    assert not new.places.handed.exists()


def test_a_till_that_is_set_up_takes_nothing_from_its_screen(card: Card) -> None:
    before = card.typed()
    hand_over(card)
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == [IS_SET_UP]
    assert card.typed() == before
    assert card.till.founded == [("Ciarán", PIN)]


def test_a_link_in_the_kiosks_folder_leads_nowhere(card: Card) -> None:
    card.places.wishes.mkdir()
    card.places.handed.symlink_to(card.places.typed)
    assert card.set_up() is Sells.AS_TYPED
    assert len(card.sentences()) == 1
    assert not card.places.handed.is_symlink()


def test_what_is_known_already_is_told_to_the_screen(folder: Path) -> None:
    card = Card(folder, Disk(), filled_in(name="", url="shop.example"))
    assert card.set_up() is Sells.NO
    report = card.report()
    assert report["typed"]["till"] == {"name": "Till 1", "series": "T1", "time_zone": "Europe/Dublin"}
    assert "url" not in report["typed"].get("shop", {})
    assert report["have"] == {"shop_key": True, "manager": True}
    assert not any(secret in json.dumps(report) for secret in SECRETS)


@pytest.mark.parametrize(
    "text", ["", "# only a remark", "[shop]\r\nurl = 'x' # here\r\n", '[till]\nname = "a"', "key"]
)
def test_each_value_comes_to_stand_under_its_section(text: str) -> None:
    typed = {("shop", "url"): "https://ä.example", ("shop", "poll_seconds"): 60, ("till", "name"): 'T "1"\\'}
    lines = read_lines(written(text, typed))
    there = {(each.section, each.key): each.value for each in lines.settings}
    assert typed.items() <= there.items()
    assert not check(lines).problems or text == "key"
    assert written(written(text, typed), typed) == written(text, typed)


@pytest.mark.parametrize(("tears", "loses"), [("", False), ("head", False), ("tail", True)])
def test_a_power_cut_at_any_step_leaves_a_till_that_sells_or_asks_once_more(
    folder: Path, tears: str, loses: bool
) -> None:
    for step in range(1, TAKEN_IN):
        disk = CuttingDisk()
        card = Card(folder / f"{step}", disk)
        card.machine = replace(card.machine, run=CuttingRun(QuickSeal(card.till), disk))
        card.set_up()
        hand_over(card)
        disk.plug_in(step, tears, loses=loses)
        with pytest.raises(PowerCutError):
            card.set_up()
        card.places.handed.unlink(missing_ok=True)  # it was in RAM
        disk.plug_in()
        sells = card.set_up()
        # Secrets alone may have gone in before the rest: then they need not be typed again, that is all.
        assert sells is Sells.AS_TYPED or card.typed() == TEMPLATE.read_bytes(), (step, card.sentences())
        if sells is Sells.NO:
            hand_over(card)
        assert card.set_up() is Sells.AS_TYPED
        assert card.sentences() == []
        assert card.till.founded[-1] == ("Ciarán", PIN)


@pytest.mark.parametrize("left", [None, b"", b"\0" * 512, "head"])
def test_a_file_that_a_cut_took_is_written_again_at_the_next_start(
    new: Card, left: bytes | str | None
) -> None:
    after = written(TEMPLATE.read_text("utf-8"), {("till", "name"): "Till 7"}).encode()
    record = {"before": TEMPLATE.read_bytes().hex(), "after": after.hex()}
    keep_record(new.machine.disk, new.places.system / RECORD, record)
    new.places.typed.unlink()
    if left is not None:
        new.type(after[:512] if isinstance(left, str) else left)
    new.set_up()
    assert new.typed() == after
    assert not (new.places.system / RECORD).exists()


def test_a_file_that_somebody_edited_since_is_left_alone(new: Card) -> None:
    record = {"before": TEMPLATE.read_bytes().hex(), "after": b"[till]\n".hex()}
    keep_record(new.machine.disk, new.places.system / RECORD, record)
    new.type(filled_in())
    assert new.set_up() is Sells.AS_TYPED
    assert new.settings()["receipt"]["name"] == "Holm & Ash"
    assert not (new.places.system / RECORD).exists()
