"""``till staff``, as a technician types it: a process of its own, the PIN from its keyboard."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.machine.keyring import Keyring
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.staff import Staff
from appliance.till.errors import WrongPinError
from appliance.till.signing_in import SigningIn
from tests.storage.samples import seal


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Keyring.make(tmp_path / "keys.toml")
    (tmp_path / "till.toml").write_text(f'[till]\ndata = "{tmp_path}"\nkeys_file = "{tmp_path}/keys.toml"\n')
    with Database.open(tmp_path / "till.db", now=now) as database:
        Identity(database).create("f" * 32, "T1", "EUR")
    return tmp_path


def till_staff(folder: Path, *arguments: str, typed: tuple[str, str] = ("", "")) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "appliance.cli", "--settings", f"{folder}/till.toml", "staff", *arguments],
        input="".join(f"{line}\n" for line in typed),
        capture_output=True,
        text=True,
        timeout=60,
        start_new_session=True,  # no terminal: the PIN is read from its standard input
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def sign_in(folder: Path, pin: str) -> None:
    with Database.open(folder / "till.db", now=now) as database:
        journal = Journal(database, Identity(database).get(), seal=seal())
        staff, pepper = Staff(database), Keyring.load(folder / "keys.toml").pepper
        SigningIn(staff, journal, now, pepper).sign_in(staff.people()[0].person_id, pin)


def test_a_person_is_added_and_signs_in_and_gets_a_new_pin(folder: Path) -> None:
    code, words = till_staff(folder, "--add", "Marta", "--role", "manager", typed=("2580", "2580"))
    assert (code, "Marta" in words, "manager" in words) == (0, True, True)
    assert "2580" not in words
    sign_in(folder, "2580")

    assert till_staff(folder, "--pin", "Marta", typed=("1470", "1470"))[0] == 0
    sign_in(folder, "1470")
    with pytest.raises(WrongPinError):
        sign_in(folder, "2580")


@pytest.mark.parametrize(
    ("name", "typed", "words"),
    [
        ("Marta", ("2580", "2581"), "the two PINs differ"),
        ("Marta", ("25", "25"), "a PIN has 4 digits"),
        ("Nobody", ("2580", "2580"), "Nobody does not work here."),
    ],
)
def test_a_slip_changes_nothing(folder: Path, name: str, typed: tuple[str, str], words: str) -> None:
    till_staff(folder, "--add", "Marta", typed=("1470", "1470"))
    code, said = till_staff(folder, "--pin", name, typed=typed)

    assert code == 2
    assert words in said
    sign_in(folder, "1470")
