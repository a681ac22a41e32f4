"""Setting a new till up by touch: what is typed, kept, gone back to, said to be wrong, and handed over."""

from __future__ import annotations

import json

import pytest

from appliance.settings.of_the_card import SECRETS
from appliance.till.mistakes import Mistakes
from appliance.ui.strings import read_words
from tests.screens.conftest import UI
from tests.screens.set_up import (
    KEY,
    SECRET,
    SHOP,
    TWO,
    NewTill,
    answer,
    new_till,
    to_the_end,
    to_the_key,
    to_the_manager,
    to_the_place,
)


def choose(till: NewTill, letters: str) -> None:
    """Type letters and take the first of what has them."""
    till.type(letters)
    till.ui.tap_at(*till.ui.screen.lit.middle())


def drawn(ui: UI) -> str:
    """All that is written on the screen: a sentence may stand on it in several lines."""
    return " ".join(row["text"] for row in ui.rows() if row["kind"] == "text")


@pytest.mark.parametrize("panel", ["7"])
def test_with_a_code_a_known_country_and_one_printer_few_taps_are_needed(ui: UI) -> None:
    till = new_till(ui)
    to_the_end(till)
    assert ui.screen.name == "set-up-summary"
    ui.tap("Start selling")
    assert till.given == [
        {
            "shop": {"url": SHOP, "key": KEY, "secret": SECRET},
            "receipt": {"name": "Holm & Ash"},
            "till": {"time_zone": "Europe/Dublin"},
            "money": {"currency": "EUR"},
            "staff": {"manager": "Marta", "manager_pin": "2580"},
        }
    ]
    assert "One moment" in ui.texts()
    ui.tap("back")
    ui.tap("The online shop")
    assert ui.screen.name == "set-up-summary"
    till.outcome = Mistakes((), "as typed")
    ui.desk.refresh()
    assert till.did == ["done"]


@pytest.mark.parametrize("panel", ["7"])
def test_no_secret_is_ever_kept_in_a_draft(ui: UI) -> None:
    till = new_till(ui)
    to_the_place(till)
    ui.tap("Next")
    till.wifis = ("Laden",)
    ui.tap("Wi-Fi")
    ui.tap("Laden")
    answer(till, "hunter2hunter")
    assert ui.screen.name == "set-up-network"
    ui.tap("Next")
    ui.tap("Next")
    answer(till, "Marta", "2580")
    assert till.kept[-1]["network"] == {"wifi_name": "Laden", "wifi_country": "IE"}
    for sections in till.kept:
        for section, key in SECRETS:
            assert key not in sections.get(section, {})
        assert not any(secret in json.dumps(sections) for secret in (KEY, SECRET, "2580", "hunter2hunter"))
    ui.tap("Start selling")
    assert till.given[0]["network"]["wifi_password"] == "hunter2hunter"


@pytest.mark.parametrize("panel", ["7"])
def test_a_scan_is_not_waited_for_without_a_scanner(ui: UI) -> None:
    till = new_till(ui)
    till.has_scanner = False
    to_the_key(till)
    assert "No scanner is found: type the key" in ui.texts()
    till.has_scanner = True
    ui.wait(lambda: "Waiting for the scan" in ui.texts())
    ui.desk.scan(f"{KEY}|{SECRET}")
    assert "The key is there: …" in " ".join(ui.texts())


@pytest.mark.parametrize("panel", ["7"])
def test_back_and_forth_loses_nothing(ui: UI) -> None:
    till = new_till(ui)
    to_the_manager(till)
    till.type("Marta")
    seen = []
    while ui.screen.name != "set-up":
        seen.append(ui.screen.name)
        ui.tap("back")
    assert seen == [
        f"set-up-{each}"
        for each in ("manager", "printer", "network", "place", "receipt", "name", "key", "address")
    ]
    ui.tap("Go on")
    assert ui.screen.name == "set-up-manager"
    assert "Marta" in ui.texts()
    for page in seen:
        ui.show(page)
    assert SHOP in ui.texts()


@pytest.mark.parametrize("panel", ["7"])
def test_from_the_summary_a_row_leads_there_and_next_leads_back(ui: UI) -> None:
    till = new_till(ui)
    to_the_end(till)
    ui.tap("Names")
    answer(till, "s")
    assert ui.screen.name == "set-up-summary"
    assert "Holm & Ashs · Till 1 · T1" in ui.texts()
    ui.tap("Country and money")
    ui.tap("Currency")
    choose(till, "gbp")
    ui.tap("back")
    assert ui.screen.name == "set-up-summary"
    assert "Europe/Dublin · GBP" in ui.texts()
    ui.tap("The online shop")
    ui.tap("back")
    assert ui.screen.name == "set-up-summary"
    for page in ("manager", "printer", "network", "place"):
        ui.tap("back")
        assert ui.screen.name == f"set-up-{page}"


@pytest.mark.parametrize("panel", ["7"])
def test_a_cable_that_is_plugged_in_saves_the_question(ui: UI) -> None:
    till = new_till(ui)
    till.has_cable = True
    to_the_place(till)
    ui.tap("Next")
    assert ui.screen.name == "set-up-printer"
    ui.tap("back")
    assert ui.screen.name == "set-up-network"
    assert "it is plugged in" in ui.texts()
    ui.desk.scan("WIFI:T:WPA;S:Laden;P:hunter2hunter;;")
    assert "Laden" in ui.texts()
    ui.tap("Cable")
    assert "Laden" not in ui.texts()


def test_a_scanner_on_another_keyboard_is_found_out_by_what_it_reads(ui: UI) -> None:
    setting_up = new_till(ui).setting_up
    assert setting_up.take_layout({"us": "5012", "de": "5012", "fr": "(à&é"}) == ""
    assert setting_up.take_layout({"us": "https://a.example", "de": "https://a.example"}) == "us"
    assert setting_up.value(("scanner", "layout")) == "us"
    assert setting_up.take_layout({"us": "ck?1", "de": "ck_1|cs_2"}) == "de"
    assert setting_up.value(("scanner", "layout")) == "de"


@pytest.mark.parametrize("panel", ["7"])
def test_what_is_wrong_is_said_with_the_words_of_the_file_and_stops_there(ui: UI) -> None:
    till = new_till(ui)
    to_the_key(till)
    ui.tap("Type the key")
    answer(till, "cs_1", "ck_1")
    assert "Key and secret are the wrong way round: the key begins with ck_, the secret with cs_." in drawn(
        ui
    )
    assert ui.tones.played[-1] == "refused"
    ui.tap("back")
    assert not ui.screen.lit.is_lit
    ui.desk.scan(f"{KEY}|{SECRET}")
    assert ui.screen.lit.is_lit


@pytest.mark.parametrize("panel", ["7"])
def test_a_step_that_is_not_done_cannot_be_passed_over(ui: UI) -> None:
    till = new_till(ui)
    ui.show("set-up")
    ui.tap("Set up")
    ui.tap_at(*ui.screen.lit.middle())
    assert ui.screen.name == "set-up-address"
    till.walk.go(ui.desk, "summary")
    assert "something is missing" in ui.texts()
    assert not ui.screen.lit.is_lit
    ui.tap("The manager")
    answer(till, "Marta", "25")
    assert "A PIN has four digits, no more and no less." in drawn(ui)


@pytest.mark.parametrize("panel", ["7"])
def test_what_the_file_says_already_is_not_asked_again(ui: UI) -> None:
    known = {
        "shop": {"url": SHOP},
        "receipt": {"name": "Holm & Ash", "phone": "091"},
        "till": {"series": "T3"},
    }
    till = new_till(ui, begin=known, has_key=True, has_manager=True)
    ui.show("set-up")
    ui.tap("Go on")
    assert ui.screen.name == "set-up-place"
    assert "Tap Country and choose it." in drawn(ui)
    ui.tap("Country")
    choose(till, "germ")
    assert "Tap what is to be another one." in drawn(ui)
    ui.tap("Next")
    ui.show("set-up-receipt")
    ui.tap("Phone")
    ui.tap_at(
        ui.screen.entries["receipt", "phone"].cross.x + 20, ui.screen.entries["receipt", "phone"].cross.y + 20
    )
    till.walk.go(ui.desk, "summary")
    ui.tap("Start selling")
    (given,) = till.given
    assert given["receipt"] == {"name": "Holm & Ash", "phone": ""}
    assert given["till"] == {"series": "T3", "time_zone": "Europe/Berlin"}
    assert "staff" not in given


@pytest.mark.parametrize("panel", ["7"])
def test_the_printer_is_chosen_among_several_and_tried(ui: UI) -> None:
    till = new_till(ui)
    to_the_place(till)
    ui.tap("Next")
    ui.tap("Next")
    ui.tap("58 mm paper")
    ui.tap("Print a test slip")
    assert "Printing" in ui.texts()
    till.printed.pop()("The receipt printer is out of paper.")
    ui.desk.draw()
    assert "The receipt printer is out of paper." in ui.texts()
    ui.tap("Print a test slip")
    till.printed.pop()("")
    ui.desk.draw()
    assert "The slip came out." in ui.texts()
    ui.desk.scan("GAPLESS")
    assert "The scanner reads it." in ui.texts()
    till.printers = TWO
    ui.desk.refresh()
    ui.tap("Receipt printer")
    ui.tap("Next")
    assert till.kept[-1]["printer"] == {"match": "1-1.4", "width_dots": 384}


@pytest.mark.parametrize("panel", ["7"])
def test_the_pc_the_power_and_the_picture_are_a_tap_away(ui: UI) -> None:
    till = new_till(ui)
    ui.show("set-up")
    ui.tap("Turn the picture")
    ui.tap("Turn the picture")
    ui.tap("Turn the picture")
    ui.tap("On a PC")
    ui.tap("Switch off")
    assert till.did == ["turn 180", "turn 0", "turn 180", "pc", "off"]
    assert till.kept[-1]["screen"] == {"rotation": 180}


@pytest.mark.parametrize("panel", ["7"])
def test_what_root_finds_wrong_is_said_and_can_be_put_right(ui: UI) -> None:
    till = new_till(ui)
    to_the_end(till)
    ui.tap("Start selling")
    till.outcome = Mistakes(("The memory card cannot be written (Read-only file system).",), "no")
    ui.desk.refresh()
    ui.desk.draw()
    assert "The memory card cannot be written (Read-only file system)." in " ".join(ui.texts())
    assert ui.screen.lit.is_lit
    assert till.did == []


def test_every_letter_of_a_password_can_be_typed(ui: UI) -> None:
    till = new_till(ui)
    ui.show("set-up-wifi")
    ui.tap("Its password")
    typed = "".join(map(chr, range(0x20, 0x7F))).strip()[::6] + "~`|\\^äÖß"
    till.type(typed)
    assert till.setting_up.value(("network", "wifi_password")) == typed


def test_each_setting_of_a_form_has_its_words() -> None:
    from appliance.ui.screens.set_up.forms import FORMS

    names = read_words().names()
    for plan in FORMS.values():
        for row in plan.rows:
            for section, key in row:
                assert {f"set_up.{section}_{key}{end}" for end in ("", "_hint", "_about")} <= names
