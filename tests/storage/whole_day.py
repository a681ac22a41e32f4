"""A made day with every kind of entry that has rows of its own, and what of a till must come back from the journal."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

from appliance.domain.approval import Approval, Guarded
from appliance.domain.refund_planning import of_sale
from appliance.domain.sale import Sale
from appliance.domain.staff import Person
from appliance.domain.stock import MoveKind, StockMoveLine
from appliance.domain.tender import Payment, TenderKind
from appliance.storage.binding import Bindings
from appliance.storage.cashing_up import CashingUp
from appliance.storage.database import Database
from appliance.storage.held import HeldSales
from appliance.storage.journal import Journal
from appliance.storage.refunds import Refunds
from appliance.storage.stock_moves import StockMoves
from appliance.storage.totals import totals
from tests.storage.samples import NOON, RULES, line_of, paid, product, sale, sealer

HARDWARE, OTHER_HARDWARE = "a" * 64, "b" * 64
TABLES = (
    "journal",
    "sale",
    "sale_line",
    "sale_tender",
    "untold_stock",
    "refund",
    "refund_line",
    "stock_move",
    "stock_move_line",
    "untold_move",
    "cash_move",
    "z_report",
    "binding",
    "held_sale",
    "held_stock",
    "draft",
)
OUTBOXES = ("outbox", "refund_outbox", "stock_move_outbox")
"""What comes back as it was. Of the outboxes it is the rows, and not how far the telling had come."""
WORD = Approval(2, "Séan", Guarded.REFUND_WITHOUT_RECEIPT, "knows the customer", NOON)


def live_a_day(db: Database, journal: Journal, person: Person, first: int = 0) -> None:
    """Do everything that leaves rows, with the sales of numbers from ``first`` to ``first + 9``."""
    cash, held, refunds = CashingUp(db, journal), HeldSales(db, journal, sealer()), Refunds(db, journal)
    Bindings(db).begin(journal, HARDWARE, NOON)
    journal.note("sign-in", person.person_id, NOON, {"name": person.name})
    cash.float(15_000, "", person, NOON)
    for number in range(first, first + 3):
        made = sale(number)
        journal.record(made, paid(made, 45), person, NOON + timedelta(minutes=number))
    odd = _odd_sale(first + 3)
    journal.record(odd, Payment(odd.total_minor, 5).card(300, "Ref \u2028 7").cash(10_000), person, NOON)
    held.hold(sale(first + 4), person, "Frau Weiß", NOON)
    held.hold(sale(first + 5), person, "the green coat", NOON)
    held.hold(sale(first + 6), person, "", NOON)
    again = held.recall(sale(first + 4).sale_id, person.person_id, NOON)
    journal.record(again, paid(again), person, NOON)
    held.drop(sale(first + 5).sale_id, person.person_id, NOON)
    journal.void_sale(sale(first + 7), person.person_id, NOON)
    for number in (1, 2):
        damaged = {1} if number == 2 else set[int]()
        refund = of_sale(f"{first:031x}{number}", refunds.refundable(odd.sale_id), {1: 1}, damaged)
        refunds.record(refund, TenderKind.CASH, "Faulty", person, NOON, rounding_minor=2)
    bare = replace(refund, refund_id=f"{first + 77:032x}", of_sale_id="", of_receipt="")
    bare = replace(bare, lines=tuple(replace(line, of_position=None, restock=True) for line in bare.lines))
    refunds.record(bare, TenderKind.CARD, "Not wanted", person, NOON, approval=WORD)
    _move_stock(StockMoves(db, journal), person, first)
    cash.paid_in(2_000, "from the bank", person, NOON)
    cash.paid_out(1_550, "window cleaner", person, NOON, {"by": 2, "name": "Séan", "why": "due"})
    journal.note("no-sale", person.person_id, NOON)
    cash.close_day(person, NOON + timedelta(hours=6))
    made = sale(first + 8)
    journal.record(made, paid(made), person, NOON - timedelta(days=9))


def _move_stock(moves: StockMoves, person: Person, first: int) -> None:
    lines = [
        StockMoveLine(9, None, 9, "Crème", -2, "SKU-9", expected=7, counted=5),
        StockMoveLine(8, 7, 7, "Red", 3),
    ]
    moves.record(MoveKind.COUNT, lines, "Counted", person, NOON, move_id=f"{first + 78:032x}", approved_by=2)
    moves.record(
        MoveKind.HOLD,
        [StockMoveLine(9, None, 9, "Crème", -1)],
        "Kept",
        None,
        NOON,
        move_id=f"{first + 79:032x}",
    )


def _odd_sale(number: int) -> Sale:
    """A weighed line, a shared count, a note, a void, a name in many scripts, three of one thing."""
    made = Sale(f"{number:032x}", NOON, RULES)
    thrice = line_of(product(9, name='Crème "brûlée" 🍮 \\ 日本'), 3)
    made = made.add(thrice)
    made = made.add(replace(line_of(product(10)), weight_grams=437, note="a little less, please"))
    made = made.add(line_of(product(11, parent_id=9, parent_manages_stock=True)))
    made = made.add(line_of(product(12, manages_stock=False)))
    return made.void(made.lines[-1].position)


def rows_of(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All that must come back."""
    rows = {table: db.rows(f"SELECT * FROM {table} ORDER BY 1, 2") for table in TABLES}
    return rows | {table: db.rows(f"SELECT seq, settled_seq FROM {table} ORDER BY 1") for table in OUTBOXES}


def figures_of(db: Database) -> dict[str, Any]:
    """The X report, without the moment at which it was asked for and without names of people, who do not come back."""
    figures = asdict(totals(db, NOON - timedelta(days=30)))
    del figures["until"], figures["unsent"]
    return json.loads(json.dumps(figures, default=str))  # type: ignore[no-any-return]
