"""Closing the day, and money that moves without a sale."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count

import pytest

from appliance.domain.approval import Approval, Guarded
from appliance.domain.cash import CashMoveError, CashMoves, DayOpenError
from appliance.domain.refund import Refund
from appliance.domain.refund_planning import Unproven, of_products, of_sale
from appliance.domain.report import ClerkTotals, ZReport
from appliance.domain.sale import Sale
from appliance.domain.staff import Person, Role
from appliance.domain.tender import Payment, TenderKind
from appliance.domain.witness import ClockTrust, Seal, Witness
from appliance.storage.cashing_up import CashingUp
from appliance.storage.errors import RuleBrokenError
from appliance.storage.journal import Journal
from appliance.storage.proving import broken_rule
from appliance.storage.refunds import Refunds
from appliance.storage.report_codec import z_of_job
from tests.storage.conftest import Till
from tests.storage.samples import NOON, RULES, paid, product, sale, seal

SEAN = Person(7, "Sean", Role.MANAGER)
WORD = Approval(7, "Sean", Guarded.REFUND_WITHOUT_RECEIPT, "known customer", NOON)


@pytest.fixture
def cash(till: Till) -> CashingUp:
    till.journal.introduce_key(NOON)
    return CashingUp(till.db, till.journal)


def sealed(boot: str = "b" * 32, step_ms: int = 60_000, trust: ClockTrust = ClockTrust.SYNCED) -> Seal:
    """A machine on which a minute passes between two entries."""
    uptimes = count(1_000, step_ms)
    return replace(seal(), witness=lambda: Witness(boot, next(uptimes), trust))


def on(till: Till, seal_: Seal) -> CashingUp:
    return CashingUp(till.db, Journal(till.db, till.identity, "Till at the door", seal_))


@dataclass(frozen=True)
class Day:
    """A day with everything in it, and its report."""

    first: Sale
    second: Sale
    refund: Refund
    report: ZReport


@pytest.fixture
def day(till: Till, cash: CashingUp) -> Day:
    mara = till.person
    cash.float(15_000, "", mara, NOON)
    first, second, given_up = sale(0, lines=3).void(2), sale(1), sale(2, lines=2)
    till.journal.record(first, paid(first, 30), mara, NOON)
    card = Payment(second.total_minor, 5).card(500, "0042").cash(second.total_minor)
    till.journal.record(second, card, SEAN, NOON)
    till.journal.void_sale(given_up, SEAN.person_id, NOON)
    till.journal.note("no-sale", mara.person_id, NOON)
    till.journal.note("reprint", mara.person_id, NOON)
    cash.paid_in(2_000, "change from the bank", mara, NOON)
    cash.paid_out(1_550, "window cleaner", mara, NOON, {"by": 7, "name": "Sean", "why": "due"})
    refunds = Refunds(till.db, till.journal)
    refund = of_sale("9" * 32, refunds.refundable(first.sale_id), {1: 1})
    refunds.record(refund, TenderKind.CASH, "Faulty", SEAN, NOON, rounding_minor=2)
    return Day(first, second, refund, cash.close_day(mara, NOON))


def test_the_z_report_adds_up_everything_since_the_last_one(till: Till, day: Day) -> None:
    totals, refunded = day.report.totals, day.refund.total_minor
    both = day.first.total_minor + day.second.total_minor
    assert (totals.sales, totals.items) == (2, day.first.items + day.second.items)
    assert totals.total_minor == sum(total.gross_minor for total in totals.tax) == both
    assert (totals.refunds, totals.refunded_minor) == (1, refunded)
    assert [total.gross_minor for total in totals.refund_tax] == [refunded]
    assert totals.refund_tax[0].tax_minor == day.refund.tax_minor
    assert (totals.first_receipt, totals.last_receipt) == ("T1-000001", "T1-000003")
    assert day.report.grand_total_minor == both - refunded
    assert broken_rule(till.db) == ""


def test_the_z_report_says_what_the_drawer_should_hold(day: Day) -> None:
    totals = day.report.totals
    in_cash = day.first.total_minor + day.second.total_minor - 500 + totals.rounding_minor
    assert totals.moves == CashMoves(1, 15_000, 1, 2_000, 1, 1_550)
    assert totals.cash_minor == in_cash
    refunded = day.refund.total_minor + 2
    assert totals.cash_expected_minor == 15_000 + in_cash + 2_000 - 1_550 - refunded


def test_the_z_report_says_who_did_what(day: Day) -> None:
    assert day.report.totals.clerks == (
        ClerkTotals("Mara", 1, day.first.total_minor, 1, 0, 1, 0, 0, 1, cash_moves=3),
        ClerkTotals("Sean", 1, day.second.total_minor, 2, 1, 0, 1, day.refund.total_minor, 0),
    )


def test_the_z_report_says_which_entries_it_covers_and_who_signed_them(day: Day) -> None:
    report = day.report
    assert (report.number, report.first_seq, report.last_seq, report.seq) == (1, 1, 10, 11)
    assert (report.till_name, report.person_name) == ("Till at the door", "Mara")
    assert (report.clock_is_set, report.public_key) == (True, seal().public_key)


def test_the_next_z_report_begins_where_the_last_one_ended(till: Till, cash: CashingUp) -> None:
    till.sell(0)
    first = cash.close_day(till.person, NOON)
    till.sell(1)
    till.sell(2)
    second = cash.close_day(till.person, NOON)

    assert (second.number, second.first_seq, second.last_seq) == (2, first.seq + 1, first.seq + 2)
    assert (second.totals.sales, second.totals.after_z) == (2, 1)
    assert second.totals.since == first.totals.until
    everything = sale(0).total_minor + sale(1).total_minor + sale(2).total_minor
    assert second.grand_total_minor == everything
    assert broken_rule(till.db) == ""


def test_the_journal_entry_alone_holds_the_whole_report(till: Till, cash: CashingUp) -> None:
    till.sell(0)
    cash.float(100, "", till.person, NOON)
    report = cash.close_day(till.person, NOON)

    assert cash.z_report(1) == report
    (body, hash_), (head,) = (
        till.db.rows("SELECT body, hash FROM journal WHERE seq = ?", (report.seq,))[0],
        till.db.rows("SELECT hash FROM journal WHERE seq = ?", (report.last_seq,))[0],
    )
    assert (report.hash, report.head_hash) == (hash_, head)
    assert json.loads(body)["grand_total_minor"] == report.grand_total_minor
    assert till.journal.verify() is None
    assert cash.z_report(2) is None


def test_the_paper_is_queued_with_the_report_and_says_the_same(till: Till, cash: CashingUp) -> None:
    till.sell(0)
    report = cash.close_day(till.person, NOON)

    ((body,),) = till.db.rows("SELECT body FROM print_job WHERE seq IS NULL")
    assert z_of_job(json.loads(body)) == report


def test_a_sale_in_progress_keeps_the_day_open(till: Till, cash: CashingUp) -> None:
    till.drafts.keep(sale(0), None)
    with pytest.raises(DayOpenError, match="sale is in progress"):
        cash.close_day(till.person, NOON)
    assert cash.last_number() == 0
    assert till.db.rows("SELECT count(*) FROM print_job") == [(0,)]


def test_a_double_tap_gives_the_same_report_again(till: Till) -> None:
    cash = on(till, sealed(step_ms=900))
    till.sell(0)
    first = cash.close_day(till.person, NOON)

    assert cash.close_day(till.person, NOON + timedelta(hours=1)) == first
    assert till.db.rows("SELECT count(*) FROM z_report") == [(1,)]
    assert till.db.rows("SELECT count(*) FROM print_job WHERE seq IS NULL") == [(1,)]


@pytest.mark.parametrize(
    "later", [sealed(), sealed(boot="c" * 32, step_ms=1)], ids=["after a while", "after a restart"]
)
def test_a_day_without_a_sale_can_be_closed(till: Till, later: Seal) -> None:
    later.witness()
    on(till, sealed()).close_day(till.person, NOON)
    report = on(till, later).close_day(till.person, NOON)

    assert (report.number, report.totals.sales, report.grand_total_minor) == (2, 0, 0)
    assert report.last_seq == report.first_seq - 1
    assert broken_rule(till.db) == ""


def test_something_between_two_taps_makes_two_reports(till: Till) -> None:
    cash = on(till, sealed(step_ms=1))
    cash.close_day(till.person, NOON)
    cash.paid_in(5, "", till.person, NOON)

    assert cash.close_day(till.person, NOON).number == 2


def test_a_clock_that_is_wrong_moves_no_sale_out_of_its_day(till: Till) -> None:
    cash = on(till, sealed())
    till.sell(0)
    cash.close_day(till.person, NOON)
    till.sell(1)
    report = cash.close_day(till.person, NOON - timedelta(days=700))

    assert report.totals.sales == 1
    assert not report.clock_is_set
    assert report.totals.until == NOON
    assert cash.z_report(2) == report


def test_entries_written_while_the_clock_was_not_set_are_counted(till: Till) -> None:
    cash = on(till, sealed())
    cash.paid_in(100, "", till.person, NOON)
    cash.paid_in(100, "", till.person, NOON - timedelta(days=1))
    report = cash.close_day(till.person, NOON + timedelta(hours=1))

    assert (report.clock_is_set, report.totals.unclocked) == (True, 1)


def test_the_x_report_begins_anew_after_a_z_report(till: Till, cash: CashingUp) -> None:
    till.sell(0)
    cash.close_day(till.person, NOON)
    till.sell(1)
    totals = till.journal.totals(NOON - timedelta(days=1))

    assert (totals.sales, totals.total_minor, totals.after_z) == (1, sale(1).total_minor, 1)


def test_money_without_a_sale_is_journalled_with_its_reason_and_who_allowed_it(
    till: Till, cash: CashingUp
) -> None:
    approved = {"by": 7, "name": "Sean", "why": "due"}
    seq = cash.paid_out(1_550, "  window cleaner ", till.person, NOON, approved)

    ((kind, body),) = till.db.rows("SELECT kind, body FROM journal WHERE seq = ?", (seq,))
    assert kind == "paid-out"
    assert json.loads(body) == {"amount_minor": 1_550, "reason": "window cleaner", "approved": approved}
    assert till.db.rows("SELECT * FROM cash_move") == [(seq, "paid-out", 1_550, "window cleaner", 1)]


@pytest.mark.parametrize(("amount", "reason"), [(0, "bank"), (-5, "bank"), (10**13, "bank"), (500, "  ")])
def test_money_out_needs_an_amount_and_a_reason(
    till: Till, cash: CashingUp, amount: int, reason: str
) -> None:
    with pytest.raises(CashMoveError):
        cash.paid_out(amount, reason, till.person, NOON)
    assert till.db.rows("SELECT count(*) FROM cash_move") == [(0,)]


def test_a_refund_without_a_receipt_counts_too(till: Till, cash: CashingUp) -> None:
    refund = of_products("8" * 32, [Unproven(product(3), 2, 150)], RULES)
    Refunds(till.db, till.journal).record(refund, TenderKind.CARD, "Faulty", till.person, NOON, approval=WORD)
    report = cash.close_day(till.person, NOON)

    assert report.grand_total_minor == -300
    assert report.totals.refund_tenders[TenderKind.CARD].amount_minor == 300
    assert report.totals.cash_expected_minor == 0
    assert broken_rule(till.db) == ""


def test_a_refused_report_leaves_nothing_behind(till: Till, cash: CashingUp) -> None:
    till.sell(0)
    till.db.rows("CREATE TEMP TRIGGER stop BEFORE INSERT ON print_job BEGIN SELECT raise(ABORT, 'no'); END")
    with pytest.raises(RuleBrokenError):
        cash.close_day(till.person, NOON)
    till.db.rows("DROP TRIGGER stop")

    assert till.db.rows("SELECT count(*) FROM z_report") == [(0,)]
    assert till.db.rows("SELECT count(*) FROM journal WHERE kind = 'z-report'") == [(0,)]
    assert cash.close_day(till.person, NOON).number == 1


def test_a_z_report_can_be_neither_changed_nor_left_out(till: Till, cash: CashingUp) -> None:
    cash.close_day(till.person, NOON)
    for sql in ("UPDATE z_report SET sales = 9", "DELETE FROM z_report"):
        with pytest.raises(RuleBrokenError), till.db.transaction() as connection:
            connection.execute(sql)
