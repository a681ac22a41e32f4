"""``till backup``: one backup now, tested, and told; with nothing in it that must not leave the till."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from appliance.machine.computer import Computer
from appliance.storage.backup_files import backups_in
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.stick_owner import OWNER_FILE, Owner
from tests.storage.samples import NOON, ticking

ROOT = Path(__file__).resolve().parents[2]


def till(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    settings = folder / "till.toml"
    if not settings.exists():
        (folder / "stick").mkdir()
        settings.write_text(
            f'[till]\ndata = "{folder}/data"\nkeys_file = "{folder}/keys.toml"\n'
            f'[second]\nfolder = "{folder}/stick"\nis_mount = false\n'
        )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    program = [sys.executable, "-m", "appliance.cli", "--settings", str(settings), *command]
    return subprocess.run(program, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A till that was set up, and has written something."""
    made = till(tmp_path, "setup")
    assert made.returncode == 0, made.stderr
    computer = Computer.of(tmp_path / "keys.toml", tmp_path / "data")
    with Database.open(tmp_path / "data" / "till.db", now=ticking()) as db:
        identity = Identity(db).get()
        journal = Journal(db, identity, seal=computer.seal)
        for _ in range(3):
            journal.note("no-sale", 1, NOON)
    owner = Owner(identity.till_id, "T1", "EUR", computer.public_key, "Till 1")
    folder = tmp_path / "stick" / owner.folder_name
    folder.mkdir(parents=True)
    (folder / OWNER_FILE).write_bytes(owner.to_json())
    return tmp_path


def test_a_backup_is_made_tested_copied_and_told(place: Path) -> None:
    made = till(place, "backup")

    assert made.returncode == 0, made.stderr
    (backup,) = backups_in(place / "data" / "backups")
    first, second = made.stdout.splitlines()
    assert first.startswith(
        f"Backup {backup.path.name} was made and tested. A copy is in {place}/stick/gapless-"
    )
    assert second.split()[0] == backup.path.name
    (copy,) = (place / "stick").glob("gapless-*/backups/*.db")
    assert copy.read_bytes() == backup.path.read_bytes()


def test_a_backup_that_cannot_be_made_is_told(place: Path) -> None:
    (place / "data" / "backups").write_text("in the way")
    made = till(place, "backup")
    assert made.returncode == 1
    assert made.stdout.startswith("No backup can be written to")


def test_no_key_of_the_till_is_in_its_backup(place: Path) -> None:
    till(place, "backup")
    (backup,) = backups_in(place / "data" / "backups")
    held = backup.path.read_bytes()
    keys = tomllib.loads((place / "keys.toml").read_text())
    assert len(keys) == 3
    for key in keys.values():
        assert key.encode() not in held
        assert key.upper().encode() not in held
        assert bytes.fromhex(key) not in held


def test_for_the_timer_one_is_made_only_if_the_sync_service_should_have_and_has_not(place: Path) -> None:
    first, second = till(place, "backup", "--if-due"), till(place, "backup", "--if-due")

    assert (first.returncode, second.returncode) == (0, 0)
    assert "was made and tested" in first.stdout
    assert second.stdout == "None is due.\n"
    assert len(backups_in(place / "data" / "backups")) == 1
