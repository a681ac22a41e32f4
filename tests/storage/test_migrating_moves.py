"""A file of the version before, with refunds that nobody told and a sale set aside, brought up to date."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from appliance.domain.refund import CompletedRefund, Refund, RefundLine
from appliance.domain.tender import TenderKind
from appliance.storage import chain
from appliance.storage.codec import canonical, draft_to_text
from appliance.storage.database import Database
from appliance.storage.identity import Identity
from appliance.storage.instants import to_text
from appliance.storage.journal import Journal
from appliance.storage.migrating import MIGRATIONS, migrations
from appliance.storage.proving import broken_rule
from appliance.storage.refund_codec import LINE_FIELDS, refund_to_dict
from appliance.storage.replaying import replay
from appliance.storage.stock_moves import StockMoves
from tests.storage.samples import NOON, TILL_ID, line_of, product, sale, seal, ticking
from tests.storage.sticks import entries_of
from tests.storage.test_refund_outbox import WORD
from tests.storage.test_replaying import new_card
from tests.storage.whole_day import rows_of


def lines() -> tuple[RefundLine, ...]:
    goods = [line_of(product(7, parent_id=3, parent_manages_stock=True), 2), line_of(product(9), 1)]
    gift = line_of(product(8, manages_stock=False))
    return tuple(
        RefundLine(n, None, line.product_id, line.stock_id, line.name, line.quantity, 100, 0, "", 0)
        for n, line in enumerate((*goods, gift), 1)
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A refund without a receipt, of goods of which one is not counted; and a sale set aside."""
    path, folder = tmp_path / "till.db", tmp_path / "before"
    folder.mkdir()
    for number, migration in migrations(MIGRATIONS).items():
        if number < 3:
            shutil.copy(migration, folder)
    with Database.open(path, now=ticking(), folder=folder) as db:
        journal = Journal(db, Identity(db).create(TILL_ID, "T1", "EUR"), seal=seal())
        journal.introduce_key(NOON)
        refund = Refund("e" * 32, lines())
        done = CompletedRefund(
            refund, TenderKind.CASH, "", 0, "Faulty", WORD, "T1-000001", NOON, 1, "Mara", "Till 1"
        )
        body = refund_to_dict(done)
        with db.transaction() as connection:
            stamp = journal.stamp(connection, NOON, "refund")
            seq = stamp.append(connection, "refund", 1, canonical(body)).seq
            connection.execute(
                "INSERT INTO refund (seq, refund_id, series, number, completed_at, person_id, approved_by, "
                "total_minor, tax_minor, tender, reason) VALUES (?, ?, 'T1', 1, ?, 1, 2, 300, 0, 'cash', 'Faulty')",
                (seq, "e" * 32, to_text(NOON)),
            )
            rows = [
                (seq, n, *(line[name] for name in LINE_FIELDS)) for n, line in enumerate(body["lines"], 1)
            ]
            connection.executemany(
                f"INSERT INTO refund_line (seq, position, {', '.join(LINE_FIELDS)}) VALUES "
                f"({', '.join('?' * (2 + len(LINE_FIELDS)))})",
                rows,
            )
            connection.execute("INSERT INTO refund_outbox (seq, state) VALUES (?, 'due')", (seq,))
            connection.execute(
                "INSERT INTO held_sale (sale_id, body, held_at, person_id) VALUES (?, ?, ?, 1)",
                (sale(0).sale_id, draft_to_text(sale(0), None), to_text(NOON)),
            )
    return path


def test_what_came_back_without_an_order_is_a_move_as_it_would_be_today(file: Path, tmp_path: Path) -> None:
    with Database.open(file, now=ticking()) as db, new_card(tmp_path) as new:
        replay(new, entries_of(db))
        theirs, ours = rows_of(new), rows_of(db)
        for table in ("held_sale", "held_stock"):  # its entry was not made here
            del theirs[table], ours[table]
        assert theirs == ours
        made = StockMoves(db, Journal(db, Identity(db).get())).get("e" * 32)
        assert [(line.product_id, line.parent_id, line.stock_id, line.quantity) for line in made.lines] == [
            (7, 3, 3, 2),
            (9, None, 9, 1),
        ]
        assert db.rows("SELECT inherited FROM stock_move_outbox") == [(1,)], "a copy may hold it"
        assert broken_rule(db) == ""
        db.check()


def test_what_was_set_aside_is_reserved(file: Path) -> None:
    with Database.open(file, now=ticking()) as db:
        assert db.rows("SELECT stock_id, quantity FROM held_stock") == [
            (1, 1),
            (2, 2),
            (3, 1),
            (4, 2),
            (5, 1),
        ]
        assert json.loads(db.rows("SELECT body FROM held_sale")[0][0])["sale"]["id"] == sale(0).sale_id
        assert db.rows(f"{chain.ENTRIES} WHERE kind = 'held'") == []
