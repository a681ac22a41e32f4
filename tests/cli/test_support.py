"""``till support``: what must be in it is, and nothing that is a secret or a person's is in any byte."""

from __future__ import annotations

import argparse
import json
import logging
import re
import zipfile
from pathlib import Path

import pytest

from appliance.cli import now, support
from appliance.cli.support import NONE_YET, Places, gather, write
from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.oversold import OversoldUnits
from appliance.storage.sealed import Sealer
from tests.faults.secret_till import PINS, Till

KEY, SECRET = "ck_" + "7d1e" * 10, "cs_" + "b3c9" * 10
CUSTOMER, MAIL = "Wilhelmina Featherstonehaugh", "wilhelmina@mail.example"
ADDRESS, PHONE, TAX = "12 Sorrel Lane, Ballyvaughan", "+353 91 555 0142", "IE6388047V"
CARD, WIFI, WIFI_PASSWORD = "4111 1111 1111 1111", "Sorrelnet", "correct-horse-staple"
TYPED = "Fionnuala"
LOG = f"""2026-11-22T05:01:02+0000 python3[201]: appliance.card: Line 7: a text stands in quotes: manager = "{TYPED}"
2026-11-22T05:01:03+0000 python3[300]: lost: the shop did not answer, key {KEY}, Basic {KEY}:{SECRET}
2026-11-22T05:01:04+0000 python3[300]: order of {CUSTOMER} <{MAIL}>, seen by Mara and by Featherstonehaugh
2026-11-22T05:01:05+0000 wpa_supplicant[7]: wlan0: Trying to associate with SSID '{WIFI}' password={WIFI_PASSWORD}
2026-11-22T05:01:06+0000 kernel: mmc0: card with {CARD} never initialised
"""


class Desk:
    """A till that has sold, its settings, and what a card keeps beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        till = Till(folder)
        till.selling.hand_over(till.signing_in.sign_in(till.mara.person_id, PINS["Mara"]))
        till.sell(slip=CARD)
        till.sell()
        OversoldUnits(till.db, till.sealer).found(
            product_id=3,
            product_name="Mug",
            units=1,
            sale_id=till.journal.last(1)[0].sale.sale_id,
            found_at=till.clock(),
            order_id=17,
            order_number="17",
            customer=CUSTOMER,
        )
        till.printing.stop()
        till.db.close()
        self.settings = folder / "till.toml"
        secrets = folder / "secrets.toml"
        secrets.write_text(f'key = "{KEY}"\nsecret = "{SECRET}"\n')
        secrets.chmod(0o600)
        self.settings.write_text(
            f'[till]\ndata = "{folder}/data"\nkeys_file = "{folder}/keys.toml"\n'
            f'[shop]\nurl = "https://mara:hidden7@shop.example/wp?consumer_secret={SECRET}"\n'
            f'secrets_file = "{secrets}"\n'
            f'[receipt]\nname = "{CUSTOMER} & Daughters"\naddress = "{ADDRESS}"\n'
            f'phone = "{PHONE}"\ntax_number = "{TAX}"\n'
        )
        self.places = Places(folder / "run", folder / "system", folder / "image.json")
        for place in (self.places.run, self.places.system / "log"):
            place.mkdir(parents=True)
        self._fill()

    def _fill(self) -> None:
        words = f'Line 7: a text stands in quotes: manager = "{TYPED}"'
        wifi = f'the password of the Wi-Fi "{WIFI}" is missing.'
        url = 'Line 9: shop.url must begin with https://, not "shop of Mara"'
        problems = [
            {"line": 7, "where": "staff.manager", "words": words},
            {"line": 0, "where": "network.wifi_password", "words": wifi},
            {"line": 9, "where": "shop.url", "words": url},
        ]
        run, system = self.places.run, self.places.system
        (run / "setup.json").write_text(json.dumps({"problems": problems, "sells": "as before"}))
        (run / "health.json").write_text(json.dumps({"problems": ["clock: it is behind"], "entries": 3}))
        (system / "trial.json").write_text(json.dumps({"trial": None, "endings": [{"version": "0.2.0"}]}))
        (system / "log/till.log.1").write_text("the older file\n")
        (system / "log/till.log").write_text(LOG)
        self.places.image.write_text('{"version": "0.1.0", "commit": "c0ffee"}')


@pytest.fixture
def desk(tmp_path: Path, usb_bench: object) -> Desk:
    """It asks libusb for the printer, so it must not be before the bench."""
    return Desk(tmp_path)


def members(desk: Desk) -> dict[str, bytes]:
    file = desk.folder / "support.zip"
    write(file, desk.settings, desk.places)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_no_secret_and_no_person_is_in_any_byte_of_it(desk: Desk) -> None:
    found = members(desk)
    keys = Keyring.load(desk.folder / "keys.toml")
    hidden = [KEY, SECRET, "hidden7", CUSTOMER, *CUSTOMER.split(), MAIL, ADDRESS, PHONE, TAX, CARD]
    hidden += ["4111", WIFI, WIFI_PASSWORD, TYPED, "Mara", "Sean", "argon2", "Mug", "consumer_secret"]
    hidden += [bytes(each).hex() for each in (keys.signing_key, keys.pepper, keys.data_key)]
    for name, data in found.items():
        for each in hidden:
            assert each.lower().encode() not in data.lower(), (name, each)
        for pin in PINS.values():
            assert not re.search(rb"(?<![0-9A-Za-z])%b(?![0-9A-Za-z])" % pin.encode(), data), (name, pin)


def test_the_till_did_know_all_that_was_searched_for(desk: Desk) -> None:
    """Else the search above would find nothing because there was nothing."""
    keys = Keyring.load(desk.folder / "keys.toml")
    with Database.open(desk.folder / "data/till.db", now=now) as database:
        assert [one.customer for one in OversoldUnits(database, Sealer(keys.data_key)).open()] == [CUSTOMER]
        assert {name for (name,) in database.rows("SELECT name FROM person")} == {"Mara", "Sean"}
    log = (desk.places.system / "log/till.log").read_text()
    assert all(each in log for each in (KEY, SECRET, CUSTOMER, MAIL, CARD, WIFI, WIFI_PASSWORD, TYPED))


def test_who_helps_finds_what_is_needed(desk: Desk) -> None:
    found = members(desk)
    read = {name: json.loads(data) for name, data in found.items() if name.endswith(".json")}
    with Database.open(desk.folder / "data/till.db", now=now) as database:
        ((entries, newest),) = database.rows("SELECT seq, hash FROM journal ORDER BY seq DESC LIMIT 1")
    wanted = {"sales": 2, "entries": entries, "newest_hash": newest.hex(), "unsent": 2, "schema": 4}
    assert {key: read["journal.json"][key] for key in wanted} == wanted
    status = read["status.json"]
    assert (status["waiting"], status["sold_twice"], status["needs_a_person"]) == (2, 1, True)
    assert status["shop"] == read["settings.json"]["shop"]["url"] == "https://shop.example/wp"
    assert read["settings.json"]["receipt"]["address"] is True
    assert read["settings.json"]["till"]["time_zone"] == "Europe/Dublin"
    assert read["versions.json"]["image"] == {"version": "0.1.0", "commit": "c0ffee"}
    assert read["health.json"]["problems"] == ["clock: it is behind"]
    assert read["trial.json"]["endings"] == [{"version": "0.2.0"}]
    assert [each["line"] for each in read["setup.json"]["problems"]] == [7, 0, 9]
    assert read["setup.json"]["problems"][2]["words"] == 'shop.url must begin with https://, not "..."'
    assert read["disk.json"][f"{desk.folder}/data"]["free_mb"] > 0
    assert read["devices.json"]
    log = found["till.log"].decode().splitlines()
    assert log[0] == "the older file"
    assert len(log) == 6
    assert "Line 7: [taken out]" in log[1]
    assert log[5].endswith("kernel: mmc0: card with **** 1111 never initialised")
    assert read["contents.json"]["not_in_it"] == {"update.json": NONE_YET}


def test_a_broken_till_still_gives_what_can_be_read_and_says_what_cannot(desk: Desk) -> None:
    (desk.folder / "data/till.db").write_bytes(b"not a till" * 1000)
    (desk.places.run / "health.json").write_text("{")
    desk.settings.write_text(f'[till]\ndata = "{desk.folder}/data"\n[shop]\nkey = "{KEY}"\n')
    gathering = gather(desk.settings, desk.places)
    assert {"status.json", "health.json", "settings.json"} <= gathering.missing.keys()
    assert {"till.log", "setup.json", "versions.json", "trial.json"} <= gathering.members.keys()
    assert KEY not in str(gathering.members)
    assert KEY not in str(gathering.missing)


def test_a_till_without_a_journal_gets_none_by_it(desk: Desk) -> None:
    for file in (desk.folder / "data").glob("till.db*"):
        file.unlink()
    gathering = gather(desk.settings, desk.places)
    assert {"status.json", "journal.json"} <= gathering.missing.keys()
    assert not (desk.folder / "data/till.db").exists()


def test_the_log_is_kept_to_its_newest_lines(desk: Desk) -> None:
    lines = "".join(f"line {number}\n" for number in range(support.LOG_LINES + 50))
    (desk.places.system / "log/till.log").write_text(lines)
    log = gather(desk.settings, desk.places).members["till.log"].splitlines()
    assert (len(log), log[0], log[-1]) == (support.LOG_LINES, "line 50", f"line {support.LOG_LINES + 49}")


def test_the_command_says_what_is_in_the_file_and_writes_none_over(
    desk: Desk, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked = argparse.Namespace(settings=desk.settings, file=desk.folder / "help.zip")
    assert support.run(asked) == 0
    said = capsys.readouterr().out
    assert "journal.json" in said
    assert "Not in it: health.json" in said, "a desk has no /run/till"
    before = asked.file.read_bytes()
    assert support.run(asked) == 1
    assert "File exists" in capsys.readouterr().err
    assert asked.file.read_bytes() == before
