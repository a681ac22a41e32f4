"""Which customer's display the settings name; what they allow, the driver takes."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from appliance.kiosk.devices import build_devices
from appliance.settings import Settings, SettingsError, load
from appliance.settings.display import DisplaySettings
from drivers.hotplug import HotplugMonitor
from drivers.line_display_commands import SETS
from drivers.line_display_serial import BAUDS, LineDisplaySettings
from drivers.line_display_text import PAGES


def settings(folder: Path, text: str) -> Settings:
    (folder / "till.toml").write_text(text)
    return load(folder / "till.toml")


def test_no_port_is_touched_unless_the_settings_name_a_display(tmp_path: Path) -> None:
    assert build_devices(settings(tmp_path, ""), HotplugMonitor()).display is None


@pytest.mark.parametrize("kind", sorted(SETS))
def test_each_kind_that_the_settings_allow_has_its_driver(tmp_path: Path, kind: str) -> None:
    made = build_devices(settings(tmp_path, f'[display]\nkind = "{kind}"'), HotplugMonitor())
    assert made.display is not None
    assert not made.display.present


def test_settings_and_driver_know_the_same_displays() -> None:
    for kind, baud, page in product(sorted(SETS), BAUDS, sorted(PAGES)):
        DisplaySettings(kind, "", baud, page, "Welcome")
        LineDisplaySettings(kind, baud=baud, code_page=page)
    for wrong in (("aedex", 9600, "437"), ("escpos", 300, "437"), ("escpos", 9600, "1256")):
        kind, baud, page = wrong
        with pytest.raises(SettingsError):
            DisplaySettings(kind, "", baud, page, "Welcome")
        with pytest.raises(ValueError, match="a display's"):
            LineDisplaySettings(kind, baud=baud, code_page=page)
