"""The journal on a stick: what is there after an append, after a tear, and whose it is."""

from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.storage.chain import FIRST, Entry
from appliance.storage.lines import from_line, to_line
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_errors import (
    NoStickError,
    SecondMediumError,
    StickFailedError,
    StickFullError,
    StickReadOnlyError,
    WrongTillError,
)
from appliance.storage.stick_lines import SPAN, last_receipt, look
from tests.storage.conftest import Till
from tests.storage.samples import NOON
from tests.storage.sticks import OWNER, OddDisk, entries_of, journal_of, stick_in


@pytest.fixture
def entries(till: Till) -> list[Entry]:
    till.journal.introduce_key(NOON)
    for number in range(12):
        till.sell(number)
    return entries_of(till.db)


def test_the_stick_holds_the_entries_as_lines_that_anybody_can_read(
    tmp_path: Path, entries: list[Entry]
) -> None:
    stick = stick_in(tmp_path / "stick")
    assert stick.open().seq == 0
    assert stick.append(entries).seq == 13
    lines = journal_of(tmp_path / "stick").read_text("utf-8").splitlines(keepends=True)
    assert [from_line(line) for line in lines] == entries
    told = json.loads((stick.folder / "till.json").read_text("utf-8"))
    assert told == {
        "till_id": OWNER.till_id,
        "series": "T1",
        "currency": "EUR",
        "public_key": OWNER.public_key,
        "name": "Till 1",
    }
    assert stick.folder.name == "gapless-01234567"


def test_an_append_is_one_write_and_is_on_the_medium_when_it_returns(
    tmp_path: Path, entries: list[Entry]
) -> None:
    disk = OddDisk()
    stick = stick_in(tmp_path / "stick", disk=disk)
    stick.open()
    assert disk.synced_folders == ["stick", stick.folder.name, stick.folder.name]
    disk.calls.clear()
    for entry in entries[:3]:
        stick.append([entry])
        assert disk.synced["journal.jsonl"] == journal_of(tmp_path / "stick").stat().st_size
    assert disk.calls == ["append", "sync"] * 3
    disk.calls.clear()
    stick.append(entries[3:])
    assert disk.calls == ["append", "sync"]


def test_it_goes_on_where_it_was_left(tmp_path: Path, entries: list[Entry]) -> None:
    with_first = stick_in(tmp_path / "stick")
    with_first.open()
    with_first.append(entries[:5])
    with_first.close()
    again = stick_in(tmp_path / "stick")
    assert again.open().hash == entries[4].hash
    again.append(entries[5:])
    assert again.entries_after(0) == entries
    assert again.entries_after(9) == entries[9:]
    assert again.entries_after(13) == []
    assert last_receipt(RealDisk(), again.folder) == "T1-000012"
    head = look(RealDisk(), again.folder)
    assert head is not None and head.hash == entries[-1].hash


def torn_at_each_byte(tail: bytes) -> list[bytes]:
    return [tail[:size] for size in range(0, len(tail), max(1, len(tail) // 40))] + [tail[:-1]]


def test_a_torn_last_line_is_never_taken_as_whole(tmp_path: Path, entries: list[Entry]) -> None:
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries[:7])
    file = journal_of(tmp_path / "stick")
    whole = file.read_bytes()
    for torn in torn_at_each_byte(to_line(entries[7]).encode()):
        file.write_bytes(whole + torn)
        assert stick.open().hash == entries[6].hash
        assert file.read_bytes() == whole
        stick.append(entries[7:9])
        assert stick.open().hash == entries[8].hash


@pytest.mark.parametrize("sector", [512, 4096])
def test_an_append_that_came_in_pieces_is_cut_at_its_first_hole(
    tmp_path: Path, entries: list[Entry], sector: int
) -> None:
    """A stick writes its sectors in any order: a hole in the middle, and whole lines behind it."""
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries[:2])
    file = journal_of(tmp_path / "stick")
    kept = file.stat().st_size
    stick.append(entries[2:])
    whole = file.read_bytes()
    for at in range(kept - kept % sector + sector, len(whole) - sector, sector):
        file.write_bytes(whole[:at] + bytes(sector) + whole[at + sector :])
        head = stick.open()
        known = {entry.seq: entry.hash for entry in entries}
        assert 2 <= head.seq < 13 and known[head.seq] == head.hash
        assert file.read_bytes() == whole[: file.stat().st_size]
        stick.append(entries[head.seq :])
        assert stick.entries_after(0) == entries
        assert any(b"\n" in each.read_bytes() for each in stick.folder.glob("journal-torn-*.jsonl"))


def test_whole_lines_behind_a_missing_one_are_not_of_the_chain(tmp_path: Path, entries: list[Entry]) -> None:
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries)
    file = journal_of(tmp_path / "stick")
    lines = file.read_bytes().splitlines(keepends=True)
    for order in (
        [*lines[:6], *lines[7:]],
        [*lines[:6], lines[7], lines[6], *lines[8:]],
        [*lines[:6], *lines[5:]],
    ):
        file.write_bytes(b"".join(order))
        assert stick.open().hash == entries[5].hash
        assert file.read_bytes() == b"".join(lines[:6])


def test_a_batch_is_never_longer_than_what_is_read_of_the_end(tmp_path: Path, till: Till) -> None:
    """Otherwise a hole at its beginning would be out of sight behind whole lines."""
    for number in range(150):
        till.sell(number)
    disk = OddDisk()
    stick = stick_in(tmp_path / "stick", disk=disk)
    stick.open()
    disk.calls.clear()
    stick.append(entries_of(till.db))
    size = journal_of(tmp_path / "stick").stat().st_size
    assert size > SPAN
    assert disk.calls.count("append") == disk.calls.count("sync") >= size / (SPAN / 2)


def test_a_journal_that_does_not_begin_at_the_beginning_is_none(tmp_path: Path, entries: list[Entry]) -> None:
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries)
    file = journal_of(tmp_path / "stick")
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[4:]))
    assert stick.open().seq == 0
    assert [each.name for each in stick.folder.glob("journal-torn-*")] == ["journal-torn-1.jsonl"]


def test_entries_that_do_not_follow_are_refused_before_anything_is_written(
    tmp_path: Path, entries: list[Entry]
) -> None:
    stick = stick_in(tmp_path / "stick")
    stick.open()
    stick.append(entries[:3])
    for wrong in (
        [entries[4]],
        [entries[2]],
        [entries[3], entries[5]],
        [replace(entries[3], previous=FIRST)],
    ):
        with pytest.raises(ValueError, match="does not follow"):
            stick.append(wrong)
    assert stick.entries_after(0) == entries[:3]


@pytest.mark.parametrize(
    ("call", "number", "kind"),
    [
        ("append", errno.ENOSPC, StickFullError),
        ("sync", errno.EIO, StickFailedError),
        ("append", errno.EROFS, StickReadOnlyError),
        ("append", errno.ENODEV, NoStickError),
        ("sync", errno.EDQUOT, StickFullError),
    ],
)
def test_an_append_that_fails_leaves_whole_lines_and_is_done_again(
    tmp_path: Path, entries: list[Entry], call: str, number: int, kind: type[SecondMediumError]
) -> None:
    disk = OddDisk()
    stick = stick_in(tmp_path / "stick", disk=disk)
    stick.open()
    stick.append(entries[:5])
    size = journal_of(tmp_path / "stick").stat().st_size
    disk.fails = {call: number}
    with pytest.raises(kind):
        stick.append(entries[5:7])
    assert not stick.is_open
    disk.fails = {}
    assert journal_of(tmp_path / "stick").stat().st_size == size
    assert stick.open().hash == entries[4].hash
    stick.append(entries[5:])
    assert stick.entries_after(0) == entries


def test_a_stick_that_is_full_from_the_start_says_so(tmp_path: Path) -> None:
    disk = OddDisk()
    disk.fails = {"append": errno.ENOSPC}
    with pytest.raises(StickFullError, match="full"):
        stick_in(tmp_path / "stick", disk=disk).open()


def test_another_till_is_refused_and_two_tills_share_a_stick(tmp_path: Path, entries: list[Entry]) -> None:
    ours = stick_in(tmp_path / "stick")
    ours.open()
    ours.append(entries)
    same_beginning = replace(OWNER, till_id="01234567" + "f" * 24, name="Till 2")
    with pytest.raises(WrongTillError, match="another till, Till 1"):
        stick_in(tmp_path / "stick", same_beginning).open()
    second = stick_in(tmp_path / "stick", replace(OWNER, till_id="f" * 32, series="T2", name="Till 2"))
    assert second.open().seq == 0
    second.append(entries[:4])
    assert ours.open().seq == 13 and second.open().seq == 4


def test_who_it_is_is_written_anew_when_it_changes_or_was_damaged(tmp_path: Path) -> None:
    stick_in(tmp_path / "stick").open()
    renamed = stick_in(tmp_path / "stick", replace(OWNER, name="Till at the door"))
    file = renamed.folder / "till.json"
    for damage in (file.read_bytes(), b"{", b"\0" * 100, b'{"till_id": 7}'):
        file.write_bytes(damage)
        renamed.open()
        assert json.loads(file.read_bytes())["name"] == "Till at the door"


def test_who_it_is_stays_readable_when_the_stick_fails_amid_writing_it_anew(tmp_path: Path) -> None:
    stick_in(tmp_path / "stick").open()
    disk = OddDisk()
    disk.fails = {"append": errno.ENOSPC}
    renamed = stick_in(tmp_path / "stick", replace(OWNER, name="Till at the door"), disk)
    with pytest.raises(StickFullError):
        renamed.open()
    assert json.loads((renamed.folder / "till.json").read_bytes())["name"] == "Till 1"


def test_a_journal_set_aside_keeps_every_byte_under_a_new_name(tmp_path: Path, entries: list[Entry]) -> None:
    stick = stick_in(tmp_path / "stick")
    for number in (1, 2):
        stick.open()
        stick.append(entries[:number])
        before = journal_of(tmp_path / "stick").read_bytes()
        aside = stick.set_aside()
        assert aside.name == f"journal-aside-{number}.jsonl"
        assert aside.read_bytes() == before
        assert stick.head.seq == 0
