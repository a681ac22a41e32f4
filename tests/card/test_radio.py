"""Which Wi-Fis a new till can join, from what wpa_supplicant says that it hears."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.card.credentials import CommandError
from appliance.card.disk import Disk
from appliance.card.places import Places
from appliance.card.radio import INTERFACE, LISTEN_SECONDS, MOST, WISH, listen, names_in
from appliance.card.records import keep_record
from appliance.kiosk.papers import LISTEN, Papers
from tests.systemd.units import SYSTEMD, read_unit

HEAD = "bssid / frequency / signal level / flags / ssid\n"


def row(name: str, signal: int = -50, ways: str = "[WPA2-PSK-CCMP][ESS]") -> str:
    return f"02:00:00:00:01:00\t2412\t{signal}\t{ways}\t{name}\n"


class Radio:
    """A wpa_supplicant that has heard something after so many looks."""

    def __init__(self, said: str, looks: int = 1) -> None:
        self.ran: list[list[str]] = []
        self.clock = 0.0
        self._said, self._looks = said, looks

    def run(self, command: list[str]) -> bytes:
        self.ran.append(command)
        if command[-1] != "scan_results":
            return b"OK\n"
        self._looks -= 1
        return (HEAD + (self._said if self._looks < 0 else "")).encode()

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    def listen(self, root: Path) -> list[str]:
        return listen(Places(root), self.run, lambda: self.clock, self.sleep)


def test_the_nearest_comes_first_and_each_name_once() -> None:
    said = HEAD + row("Far", -80) + row("Near", -30) + row("Far", -60) + row("Middle", -55)
    assert names_in(said) == ["Near", "Middle", "Far"]


@pytest.mark.parametrize(
    "ways",
    ["[WPA2-PSK-CCMP][WPS][ESS]", "[WPA-PSK-TKIP][ESS]", "[WPA2-SAE-CCMP][ESS]", "[WPA2-PSK+SAE-CCMP]"],
)
def test_those_with_a_password_are_listed(ways: str) -> None:
    assert names_in(HEAD + row("Shop", ways=ways)) == ["Shop"]


@pytest.mark.parametrize("ways", ["[ESS]", "[WEP][ESS]", "[WPA2-EAP-CCMP][ESS]", "[WPA2-OWE-CCMP][ESS]"])
def test_those_that_a_till_cannot_join_are_not(ways: str) -> None:
    assert names_in(HEAD + row("Shop", ways=ways)) == []


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r"Caf\xc3\xa9 \"Ash\"", 'Café "Ash"'),
        (r"a\\b", r"a\b"),
        (r"\xe6\xbc\xa2", "漢"),
    ],
)
def test_a_name_reads_as_its_owner_wrote_it(written: str, name: str) -> None:
    assert names_in(HEAD + row(written)) == [name]


@pytest.mark.parametrize("written", ["", r"\x00\x00\x00", r"\xff\xfe", r"a\nb", "   "])
def test_a_name_that_cannot_be_shown_is_not_listed(written: str) -> None:
    assert names_in(HEAD + row(written) + "half a line\t24\n") == []


def test_a_list_does_not_grow_without_end() -> None:
    assert len(names_in(HEAD + "".join(row(f"Wi-Fi {number}") for number in range(200)))) == MOST


def test_it_listens_until_something_is_heard(tmp_path: Path) -> None:
    radio = Radio(row("Shop"), looks=6)
    assert radio.listen(tmp_path) == ["Shop"]
    assert radio.ran[0] == ["wpa_supplicant", "-B", "-i", INTERFACE, "-C", str(tmp_path / "run/till-radio")]
    assert [command[-1] for command in radio.ran].count("scan") == 2
    assert radio.clock < LISTEN_SECONDS


def test_where_nothing_is_heard_it_ends(tmp_path: Path) -> None:
    radio = Radio("")
    assert radio.listen(tmp_path) == []
    assert LISTEN_SECONDS <= radio.clock < LISTEN_SECONDS + 5


def test_the_one_that_runs_for_the_settings_is_asked_and_no_second_is_started(tmp_path: Path) -> None:
    (tmp_path / "run/wpa_supplicant").mkdir(parents=True)
    (tmp_path / "run/wpa_supplicant" / INTERFACE).touch()
    radio = Radio(row("Shop"))
    assert radio.listen(tmp_path) == ["Shop"]
    assert {command[0] for command in radio.ran} == {"wpa_cli"}
    assert all(str(tmp_path / "run/wpa_supplicant") in command for command in radio.ran)


def test_a_radio_that_does_not_answer_is_told(tmp_path: Path) -> None:
    def refuse(command: list[str]) -> bytes:
        raise CommandError(f"{command[0]}: exit 255")

    with pytest.raises(CommandError, match="wpa_supplicant"):
        listen(Places(tmp_path), refuse, lambda: 0.0, lambda _seconds: None)


def test_the_screen_wishes_where_the_unit_looks_and_reads_where_the_card_writes(tmp_path: Path) -> None:
    (runtime,) = read_unit(SYSTEMD / "till-kiosk.service")["Service"]["RuntimeDirectory"]
    (looked_for,) = read_unit(SYSTEMD / "till-radio.path")["Path"]["PathExists"]
    assert looked_for == f"/run/{runtime}/{LISTEN}" == f"/run/{runtime}/{WISH}"
    assert read_unit(SYSTEMD / "till-radio.service")["Service"]["ExecStopPost"] == [
        f"+/usr/bin/rm -f {looked_for}"
    ]
    places, wishes = Places(tmp_path), tmp_path / "run/till-kiosk"
    wishes.mkdir(parents=True)
    papers = Papers(places.report, wishes / "typed", None)
    assert papers.heard() == ()
    papers.listen()
    assert (wishes / WISH).exists()
    keep_record(Disk(), places.heard, {"names": ["Shop", "Café"]}, mode=0o644)
    assert papers.heard() == ("Shop", "Café")
    places.heard.write_text(json.dumps({"names": "none"}))
    assert papers.heard() == ()
    Papers(places.report, tmp_path / "nowhere" / "typed", None).listen()  # a desk: nobody to ask, and no harm
