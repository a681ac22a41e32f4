from pathlib import Path

import pytest

from appliance.storage import chain
from appliance.storage.chain import Entry
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.held import HeldSales, replay_held
from tests.storage.conftest import Till
from tests.storage.samples import NOON, fresh_till, product, sale, sealer


def held_sales(till: Till) -> HeldSales:
    return HeldSales(till.db, till.journal, sealer())


def entries(till: Till) -> list[Entry]:
    return [Entry(*row) for row in till.db.rows(f"{chain.ENTRIES} ORDER BY seq")]


def replayed(till: Till, path: Path) -> Database:
    """A new file with all entries of the till, and what they did to sales that were set aside."""
    db, _, _ = fresh_till(path)
    with db.transaction() as connection:
        for entry in entries(till):
            chain.replay(connection, entry)
            replay_held(connection, entry)
    return db


def rows(db: Database) -> tuple[object, object]:
    return db.rows("SELECT * FROM held_sale ORDER BY sale_id"), db.rows("SELECT * FROM draft")


def test_holding_takes_the_draft_and_recalling_gives_it_back(till: Till) -> None:
    held, made = held_sales(till), sale(1)
    till.drafts.keep(made, None)
    kept = held.hold(made, till.person, "Mrs Byrne", NOON)
    assert till.drafts.load() is None
    assert held.all() == [kept] == [held.get(made.sale_id)]

    assert held.recall(made.sale_id, till.person.person_id, NOON) == made
    draft = till.drafts.load()
    assert draft is not None
    assert (draft.sale, draft.payment) == (made, None)
    assert [entry.kind for entry in entries(till)] == ["held", "recalled"]


def test_the_same_sale_can_be_set_aside_again(till: Till) -> None:
    held, made = held_sales(till), sale(1)
    for _ in range(3):
        held.hold(made, till.person, "", NOON)
        held.recall(made.sale_id, till.person.person_id, NOON)
    held.hold(made, till.person, "", NOON)
    assert len(held.all()) == 1


def test_what_is_not_set_aside_is_neither_recalled_nor_given_up(till: Till) -> None:
    held = held_sales(till)
    for deed in (held.recall, held.drop):
        with pytest.raises(NoSuchSaleError):
            deed("0" * 32, till.person.person_id, NOON)
    assert entries(till) == []


def test_a_till_that_is_rebuilt_has_the_same_sales_set_aside(till: Till, tmp_path: Path) -> None:
    held, person_id = held_sales(till), till.person.person_id
    for number in (1, 2, 3, 4):
        held.hold(sale(number), till.person, f"customer {number}", NOON)
    held.drop(sale(1).sale_id, person_id, NOON)
    held.recall(sale(2).sale_id, person_id, NOON)
    till.journal.void_sale(sale(2), person_id, NOON)
    held.recall(sale(3).sale_id, person_id, NOON)
    again = replayed(till, tmp_path / "again.db")

    assert rows(again) == rows(till.db)
    assert [row[0] for row in rows(again)[0]] == [sale(4).sale_id]  # type: ignore[attr-defined]
    again.close()


def test_a_clock_that_is_behind_leaves_the_same_row_in_a_rebuilt_till(till: Till, tmp_path: Path) -> None:
    till.sell(9)
    held = held_sales(till)
    held.hold(sale(1), till.person, "", NOON.replace(year=1970))
    assert held.all()[0].held_at == NOON

    db, _, _ = fresh_till(tmp_path / "again.db")
    with db.transaction() as connection:
        replay_held(connection, entries(till)[-1])
    assert rows(db)[0] == rows(till.db)[0]
    db.close()


def reserved(till: Till) -> list[tuple[int, int]]:
    return [
        (found.product_id, found.reserved)
        for number in range(1, 30)
        if (found := till.catalogue.get(number)) is not None and found.reserved
    ]


def test_what_is_set_aside_is_reserved_until_it_is_recalled_or_given_up(till: Till) -> None:
    till.learn(*(product(number) for number in range(1, 30)))
    held = held_sales(till)
    for number in (0, 40):
        held.hold(sale(number), till.person, "", NOON)
    assert reserved(till) == [(1, 2), (2, 4), (3, 2), (4, 4), (5, 2)]
    mug = till.catalogue.get(2)
    assert mug is not None
    assert (mug.on_hand, mug.available) == (50, 46)
    held.recall(sale(0).sale_id, till.person.person_id, NOON)
    assert reserved(till) == [(1, 1), (2, 2), (3, 1), (4, 2), (5, 1)]
    held.drop(sale(40).sale_id, till.person.person_id, NOON)
    assert reserved(till) == []
