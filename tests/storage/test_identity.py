"""Who the till is, and which hardware that belongs to."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import pytest

from appliance.domain.hardware import UNKNOWN, fingerprint
from appliance.storage.binding import SHOP_HEAD, Bindings, Why, found
from appliance.storage.database import Database
from appliance.storage.errors import IdentityError, RuleBrokenError
from appliance.storage.facts import ShopFacts
from appliance.storage.identity import Identity, TillIdentity
from appliance.storage.journal import Journal
from tests.storage.conftest import Till
from tests.storage.samples import NOON, TILL_ID, paid, sale, seal, ticking

HERE = fingerprint("board 1", "card 1")
OTHER_BOARD, OTHER_CARD = fingerprint("board 2", "card 1"), fingerprint("board 1", "card 2")
WHO = (7, "Ciarán")


def entries(db: Database) -> list[tuple[str, dict[str, object]]]:
    rows = db.rows("SELECT kind, body FROM journal ORDER BY seq")
    return [(kind, json.loads(body)) for kind, body in rows]


def move(till: Till, times: int = 1) -> list[str]:
    """Confirm on other hardware so many times; the series that came of it."""
    made = []
    for number in range(times):
        here = fingerprint(f"board {number + 10}", f"card {number + 10}")
        new_id = f"{len(Identity(till.db).every_series()):032x}"
        made.append(Bindings(till.db).rebind(till.journal, here, NOON, WHO, new_id).series)
    return made


def know(till: Till, seq: int, hash_hex: str, receipt: str = "T1-000009") -> None:
    ShopFacts(till.db).set(SHOP_HEAD, json.dumps({"seq": seq, "hash": hash_hex, "receipt": receipt}))


def test_a_new_till_has_its_key_and_its_hardware_in_its_first_two_entries(tmp_path: Path) -> None:
    wanted = TillIdentity(TILL_ID, "T1", "EUR")
    with Database.open(tmp_path / "till.db", now=ticking()) as db:
        assert found(db, seal(), HERE, wanted, NOON) == wanted == Identity(db).get()
        bound = {"hardware_id": HERE, "series": "T1", "till_id": TILL_ID}
        assert entries(db) == [("keyed", {"public_key": seal().public_key.hex()}), ("bound", bound)]
        assert db.rows("SELECT seq, till_id, series, hardware_id FROM binding") == [(2, TILL_ID, "T1", HERE)]
        assert Bindings(db).moved(HERE) is None


def test_a_till_is_founded_once_and_whole_or_not_at_all(tmp_path: Path) -> None:
    with Database.open(tmp_path / "till.db", now=ticking()) as db:
        with pytest.raises(RuleBrokenError):
            found(db, seal(), "too short", TillIdentity(TILL_ID, "T1", "EUR"), NOON)
        assert not Identity(db).exists()
        assert entries(db) == []
        found(db, seal(), HERE, TillIdentity(TILL_ID, "T1", "EUR"), NOON)
        with pytest.raises(IdentityError):
            found(db, seal(), HERE, TillIdentity("f" * 32, "T2", "EUR"), NOON)
        assert len(entries(db)) == 2


def test_a_till_of_the_first_version_is_bound_at_its_next_start_and_only_then(till: Till) -> None:
    bindings = Bindings(till.db)
    assert bindings.last() is None
    assert bindings.moved(HERE) is None
    for _ in range(2):  # the kiosk and the sync service
        bindings.begin(till.journal, HERE, NOON)
    assert [kind for kind, _ in entries(till.db)] == ["keyed", "bound"]
    bound = bindings.last()
    assert bound is not None
    assert (bound.till_id, bound.series, bound.hardware_id, bound.bound_at) == (TILL_ID, "T1", HERE, NOON)
    assert Identity(till.db).get() == till.identity


def test_a_start_on_other_hardware_binds_nothing(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    Bindings(till.db).begin(till.journal, OTHER_BOARD, NOON)
    assert Bindings(till.db).moved(OTHER_BOARD) is Why.OTHER_COMPUTER


@pytest.mark.parametrize(
    ("here", "why"),
    [
        (HERE, None),
        (OTHER_BOARD, Why.OTHER_COMPUTER),
        (OTHER_CARD, Why.OTHER_CARD),
        (fingerprint("board 2", "card 2"), Why.OTHER_BOTH),
        (UNKNOWN * 2, None),
        (fingerprint("board 1", ""), None),
        (fingerprint("", "card 2"), Why.OTHER_CARD),
    ],
)
def test_other_hardware_is_seen_and_an_unreadable_number_is_no_proof(
    till: Till, here: str, why: Why | None
) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    assert Bindings(till.db).moved(here) is why
    assert Bindings(till.db).may_upload(here) is (why is None)


def test_the_shop_knows_more_when_it_names_an_entry_that_is_not_here(till: Till) -> None:
    bindings = Bindings(till.db)
    bindings.begin(till.journal, HERE, NOON)
    recorded = till.sell(1)
    know(till, 3, recorded.hash_hex)
    assert bindings.moved(HERE) is None
    know(till, 3, recorded.hash_hex.upper())
    assert bindings.moved(HERE) is None
    know(till, 4, recorded.hash_hex)
    assert bindings.moved(HERE) is Why.SHOP_KNOWS_MORE
    know(till, 3, "00" * 32)
    assert bindings.moved(HERE) is Why.SHOP_KNOWS_MORE
    assert not bindings.may_upload(HERE)


def test_what_the_shop_knows_of_another_series_is_no_matter(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    know(till, 900, "00" * 32, "T2-000500")
    assert Bindings(till.db).moved(HERE) is None


@pytest.mark.parametrize("text", ["", "null", "[]", "7", "{}", '{"receipt":"T1-000001"}', "no json"])
def test_a_head_that_makes_no_sense_stops_no_till_or_asks_a_person(till: Till, text: str) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    ShopFacts(till.db).set(SHOP_HEAD, text)
    assert Bindings(till.db).moved(HERE) in (None, Why.SHOP_KNOWS_MORE)


def test_confirming_gives_a_new_till_the_next_series_and_marks_what_is_unsent(till: Till) -> None:
    bindings = Bindings(till.db)
    bindings.begin(till.journal, HERE, NOON)
    ids = [till.sell(number).completed.sale.sale_id for number in range(1, 4)]
    till.outbox.remember(ids[0], 11)
    till.outbox.mark_sent(ids[0], NOON)
    till.outbox.park(ids[2], "look at it")
    know(till, 900, "00" * 32)
    ShopFacts(till.db).set("must_confirm", "other card")

    new = bindings.rebind(till.journal, OTHER_CARD, NOON, WHO, "e" * 32)

    assert new == ("e" * 32, "T1B", "EUR") == Identity(till.db).get()
    assert till.db.rows("SELECT inherited FROM outbox ORDER BY seq") == [(0,), (1,), (1,)]
    assert entries(till.db)[-1] == (
        "bound",
        {
            "by": "Ciarán",
            "hardware_id": OTHER_CARD,
            "series": "T1B",
            "till_id": "e" * 32,
            "was": {"hardware_id": HERE, "series": "T1", "till_id": TILL_ID},
            "why": "other card",
        },
    )
    assert till.db.one("SELECT person_id FROM journal ORDER BY seq DESC LIMIT 1") == (7,)
    assert bindings.moved(OTHER_CARD) is None
    assert bindings.may_upload(OTHER_CARD)
    assert ShopFacts(till.db).get(SHOP_HEAD) is None
    assert till.sell(4).completed.receipt_number == "T1B-000001"
    assert till.db.one("SELECT inherited FROM outbox ORDER BY seq DESC LIMIT 1") == (0,)
    assert till.journal.verify() is None


def test_confirming_is_whole_or_not_at_all(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    till.sell(1)
    with pytest.raises(RuleBrokenError):
        Bindings(till.db).rebind(till.journal, OTHER_CARD, NOON, WHO, TILL_ID)  # a till id that was used
    with till.db.transaction() as connection:
        connection.execute(
            "CREATE TEMP TRIGGER no BEFORE UPDATE OF inherited ON outbox BEGIN SELECT raise(ABORT, 'no'); END"
        )
    with pytest.raises(RuleBrokenError):
        Bindings(till.db).rebind(till.journal, OTHER_CARD, NOON, WHO, "e" * 32)
    assert Identity(till.db).get() == till.identity
    assert till.db.rows("SELECT inherited FROM outbox") == [(0,)]
    assert till.sell(2).completed.receipt_number == "T1-000002"


def test_the_series_go_on_through_the_alphabet_without_the_sticks_x(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    made = move(till, 50)
    assert made[:3] == ["T1B", "T1C", "T1D"]
    assert made[20:26] == ["T1V", "T1W", "T1Y", "T1Z", "T1AA", "T1AB"]
    assert not any(series.endswith("X") for series in made)
    assert len(set(made)) == len(made)
    assert made[48:] == ["T1AZ", "T1BA"]


def test_a_series_that_anybody_is_known_to_have_used_is_passed_over(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    know(till, 5, "00" * 32, "T1B-000004")
    ShopFacts(till.db).set("shop_series", '["T1", "T1C", "T2"]')
    assert Bindings(till.db).next_series() == "T1D"
    ShopFacts(till.db).set("shop_series", None)
    assert Bindings(till.db).next_series() == "T1C"


def test_a_long_series_is_cut_so_that_the_next_still_fits(tmp_path: Path) -> None:
    with Database.open(tmp_path / "till.db", now=ticking()) as db:
        found(db, seal(), HERE, TillIdentity(TILL_ID, "GALWAY01", "EUR"), NOON)
        assert Bindings(db).next_series() == "GALWAY0B"
        journal = Journal(db, Identity(db).get(), seal=seal())
        Bindings(db).rebind(journal, OTHER_CARD, NOON, WHO, "e" * 32)
        assert Bindings(db).next_series() == "GALWAY0C"


def test_receipts_of_every_earlier_series_are_still_ours(till: Till) -> None:
    Bindings(till.db).begin(till.journal, HERE, NOON)
    first = till.sell(1).completed
    move(till, 2)
    till.sell(2)
    assert Identity(till.db).every_series() == ("T1", "T1B", "T1C")
    assert till.journal.by_receipt("T1-000001") == first
    assert till.journal.by_receipt("T1C-000001") is not None


def test_two_copies_of_one_card_go_on_without_a_number_in_common(till: Till, tmp_path: Path) -> None:
    """The original stays where it was; the copy finds itself on other hardware, and both sell on."""
    Bindings(till.db).begin(till.journal, HERE, NOON)
    for number in range(5):
        till.sell(number)
    till.db.checkpoint()
    shutil.copy(till.db.path, tmp_path / "copy.db")
    with Database.open(tmp_path / "copy.db", now=ticking()) as db:
        copy = Journal(db, Identity(db).get(), seal=seal())
        Bindings(db).begin(copy, OTHER_CARD, NOON)
        assert not Bindings(db).may_upload(OTHER_CARD)
        Bindings(db).rebind(copy, OTHER_CARD, NOON, WHO, "e" * 32)
        before = {each.receipt_number for each in till.journal.last(100)}
        here, there = set(), set()
        for number in range(10, 15):
            here.add(till.sell(number).completed.receipt_number)
            made = sale(number + 100)
            there.add(copy.record(made, paid(made), till.person, NOON).completed.receipt_number)
        assert before.isdisjoint(here) and before.isdisjoint(there) and here.isdisjoint(there)
        assert till.db.rows("SELECT DISTINCT inherited FROM outbox") == [(0,)]
        assert db.rows("SELECT inherited, count(*) FROM outbox GROUP BY 1") == [(0, 5), (1, 5)]
        assert copy.verify() is till.journal.verify() is None


def test_a_card_that_goes_back_to_its_first_board_asks_again(till: Till) -> None:
    bindings = Bindings(till.db)
    bindings.begin(till.journal, HERE, NOON)
    bindings.rebind(till.journal, OTHER_BOARD, NOON, WHO, "e" * 32)
    assert bindings.moved(HERE) is Why.OTHER_COMPUTER


def test_the_suffixes_never_end() -> None:
    from appliance.storage.binding import _suffixes

    many = list(islice(_suffixes(), 5_000))
    assert len(set(many)) == 5_000
    assert max(map(len, many)) == 3
