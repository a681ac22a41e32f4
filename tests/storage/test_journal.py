"""Completing sales, and a past that cannot be changed."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta

import apsw
import pytest
from nacl.signing import VerifyKey

from appliance.domain.errors import EmptySaleError, StillDueError
from appliance.domain.sale import Sale
from appliance.domain.tender import Payment, TenderKind
from appliance.storage.database import Database
from appliance.storage.errors import NoSuchSaleError, RuleBrokenError, SaleExistsError
from appliance.storage.journal import Journal
from appliance.storage.print_jobs import PrintJobs
from tests.storage.conftest import Till
from tests.storage.samples import NOON, RULES, paid, sale, seal, ticking

TABLES = ("journal", "sale", "sale_line", "sale_tender", "outbox", "print_job", "untold_stock")

SAME = "kind, at, person_id, body"
SIGNED = "boot_id, uptime_ms, clock, signature"


def counts(db: Database) -> dict[str, int]:
    return {table: db.rows(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES}


def test_a_sale_is_on_the_disk_with_all_that_belongs_to_it(till: Till) -> None:
    till.drafts.keep(sale(1), None)
    recorded = till.sell(1)
    assert recorded.completed.receipt_number == "T1-000001"
    assert recorded.completed.till_name == "Till at the door"
    with Database.open(till.db.path, now=ticking()) as other:
        assert counts(other) == dict.fromkeys(TABLES, 1) | {"sale_line": 5, "untold_stock": 5}
        assert Journal(other, till.identity).sale(sale(1).sale_id) == recorded.completed
    assert till.drafts.load() is None
    assert [job.job_id for job in PrintJobs(till.db).open()] == [recorded.job_id]


def test_the_rows_say_what_the_sale_says(till: Till) -> None:
    completed = till.sell(4).completed
    total, tax, change = till.db.rows("SELECT total_minor, tax_minor, change_minor FROM sale")[0]
    assert (total, tax, change) == (completed.sale.total_minor, completed.sale.tax_total_minor, 55)
    lines = till.db.rows("SELECT sum(quantity * unit_price_minor), sum(tax_minor) FROM sale_line")[0]
    assert lines == (total, tax)
    assert till.db.rows("SELECT kind, amount_minor, given_minor FROM sale_tender") == [
        ("cash", total, total + 55)
    ]


def test_receipt_numbers_have_no_gap_even_after_a_refusal(till: Till) -> None:
    for number in range(1, 6):
        assert till.sell(number).completed.receipt_number == f"T1-{number:06d}"
        with pytest.raises(SaleExistsError, match="completed already"):
            till.sell(number)
        till.journal.note("no-sale", 1, NOON)
    assert till.db.rows("SELECT number FROM sale ORDER BY seq") == [(n,) for n in range(1, 6)]


def test_an_unpaid_or_empty_sale_is_refused_and_its_draft_stays(till: Till) -> None:
    till.drafts.keep(sale(1), None)
    with pytest.raises(StillDueError):
        till.journal.record(sale(1), Payment(sale(1).total_minor), till.person, NOON)
    with pytest.raises(EmptySaleError):
        till.journal.record(Sale("0" * 32, NOON, RULES), Payment(0), till.person, NOON)
    assert counts(till.db) == dict.fromkeys(TABLES, 0)
    assert till.drafts.load() is not None


def test_without_a_receipt_no_paper_is_wanted(till: Till) -> None:
    recorded = till.journal.record(sale(1), paid(sale(1)), till.person, NOON, print_receipt=False)
    assert recorded.job_id is None
    assert counts(till.db)["print_job"] == 0


def test_a_sale_is_found_by_its_receipt_as_scanned_or_typed(till: Till) -> None:
    completed = till.sell(1).completed
    assert till.journal.by_receipt(" t1-000001 ") == completed
    assert till.journal.by_receipt("T1-1") == completed
    for text in ("T1-000002", "T2-000001", "5901234123457", "T1-", "T1-²", "T1-" + "9" * 30, ""):
        assert till.journal.by_receipt(text) is None


def test_the_last_sales_come_newest_first(till: Till) -> None:
    sold = [till.sell(number).completed for number in range(4)]
    assert till.journal.last(3) == sold[:0:-1]


def test_a_sale_that_is_not_here_is_said_in_a_sentence(till: Till) -> None:
    for ask in (till.journal.sale, till.journal.chain_code):
        with pytest.raises(NoSuchSaleError, match="no such sale"):
            ask("f" * 32)


def test_anybody_can_compute_the_chain_from_the_columns(till: Till) -> None:
    till.journal.note("sign-in", 1, NOON, {"name": 'Mara "the" Ängström'})
    recorded = till.sell(1)
    previous = bytes(32)
    key = VerifyKey(seal().public_key)
    columns = "at, body, boot_id, clock, kind, person_id, seq, uptime_ms, previous_hash, hash, signature"
    for *values, before, hash_, signature in till.db.rows(f"SELECT {columns} FROM journal ORDER BY seq"):
        names = ("at", "body", "boot", "clock", "kind", "person", "seq", "uptime_ms")
        entry = {**dict(zip(names, values, strict=True)), "body": json.loads(values[1]), "v": 2}
        text = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert (before, hash_) == (previous, hashlib.sha256(previous + text.encode()).digest())
        assert key.verify(hash_, signature) == hash_
        previous = hash_
    assert previous.hex() == recorded.hash_hex
    assert till.journal.chain_code(sale(1).sale_id).replace(" ", "") == recorded.hash_hex[:12].upper()
    assert till.journal.verify() is None


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE journal SET body = replace(body, 'Mara', 'Nora') WHERE seq = 3", 3),
        ("UPDATE journal SET at = '2026-11-22T00:00:00.000000Z' WHERE seq = 1", 1),
        ("UPDATE journal SET person_id = 2 WHERE seq = 4", 4),
        ("UPDATE journal SET hash = zeroblob(32) WHERE seq = 2", 2),
        ("UPDATE journal SET previous_hash = zeroblob(32) WHERE seq = 3", 3),
        ("DELETE FROM journal WHERE seq = 2", 2),
        ("UPDATE journal SET seq = 9 WHERE seq = 5", 5),
    ],
)
def test_a_changed_past_is_found_at_its_first_entry(till: Till, change: str, broken: int) -> None:
    for number in range(5):
        till.sell(number)
    assert till.journal.verify() is None
    thief = apsw.Connection(str(till.db.path))
    thief.execute("DROP TRIGGER journal_keeps; DROP TRIGGER journal_stays")
    thief.execute(change)
    thief.close()
    assert till.journal.verify() == broken


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE journal SET body = '{}'",
        "DELETE FROM journal",
        "INSERT OR REPLACE INTO journal SELECT * FROM journal WHERE seq = 1",
        f"INSERT INTO journal SELECT seq + 2, {SAME}, hash, hash, {SIGNED} FROM journal",
        f"INSERT INTO journal SELECT seq + 1, {SAME}, previous_hash, hash, {SIGNED} FROM journal",
        f"INSERT INTO journal SELECT seq + 1, {SAME}, hash, hash, boot_id, uptime_ms, clock, NULL FROM journal",
        "UPDATE sale SET total_minor = 0",
        "DELETE FROM sale",
        "UPDATE sale_line SET quantity = 1",
        "DELETE FROM sale_line",
        "UPDATE sale_tender SET amount_minor = 0",
        "DELETE FROM sale_tender",
        "DELETE FROM outbox",
        "INSERT OR REPLACE INTO outbox (seq, state) VALUES (1, 'due')",
        "UPDATE outbox SET state = 'sent'",
        "UPDATE outbox SET state = 'parked'",
    ],
)
def test_the_file_itself_refuses_to_rewrite_what_happened(till: Till, change: str) -> None:
    till.sell(1)
    before = (
        counts(till.db),
        till.db.rows("SELECT * FROM journal JOIN sale USING (seq) JOIN outbox USING (seq)"),
    )
    with pytest.raises(RuleBrokenError, match="rule was broken"):
        till.db.rows(change)
    after = (
        counts(till.db),
        till.db.rows("SELECT * FROM journal JOIN sale USING (seq) JOIN outbox USING (seq)"),
    )
    assert after == before


@pytest.mark.parametrize(
    ("insert", "why"),
    [
        (
            "sale SELECT seq + 1, replace(sale_id, '0', '1'), series, number + 2",
            "the receipt number has a gap",
        ),
        (
            f"journal SELECT seq + 2, {SAME}, hash, hash, {SIGNED} FROM journal --",
            "a gap, a broken chain, or no signature",
        ),
    ],
)
def test_numbers_have_no_gap_even_for_a_hand_that_knows_sql(till: Till, insert: str, why: str) -> None:
    till.sell(0)
    thief = apsw.Connection(str(till.db.path))
    rest = ", opened_at, completed_at, person_id, person_name, 1, 0, 0, 0, 0, 0, 0 FROM sale"
    with pytest.raises(apsw.ConstraintError, match=why):
        thief.execute(f"INSERT INTO {insert}{rest}")
    thief.close()


def test_the_x_report_adds_up_to_what_was_sold(till: Till) -> None:
    till.sell(0)
    since = NOON + timedelta(hours=1)
    first = sale(1, lines=3).void(2)
    second = sale(2)
    card = Payment(second.total_minor, 5).card(500, "0042").cash(second.total_minor)
    for made, payment in ((first, paid(first, 30)), (second, card)):
        till.journal.record(made, payment, till.person, since)
    given_up = sale(3, lines=2)
    till.drafts.keep(given_up, None)
    till.journal.void_sale(given_up, 1, since)
    assert till.drafts.load() is None

    totals = till.journal.totals(since)
    both = first.total_minor + second.total_minor
    assert (totals.sales, totals.items, totals.total_minor) == (2, first.items + second.items, both)
    assert [(t.rate_ppm, t.label, t.gross_minor) for t in totals.tax] == [(230_000, "VAT 23%", both)]
    assert totals.tax[0].tax_minor == first.tax_total_minor + second.tax_total_minor
    assert totals.tenders[TenderKind.CARD].amount_minor == 500
    assert totals.tenders[TenderKind.CASH].count == 2
    assert totals.cash_minor + 500 == both + totals.rounding_minor
    assert totals.rounding_minor == card.rounding_minor
    assert totals.change_minor == 30 + card.change_minor
    gone = first.voided[0].amount_minor + given_up.total_minor
    assert (totals.voided_lines, totals.voided_minor, totals.voided_sales) == (3, gone, 1)
    assert (totals.first_receipt, totals.last_receipt, totals.unsent) == ("T1-000002", "T1-000003", 3)


def test_a_report_without_a_sale_is_empty(till: Till) -> None:
    totals = till.journal.totals(NOON)
    assert (totals.sales, totals.total_minor, totals.tax, dict(totals.tenders)) == (0, 0, (), {})
    assert (totals.first_receipt, totals.cash_minor) == ("", 0)


def test_tax_exclusive_sales_are_reported_with_their_tax(till: Till) -> None:
    made = Sale("e" * 32, NOON, type(RULES)(prices_include_tax=False, rates=RULES.rates)).add(
        sale(1).lines[0]
    )
    till.journal.record(made, paid(made), till.person, NOON)
    (tax,) = till.journal.totals(NOON).tax
    assert (tax.gross_minor, tax.net_minor) == (made.total_minor, made.lines[0].amount_minor)
