"""Switching off: on the card the kiosk has no right to, and leaves a wish where root looks for one."""

from __future__ import annotations

from pathlib import Path

from appliance.kiosk.rescue import power_off
from tests.systemd.units import SYSTEMD, read_unit


def test_on_the_card_the_wish_is_a_file_where_the_unit_looks_for_it(tmp_path: Path) -> None:
    kiosk = read_unit(SYSTEMD / "till-kiosk.service")["Service"]["Environment"]
    (name,) = (word.split("=", 1)[1] for line in kiosk for word in line.split() if "POWER_OFF=" in word)
    (looked_for,) = read_unit(SYSTEMD / "till-off.path")["Path"]["PathExists"]
    assert name == looked_for

    wish = tmp_path / Path(name).name
    power_off({"GAPLESS_POWER_OFF": str(wish)})
    assert wish.exists()
