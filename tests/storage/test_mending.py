"""A line that is told otherwise: what is told, what is counted, and a till that is rebuilt."""

from __future__ import annotations

from pathlib import Path

import pytest

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.errors import NoSuchLineError
from appliance.machine.signatures import is_signed_by
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError
from appliance.storage.identity import Identity
from appliance.storage.mending import Mend, Mending
from appliance.storage.replaying import replay
from tests.storage.conftest import Till
from tests.storage.samples import NOON, TILL_ID, product, sale, ticking
from tests.storage.sticks import entries_of


def counted(db: Database) -> list[tuple[int, ...]]:
    return [tuple(row) for row in db.rows("SELECT stock_id, quantity FROM untold_stock ORDER BY 1")]


def sell(till: Till) -> str:
    till.journal.introduce_key(NOON)
    till.catalogue.apply(CatalogueChanges(tuple(product(number) for number in range(1, 9)), read_at=NOON))
    return till.sell(0).completed.sale.sale_id


def test_the_sale_stays_and_what_is_told_changes(till: Till, tmp_path: Path) -> None:
    sale_id, mending = sell(till), Mending(till.db, till.journal)
    first = sale(0).lines[0]
    before = counted(till.db)
    assert mending.told(sale_id) == till.journal.sale(sale_id)

    mending.mend(sale_id, Mend(first.position, 8, None, 8), till.person, NOON, "It was another")
    told = mending.told(sale_id).sale.line(first.position)
    assert (told.product_id, told.stock_id, told.name) == (8, 8, first.name)
    assert till.journal.sale(sale_id).sale.line(first.position) == first
    assert sum(row[1] for row in counted(till.db)) == sum(row[1] for row in before) - first.quantity

    with Database.open(tmp_path / "new.db", now=ticking()) as new:
        Identity(new).create(TILL_ID, "T1", "EUR")
        replay(new, entries_of(till.db), is_signed_by)
        assert counted(new) == counted(till.db)


def test_what_is_not_there_cannot_be_mended(till: Till) -> None:
    sale_id, mending = sell(till), Mending(till.db, till.journal)
    with pytest.raises(NoSuchLineError):
        mending.mend(sale_id, Mend(99), till.person, NOON, "No")
    with pytest.raises(NoSuchSaleError):
        mending.mend("f" * 32, Mend(1), till.person, NOON, "No")
    assert mending.told(sale_id) == till.journal.sale(sale_id)


def test_a_mended_line_counts_nowhere_when_its_order_is_gone_or_lost(till: Till) -> None:
    sale_id, mending = sell(till), Mending(till.db, till.journal)
    mending.mend(sale_id, Mend(sale(0).lines[0].position, 8, None, 8), till.person, NOON, "It was another")
    before = counted(till.db)
    till.outbox.remember(sale_id, 900)
    till.outbox.forget_order(sale_id)
    assert counted(till.db) == before
    till.outbox.remember(sale_id, 901)
    till.outbox.mark_sent(sale_id, NOON)
    till.outbox.lose([sale_id])
    assert counted(till.db) == before


def test_what_the_shop_has_an_order_of_cannot_be_mended(till: Till) -> None:
    sale_id, mending = sell(till), Mending(till.db, till.journal)
    till.outbox.remember(sale_id, 900)
    with pytest.raises(NoSuchSaleError):
        mending.mend(sale_id, Mend(sale(0).lines[0].position), till.person, NOON, "No")
