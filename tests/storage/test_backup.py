"""A backup is a whole till that has proved it; whatever happens, a good one stays."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import apsw
import pytest

from appliance.storage.backup import BackupError, Backups, backups_on_stick
from appliance.storage.backup_files import Keep
from appliance.storage.cashing_up import CashingUp
from appliance.storage.database import Database
from appliance.storage.journal import Journal
from appliance.storage.proving import broken_rule, prove
from appliance.storage.stick_owner import OWNER_FILE, Owner
from tests.storage.conftest import Till
from tests.storage.samples import NOON, sale, seal

KEEP = Keep(days=7, weeks=4, months=12)
SELLER = Path(__file__).with_name("seller.py")


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    return Backups(tmp_path / "backups", KEEP)


def damage(path: Path, sql: str) -> None:
    """Change a till's file behind its back, and past its triggers."""
    connection = apsw.Connection(str(path))
    triggers = connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(sql)
    for _, make in triggers:
        connection.execute(str(make))
    connection.close()


def test_a_backup_is_a_whole_till(till: Till, backups: Backups) -> None:
    for number in range(5):
        till.sell(number)
    till.drafts.keep(sale(9), None)
    made = backups.make(till.db)

    assert (made.problem, made.file.seq, made.deleted) == ("", 5, ())
    assert made.file.path.name == f"till-20261121-1200{made.file.made_at:%S}-5.db"
    assert backups.all() == [made.file]
    before = made.file.path.read_bytes()
    with Database.open(shutil.copyfile(made.file.path, backups.folder / "x.db"), now=till.now) as restored:
        journal = Journal(restored, till.identity, seal=seal())
        assert journal.last(9) == till.journal.last(9)
        assert restored.rows("SELECT count(*) FROM draft") == [(1,)]
        assert restored.rows("SELECT count(*) FROM outbox") == [(5,)]
    assert made.file.path.read_bytes() == before


def test_a_backup_of_a_till_that_sells_all_the_time_is_one_moment_of_it(
    till: Till, backups: Backups, tmp_path: Path
) -> None:
    till.db.close()
    selling = subprocess.Popen([sys.executable, str(SELLER), str(tmp_path / "till.db"), "3"], stdout=-3)
    with Database.open(tmp_path / "till.db", now=till.now) as db:
        found = []
        while selling.poll() is None:
            found.append(backups.make(db))
            time.sleep(0.05)
        assert [made.problem for made in found] == [""] * len(found)
        sequence = [made.file.seq for made in found]
        assert sequence == sorted(sequence)
        assert sequence[-1] > sequence[0]
    till.db = Database.open(tmp_path / "till.db", now=till.now)


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("UPDATE sale_line SET unit_price_minor = unit_price_minor + 1 WHERE seq = 2", "lines do not add up"),
        ("UPDATE sale_tender SET amount_minor = amount_minor - 1 WHERE seq = 2", "payments do not add up"),
        ("UPDATE sale SET series = 'T9' WHERE seq = 2", "have a gap"),
        ("DELETE FROM outbox WHERE seq = 2", "the shop must hear of"),
        ("DELETE FROM cash_move", "table cash_move differ"),
        ("UPDATE z_report SET grand_total_minor = 1", "Z report does not add up"),
        ("UPDATE z_report SET sales = 1", "Z report does not add up"),
        ("UPDATE sale SET sale_id = replace(sale_id, '0', 'f') WHERE seq = 2", "not what the journal says"),
        ("UPDATE journal SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 2", "entry 2 of the journal"),
        ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 5", "is not the till's"),
        ("DELETE FROM outbox; DELETE FROM z_report WHERE 0; PRAGMA user_version = 99", "newer version"),
    ],
)
def test_whatever_is_wrong_with_a_backup_its_test_says_it(
    till: Till, backups: Backups, sql: str, words: str
) -> None:
    cash = CashingUp(till.db, till.journal)
    for number in range(3):
        till.sell(number)
    cash.paid_in(100, "", till.person, NOON)
    cash.close_day(till.person, NOON)
    copy = Path(shutil.copyfile(backups.make(till.db).file.path, backups.folder / "x.db"))
    assert prove(copy, till.db, 5) == ""
    damage(copy, sql)
    assert words in prove(copy, till.db, 5)


def test_a_backup_that_lacks_what_was_there_before_is_no_good_one(till: Till, backups: Backups) -> None:
    till.sell(0)
    old = Path(shutil.copyfile(backups.make(till.db).file.path, backups.folder / "x.db"))
    till.sell(1)
    assert prove(old, till.db, 2) == "it ends with entry 1, and 2 was there before"


def test_a_backup_that_fails_its_test_is_set_aside_and_the_good_one_stays(
    till: Till, backups: Backups
) -> None:
    till.sell(0)
    good = backups.make(till.db).file
    till.sell(1)
    till.db.rows("DROP TRIGGER outbox_stays")
    till.db.rows("DELETE FROM outbox WHERE seq = 2")
    bad = [backups.make(till.db) for _ in range(4)]

    assert bad[-1].problem == "a sale is missing among those that the shop must hear of"
    assert bad[-1].file.path.name.endswith("-2.db.bad")
    assert backups.all() == [good]
    assert sorted(backups.folder.glob("*.bad")) == [made.file.path for made in bad[-2:]]


def test_a_damaged_copy_of_a_page_fails_the_test(till: Till, backups: Backups) -> None:
    for number in range(20):
        till.sell(number)
    copy = Path(shutil.copyfile(backups.make(till.db).file.path, backups.folder / "x.db"))
    for place in range(8192, copy.stat().st_size - 2048, 16384):
        with copy.open("r+b") as file:
            file.seek(place)
            file.write(b"\xff" * 2048)
        assert prove(copy, till.db, 20) != ""
        shutil.copyfile(backups.all()[0].path, copy)


def test_what_a_crash_left_is_removed(till: Till, backups: Backups) -> None:
    (backups.folder / "testing").mkdir(parents=True)
    for name in ("till.db.part", "till.db.part-journal", "testing/till.db"):
        (backups.folder / name).write_bytes(b"half")
    till.sell(0)
    made = backups.make(till.db)
    assert sorted(path.name for path in backups.folder.iterdir()) == [".lock", made.file.path.name]


def test_old_backups_make_room_for_a_new_one(till: Till, tmp_path: Path) -> None:
    free = iter([0, 0, 10**9])
    backups = Backups(tmp_path / "backups", KEEP, free=lambda _folder: next(free))
    older = [tmp_path / "backups" / f"till-202611{day:02d}-120000-0.db" for day in range(1, 6)]
    (tmp_path / "backups").mkdir()
    for path in older:
        path.write_bytes(b"old")
    till.sell(0)
    made = backups.make(till.db)

    assert made.deleted == tuple(older[:2])
    assert [each.path for each in backups.all()] == [made.file.path, *reversed(older[2:])]


def test_without_room_the_newest_backups_stay_and_it_is_said(till: Till, tmp_path: Path) -> None:
    roomy = Backups(tmp_path / "backups", KEEP)
    for number in range(3):
        till.sell(number)
        roomy.make(till.db)
    newest = roomy.all()[:2]
    with pytest.raises(BackupError, match=r"no room for a backup .* takes \d+\.\d MB, 0\.0 MB are free"):
        Backups(tmp_path / "backups", KEEP, free=lambda _folder: 10).make(till.db)
    assert roomy.all() == newest


def test_a_folder_that_cannot_be_written_is_said(till: Till, tmp_path: Path) -> None:
    (tmp_path / "backups").write_text("not a folder")
    with pytest.raises(BackupError, match="No backup can be written"):
        Backups(tmp_path / "backups", KEEP).make(till.db)


def test_the_stick_keeps_two_copies_byte_for_byte(till: Till, backups: Backups, tmp_path: Path) -> None:
    owner = Owner(till.identity.till_id, "T1", "EUR", seal().public_key.hex(), "Till 1")
    folder = tmp_path / "stick" / owner.folder_name
    folder.mkdir(parents=True)
    (folder / OWNER_FILE).write_bytes(owner.to_json())
    stick = backups_on_stick(tmp_path / "stick", owner.public_key, is_mount=False)
    assert stick is not None
    for number in range(4):
        till.sell(number)
        made = backups.make(till.db).file
        copy = stick.take_copy(made)
        assert copy.read_bytes() == made.path.read_bytes()

    assert [each.seq for each in stick.all()] == [4, 3]
    assert stick.folder == folder / "backups"


def test_a_stick_that_is_not_there_or_not_ours_gets_nothing(tmp_path: Path) -> None:
    key = seal().public_key.hex()
    assert backups_on_stick(None, key, is_mount=False) is None
    assert backups_on_stick(tmp_path / "none", key, is_mount=False) is None
    assert backups_on_stick(tmp_path, key, is_mount=True) is None
    (tmp_path / "gapless-00000000").mkdir()
    (tmp_path / "gapless-00000000" / OWNER_FILE).write_text('{"public_key": "another till\'s"}')
    assert backups_on_stick(tmp_path, key, is_mount=False) is None


def test_a_backup_holds_no_more_than_the_file_itself_may_be_read(till: Till, backups: Backups) -> None:
    till.db.path.chmod(0o600)
    made = backups.make(till.db)
    assert made.file.path.stat().st_mode & 0o777 == 0o600


def test_a_sale_after_the_backup_is_not_in_it_and_nothing_is_wrong(till: Till, backups: Backups) -> None:
    till.sell(0)
    made = backups.make(till.db).file
    till.sell(1)
    copy = Path(shutil.copyfile(made.path, backups.folder / "x.db"))
    assert prove(copy, till.db, 1) == ""
    assert broken_rule(till.db) == ""
    assert made.made_at < till.now() + timedelta(hours=1)


def test_what_was_just_made_stays_beside_backups_with_later_entries(till: Till, backups: Backups) -> None:
    backups.folder.mkdir()
    for seq in range(100, 104):
        (backups.folder / f"till-20261121-110000-{seq}.db").write_bytes(b"of the card that was lost")
    till.sell(0)
    made = backups.make(till.db)
    assert made.file.path.exists()


def test_a_stick_that_garbles_what_it_is_given_is_found_out(
    till: Till, backups: Backups, tmp_path: Path
) -> None:
    def garble(source: Path, target: Path) -> None:
        held = bytearray(source.read_bytes())
        held[len(held) // 2] ^= 1
        target.write_bytes(held)

    till.sell(0)
    stick = Backups(tmp_path / "stick", KEEP, copy=garble)
    with pytest.raises(BackupError, match="does not keep what is written"):
        stick.take_copy(backups.make(till.db).file)
    assert [path.name for path in (tmp_path / "stick").iterdir()] == [".lock"]


def test_half_a_copy_does_not_stay_on_a_full_stick(till: Till, backups: Backups, tmp_path: Path) -> None:
    def run_full(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[:5000])
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    till.sell(0)
    stick = Backups(tmp_path / "stick", KEEP, copy=run_full)
    with pytest.raises(BackupError, match="No space left on device"):
        stick.take_copy(backups.make(till.db).file)
    assert [path.name for path in (tmp_path / "stick").iterdir()] == [".lock"]
