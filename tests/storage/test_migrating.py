"""Bringing a file up to date."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import apsw
import pytest

from appliance.storage.database import Database
from appliance.storage.errors import StorageError
from appliance.storage.migrating import MIGRATIONS, migrations
from tests.storage.samples import fresh_till, ticking

NEXT = "ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT '';\nUPDATE person SET nickname = lower(name);"


NEWEST = max(migrations(MIGRATIONS))


def folder_with(tmp_path: Path, sql: str) -> Path:
    folder = tmp_path / "migrations"
    folder.mkdir(exist_ok=True)
    for file in migrations(MIGRATIONS).values():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / f"{NEWEST + 1:04d}_nicknames.sql").write_text(sql)
    return folder


def test_the_numbers_have_no_gap() -> None:
    assert sorted(migrations(MIGRATIONS)) == list(range(1, len(migrations(MIGRATIONS)) + 1))


def test_an_existing_file_is_copied_and_then_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    fresh_till(path)[0].close()
    with Database.open(path, now=ticking(), folder=folder_with(tmp_path, NEXT)) as db:
        assert db.rows("SELECT name, nickname FROM person") == [("Mara", "mara")]
        assert db.rows("PRAGMA user_version") == [(NEWEST + 1,)]
    (copy,) = tmp_path.glob("till.db.before-*")
    assert copy.name == f"till.db.before-{NEWEST + 1:04d}"
    with Database.open(copy, now=ticking()) as before:
        before.check()
        assert before.rows("SELECT name FROM person") == [("Mara",)]


def test_a_new_file_is_not_copied(tmp_path: Path) -> None:
    fresh_till(tmp_path / "till.db")[0].close()
    assert [file.name for file in tmp_path.iterdir()] == ["till.db"]


@pytest.mark.parametrize(
    "broken",
    [
        NEXT + "\nINSERT INTO nowhere VALUES (1);",
        NEXT + "\nINSERT INTO outbox (seq, state) VALUES (7, 'due');",
    ],
    ids=["a statement fails", "a reference dangles"],
)
def test_a_migration_that_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "till.db"
    fresh_till(path)[0].close()
    with pytest.raises(StorageError):
        Database.open(path, now=ticking(), folder=folder_with(tmp_path, broken))
    with Database.open(path, now=ticking()) as db:
        assert db.rows("PRAGMA user_version") == [(NEWEST,)]
        assert "nickname" not in [row[1] for row in db.rows("PRAGMA table_info(person)")]


def test_a_power_cut_within_a_migration_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    fresh_till(path)[0].close()
    killed = (
        "import apsw, os, sys\n"
        "c = apsw.Connection(sys.argv[1])\n"
        "c.execute('PRAGMA cache_size = 1; BEGIN IMMEDIATE;' + sys.argv[2] + 'PRAGMA user_version = 99')\n"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", killed, str(path), NEXT], check=False, timeout=60)
    with Database.open(path, now=ticking()) as db:
        db.check()
        assert db.rows("PRAGMA user_version") == [(NEWEST,)]


def test_two_programs_that_start_on_a_new_file_at_once_both_get_a_whole_one(tmp_path: Path) -> None:
    program = (
        "import sys; from datetime import UTC, datetime; from appliance.storage.database import Database\n"
        "sys.stdin.readline()\n"
        "with Database.open(sys.argv[1], now=lambda: datetime.now(UTC)) as db:\n"
        "    print(len(db.rows('SELECT * FROM sqlite_schema')))"
    )
    for round_ in range(5):
        path = tmp_path / f"{round_}.db"
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program, str(path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=Path(__file__).parents[2],
            )
            for _ in range(3)
        ]
        for each in started:
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        counts = [each.communicate(timeout=60)[0].strip() for each in started]
        assert len(set(counts)) == 1
        assert int(counts[0]) > 20


def test_the_file_says_that_it_is_a_tills(tmp_path: Path) -> None:
    fresh_till(tmp_path / "till.db")[0].close()
    connection = apsw.Connection(str(tmp_path / "till.db"))
    assert int(connection.pragma("application_id")).to_bytes(4) == b"GAPL"
    connection.close()
