"""From a card just flashed to the first sale with fingers and a scanner alone: no PC, no file, no keyboard."""

from __future__ import annotations

import json
import time
import tomllib
from pathlib import Path

from appliance.demo.books import read_books
from appliance.demo.cashier import good
from appliance.demo.program import Program
from appliance.demo.stage import Stage, wait_until
from tests.flows.new_card import GUARD_SECONDS, NewCard, new_card
from tests.flows.switching import switch_off

PIN = "2580"
HAMMER = "331"


def set_up_to_the_manager(till: NewCard, address: str) -> None:
    """All steps but the last."""
    till.tap_to("Set up", "set-up-address")
    till.scan(f"{address}/wp-admin/admin.php?page=wc-settings")
    till.sees(address)
    till.tap_to("Next", "set-up-key")
    till.sees("Waiting for the scan")
    till.scan(f"{till.stage.key}|{till.stage.secret}")
    till.sees(f"The key is there: …{till.stage.key[-7:]}")
    till.tap_to("Next", "set-up-name")
    till.type("Holm & Ash")
    till.sees("Holm & Ash")
    till.tap_to("Next", "set-up-receipt")
    till.tap_to("Next", "set-up-place")
    till.tap_to("Country", "set-up-choosing")
    till.type("irel")
    till.sees("Ireland")
    till.tap_to("Take", "set-up-place")
    till.sees("Europe/Dublin")
    till.tap_to("Next", "set-up-network")
    till.tap_to("Next", "set-up-printer")


def type_the_manager(till: NewCard) -> None:
    till.type("Ciar")
    till.tap("áé")
    till.sees("ê")
    till.tap("á")
    till.sees("Ciará")
    till.type("n", "Ciará")
    till.sees("Ciarán")
    till.tap("Next")
    till.wait("the keys are figures", lambda: PIN[0] in till.hand.texts())
    till.type(PIN)
    till.sees(PIN)
    till.tap_to("Next", "set-up-summary")


def what_was_typed_is_everywhere_but_its_secrets(till: NewCard) -> None:
    stage = till.stage
    handed = json.loads(till.taken[0])
    assert handed["shop"] == {"url": stage.network.url, "key": stage.key, "secret": stage.secret}
    on_the_fat = tomllib.loads(till.card.typed().decode())
    assert on_the_fat["receipt"]["name"] == "Holm & Ash"
    assert on_the_fat["till"]["time_zone"] == "Europe/Dublin"
    for path in (till.card.places.typed, till.card.places.settings, till.card.places.report):
        assert stage.secret not in path.read_text("utf-8")
    assert not (till.card.places.till_data / "typed.json").exists()


def test_a_new_till_is_set_up_by_touch_and_sells(stage: Stage, tmp_path: Path) -> None:
    switch_off(stage)
    with new_card(tmp_path, stage) as till:
        assert till.hand.screen() == "set-up"
        set_up_to_the_manager(till, stage.network.url)
        papers = len(stage.papers())
        till.tap("Print a test slip")
        till.sees("The slip came out.")
        assert len(stage.papers()) == papers + 1
        till.tap_to("Next", "set-up-manager")
        type_the_manager(till)
        till.sees("Holm & Ash · Till 1 · T1")
        till.tap("Start selling")
        till.begins_anew("sign-in")

        what_was_typed_is_everywhere_but_its_secrets(till)
        syncd = Program(
            "the new till's sync service",
            ["appliance.syncd", "--settings", str(till.sync_settings())],
            {},
            tmp_path / "syncd.log",
        )
        syncd.start()
        try:
            for digit in PIN:
                till.tap(digit)
            till.wait_for("sell")
            wait_until("the shop's products came", lambda: _scans(till), 60, every=1.0)
            till.tap_to("Pay", "pay")
            till.tap_to("Exact cash", "change")
            wait_until("the shop has the sale", lambda: len(read_books(stage.shop_file).till_orders) == 1, 60)
        finally:
            syncd.stop()


def _scans(till: NewCard) -> bool:
    if not till.hand.sees("€24.90"):
        till.scan(good(HAMMER).gtin)
    return till.hand.sees("€24.90")


def test_a_power_cut_in_the_middle_costs_the_key_and_nothing_else(stage: Stage, tmp_path: Path) -> None:
    switch_off(stage)
    with new_card(tmp_path, stage) as till:
        set_up_to_the_manager(till, stage.network.url)
        till.switch_off()
        draft = (till.card.places.till_data / "typed.json").read_text("utf-8")
        assert stage.key not in draft
        assert stage.secret not in draft
        till.switch_on()
        till.tap_to("Go on", "set-up-key")
        till.scan(f"{stage.key}|{stage.secret}")
        till.sees("The key is there")
        for screen in ("name", "receipt", "place", "network", "printer", "manager"):
            till.tap_to("Next", f"set-up-{screen}")
            if screen == "name":
                till.sees("Holm & Ash")
        type_the_manager(till)
        till.tap("Start selling")
        till.begins_anew("sign-in")
        assert till.card.settings()["till"]["time_zone"] == "Europe/Dublin"


def test_a_screen_that_hangs_upside_down_is_turned_and_stays_so(stage: Stage, tmp_path: Path) -> None:
    switch_off(stage)
    with new_card(tmp_path, stage) as till:
        upright, turned = tmp_path / "upright.png", tmp_path / "turned.png"
        till.hand.screenshot(upright)
        till.tap("Turn the picture")
        till.rotation = 180

        def is_turned() -> bool:
            till.hand.screenshot(turned)
            return _is_turned(upright, turned)

        till.wait("the picture is turned", is_turned)
        time.sleep(GUARD_SECONDS)
        till.tap_to("Set up", "set-up-address")
        till.switch_off()
        till.switch_on()
        till.tap_to("Set up", "set-up-address")
        set_up = tmp_path / "again.png"
        till.hand.screenshot(set_up)
        assert till.hand.screen() == "set-up-address"


def _is_turned(upright: Path, turned: Path) -> bool:
    from PIL import Image, ImageChops

    with Image.open(upright) as one, Image.open(turned) as other:
        return ImageChops.difference(one, other.rotate(180)).getbbox() is None
