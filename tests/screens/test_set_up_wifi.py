"""A new till's Wi-Fi: those that are heard, in a list that does not move, or one that is typed."""

from __future__ import annotations

import pytest

from appliance.till.questions import WIFI_NAME, WIFI_PASSWORD
from appliance.ui.screens.set_up.choosing import LISTEN_AGAIN_SECONDS
from tests.screens.conftest import UI
from tests.screens.set_up import answer, new_till


@pytest.mark.parametrize("panel", ["7"])
def test_a_wifi_is_taken_from_those_that_are_heard_and_its_password_is_asked(ui: UI) -> None:
    till = new_till(ui)
    till.setting_up.put(WIFI_NAME, "Another")
    till.setting_up.put(WIFI_PASSWORD, "another's password")
    ui.show("set-up-network")
    assert till.listened == 1
    ui.tap("Wi-Fi")
    assert ui.screen.name == "set-up-choosing"
    assert not ui.screen.lit.is_lit
    ui.desk.refresh()
    assert till.listened == 1
    ui.seconds.now += LISTEN_AGAIN_SECONDS
    ui.desk.refresh()
    ui.desk.refresh()
    assert till.listened == 2, "nothing was heard: once more, and not each second"
    till.wifis = ("Near", "Far")
    ui.desk.refresh()
    assert "Far" in ui.texts()
    till.wifis = ("Nearer", "Far", "Near")
    ui.desk.refresh()
    places = {row["text"]: row["y"] for row in reversed(ui.rows()) if row["kind"] == "text"}
    assert places["Near"] < places["Far"] < places["Nearer"], "what is there does not move under a finger"
    ui.tap("Far")
    assert ui.screen.name == "set-up-wifi"
    assert till.setting_up.value(WIFI_NAME) == "Far"
    assert till.setting_up.value(WIFI_PASSWORD) == ""
    answer(till, "far, far away")
    assert ui.screen.name == "set-up-network"
    ui.tap("Wi-Fi")
    ui.tap("Far")
    assert till.setting_up.value(WIFI_PASSWORD) == "far, far away"


@pytest.mark.parametrize("panel", ["7"])
def test_a_hidden_wifi_is_taken_as_it_is_typed(ui: UI) -> None:
    till = new_till(ui)
    till.wifis = ("Office", "Office guests")
    ui.show("set-up-network")
    ui.tap("Wi-Fi")
    till.type("Offic")
    assert {"Office", "Office guests", "Offic"} <= set(ui.texts())
    ui.tap("Offic")
    assert till.setting_up.value(WIFI_NAME) == "Offic"
    ui.tap("back")
    ui.tap("Wi-Fi")
    ui.tap("back")
    assert ui.screen.name == "set-up-network"
