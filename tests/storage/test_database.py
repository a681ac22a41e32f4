"""Opening the file, and what a connection promises."""

from __future__ import annotations

import threading
from pathlib import Path

import apsw
import pytest

from appliance.storage.database import Database
from appliance.storage.durability import check_sqlite, verify_durability
from appliance.storage.errors import (
    DatabaseBusyError,
    DatabaseCorruptError,
    DatabaseTooNewError,
    DatabaseUnreadableError,
    DurabilityError,
    RuleBrokenError,
    SqliteTooOldError,
    StorageError,
    WrongThreadError,
)
from tests.storage.conftest import Till
from tests.storage.samples import ticking


def pragma(db: Database, name: str) -> object:
    return db.rows(f"PRAGMA {name}")[0][0]


def test_every_connection_has_the_settings_that_protect_sales(till: Till) -> None:
    with Database.open(till.db.path, now=ticking()) as second:
        for db in (till.db, second):
            assert pragma(db, "journal_mode") == "wal"
            assert pragma(db, "synchronous") == 2
            assert pragma(db, "foreign_keys") == 1
            assert pragma(db, "trusted_schema") == 0
            assert pragma(db, "cell_size_check") == 1
            assert pragma(db, "wal_autocheckpoint") == 1000
            assert pragma(db, "temp_store") == 2


def test_a_connection_that_does_not_sync_is_refused(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "till.db"))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "normal")
    with pytest.raises(DurabilityError, match="synchronous is 1, not 2"):
        verify_durability(connection)
    connection.close()


def test_a_file_system_without_wal_is_refused() -> None:
    with pytest.raises(DurabilityError, match="journal_mode is memory"):
        Database.open(":memory:", now=ticking())
    assert not Path(":memory:").exists(), "it was taken for a file's name"


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2"])
def test_a_sqlite_that_can_corrupt_the_file_is_refused(version: str) -> None:
    with pytest.raises(SqliteTooOldError, match=version):
        check_sqlite(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.54.1", "4.0"])
def test_a_sqlite_with_the_fix_is_taken(version: str) -> None:
    check_sqlite(version)


def test_a_file_of_a_newer_till_is_refused_and_left_as_it_is(till: Till) -> None:
    till.db.rows("PRAGMA user_version = 99")
    with pytest.raises(DatabaseTooNewError, match="newer version"):
        Database.open(till.db.path, now=ticking())
    assert pragma(till.db, "user_version") == 99


def test_a_file_of_another_program_is_refused(tmp_path: Path) -> None:
    connection = apsw.Connection(str(tmp_path / "other.db"))
    connection.execute("CREATE TABLE notes (text)")
    connection.close()
    with pytest.raises(DatabaseCorruptError, match="does not belong to a till"):
        Database.open(tmp_path / "other.db", now=ticking())


def test_a_missing_folder_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreadableError, match="cannot be opened"):
        Database.open(tmp_path / "nowhere" / "till.db", now=ticking())


def test_another_thread_is_told_to_open_its_own_connection(till: Till) -> None:
    caught: list[StorageError] = []

    def use() -> None:
        for act in (till.db.version, till.db.transaction().__enter__, till.drafts.load, till.db.close):
            try:
                act()
            except WrongThreadError as error:
                caught.append(error)

    thread = threading.Thread(target=use)
    thread.start()
    thread.join()
    assert len(caught) == 4
    assert "another thread" in str(caught[0])


def test_two_threads_with_a_connection_each_work_side_by_side(till: Till) -> None:
    found: list[int] = []

    def read() -> None:
        with Database.open(till.db.path, now=ticking()) as own:
            found.append(len(own.rows("SELECT 1 FROM sale")))

    till.sell(1)
    thread = threading.Thread(target=read)
    thread.start()
    thread.join()
    assert found == [1]


def test_the_version_changes_when_the_other_program_commits_and_only_then(till: Till) -> None:
    with Database.open(till.db.path, now=ticking()) as other:
        before = other.version()
        assert other.version() == before
        till.sell(1)
        assert other.version() != before


def test_a_block_that_fails_leaves_nothing(till: Till) -> None:
    with pytest.raises(ZeroDivisionError), till.db.transaction() as connection:
        connection.execute("INSERT INTO shop_fact VALUES ('a', 'b')")
        raise ZeroDivisionError
    assert till.db.rows("SELECT * FROM shop_fact") == []


def test_an_inner_block_can_fail_alone_and_the_outer_one_takes_both_back(till: Till) -> None:
    insert = "INSERT INTO shop_fact VALUES (?, '')"
    with till.db.transaction() as connection:
        connection.execute(insert, ("outer",))
        with pytest.raises(RuleBrokenError), till.db.transaction():
            connection.execute(insert, ("inner",))
            connection.execute(insert, ("outer",))
    assert till.db.rows("SELECT name FROM shop_fact") == [("outer",)]
    with pytest.raises(ZeroDivisionError), till.db.transaction() as connection:
        with till.db.transaction():
            connection.execute(insert, ("inner",))
        raise ZeroDivisionError
    assert till.db.rows("SELECT name FROM shop_fact") == [("outer",)]


def test_a_lock_that_is_never_given_up_is_said_in_a_sentence(till: Till) -> None:
    holder = apsw.Connection(str(till.db.path))
    holder.execute("BEGIN IMMEDIATE")
    till.db.rows("PRAGMA busy_timeout = 50")
    with pytest.raises(DatabaseBusyError, match="busy"):
        till.sell(1)
    holder.execute("ROLLBACK")
    holder.close()
    assert till.sell(1).completed.receipt_number == "T1-000001"


def test_the_log_is_folded_in_when_idle_and_not_while_somebody_reads(till: Till) -> None:
    till.sell(1)
    assert till.db.wal_bytes() > 0
    reader = apsw.Connection(str(till.db.path))
    cursor = reader.execute("SELECT 1 FROM sale_line")
    till.db.rows("PRAGMA busy_timeout = 50")
    till.sell(2)
    assert not till.db.checkpoint()
    cursor.close()
    reader.close()
    assert till.db.checkpoint()
    assert till.db.wal_bytes() == 0


def test_no_read_of_ours_keeps_the_log_from_being_folded_in(till: Till) -> None:
    with Database.open(till.db.path, now=ticking()) as other:
        for number in range(150):
            till.sell(number)
            other.rows("SELECT * FROM sale")
            other.one("SELECT * FROM sale_line")
            till.journal.last(3)
        assert till.db.wal_bytes() < 3_000_000


def test_the_schema_breaks_no_rule_of_its_own(till: Till) -> None:
    till.sell(1)
    till.db.check()
    unstrict = [row for row in till.db.rows("PRAGMA table_list") if row[2] == "table" and not row[5]]
    assert {row[1] for row in unstrict} == {"sqlite_schema", "sqlite_temp_schema"}
