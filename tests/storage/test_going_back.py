"""An older version takes up the till again after a newer one was tried: no sale is lost, whatever happened."""

from __future__ import annotations

import os
from pathlib import Path

import apsw
import pytest

from appliance.domain.sale import Sale
from appliance.domain.staff import Person, Role
from appliance.storage.condition import look, quick_check
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.errors import DatabaseBusyError, DatabaseTooNewError, StorageError
from appliance.storage.going_back import GoingBackError, go_back, newer
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.migrating import MIGRATIONS, migrations
from appliance.storage.outbox import Outbox
from tests.storage.samples import NOON, paid, sale, seal, sold_till, ticking

NEWEST = max(migrations(MIGRATIONS))
STEPS = ("close", "build", "keep", "put back", "sync")
NEXT = "ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT '';"


class PowerCutError(Exception):
    """The power went."""


@pytest.fixture
def next_version(tmp_path: Path) -> Path:
    folder = tmp_path / "next"
    folder.mkdir()
    for file in migrations(MIGRATIONS).values():
        (folder / file.name).write_bytes(file.read_bytes())
    (folder / f"{NEWEST + 1:04d}_nicknames.sql").write_text(NEXT)
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return sold_till(tmp_path / "till.db", sales=5)


def sell(path: Path, folder: Path, number: int, *, is_unclean: bool = False) -> None:
    """The version of these migrations opens the file and sells; unclean, the log stays beside the file."""
    db = Database.open(path, now=ticking(), folder=folder)
    keep_open = Database.open(path, now=ticking(), folder=folder) if is_unclean else None
    person = db.rows("SELECT person_id, name FROM person")[0]
    made = sale(number)
    cashier = Person(person[0], person[1], Role.CASHIER)
    Journal(db, Identity(db).get(), seal=seal()).record(made, paid(made), cashier, NOON)
    saved = {name: path.with_name(path.name + name).read_bytes() for name in ("", "-wal")}
    db.close()
    if keep_open:
        keep_open.close()
        for name, content in saved.items():  # as a pulled plug leaves them
            path.with_name(path.name + name).write_bytes(content)


def receipts(path: Path) -> list[str]:
    with Database.open(path, now=ticking()) as db:
        db.check()
        assert Journal(db, Identity(db).get()).verify() is None
        return [
            f"{series}-{number}" for series, number in db.rows("SELECT series, number FROM sale ORDER BY seq")
        ]


def try_next(path: Path, next_version: Path) -> None:
    Database.open(path, now=ticking(), folder=next_version).close()


def test_a_file_that_this_version_can_use_needs_no_way_back(path: Path) -> None:
    assert newer(path) is None
    assert newer(path.with_name("missing.db")) is None


def test_the_copy_takes_the_place_of_the_newer_file_with_all_that_was_sold(
    path: Path, next_version: Path
) -> None:
    before = receipts(path)
    try_next(path, next_version)
    with pytest.raises(DatabaseTooNewError):
        Database.open(path, now=ticking())
    found = newer(path)
    assert found is not None
    assert (found.version, found.sales, found.entries) == (NEWEST + 1, 0, 0)
    end = look(path).end
    assert go_back(path, ticking()) == end
    assert receipts(path) == before
    assert look(path.with_name(f"till.db.newer-{NEWEST + 1:04d}")).version == NEWEST + 1
    assert not list(path.parent.glob("*going-back*"))


@pytest.mark.parametrize("is_unclean", [False, True], ids=["closed", "plug pulled"])
def test_sales_of_the_newer_version_come_along(path: Path, next_version: Path, is_unclean: bool) -> None:
    try_next(path, next_version)
    sell(path, next_version, 77, is_unclean=is_unclean)
    found = newer(path)
    assert found is not None
    assert (found.sales, found.entries) == (1, 1)
    go_back(path, ticking())
    assert receipts(path) == [f"T1-{number}" for number in range(1, 7)]


def begin(path: Path, folder: Path, number: int | None, body: str = "") -> None:
    """The version of these migrations has this sale in progress, or none."""
    with Database.open(path, now=ticking(), folder=folder) as db:
        Drafts(db).drop()
        if number is not None:
            Drafts(db).keep(sale(number), None)
        if body:
            with db.transaction() as connection:
                connection.execute("UPDATE draft SET body = ?", (body,))


def in_progress(path: Path) -> Sale | None:
    with Database.open(path, now=ticking()) as db:
        found = Drafts(db).load()
    return None if found is None else found.sale


@pytest.mark.parametrize("before", [None, 70], ids=["begun on trial", "another one before"])
def test_the_sale_in_progress_comes_along(path: Path, next_version: Path, before: int | None) -> None:
    begin(path, MIGRATIONS, before)
    try_next(path, next_version)
    begin(path, next_version, 71)
    go_back(path, ticking())
    assert in_progress(path) == sale(71)


def test_a_sale_that_was_paid_on_trial_is_not_in_progress_again(path: Path, next_version: Path) -> None:
    begin(path, MIGRATIONS, 72)
    try_next(path, next_version)
    begin(path, next_version, None)
    sell(path, next_version, 72)
    go_back(path, ticking())
    assert in_progress(path) is None
    assert len(receipts(path)) == 6


def test_a_sale_in_progress_that_only_the_newer_version_can_read_keeps_nothing_from_going_back(
    path: Path, next_version: Path
) -> None:
    try_next(path, next_version)
    begin(path, next_version, 73, '{"v": 99}')
    go_back(path, ticking())
    assert in_progress(path) is None


def test_what_the_shop_may_have_heard_meanwhile_is_asked_about_again(path: Path, next_version: Path) -> None:
    try_next(path, next_version)
    go_back(path, ticking())
    with Database.open(path, now=ticking()) as db:
        assert db.rows("SELECT count(*) FROM outbox WHERE state <> 'sent' AND inherited = 1") == [(5,)]
        assert Outbox(db).counts().due == 5


@pytest.mark.parametrize("step", STEPS)
def test_the_power_may_go_before_each_step(path: Path, next_version: Path, step: str) -> None:
    try_next(path, next_version)
    sell(path, next_version, 78)

    def cut(name: str) -> None:
        if name == step:
            raise PowerCutError

    with pytest.raises(PowerCutError):
        go_back(path, ticking(), step=cut)
    if newer(path) is not None:  # not yet done: done again
        go_back(path, ticking())
    assert receipts(path) == [f"T1-{number}" for number in range(1, 7)]


def test_all_steps_are_known_here(path: Path, next_version: Path) -> None:
    try_next(path, next_version)
    told: list[str] = []
    go_back(path, ticking(), step=told.append)
    assert tuple(told) == STEPS


def test_without_a_copy_nothing_is_changed(path: Path, next_version: Path) -> None:
    try_next(path, next_version)
    next(path.parent.glob("till.db.before-*")).unlink()
    before = path.read_bytes()
    with pytest.raises(GoingBackError, match="no copy"):
        go_back(path, ticking())
    assert path.read_bytes() == before


def test_a_journal_that_does_not_come_along_whole_stays_where_it_is(path: Path, next_version: Path) -> None:
    try_next(path, next_version)
    sell(path, next_version, 79)
    connection = apsw.Connection(str(path))
    for (name,) in connection.execute(
        "SELECT name FROM sqlite_schema WHERE type='trigger' AND tbl_name='journal'"
    ).fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(
        "UPDATE journal SET body = replace(body, '1', '2') WHERE seq = (SELECT max(seq) FROM journal)"
    )
    connection.close()
    with pytest.raises(StorageError):
        go_back(path, ticking())
    assert look(path).version == NEWEST + 1
    assert look(path).sales == 6


def test_nobody_may_have_the_file_open(path: Path, next_version: Path) -> None:
    try_next(path, next_version)
    with Database.open(path, now=ticking(), folder=next_version), pytest.raises(DatabaseBusyError):
        go_back(path, ticking())


def test_a_look_changes_nothing_and_says_how_the_file_is(path: Path) -> None:
    before = path.read_bytes()
    condition = look(path)
    assert (condition.sales, condition.unsent, condition.is_selling) == (5, 5, False)
    assert condition.last_unsent == condition.end.seq
    assert not condition.is_newer
    assert quick_check(path) == ""
    assert path.read_bytes() == before


def test_what_a_look_leaves_beside_the_file_is_the_tills(path: Path) -> None:
    """Root looks, and the till's own user must be able to go on."""
    path.chmod(0o660)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    like = path.stat()
    look(path)
    for beside in path.parent.glob("till.db-*"):
        found = beside.stat()
        assert (found.st_uid, found.st_gid, found.st_mode) == (like.st_uid, like.st_gid, like.st_mode)
