"""A stick that is plugged in: behind the card, ahead of it, or of another journal."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from appliance.machine.signatures import is_signed_by
from appliance.storage.database import Database
from appliance.storage.drafts import Drafts
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.journal import Journal
from appliance.storage.second_medium import SecondMedium
from appliance.till.joining import ASIDE, CARD_LOST, LOST, Joining
from tests.storage.conftest import Till
from tests.storage.conftest import till as till  # noqa: PLC0414 - the fixture
from tests.storage.samples import NOON, paid, sale, seal, ticking
from tests.storage.sticks import entries_of, journal_of, stick_of

JOIN = Joining(lambda db: Journal(db, Identity(db).get(), seal=seal()), is_signed_by)


def plugged(stick: Path, db: Database) -> SecondMedium:
    stick.mkdir(exist_ok=True)
    medium = stick_of(stick, db)
    medium.open()
    JOIN(db, medium)
    return medium


def kept(till: Till, stick: Path, count: int, first: int = 0) -> None:
    """Sell, and keep all of it."""
    if not first:
        till.journal.introduce_key(NOON)
    for number in range(first, first + count):
        till.sell(number)
    medium = plugged(stick, till.db)
    medium.append(entries_of(till.db)[medium.head.seq :])


def older_card(till: Till, copy: Path) -> Database:
    """The card as it is now, to be put back later: what a card that lies about flushing shows after a power cut."""
    till.db.checkpoint()
    shutil.copyfile(till.db.path, copy)
    return Database.open(copy, now=ticking())


def test_a_stick_behind_the_card_is_left_as_it_is(till: Till, tmp_path: Path) -> None:
    kept(till, tmp_path / "stick", 5)
    till.sell(9)
    assert plugged(tmp_path / "stick", till.db).head.seq == 6
    assert ShopFacts(till.db).get(LOST) is None and ShopFacts(till.db).get(ASIDE) is None


def test_what_the_card_lost_comes_back_and_is_journalled(till: Till, tmp_path: Path) -> None:
    kept(till, tmp_path / "stick", 5)
    with older_card(till, tmp_path / "old.db") as old:
        Drafts(old).keep(sale(6), paid(sale(6)))
        kept(till, tmp_path / "stick", 3, first=5)
        medium = plugged(tmp_path / "stick", old)
        before, after = entries_of(till.db), entries_of(old)
        assert after[:9] == before
        assert (after[9].kind, json.loads(after[9].body)) == (CARD_LOST, {"count": 3, "from": 7, "to": 9})
        assert ShopFacts(old).get(LOST) == (
            "The card lost 3 entries; they were brought back from the stick. Change the card."
        )
        assert Drafts(old).load() is None
        for table in ("sale", "sale_line", "sale_tender", "untold_stock"):
            assert old.rows(f"SELECT * FROM {table}") == till.db.rows(f"SELECT * FROM {table}")
        assert medium.head.seq == 9
        made = Journal(old, till.identity, seal=seal()).record(sale(20), paid(sale(20)), till.person, NOON)
        assert made.completed.receipt_number == "T1-000009"


def test_a_brought_back_sale_is_looked_for_in_the_shop_first(till: Till, tmp_path: Path) -> None:
    kept(till, tmp_path / "stick", 2)
    with older_card(till, tmp_path / "old.db") as old:
        kept(till, tmp_path / "stick", 1, first=2)
        plugged(tmp_path / "stick", old)
        ((state, posted_at, at),) = old.rows(
            "SELECT state, posted_at, completed_at FROM outbox JOIN sale USING (seq) ORDER BY seq DESC LIMIT 1"
        )
    assert (state, posted_at) == ("due", at)


def test_two_tills_that_went_on_from_one_card_do_not_mix(till: Till, tmp_path: Path) -> None:
    """The stick was plugged in late: the card that had lost sales has sold since."""
    kept(till, tmp_path / "stick", 5)
    with older_card(till, tmp_path / "old.db") as old:
        kept(till, tmp_path / "stick", 3, first=5)
        Journal(old, till.identity, seal=seal()).note("no-sale", 1, NOON)
        kept_before = journal_of(tmp_path / "stick").read_bytes()
        medium = plugged(tmp_path / "stick", old)
        assert medium.head.seq == 0
        assert (medium.folder / "journal-aside-1.jsonl").read_bytes() == kept_before
        assert ShopFacts(old).get(ASIDE) == (
            "The stick held another journal with 2 sales that the card does not have. It is kept there as "
            "journal-aside-1.jsonl. Call the technician."
        )
        medium.append(entries_of(old))


def test_a_stick_of_the_same_length_and_another_chain_is_set_aside(till: Till, tmp_path: Path) -> None:
    kept(till, tmp_path / "stick", 3)
    with older_card(till, tmp_path / "old.db") as old:
        Journal(old, till.identity, seal=seal()).note("no-sale", 1, NOON)
        till.sell(7)
        medium = plugged(tmp_path / "stick", till.db)
        medium.append(entries_of(till.db)[4:])
        assert plugged(tmp_path / "stick", old).head.seq == 0


@pytest.mark.parametrize("forged", ["signature", "key"])
def test_what_somebody_else_wrote_on_the_stick_is_not_taken(till: Till, tmp_path: Path, forged: str) -> None:
    kept(till, tmp_path / "stick", 3)
    with older_card(till, tmp_path / "old.db") as old:
        stranger = seal(2) if forged == "key" else replace(seal(), sign=lambda _: bytes(64))
        Journal(till.db, till.identity, seal=stranger).record(sale(5), paid(sale(5)), till.person, NOON)
        medium = plugged(tmp_path / "stick", till.db)
        medium.append(entries_of(till.db)[4:])
        plugged(tmp_path / "stick", old)
        assert len(entries_of(old)) == 4
        assert ShopFacts(old).get(LOST) is None
        assert "with 1 sale that the card does not have" in (ShopFacts(old).get(ASIDE) or "")
