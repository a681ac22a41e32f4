"""Judging what a power cut left: a real ext4 file system with a real till's file, and what may be wrong with it."""

import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from appliance.storage.journal import Journal
from image.machine.states import judge, judge_books
from tests.storage.samples import NOON, fresh_till, paid, sale, seal, ticking


def write_books(file: Path, sales: int = 2, *, leave_open: bool = False) -> Path:
    """A till's file; left open, its sales stand in the write-ahead log only, as they do at a cut."""
    file.parent.mkdir(parents=True, exist_ok=True)
    db, identity, person = fresh_till(file, ticking())
    journal = Journal(db, identity, "Till 1", seal())
    for number in range(sales):
        made = sale(number)
        journal.record(made, paid(made), person, NOON)
    if leave_open:
        cut = file.parent.parent / "cut"
        subprocess.run(["cp", "-r", file.parent, cut], check=True, timeout=10)
        file = cut / file.name
    db.close()
    return file


def spoil(file: Path, sql: str) -> Path:
    """Change the file behind the till's back: without its triggers, which come back afterwards."""
    with closing(sqlite3.connect(file, isolation_level=None)) as books:
        triggers = books.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            books.execute(f'DROP TRIGGER "{name}"')
        assert books.execute(sql).rowcount == 1
        for _, made in triggers:
            books.execute(made)
    return file


def format_with(content: Path, image: Path) -> Path:
    command = ["mkfs.ext4", "-q", "-F", "-d", str(content), str(image), "8M"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return image


def test_a_sound_state_tells_its_receipts(tmp_path: Path) -> None:
    write_books(tmp_path / "data" / "till" / "till.db")
    found = judge(format_with(tmp_path / "data", tmp_path / "p4"), tmp_path / "out")
    assert found.wrong == ""
    assert [receipt[-6:] for receipt in found.receipts] == ["000001", "000002"]


def test_what_stands_only_in_the_write_ahead_log_is_read_as_the_next_start_reads_it(tmp_path: Path) -> None:
    file = write_books(tmp_path / "data" / "till.db", 3, leave_open=True)
    wal = file.with_name("till.db-wal")
    assert wal.stat().st_size > 0
    content = wal.read_bytes()
    assert len(judge_books(file).receipts) == 3
    again = write_books(tmp_path / "torn" / "data" / "till.db", 3, leave_open=True)
    again.with_name("till.db-wal").write_bytes(content[:-100])  # the last commit is torn: it was never told
    found = judge_books(again)
    assert (len(found.receipts), found.wrong) == (2, "")


def test_a_file_system_that_e2fsck_cannot_mend_alone_is_wrong(tmp_path: Path) -> None:
    write_books(tmp_path / "data" / "till" / "till.db")
    image = format_with(tmp_path / "data", tmp_path / "p4")
    with image.open("r+b") as file:
        file.seek(1024)
        file.write(bytes(1024))
    assert "e2fsck needs a person" in judge(image, tmp_path / "out").wrong


def test_a_till_without_its_file_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "data" / "till").mkdir(parents=True)
    found = judge(format_with(tmp_path / "data", tmp_path / "p4"), tmp_path / "out")
    assert found.wrong == "the till's file is not there"


def test_an_entry_that_was_changed_is_found(tmp_path: Path) -> None:
    file = write_books(tmp_path / "till" / "till.db")
    spoil(file, "UPDATE journal SET body = replace(body, '{', '{ ') WHERE seq = 2")
    found = judge_books(file)
    assert found.wrong == "entry 2 of the journal is not as it was written"
    assert len(found.receipts) == 2


@pytest.mark.parametrize("at", [0, 8192])
def test_a_damaged_file_is_found(tmp_path: Path, at: int) -> None:
    file = write_books(tmp_path / "till" / "till.db")
    content = bytearray(file.read_bytes())
    content[at : at + 600] = b"\xff" * 600
    file.write_bytes(content)
    assert judge_books(file).wrong


def test_a_sale_that_the_outbox_does_not_know_is_found(tmp_path: Path) -> None:
    file = spoil(write_books(tmp_path / "till" / "till.db"), "DELETE FROM outbox WHERE seq = 2")
    assert judge_books(file).wrong
