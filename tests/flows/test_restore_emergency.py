"""A till that went on from its stick when its card failed: the books come back to a new card, and stop on the stick."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.storage.binding import Bindings
from appliance.storage.database import Database
from appliance.storage.emergency import file_in_use, move_to_stick
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.replaying import catch_up
from appliance.storage.staff import Staff
from tests.flows.restoring import LostTill, open_new
from tests.storage.samples import NOON, paid, sale, seal
from tests.storage.sticks import OWNER, journal_of
from tests.storage.whole_day import OTHER_HARDWARE, rows_of


@pytest.fixture
def till(tmp_path: Path) -> Iterator[LostTill]:
    made = LostTill(tmp_path)
    yield made
    made.db.close()


def go_on_from_stick(till: LostTill) -> Path:
    folder = journal_of(till.stick).parent
    return move_to_stick(till.folder / "old" / "till.db", (), folder, catch_up)


def test_what_was_sold_from_the_stick_comes_back_with_everything_before(till: LostTill) -> None:
    till.live(sales=3)
    till.keep()
    file = go_on_from_stick(till)
    with Database.open(file, now=lambda: NOON) as books:
        journal = Journal(books, Identity(books).get(), "Till 1", seal())
        Bindings(books).rebind(journal, OTHER_HARDWARE, NOON, (1, "Mara"), "e" * 32)
        made = journal.record(sale(300), paid(sale(300)), till.person, NOON)
        assert made.completed.receipt_number == "T1B-000001"
        sold = rows_of(books)
    code, said = till.restore("--no-shop")
    assert code == 0 and "10 sales rebuilt" in said, said
    with open_new(till) as new:
        assert rows_of(new) == sold
        assert [person.name for person in Staff(new).people()] == ["Mara"]
        assert new.rows("SELECT DISTINCT inherited FROM outbox WHERE state <> 'sent'") == [(1,)]
    assert file_in_use(till.new_file, till.stick, OWNER.public_key) == till.new_file
    assert (file.parent / "restored-1.db").is_file()


def test_a_card_that_cannot_be_read_is_replaced_by_a_backup_and_the_sticks_lines(
    till: LostTill, tmp_path: Path
) -> None:
    till.live(sales=2)
    backup = tmp_path / "backup.db"
    till.db.rows("VACUUM INTO ?", (str(backup),))
    till.sell(200)
    till.sell(201)
    till.keep()
    folder = journal_of(till.stick).parent
    file = move_to_stick(tmp_path / "a card that is gone.db", [backup], folder, catch_up)
    with Database.open(file, now=lambda: NOON) as books:
        assert rows_of(books) == rows_of(till.db)


def test_books_on_the_stick_that_were_changed_are_refused(till: LostTill) -> None:
    till.live(sales=2)
    till.keep()
    file = go_on_from_stick(till)
    with Database.open(file, now=lambda: NOON) as books, books.transaction() as connection:
        connection.execute("DROP TRIGGER journal_keeps")
        connection.execute("UPDATE journal SET person_id = 7 WHERE seq = 9")
    code, said = till.restore("--no-shop")
    assert code == 2 and "Entry 9 of the till's books on the stick was changed." in said
    assert list(till.card.iterdir()) == [] and file.is_file()
