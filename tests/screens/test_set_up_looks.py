"""The pages of the set-up by touch as they look, and the code on one of them as a telephone reads it."""

from __future__ import annotations

import zxingcpp

from tests.screens.conftest import UI
from tests.screens.looks import GOLDEN_MEAN, golden_difference, untidy
from tests.screens.set_up import KEY, SECRET, SHOP, new_till, to_the_key, to_the_place


class Looking:
    """Compares page after page with its picture."""

    def __init__(self, ui: UI, panel: str) -> None:
        self._ui, self._panel = ui, panel
        self.bad: dict[str, object] = {}

    def __call__(self, name: str) -> None:
        self._ui.desk.draw()
        self._ui.frames()
        difference = golden_difference(self._ui, f"set-up-{name}", self._panel)
        crooked = untidy(self._ui, self._panel)
        if crooked or difference >= GOLDEN_MEAN:
            self.bad[name] = (difference, crooked)


def test_the_pages_of_the_shop_fit_and_look_as_they_were_looked_at(ui: UI, panel: str) -> None:
    till, look = new_till(ui), Looking(ui, panel)
    ui.show("set-up")
    look("welcome")
    ui.tap("Set up")
    till.type("holmandash.ie")
    look("address")
    ui.tap("Next")
    look("key")
    ui.desk.scan(f"{KEY}|{SECRET}")
    look("key-read")
    ui.tap("Type the key")
    look("typed-key")
    ui.tap("back")
    ui.tap("Next")
    till.type("Holm & Ash")
    look("name")
    ui.tap("Next")
    look("receipt")
    ui.tap("Next")
    look("place")
    ui.tap("Time zone")
    till.type("ber")
    look("choosing")
    assert not look.bad


def test_the_pages_of_the_wifi_fit_and_look_as_they_were_looked_at(ui: UI, panel: str) -> None:
    till, look = new_till(ui), Looking(ui, panel)
    to_the_place(till)
    ui.tap("Next")
    ui.tap("Wi-Fi")
    look("wifis-none")
    till.wifis = ("Holm & Ash", "Quayside Guest", "eir-40917")
    ui.desk.refresh()
    look("wifis")
    ui.tap("Holm & Ash")
    look("wifi")
    assert not look.bad


def test_the_pages_of_the_till_fit_and_look_as_they_were_looked_at(ui: UI, panel: str) -> None:
    till, look = new_till(ui), Looking(ui, panel)
    to_the_place(till)
    ui.tap("Next")
    look("network")
    ui.tap("A fixed address")
    look("fixed")
    ui.tap("back")
    ui.tap("Next")
    look("printer")
    till.printers = ()
    ui.desk.refresh()
    look("printer-none")
    ui.tap("Next")
    ui.tap("áé")
    look("manager")
    till.walk.go(ui.desk, "summary")
    look("summary-lacks")
    ui.tap("The manager")
    till.type("Marta")
    ui.tap("Next")
    till.type("2580")
    ui.tap("Next")
    look("summary")
    assert not look.bad


def test_the_code_on_the_screen_is_read_as_the_shops_page_for_a_new_key(ui: UI) -> None:
    till = new_till(ui)
    to_the_key(till)
    (read,) = zxingcpp.read_barcodes(ui.pixels())
    page = "/wp-admin/admin.php?page=wc-settings&tab=advanced&section=keys&create-key=1"
    assert read.text == f"{SHOP}{page}"
    assert read.format == zxingcpp.BarcodeFormat.QRCode
