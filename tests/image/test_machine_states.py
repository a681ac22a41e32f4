"""Judging what a power cut left: a real ext4 file system with a till's file on it, and what may be wrong with it."""

import sqlite3
import subprocess
from pathlib import Path

import pytest

from image.machine.states import judge, judge_books

GENESIS, FIRST, SECOND = bytes(32), b"1" * 32, b"2" * 32


def write_books(file: Path, *, second_follows: bytes = FIRST) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    books = sqlite3.connect(file)
    books.executescript("""
        CREATE TABLE journal (seq INTEGER PRIMARY KEY, previous_hash BLOB, hash BLOB);
        CREATE TABLE sale (seq INTEGER PRIMARY KEY REFERENCES journal (seq), series TEXT, number INTEGER);
    """)
    books.executemany(
        "INSERT INTO journal VALUES (?, ?, ?)", [(1, GENESIS, FIRST), (2, second_follows, SECOND)]
    )
    books.executemany("INSERT INTO sale VALUES (?, 'T1', ?)", [(1, 1), (2, 2)])
    books.commit()
    books.close()
    return file


def format_with(content: Path, image: Path) -> Path:
    command = ["mkfs.ext4", "-q", "-F", "-d", str(content), str(image), "8M"]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return image


def test_a_sound_state_tells_its_receipts(tmp_path: Path) -> None:
    write_books(tmp_path / "data" / "till" / "till.db")
    found = judge(format_with(tmp_path / "data", tmp_path / "p4"), tmp_path / "out")
    assert (found.receipts, found.wrong) == (("T1-000001", "T1-000002"), "")


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


def test_a_break_in_the_chain_is_found(tmp_path: Path) -> None:
    found = judge_books(write_books(tmp_path / "till.db", second_follows=b"x" * 32))
    assert found.wrong == "the journal's chain breaks at entry 2"
    assert len(found.receipts) == 2


@pytest.mark.parametrize("at", [0, 4096])
def test_a_damaged_file_is_found(tmp_path: Path, at: int) -> None:
    file = write_books(tmp_path / "till.db")
    content = bytearray(file.read_bytes())
    content[at : at + 600] = b"\xff" * 600
    file.write_bytes(content)
    assert judge_books(file).wrong


def test_a_sale_without_its_entry_is_found(tmp_path: Path) -> None:
    file = write_books(tmp_path / "till.db")
    books = sqlite3.connect(file)
    books.execute("DELETE FROM journal WHERE seq = 2")
    books.commit()
    books.close()
    assert judge_books(file).wrong.startswith("rows that point nowhere")
