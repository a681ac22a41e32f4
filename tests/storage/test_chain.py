"""Entries that are signed, know how far their clock can be trusted, and can be written down as lines."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from pathlib import Path

import pytest

from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.storage import chain
from appliance.storage.database import Database
from appliance.storage.errors import NoSealError
from appliance.storage.journal import Journal
from appliance.storage.lines import LineError, from_line, to_line
from appliance.storage.migrating import MIGRATIONS
from tests.storage.conftest import Till
from tests.storage.samples import NOON, TILL_ID, fresh_till, paid, sale, seal, ticking


def entries(db: Database) -> list[chain.Entry]:
    return [chain.Entry(*row) for row in db.rows(chain.ENTRIES + "ORDER BY seq")]


def first_version(path: Path, folder: Path) -> None:
    """A till's file of the first version: one sign-in, chained and not signed."""
    folder.mkdir()
    (folder / "0001_first_till.sql").write_bytes((MIGRATIONS / "0001_first_till.sql").read_bytes())
    at = "2026-11-20T09:00:00.000000Z"
    text = f'{{"at":"{at}","body":{{}},"kind":"sign-in","person":1,"seq":1,"v":1}}'
    with Database.open(path, now=ticking(), folder=folder) as db, db.transaction() as connection:
        connection.execute("INSERT INTO identity VALUES (1, ?, 'T1', 'EUR', ?)", (TILL_ID, at))
        connection.execute(
            "INSERT INTO journal VALUES (1, 'sign-in', ?, 1, '{}', zeroblob(32), ?)",
            (at, hashlib.sha256(bytes(32) + text.encode()).digest()),
        )


def test_a_till_of_the_first_version_goes_on_and_its_old_entries_stay_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "till.db"
    first_version(path, tmp_path / "old")
    with Database.open(path, now=ticking()) as db:
        before = db.rows("SELECT seq, kind, at, body, hash FROM journal")
        _, identity, person = None, *fresh_till(tmp_path / "other.db")[1:]
        journal = Journal(db, identity, seal=seal())
        journal.introduce_key(NOON)
        journal.record(sale(1), paid(sale(1)), person, NOON)
        assert journal.verify() is None
        old, key, sold = entries(db)
        assert db.rows("SELECT seq, kind, at, body, hash FROM journal WHERE seq = 1") == before
    assert (old.clock, old.signature) == ("", None)
    assert (key.kind, json.loads(key.body)) == ("keyed", {"public_key": seal().public_key.hex()})
    assert sold.signature is not None
    assert (sold.boot_id, sold.clock) == (f"{1:032x}", "synced")
    assert sold.uptime_ms > key.uptime_ms
    assert [from_line(to_line(each)) for each in (old, key, sold)] == [old, key, sold]


def test_a_key_is_introduced_once_and_a_new_one_again(till: Till) -> None:
    for number in (1, 1, 2, 2, 1):
        Journal(till.db, till.identity, seal=seal(number)).introduce_key(NOON)
    named = [json.loads(each.body)["public_key"] for each in entries(till.db)]
    assert named == [seal(number).public_key.hex() for number in (1, 2, 1)]


def test_a_journal_without_a_seal_reads_and_writes_nothing(till: Till) -> None:
    recorded = till.sell(1)
    reader = Journal(till.db, till.identity)
    assert reader.last(1) == [recorded.completed]
    with pytest.raises(NoSealError, match="opened to be read"):
        reader.note("sign-in", 1, NOON)
    with pytest.raises(NoSealError):
        reader.record(sale(2), paid(sale(2)), till.person, NOON)
    assert len(entries(till.db)) == 1


def test_a_clock_that_runs_behind_is_not_believed_and_says_so_on_the_receipt(till: Till) -> None:
    till.journal.note("sign-in", 1, NOON)
    made = sale(1)
    recorded = till.journal.record(made, paid(made), till.person, NOON - timedelta(days=400))
    assert (recorded.completed.completed_at, recorded.completed.clock_is_set) == (NOON, False)
    assert till.journal.sale(made.sale_id) == recorded.completed
    later = till.journal.record(sale(2), paid(sale(2)), till.person, NOON + timedelta(seconds=1)).completed
    assert (later.completed_at, later.clock_is_set) == (NOON + timedelta(seconds=1), True)
    assert [each.clock for each in entries(till.db)] == ["synced", "unset", "synced"]
    assert till.journal.verify() is None


def test_a_program_that_waited_for_the_other_one_has_no_wrong_clock(till: Till) -> None:
    till.journal.note("sign-in", 1, NOON + timedelta(seconds=4))
    recorded = till.sell(1)  # its time was read before the wait
    assert (recorded.completed.completed_at, recorded.completed.clock_is_set) == (
        NOON + timedelta(seconds=4),
        True,
    )
    assert {each.clock for each in entries(till.db)} == {"synced"}


def test_only_the_entry_that_puts_the_clock_right_goes_back(till: Till) -> None:
    far = NOON + timedelta(days=3_000)
    till.journal.note("sign-in", 1, far)
    till.journal.note("no-sale", 1, NOON)
    till.journal.note(chain.CLOCK_CORRECTED, 0, NOON)
    till.journal.note("no-sale", 1, NOON + timedelta(seconds=5))
    assert [each.at[:4] for each in entries(till.db)] == ["2035", "2035", "2026", "2026"]
    assert [each.clock for each in entries(till.db)] == ["synced", "unset", "synced", "synced"]


def test_the_witness_of_an_entry_is_that_of_its_moment(till: Till) -> None:
    said = iter([Witness("a" * 32, 7, ClockTrust.RESTORED), Witness("b" * 32, 3, ClockTrust.UNSET)])
    sealed = Seal(lambda: next(said), seal().sign, seal().public_key)
    journal = Journal(till.db, till.identity, seal=sealed)
    for _ in range(2):
        journal.note("no-sale", 1, NOON)
    found = [(each.boot_id, each.uptime_ms, each.clock) for each in entries(till.db)]
    assert found == [("a" * 32, 7, "restored"), ("b" * 32, 3, "unset")]


def lines_of(till: Till) -> list[str]:
    till.sell(1)
    till.journal.note("sign-in", 1, NOON, {"name": 'Mara "the" Ängström\n\u2028'})
    return [to_line(each) for each in entries(till.db)]


def test_a_line_is_one_line_and_reads_back_as_the_entry(till: Till) -> None:
    lines = lines_of(till)
    assert [from_line(line) for line in lines] == entries(till.db)
    assert all(line.count("\n") == 1 for line in lines)


def test_a_line_that_was_touched_is_no_line(till: Till) -> None:
    for line in lines_of(till):
        with pytest.raises(LineError, match="cut off"):
            from_line(line[:-1])
        for step in range(0, len(line) - 1, 7):
            changed = line[:step] + chr(ord(line[step]) ^ 1) + line[step + 1 :]
            try:
                entry = from_line(changed)
            except LineError:
                continue
            # What is still a line says something else: its hash gives it away, or it is the hash or signature itself.
            assert to_line(entry) == changed != line
    with pytest.raises(LineError, match="was changed"):
        from_line(line.replace('","previous"', '", "previous"'))
    with pytest.raises(LineError, match="not one of"):
        from_line("[1]\n")
