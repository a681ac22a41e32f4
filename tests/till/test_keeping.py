"""The keeping thread: everything that is committed is on the stick in a moment, whatever the stick does."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from appliance.storage.binding import Bindings
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.errors import DatabaseBusyError
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.lines import from_line
from appliance.storage.second_medium import SecondMedium
from appliance.storage.stick_lines import JOURNAL_FILE
from appliance.till.joining import Joining
from appliance.till.keeping import AT_ONCE, Keeping
from appliance.till.stick_state import StickState
from tests.storage.samples import NOON, fresh_till, paid, sale, seal, ticking
from tests.storage.sticks import OddDisk, entries_of, journal_of, stick_of


class KeptTill:
    """A till with a stick; ``start`` begins to keep it."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.path, self.stick, self.pocket = folder / "till.db", folder / "stick", folder / "pocket"
        self.stick.mkdir()
        self.db, self.identity, self.person = fresh_till(self.path)
        stack.callback(self.db.close)
        self.journal = Journal(self.db, self.identity, seal=seal())
        self.journal.introduce_key(NOON)
        self.disk, self.stack = OddDisk(), stack
        self.told: list[int] = []
        self.keeping = self.make()

    def open(self) -> Database:
        return Database.open(self.path, now=ticking())

    def make(
        self,
        opened: Callable[[], Database] | None = None,
        told: Callable[[], None] | None = None,
        join: Callable[[Database, SecondMedium], None] | None = None,
    ) -> Keeping:
        really = Joining(lambda db: Journal(db, Identity(db).get(), seal=seal()), lambda *_: True)
        return Keeping(
            opened or self.open,
            lambda db: stick_of(self.stick, db, self.disk),
            join or really,
            on_change=told or (lambda: self.told.append(1)),
            poll_seconds=0.01,
            look_seconds=0.02,
            retry_seconds=0.05,
        )

    def start(self) -> Keeping:
        self.keeping.start()
        self.stack.callback(self.keeping.stop)
        return self.keeping

    def sell(self, number: int) -> None:
        self.journal.record(sale(number), paid(sale(number)), self.person, NOON)

    def on_stick(self) -> list[Entry]:
        """What is there, read and not touched: the keeping thread is at it."""
        journal = stick_of(self.stick, self.db).folder / JOURNAL_FILE
        return [from_line(line) for line in journal.read_text("utf-8").splitlines(keepends=True)]

    def is_level(self) -> bool:
        return self.on_stick() == entries_of(self.db)


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def till(tmp_path: Path) -> Iterator[KeptTill]:
    with ExitStack() as stack:
        yield KeptTill(tmp_path, stack)


def test_when_waiting_is_over_the_sale_is_on_the_medium(till: KeptTill) -> None:
    keeping = till.start()
    for number in range(20):
        till.sell(number)
        assert keeping.wait(5)
        assert till.disk.synced["journal.jsonl"] == journal_of(till.stick).stat().st_size
        assert till.is_level()
    view = keeping.view()
    assert (view.state, view.kept_seq, view.head_seq, view.headline) == (StickState.KEPT, 21, 21, "")


def test_what_another_program_wrote_is_kept_without_anybody_ringing(till: KeptTill) -> None:
    keeping = till.start()
    assert keeping.wait(5)
    with till.open() as other:
        Journal(other, till.identity, seal=seal()).note("no-sale", 1, NOON)
    until(lambda: keeping.view().kept_seq == 2)
    assert till.is_level()


def test_years_of_sales_from_before_the_stick_are_copied_in_chunks_with_progress(till: KeptTill) -> None:
    with till.db.transaction():
        for number in range(5 * AT_ONCE):
            till.sell(number)
    seen: list[str] = []
    till.keeping = till.make()
    till.disk.wait = lambda: seen.append(till.keeping.view().advice)
    keeping = till.start()
    until(lambda: keeping.view().state is StickState.KEPT)
    assert keeping.view().kept_seq == 5 * AT_ONCE + 1
    assert "The stick is being brought up to date: 400 of 1,001 entries. Leave it plugged in." in seen
    assert till.is_level()


def test_a_stick_that_comes_back_catches_up(till: KeptTill) -> None:
    keeping = till.start()
    till.sell(1)
    assert keeping.wait(5)
    till.stick.rename(till.pocket)
    until(lambda: keeping.view().state is StickState.MISSING)
    assert "Plug it in, and it catches up by itself." in keeping.view().advice
    till.sell(2)
    assert not keeping.wait(5)
    until(lambda: keeping.view().head_seq == 3 and keeping.view().kept_seq == 2)
    till.pocket.rename(till.stick)
    until(lambda: keeping.view().state is StickState.KEPT)
    assert till.is_level()


@pytest.mark.parametrize(
    ("call", "number", "state", "words"),
    [
        ("append", errno.ENOSPC, StickState.FULL, "Plug in an empty one."),
        ("append", errno.EROFS, StickState.READ_ONLY, "lock switch"),
        ("sync", errno.EIO, StickState.FAILING, "Plug in another."),
    ],
)
def test_a_stick_that_cannot_be_written_to_is_named_and_used_again_when_it_can(
    till: KeptTill, call: str, number: int, state: StickState, words: str
) -> None:
    keeping = till.start()
    assert keeping.wait(5)
    till.disk.fails = {call: number}
    till.sell(1)
    start = time.monotonic()
    assert not keeping.wait(5)
    assert not keeping.wait(5) and time.monotonic() - start < 1
    assert keeping.view().state is state
    assert words in keeping.view().advice and "go on selling" in keeping.view().advice
    till.disk.fails = {}
    until(lambda: keeping.view().state is StickState.KEPT)
    assert till.is_level()


def test_a_stick_of_another_till_is_refused_in_words(till: KeptTill) -> None:
    stranger = stick_of(till.stick, till.db)
    stranger.open()
    file = stranger.folder / "till.json"
    file.write_text(file.read_text().replace(till.identity.till_id, "0123456789abcdef" + "0" * 16))
    keeping = till.start()
    until(lambda: keeping.view().state is StickState.WRONG_TILL)
    assert not keeping.wait(5)


def test_a_stick_that_hangs_holds_up_one_paper_and_no_second(till: KeptTill) -> None:
    keeping = till.start()
    assert keeping.wait(5)
    gate = threading.Event()
    till.stack.callback(gate.set)
    till.disk.wait = lambda: gate.wait(20)
    till.sell(1)
    start = time.monotonic()
    assert not keeping.wait(0.3)
    assert 0.25 < time.monotonic() - start < 2
    assert keeping.view().state is StickState.SLOW
    till.sell(2)
    start = time.monotonic()
    assert not keeping.wait(30)
    assert time.monotonic() - start < 0.2
    gate.set()
    until(lambda: keeping.view().state is StickState.KEPT)
    assert keeping.wait(5) and till.is_level()


def test_a_card_that_fails_for_a_moment_does_not_end_the_thread(till: KeptTill) -> None:
    tries: list[int] = []

    def opened() -> Database:
        tries.append(1)
        if len(tries) < 3:
            raise DatabaseBusyError("The till is busy saving something else. Try again.")
        return till.open()

    till.keeping = till.make(opened)
    keeping = till.start()
    keeping.ring()
    until(lambda: keeping.view().state is StickState.KEPT)
    assert len(tries) == 3 and till.is_level()


def test_a_till_that_got_another_name_gets_another_folder_with_the_whole_journal(till: KeptTill) -> None:
    keeping = till.start()
    till.sell(1)
    assert keeping.wait(5)
    bindings = Bindings(till.db)
    bindings.begin(till.journal, "a" * 64, NOON)
    bindings.rebind(till.journal, "b" * 64, NOON, (1, "Mara"), "e" * 32)
    till.sell(2)
    until((till.stick / "gapless-eeeeeeee" / JOURNAL_FILE).is_file)
    assert keeping.wait(5) and till.is_level()
    assert len(list(till.stick.glob("gapless-*"))) == 2


def test_whoever_listens_is_told_of_each_change_and_costs_nothing_when_it_fails(till: KeptTill) -> None:
    def fail() -> None:
        till.told.append(1)
        raise RuntimeError("the screen is gone")

    till.keeping = till.make(told=fail)
    keeping = till.start()
    until(lambda: keeping.view().state is StickState.KEPT)
    till.stick.rename(till.pocket)
    until(lambda: keeping.view().state is StickState.MISSING)
    assert len(till.told) == 2


def test_the_first_look_is_waited_for_and_not_for_ever(till: KeptTill) -> None:
    assert not till.keeping.wait_for_first_look(0.05)
    assert till.start().wait_for_first_look(5)


def test_what_only_the_stick_has_is_waited_for_until_the_file_is_free_again(till: KeptTill) -> None:
    """A start that gave up meanwhile found the file locked, ended, and began anew for ever."""
    is_over = threading.Event()

    def bring_back(database: Database, _medium: object) -> None:
        with database.transaction():
            time.sleep(0.3)
        is_over.set()

    keeping = till.make(join=bring_back)
    keeping.start()
    till.stack.callback(keeping.stop)
    keeping.wait_for_first_look(0.1)
    assert is_over.is_set()
    till.sell(1)
