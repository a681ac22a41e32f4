"""What a power cut may leave: the log of writes, the states that are built from it, and the sales in the books."""

import random
import struct
from pathlib import Path

import pytest

from image.machine.disk import Partition
from image.machine.errors import MachineError, SceneError
from image.machine.power import (
    DISCARD,
    FLUSH,
    FUA,
    build_state,
    count_entries,
    kept_for_sure,
    read_log,
    surviving,
)
from image.scenes.many_cuts import check_sums

SECTOR = 512
PART = Partition(4, 0x83, 8 * SECTOR, 16 * SECTOR)
Entry = tuple[int, bytes, int]


def sectors(letter: str, count: int = 1) -> bytes:
    return letter.encode() * SECTOR * count


def write_log(path: Path, entries: list[Entry]) -> Path:
    """As QEMU's blklogwrites writes it: (sector, data, flags), a discard with the length of its data."""
    head = struct.pack("<QQQI", 0x6A736677736872, 1, len(entries), SECTOR).ljust(SECTOR, b"\0")
    body = b""
    for sector, data, flags in entries:
        body += struct.pack("<QQQQ", sector, len(data) // SECTOR, flags, 0).ljust(SECTOR, b"\0")
        body += b"" if flags & DISCARD else data
    path.write_bytes(head + body)
    return path


@pytest.fixture
def log(tmp_path: Path) -> Path:
    entries: list[Entry] = [
        (8, sectors("a"), 0),
        (9, sectors("b", 2), 0),
        (0, b"", FLUSH),
        (8, sectors("c"), 0),
        (12, sectors("x", 4), DISCARD),
        (9, sectors("d", 2), 0),
        (10, sectors("e"), FUA),
    ]
    return write_log(tmp_path / "log", entries)


def state(log: Path, cut: int, seed: int, tmp_path: Path) -> bytes:
    before, out = tmp_path / "before", tmp_path / "out"
    before.write_bytes(sectors(".", 16))
    build_state(log, surviving(read_log(log), cut, random.Random(seed)), before, PART, out)
    return out.read_bytes()


def test_the_log_is_read_entry_by_entry(log: Path) -> None:
    assert count_entries(log) == 7
    writes = read_log(log)
    assert [(each.start_bytes // SECTOR, each.size_bytes // SECTOR, each.flags) for each in writes] == [
        (8, 1, 0), (9, 2, 0), (0, 0, FLUSH), (8, 1, 0), (12, 4, DISCARD), (9, 2, 0), (10, 1, FUA),
    ]  # fmt: skip
    assert [each.is_in(PART) for each in writes] == [True, True, False, True, True, True, True]


def test_what_is_no_log_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(bytes(600))
    with pytest.raises(MachineError, match="no log"):
        read_log(tmp_path / "other")
    (tmp_path / "empty").touch()
    assert count_entries(tmp_path / "empty") == 0


def test_what_was_flushed_is_there_in_every_state(log: Path, tmp_path: Path) -> None:
    writes = read_log(log)
    assert [kept_for_sure(writes, cut) for cut in range(8)] == [0, 0, 0, 3, 3, 3, 3, 3]
    for seed in range(30):
        found = state(log, 3, seed, tmp_path)
        assert found == sectors("a") + sectors("b", 2) + sectors(".", 13)


def test_before_the_flush_anything_may_be_missing_or_torn(log: Path, tmp_path: Path) -> None:
    seen = {state(log, 2, seed, tmp_path) for seed in range(80)}
    rest = sectors(".", 13)
    whole = sectors("a") + sectors("b", 2) + rest
    none = sectors(".", 16)
    torn = sectors("a") + sectors("b") + sectors(".") + rest
    assert {whole, none, torn} <= seen
    assert len(seen) > 4


def test_later_writes_are_done_in_any_order_and_a_forced_one_is_never_lost(log: Path, tmp_path: Path) -> None:
    seen = {state(log, 7, seed, tmp_path) for seed in range(80)}
    third = {found[2 * SECTOR : 2 * SECTOR + 1] for found in seen}
    assert third == {b"e", b"d"}  # the forced write, or the one before it that came later
    assert {found[:1] for found in seen} == {b"a", b"c"}
    assert all(b"x" not in found for found in seen)


def test_a_write_over_the_edge_is_cut_to_the_partition(tmp_path: Path) -> None:
    log = write_log(
        tmp_path / "edge", [(6, sectors("m") + sectors("n") + sectors("o"), 0), (23, sectors("p", 2), 0)]
    )
    before, out = tmp_path / "before", tmp_path / "out"
    before.write_bytes(sectors(".", 16))
    build_state(log, [(each, each.size_bytes) for each in read_log(log)], before, PART, out)
    assert out.read_bytes() == sectors("o") + sectors(".", 14) + sectors("p")


@pytest.mark.parametrize(
    "books",
    [
        [500, 250],  # what the cut met was lost,
        [500, 250, 120],  # came to its end,
        [620, 250],  # or was paid for with the next
        [500, 250, 120, 300],
    ],
)
def test_what_a_cut_met_may_be_in_the_books_once(books: list[int]) -> None:
    check_sums([500, 250], [120, 300], books)


@pytest.mark.parametrize(
    "books",
    [
        [500],  # a sale is lost,
        [500, 249],  # a cent,
        [500, 250, 250, 120, 300],  # or a sale is there twice
        [500, 250, 250, 250],
    ],
)
def test_sales_that_a_cut_lost_or_doubled_are_seen(books: list[int]) -> None:
    with pytest.raises(SceneError, match=f"The till has {len(books)} sales of {sum(books)} cents"):
        check_sums([500, 250], [120, 300], books)
