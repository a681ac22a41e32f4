"""The same schedules on the till's real file as in memory: the explorers' outbox leaves nothing out."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from appliance.domain.staff import Person, Role
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.outbox import Outbox
from tests.faults.explore_upload import SALE, whole
from tests.faults.model_faults import few_kinds_for
from tests.faults.model_till import Parts, Till, at_the_end, completed
from tests.faults.model_time import START, Clock
from tests.faults.schedules import Choices, walk, working_folder
from tests.storage.samples import seal

PARTS = Parts(kinds=few_kinds_for)


class CutOutbox(Outbox):
    """The real outbox; each write goes through what lets the power go before or after it, a transaction as a whole."""

    def __init__(self, database: Database, writing: Callable[[Callable[[], None]], None]) -> None:
        super().__init__(database)
        self._writing = writing
        self._is_writing = False

    def note_posted(self, told_id: str, at: datetime, /) -> None:
        self._cut(lambda: super(CutOutbox, self).note_posted(told_id, at))

    def remember(self, told_id: str, order_id: int, /) -> None:
        self._cut(lambda: super(CutOutbox, self).remember(told_id, order_id))

    def hold_claim(self, told_id: str, claim_id: int, order_id: int, /) -> None:
        self._cut(lambda: super(CutOutbox, self).hold_claim(told_id, claim_id, order_id))

    def adopt_sent(self, told_id: str, order_id: int, at: datetime, /) -> None:
        self._cut(lambda: super(CutOutbox, self).adopt_sent(told_id, order_id, at))

    def forget_order(self, told_id: str, /) -> None:
        self._cut(lambda: super(CutOutbox, self).forget_order(told_id))

    def note_committing(self, told_id: str, at: datetime, /) -> None:
        self._cut(lambda: super(CutOutbox, self).note_committing(told_id, at))

    def mark_sent(self, told_id: str, at: datetime, /) -> None:
        self._cut(lambda: super(CutOutbox, self).mark_sent(told_id, at))

    def note_attempt(self, told_id: str, next_try_at: datetime | None, /) -> None:
        self._cut(lambda: super(CutOutbox, self).note_attempt(told_id, next_try_at))

    def park(self, told_id: str, reason: str, /) -> None:
        self._cut(lambda: super(CutOutbox, self).park(told_id, reason))

    def mark_checked(self, told_id: str, at: datetime, problem: str = "", /) -> None:
        self._cut(lambda: super(CutOutbox, self).mark_checked(told_id, at, problem))

    def note_claim_dropped(self, told_id: str, /) -> None:
        self._cut(lambda: super(CutOutbox, self).note_claim_dropped(told_id))

    def inherit_all(self) -> int:
        count = 0

        def write() -> None:
            nonlocal count
            count = super(CutOutbox, self).inherit_all()

        self._cut(write)
        return count

    def _cut(self, write: Callable[[], None]) -> None:
        if self._is_writing:  # a part of a larger transaction
            write()
            return
        self._is_writing = True
        try:
            self._writing(write)
        finally:
            self._is_writing = False


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A till that has made one sale of three lines."""
    path = tmp_path_factory.mktemp("till") / "template.db"
    database = Database.open(path, now=Clock())
    identity = Identity(database).create("71" * 16, "T1", "EUR")
    made = completed()
    Journal(database, identity, "Till 1", seal()).record(
        made.sale, made.payment, Person(1, "Marta", Role.CASHIER), START, print_receipt=False
    )
    database.close()
    return path


def on_disk(template: Path, folder: Path, prefix: tuple[int, ...]) -> tuple[list[str], Choices]:
    """One schedule on a fresh copy of the till."""
    for leftover in folder.glob("till.db*"):
        leftover.unlink()
    shutil.copy(template, folder / "till.db")
    choose, clock = Choices(prefix), Clock()
    database = Database.open(folder / "till.db", now=clock)
    try:
        till = Till(lambda till: CutOutbox(database, till.write), SALE, choose, PARTS)
        while till.go_round():
            pass
        return at_the_end(till), choose
    finally:
        database.close()


@pytest.mark.parametrize(("faults", "sample"), [(1, None), (3, 150)])
def test_a_schedule_ends_alike_on_the_card_and_in_memory(
    template: Path, faults: int, sample: int | None
) -> None:
    seen: list[tuple[int, ...]] = []

    def both(prefix: tuple[int, ...]) -> tuple[list[str], Choices]:
        wrong, met = on_disk(template, folder, prefix)
        wrong_in_memory, met_in_memory = whole(SALE.start(), prefix, SALE, PARTS)
        assert (wrong, met.trace, met.words) == (wrong_in_memory, met_in_memory.trace, met_in_memory.words)
        seen.append(prefix)
        return wrong, met

    with working_folder() as folder:
        found = walk(both, faults, sample)
    assert not found.wrong
    assert found.schedules == len(seen) >= (sample or 30)
