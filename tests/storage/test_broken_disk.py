"""A full card, a damaged file, a folder that cannot be written: a sentence for the cashier, and nothing lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.storage.database import Database
from appliance.storage.errors import DatabaseCorruptError, DiskFullError, ReadOnlyError
from tests.storage.conftest import Till
from tests.storage.samples import fresh_till, product, sale, ticking

ROOT = Path(__file__).resolve().parents[2]


def test_a_full_card_refuses_the_sale_and_keeps_its_draft(till: Till) -> None:
    completed = till.sell(0).completed
    till.db.rows(f"PRAGMA max_page_count = {till.db.rows('PRAGMA page_count')[0][0] + 12}")
    kept = 0
    with pytest.raises(DiskFullError, match="memory card is full") as caught:
        for number in range(1, 200):
            till.drafts.keep(sale(number), None)
            till.sell(number)
            kept = number
    assert caught.value.__notes__ == ["FullError: database or disk is full"]
    till.db.check()
    assert till.journal.verify() is None
    assert len(till.journal.last(999)) == kept + 1
    assert till.journal.last(999)[-1] == completed
    draft = till.drafts.load()
    assert draft is not None and draft.sale == sale(kept + 1)
    till.db.rows("PRAGMA max_page_count = 1000000")
    assert till.sell(kept + 1).completed.receipt_number == f"T1-{kept + 2:06d}"


def test_a_full_card_does_not_tear_the_catalogue(till: Till) -> None:
    till.learn(product(1))
    till.db.rows(f"PRAGMA max_page_count = {till.db.rows('PRAGMA page_count')[0][0] + 3}")
    with pytest.raises(DiskFullError):
        till.learn(*(product(number) for number in range(1, 2000)))
    till.db.check()
    found = till.catalogue.get(1)
    assert found is not None
    assert till.catalogue.search(found.name)[0].product_id == 1


@pytest.mark.parametrize("place", [0, 100, 4096])
def test_a_damaged_file_is_said_in_a_sentence(tmp_path: Path, place: int) -> None:
    path = tmp_path / "till.db"
    db, identity, person = fresh_till(path)
    till = Till(db, identity, person, ticking())
    for number in range(30):
        till.sell(number)
    db.close()
    with path.open("r+b") as file:
        file.seek(place)
        file.write(os.urandom(3000))
    with (
        pytest.raises(DatabaseCorruptError, match="damaged|does not belong"),
        Database.open(path, now=ticking()) as db,
    ):
        db.check()


def test_a_file_that_is_no_database_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "till.db").write_text("This is a shopping list. " * 500)
    with pytest.raises(DatabaseCorruptError, match="damaged"):
        Database.open(tmp_path / "till.db", now=ticking())


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    """In a process without privileges: root writes wherever it likes."""
    folder = tmp_path / "card"
    folder.mkdir()
    fresh_till(folder / "till.db")[0].close()
    for part in (tmp_path, *list(tmp_path.parents)[:3]):
        part.chmod(part.stat().st_mode | stat.S_IXOTH | stat.S_IROTH)
    (folder / "till.db").chmod(0o444)
    folder.chmod(0o555)
    program = (
        "import os, sys; sys.path.insert(0, sys.argv[2])\n"
        "from datetime import UTC, datetime\n"
        "from appliance.storage.database import Database\n"
        "from appliance.storage.errors import StorageError\n"
        "if os.getuid() == 0: os.setgid(65534); os.setuid(65534)\n"
        "try:\n"
        "    Database.open(sys.argv[1], now=lambda: datetime.now(UTC))\n"
        "except StorageError as error:\n"
        "    print(type(error).__name__, error)"
    )
    run = [sys.executable, "-c", program, str(folder / "till.db"), str(ROOT)]
    # Without the virtual devices, which are root's.
    bare = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "UMOCKDEV_DIR")}
    said = subprocess.run(run, env=bare, capture_output=True, text=True, check=False, timeout=60)
    folder.chmod(0o755)
    assert said.stderr == ""
    assert "Call the technician." in said.stdout
    assert said.stdout.startswith(("ReadOnlyError", "DatabaseUnreadableError"))


def test_a_connection_that_may_not_write_says_so_and_reads_on(till: Till) -> None:
    completed = till.sell(0).completed
    till.db.rows("PRAGMA query_only = 1")
    with pytest.raises(ReadOnlyError, match="cannot write"):
        till.sell(1)
    assert till.journal.last(2) == [completed]
