"""A full card, a damaged file, a folder that cannot be written: a sentence for the cashier, and nothing lost."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import apsw
import pytest

from appliance.storage.database import Database
from appliance.storage.durability import is_locked
from appliance.storage.errors import (
    DatabaseCorruptError,
    DatabaseUnreadableError,
    DiskFailedError,
    DiskFullError,
    ReadOnlyError,
    StorageError,
)
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


class RefusingFile(apsw.VFSFile):
    """See :class:`RefusingVfs`."""

    def __init__(self, path: Any, flags: list[int], vfs: RefusingVfs) -> None:
        super().__init__("", path, flags)
        self._vfs = vfs

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802 - SQLite's name
        self._vfs.ask(apsw.SQLITE_CORRUPT)
        return super().xRead(amount, offset)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._vfs.ask(apsw.SQLITE_IOERR_WRITE)
        super().xWrite(data, offset)


class RefusingVfs(apsw.VFS):
    """A disk that answers EIO, as SQLite's own VFS tells it: a read that fails so is damage to it.

    Attributes:
        refused: the code that is answered where it fits; 0 for none.
    """

    refused = 0

    def ask(self, code: int) -> None:
        """Refuse, or let it be."""
        if self.refused == code:
            raise apsw.exception_for(code)

    def xOpen(self, name: Any, flags: list[int]) -> RefusingFile:  # noqa: N802
        self.ask(apsw.SQLITE_CANTOPEN)
        return RefusingFile(name, flags, self)


@pytest.mark.parametrize(
    ("refused", "kind"),
    [
        (apsw.SQLITE_IOERR_WRITE, DiskFailedError),
        (apsw.SQLITE_CORRUPT, DatabaseCorruptError),
        (apsw.SQLITE_CANTOPEN, DatabaseUnreadableError),
    ],
    ids=["write", "read", "open"],
)
@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "failed"])
def test_a_file_system_that_locked_itself_is_told_from_a_file_that_is_damaged(
    tmp_path: Path, refused: int, kind: type[StorageError], is_locked: bool
) -> None:
    """Both answer EIO. A locked one is well again at the next start, and the cashier is told so."""
    path, name, asked = tmp_path / "till.db", f"{refused} {is_locked}", list[Path]()
    fresh_till(path)[0].close()
    disk, expected = RefusingVfs(name, ""), ReadOnlyError if is_locked else kind

    def look(folder: Path) -> bool:
        asked.append(folder)
        return is_locked

    with Database.open(path, now=ticking(), vfs=name, is_locked=look) as db:
        assert not asked
        disk.refused = refused
        with pytest.raises(expected):
            if refused == apsw.SQLITE_CANTOPEN:
                Database.open(path, now=ticking(), vfs=name, is_locked=look)
            with db.transaction() as connection:
                connection.execute("DELETE FROM person")
        disk.refused = 0
        assert set(asked) == {tmp_path}
        assert db.rows("SELECT count(*) FROM person") != [(0,)]
    disk.unregister()


def test_a_file_system_that_takes_files_has_not_locked_itself(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not is_locked(tmp_path / "nowhere")
