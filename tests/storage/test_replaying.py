"""A till made again from its journal: every row as it was, and nothing that the till did not write."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.machine.signatures import is_signed_by
from appliance.storage.binding import Bindings
from appliance.storage.chain import FIRST, Entry
from appliance.storage.codec import canonical
from appliance.storage.database import Database
from appliance.storage.errors import RuleBrokenError, StorageError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.lines import from_line, to_line
from appliance.storage.replaying import AT_ONCE, ReplayError, Verify, replay
from appliance.storage.totals import totals
from tests.storage.conftest import Till
from tests.storage.samples import NOON, TILL_ID, paid, sale, seal, ticking
from tests.storage.sticks import entries_of
from tests.storage.whole_day import OTHER_HARDWARE, figures_of, live_a_day, rows_of


@contextmanager
def new_card(folder: Path) -> Iterator[Database]:
    with Database.open(folder / "new.db", now=ticking()) as db:
        Identity(db).create(TILL_ID, "T1", "EUR")
        yield db


def through_lines(till: Till) -> list[Entry]:
    """The entries as the stick gives them back."""
    return [from_line(to_line(entry)) for entry in entries_of(till.db)]


def test_a_day_of_all_kinds_comes_back_row_by_row(till: Till, tmp_path: Path) -> None:
    live_a_day(till.db, till.journal, till.person)
    live_a_day(till.db, till.journal, till.person, first=20)
    with new_card(tmp_path) as new:
        replayed = replay(new, through_lines(till), is_signed_by)
        assert rows_of(new) == rows_of(till.db)
        assert all(rows_of(new)[table] for table in rows_of(new) if table != "draft")
        assert entries_of(new) == entries_of(till.db)
        assert figures_of(new) == figures_of(till.db)
        assert Journal(new, till.identity).verify() is None
        assert replayed.head.hash == entries_of(till.db)[-1].hash
        assert (replayed.entries, replayed.sales) == (len(entries_of(till.db)), 12)
        new.check()


def test_a_till_that_came_back_goes_on_with_the_next_number(till: Till, tmp_path: Path) -> None:
    live_a_day(till.db, till.journal, till.person)
    with new_card(tmp_path) as new:
        replay(new, through_lines(till), is_signed_by)
        theirs = Journal(new, till.identity, seal=seal()).record(sale(99), paid(sale(99)), till.person, NOON)
    assert theirs.completed.receipt_number == till.sell(99).completed.receipt_number


def test_each_sale_may_have_reached_the_shop_when_it_was_made(till: Till, tmp_path: Path) -> None:
    till.journal.introduce_key(NOON)
    for number in range(3):
        till.sell(number)
    till.outbox.note_posted(sale(0).sale_id, NOON)
    till.outbox.remember(sale(0).sale_id, 7)
    till.outbox.mark_sent(sale(0).sale_id, NOON)
    with new_card(tmp_path) as new:
        replay(new, through_lines(till), is_signed_by)
        assert new.rows(
            "SELECT o.seq, state, posted_at = completed_at, inherited FROM outbox AS o JOIN sale USING (seq)"
        ) == [(seq, "due", 1, 0) for seq in (2, 3, 4)]
        assert totals(new, NOON).unsent == 3


def test_what_was_sold_before_the_till_moved_is_inherited(till: Till, tmp_path: Path) -> None:
    live_a_day(till.db, till.journal, till.person)
    Bindings(till.db).rebind(till.journal, OTHER_HARDWARE, NOON, (1, "Mara"), "e" * 32)
    till.sell(50)
    with new_card(tmp_path) as new:
        replay(new, through_lines(till), is_signed_by)
        assert [row[0] for row in new.rows("SELECT inherited FROM outbox ORDER BY seq")] == [1] * 6 + [0]
        assert Identity(new).get() == Identity(till.db).get()


def changed(entries: list[Entry], at: int, how: str) -> list[Entry]:
    entry, signed = entries[at], seal().sign
    body = canonical({**json.loads(entry.body), "till": "another"})
    match how:
        case "body":
            entries[at] = replace(entry, body=body)
        case "body and hash":
            forged = replace(entry, body=body)
            entries[at] = replace(forged, hash=forged.right_hash)
        case "body, hash and signature of another key":
            forged = replace(entry, body=body)
            entries[at] = replace(forged, hash=forged.right_hash, signature=seal(2).sign(forged.right_hash))
        case "no signature":
            entries[at] = replace(entry, signature=None)
        case "gone":
            del entries[at]
        case "swapped":
            entries[at], entries[at + 1] = entries[at + 1], entries[at]
        case "link":
            forged = replace(entry, previous=FIRST)
            entries[at] = replace(forged, hash=forged.right_hash, signature=signed(forged.right_hash))
    return entries


@pytest.mark.parametrize(
    "how",
    [
        "body",
        "body and hash",
        "body, hash and signature of another key",
        "no signature",
        "gone",
        "swapped",
        "link",
    ],
)
def test_what_the_till_did_not_write_is_refused_by_its_number(till: Till, tmp_path: Path, how: str) -> None:
    till.journal.introduce_key(NOON)
    for number in range(6):
        till.sell(number)
    entries = changed(entries_of(till.db), 3, how)
    with new_card(tmp_path) as new:
        with pytest.raises(ReplayError, match=r"Entry [45] "):
            replay(new, entries, is_signed_by)
        assert entries_of(new) == []


@pytest.mark.parametrize("verify", [is_signed_by, None])
def test_unsigned_entries_after_signed_ones_are_refused_by_the_file_itself(
    till: Till, tmp_path: Path, verify: Verify | None
) -> None:
    till.journal.introduce_key(NOON)
    till.sell(1)
    first, second = entries_of(till.db)
    old = replace(second, clock="", boot_id="", uptime_ms=0, signature=None)
    old = replace(old, hash=old.right_hash)
    with new_card(tmp_path) as new, pytest.raises(StorageError):
        replay(new, [first, old], verify)


def test_a_second_key_is_taken_from_the_entry_that_names_it(till: Till, tmp_path: Path) -> None:
    till.journal.introduce_key(NOON)
    till.sell(1)
    second = Journal(till.db, till.identity, seal=seal(2))
    second.introduce_key(NOON)
    second.record(sale(2), paid(sale(2)), till.person, NOON)
    with new_card(tmp_path) as new:
        assert replay(new, through_lines(till), is_signed_by).entries == 4


def test_it_goes_on_where_the_file_ends_and_by_that_files_key(till: Till, tmp_path: Path) -> None:
    live_a_day(till.db, till.journal, till.person)
    entries = through_lines(till)
    with new_card(tmp_path) as new:
        for at in range(len(entries)):
            replay(new, entries[at : at + 1], is_signed_by)
        assert rows_of(new) == rows_of(till.db)
        with pytest.raises(ReplayError, match="does not follow"):
            replay(new, entries[3:], is_signed_by)


def test_it_says_how_far_it_is_and_keeps_whole_chunks(till: Till, tmp_path: Path) -> None:
    with till.db.transaction():
        till.journal.introduce_key(NOON)
        for _ in range(2 * AT_ONCE):
            till.journal.note("no-sale", 1, NOON)
    entries, told = entries_of(till.db), list[int]()
    entries[AT_ONCE + 9] = replace(entries[AT_ONCE + 9], body="{}", hash=bytes(32))
    with new_card(tmp_path) as new:
        with pytest.raises(ReplayError):
            replay(new, entries, is_signed_by, told.append)
        assert told == [AT_ONCE] and entries_of(new) == entries[:AT_ONCE]


def test_a_body_that_makes_no_sense_is_named_and_breaks_nothing(till: Till, tmp_path: Path) -> None:
    """Signed by the till's own key: a fault of another version."""
    till.journal.introduce_key(NOON)
    till.sell(1)
    for kind, body in (("sale", "{}"), ("sale", "[1]"), ("z-report", '{"v":1}'), ("held", "null")):
        entry = entries_of(till.db)[-1]
        forged = replace(entry, kind=kind, body=body)
        forged = replace(forged, hash=forged.right_hash, signature=seal().sign(forged.right_hash))
        with new_card(tmp_path) as new, pytest.raises(ReplayError, match="cannot be read"):
            replay(new, [entries_of(till.db)[0], forged], is_signed_by)
        (tmp_path / "new.db").unlink()


def test_a_receipt_number_that_comes_twice_is_refused_by_the_files_rules(till: Till, tmp_path: Path) -> None:
    till.journal.introduce_key(NOON)
    till.sell(1)
    first, second = entries_of(till.db)
    body = second.body.replace(sale(1).sale_id, sale(2).sale_id)
    third = replace(second, seq=3, previous=second.hash, body=body)
    third = replace(third, hash=third.right_hash, signature=seal().sign(third.right_hash))
    with new_card(tmp_path) as new, pytest.raises(RuleBrokenError):
        replay(new, [first, second, third], is_signed_by)
