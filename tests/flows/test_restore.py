"""A card that died, a stick, a new card: the till is back, to the byte, or nothing is."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.domain.staff import Role
from appliance.machine.keyring import Keyring
from appliance.storage.binding import Bindings, Why
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from appliance.storage.risk import at_risk
from appliance.storage.staff import Staff
from appliance.storage.stick_disk import RealDisk
from appliance.storage.stick_lines import look
from tests.flows.restoring import ROOT, LostTill, open_new
from tests.storage.samples import NOON, sale
from tests.storage.sticks import OWNER, entries_of, journal_of, stick_in
from tests.storage.whole_day import OTHER_HARDWARE, figures_of, rows_of


@pytest.fixture
def till(tmp_path: Path) -> Iterator[LostTill]:
    made = LostTill(tmp_path)
    yield made
    made.db.close()


def test_a_till_comes_back_from_its_stick_byte_for_byte(till: LostTill) -> None:
    till.live(sales=200)
    till.keep()
    code, said = till.restore("--no-shop")
    assert code == 0, said
    assert "206 sales rebuilt." in said and "Every entry up to " in said
    with open_new(till) as new:
        assert rows_of(new) == rows_of(till.db)
        assert figures_of(new) == figures_of(till.db)
        assert Identity(new).get() == till.identity
        assert Journal(new, till.identity).verify() is None
        assert new.rows("SELECT DISTINCT state, inherited FROM outbox") == [("due", 1)]
        assert Bindings(new).moved(OTHER_HARDWARE) is not Why.SHOP_KNOWS_MORE
        assert not Bindings(new).may_upload(OTHER_HARDWARE)
    assert [each.name for each in till.card.iterdir()] == ["till.db"]
    assert Keyring.load(till.folder / "keys.toml").public_key != bytes.fromhex(OWNER.public_key)


def test_a_journal_is_never_written_over(till: LostTill) -> None:
    till.live(sales=1)
    till.keep()
    assert till.restore("--no-shop")[0] == 0
    before = till.new_file.read_bytes()
    code, said = till.restore("--no-shop")
    assert code == 2 and "is not written over" in said
    assert till.new_file.read_bytes() == before


def test_a_new_card_that_people_were_set_up_on_keeps_them(till: LostTill) -> None:
    till.live(sales=1)
    till.keep()
    till.card.mkdir()
    with open_new(till) as empty:
        Staff(empty).add("Nora", Role.MANAGER, "a hash")
    assert till.restore("--no-shop")[0] == 0
    with open_new(till) as new:
        assert [person.name for person in Staff(new).people()] == ["Nora"]


def test_a_restore_that_is_killed_leaves_no_till_and_is_begun_again(till: LostTill) -> None:
    till.live(sales=1_500)
    till.keep()
    chance, killed = random.Random(7), 0
    for _ in range(6):
        process = subprocess.Popen(till.command("--no-shop"), cwd=ROOT, stdout=subprocess.DEVNULL)
        part = till.card / "till.db.restoring"
        end = time.monotonic() + 60
        while not part.exists() and process.poll() is None and time.monotonic() < end:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.6))
        process.send_signal(signal.SIGKILL)
        if process.wait() == -signal.SIGKILL:
            killed += 1
            assert not till.new_file.exists()
        else:
            shutil.rmtree(till.card)
    assert killed >= 2
    assert till.restore("--no-shop")[0] == 0
    assert [each.name for each in till.card.iterdir()] == ["till.db"]
    with open_new(till) as new:
        assert rows_of(new) == rows_of(till.db)


def test_a_stick_pulled_amid_an_append_gives_back_all_that_was_whole(till: LostTill) -> None:
    till.live(sales=5)
    till.keep()
    file = journal_of(till.stick)
    whole = file.read_bytes()
    file.write_bytes(whole[:-100])
    code, said = till.restore("--no-shop")
    assert code == 0, said
    with open_new(till) as new:
        assert entries_of(new) == entries_of(till.db)[:-1]


def test_a_damaged_line_is_named_and_nothing_is_restored_from_it(till: LostTill) -> None:
    till.live(sales=5)
    till.keep()
    file = journal_of(till.stick)
    lines = file.read_bytes().splitlines(keepends=True)
    lines[9] = lines[9].replace(b'"total"', b'"tutal"').replace(b"NOON", b"noon").replace(b"2026", b"2025", 1)
    file.write_bytes(b"".join(lines))
    code, said = till.restore("--no-shop")
    assert code == 2 and "The stick's journal is damaged after entry 9." in said
    assert list(till.card.iterdir()) == []


def test_a_forged_stick_is_refused(till: LostTill) -> None:
    """Every hash and link is right, but for one entry the key is missing that the till signed with."""
    till.live(sales=2)
    forged, previous = [], bytes(32)
    for entry in entries_of(till.db):
        changed = replace(entry, body=entry.body.replace("Mara", "Nora"), previous=previous)
        forged.append(replace(changed, hash=changed.right_hash))
        previous = changed.right_hash
    medium = stick_in(till.stick)
    medium.open()
    medium.append(forged)
    code, said = till.restore("--no-shop")
    assert code == 2 and "was not signed by this till" in said
    assert list(till.card.iterdir()) == []


def test_of_two_tills_on_one_stick_the_named_one_comes_back(till: LostTill, tmp_path: Path) -> None:
    till.live(sales=2)
    till.keep()
    other = stick_in(till.stick, replace(OWNER, till_id="f" * 32, series="T2", name="Till 2"))
    other.open()
    with Database.open(tmp_path / "other.db", now=lambda: NOON) as db:
        theirs = Journal(db, Identity(db).create("f" * 32, "T2", "EUR"), seal=till.journal._seal)
        theirs.note("no-sale", 1, NOON)
        theirs.introduce_key(NOON)
        other.append([replace(entry) for entry in entries_of(db)])
    code, said = till.restore("--no-shop")
    assert code == 2 and "several tills" in said and "ffffffff (Till 2)" in said
    assert till.restore("--no-shop", "--till", "0123")[0] == 0
    with open_new(till) as new:
        assert entries_of(new) == entries_of(till.db)


def test_a_till_that_had_moved_comes_back_from_its_longer_folder(till: LostTill) -> None:
    till.live(sales=2)
    till.keep()
    identity = Bindings(till.db).rebind(till.journal, OTHER_HARDWARE, NOON, (1, "Mara"), "e" * 32)
    till.identity = identity
    till.sell(90)
    till.keep()
    assert len(list(till.stick.glob("gapless-*"))) == 2
    code, said = till.restore("--no-shop")
    assert code == 0 and "receipts T1B" in said
    with open_new(till) as new:
        assert rows_of(new) == rows_of(till.db)
        assert Identity(new).get() == identity
        assert Identity(new).every_series() == ("T1", "T1B")


def test_a_stick_without_a_till_says_so(till: LostTill) -> None:
    till.stick.mkdir()
    code, said = till.restore("--no-shop")
    assert code == 2 and "There is no till's journal" in said


def test_the_till_knows_what_would_be_lost_now(till: LostTill) -> None:
    till.live(sales=0)
    till.keep()
    head = look(RealDisk(), journal_of(till.stick).parent)
    assert at_risk(till.db, head).sentence == "If the card died now, 0 sales would be lost."
    till.sell(90)
    till.sell(91)
    assert at_risk(till.db, head).sentence == (
        "If the card died now, 2 sales would be lost: T1-000010 to T1-000011."
    )
    assert at_risk(till.db, head).entries == 2
    assert len(at_risk(till.db, None).receipts) == 8
    Outbox(till.db).adopt_sent(sale(91).sale_id, 7, NOON)
    assert at_risk(till.db, head).sentence == "If the card died now, 1 sale would be lost: T1-000010."
    assert (at_risk(till.db, head).entries, len(at_risk(till.db, None).receipts)) == (2, 7)
    assert head is not None
    assert len(at_risk(till.db, replace(head, hash=bytes(32))).receipts) == 7
