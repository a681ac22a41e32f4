"""``till setup --manager`` and ``till handover``, as a technician types them: the PIN from the keyboard."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.machine.keyring import Keyring
from appliance.receipts.hand_over import HAND_OVER, HandOver, in_groups
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.print_jobs import PrintJobs
from appliance.storage.staff import Staff


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "till.toml").write_text(
        f'[till]\nname = "Front"\nseries = "T7"\ndata = "{tmp_path}/data"\nkeys_file = "{tmp_path}/keys.toml"\n'
        '[shop]\nurl = "https://shop.example"\n'
    )
    return tmp_path


def till(folder: Path, *words: str, typed: str = "") -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli", "--settings", f"{folder}/till.toml", *words],
        input=f"{typed}\n{typed}\n",
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # no terminal: the PIN is read from its standard input
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def sheets(folder: Path) -> list[HandOver]:
    with Database.open(folder / "data/till.db", now=now) as database:
        return [HandOver.of(job.body) for job in PrintJobs(database).open() if job.body["kind"] == HAND_OVER]


def test_a_manager_of_a_new_till_gets_one_sheet_and_setting_up_again_makes_no_other_till(
    folder: Path,
) -> None:
    assert till(folder, "setup", "--manager", "Ciarán", typed="2580")[0] == 0
    with Database.open(folder / "data/till.db", now=now) as database:
        first = Identity(database).get()
    code, words = till(folder, "setup", "--manager", "Nora", typed="1470")
    assert code == 0
    assert first.till_id in words
    assert "1470" not in words
    with Database.open(folder / "data/till.db", now=now) as database:
        assert Identity(database).get() == first
        assert [person.name for person in Staff(database).people()] == ["Ciarán", "Nora"]
    (sheet,) = sheets(folder)
    assert (sheet.till, sheet.series, sheet.shop, sheet.manager) == (
        "Front",
        "T7",
        "https://shop.example",
        "Ciarán",
    )
    assert sheet.public_key == Keyring.load(folder / "keys.toml").public_key.hex()


def test_the_sheet_is_printed_again_as_the_till_is_now(folder: Path) -> None:
    till(folder, "setup", "--manager", "Ciarán", typed="2580")
    assert till(folder, "handover") == (0, "The till prints it when its screen and its printer are on.\n")
    first, again = sheets(folder)
    assert again == first
    code, shown = till(folder, "handover", "--show")
    assert code == 0
    for words in ("Front, receipts T7-000001", in_groups(first.public_key), in_groups(first.anchor)):
        assert words in shown
    assert len(sheets(folder)) == 2


def test_a_pin_that_is_none_makes_nobody_a_manager(folder: Path) -> None:
    code, words = till(folder, "setup", "--manager", "Ciarán", typed="25")
    assert code == 2
    assert "a PIN has 4 digits" in words
    with Database.open(folder / "data/till.db", now=now) as database:
        assert Staff(database).people() == []
    assert till(folder, "setup", "--manager", "Ciarán", typed="2580")[0] == 0
