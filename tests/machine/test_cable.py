"""What the system's own files say of cables and countries."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.money import currency
from appliance.machine.cable import has_cable
from appliance.machine.countries import read_countries
from tests.systemd.units import SYSTEMD

WIRE = "ADMIN_STATE=configured\nOPER_STATE=routable\nCARRIER_STATE={}\nNETWORK_FILE=/run/systemd/network/{}\n"


@pytest.mark.parametrize(
    ("carrier", "file", "is_in"),
    [
        ("carrier", "10-till-wire.network", True),
        ("carrier", "80-till-wire.network", True),
        ("no-carrier", "10-till-wire.network", False),
        ("carrier", "10-till-wifi.network", False),
    ],
)
def test_a_cable_is_in_when_a_wired_link_has_a_carrier(
    tmp_path: Path, carrier: str, file: str, is_in: bool
) -> None:
    (tmp_path / "1").write_text("ADMIN_STATE=unmanaged\nCARRIER_STATE=carrier\n")
    (tmp_path / "2").write_text(WIRE.format(carrier, file))
    assert has_cable(tmp_path) is is_in


def test_where_nobody_says_there_is_none(tmp_path: Path) -> None:
    assert not has_cable(tmp_path / "missing")


def test_the_cards_own_file_for_the_wire_is_known() -> None:
    assert (SYSTEMD / "network/80-till-wire.network").exists()


def test_every_country_has_its_zones_and_known_money() -> None:
    countries = {each.code: each for each in read_countries()}
    assert len(countries) > 200
    assert countries["IE"].zones == ("Europe/Dublin",)
    assert countries["DE"].zones[0] == "Europe/Berlin"
    assert countries["US"].zones[0] == "America/New_York"
    assert [each.name for each in countries.values()] == sorted(each.name for each in countries.values())
    for each in countries.values():
        assert not each.currency or currency(each.currency).code == each.currency


def test_without_the_tables_there_are_no_countries(tmp_path: Path) -> None:
    assert read_countries(tmp_path) == ()
