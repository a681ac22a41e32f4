"""Staff, identity, facts, paper, and units sold twice."""

from __future__ import annotations

from datetime import timedelta

import pytest

from appliance.domain.oversold import Buyer, Way
from appliance.domain.staff import Role
from appliance.storage.database import Database
from appliance.storage.errors import IdentityError, NoSuchSaleError, StaffError
from appliance.storage.facts import Contact, ShopFacts
from appliance.storage.identity import Identity
from appliance.storage.order_notes import OrderNotes
from appliance.storage.oversold import OversoldUnits, Settlement
from appliance.storage.print_jobs import PrintJobs, PrintState
from appliance.storage.staff import PinRecord, Staff
from tests.storage.conftest import Till
from tests.storage.samples import NOON, TILL_ID, sale, sealer, ticking

ID = sale(0).sale_id


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_a_till_is_set_up_once(till: Till) -> None:
    assert Identity(till.db).get() == (TILL_ID, "T1", "EUR")
    with pytest.raises(IdentityError, match="already"):
        Identity(till.db).create("f" * 32, "T2", "EUR")


def test_a_till_that_is_not_set_up_says_so(till: Till) -> None:
    till.db.rows("DELETE FROM identity")
    assert not Identity(till.db).exists()
    with pytest.raises(IdentityError, match="not been set up"):
        Identity(till.db).get()


def test_people_sign_in_by_name_and_wrong_pins_are_counted(till: Till) -> None:
    staff = Staff(till.db)
    boss = staff.add("Agnes", Role.MANAGER, "hash")
    assert [person.name for person in staff.people()] == ["Agnes", "Mara"]
    assert staff.people()[0] == boss
    staff.note_failure(boss.person_id)
    staff.note_lock(boss.person_id, 2, till.journal, NOON)
    record = staff.pin_of(boss.person_id)
    assert (record.hash, record.failures, record.locked_boot_id) == ("hash", 2, f"{1:032x}")
    assert staff.pin_of(till.person.person_id).failures == 0
    staff.note_success(boss.person_id)
    assert staff.pin_of(boss.person_id) == PinRecord("hash", 0)


def test_a_name_that_is_taken_or_impossible_and_a_stranger_are_refused(till: Till) -> None:
    staff = Staff(till.db)
    for name in ("Mara", "", "x" * 41):
        with pytest.raises(StaffError):
            staff.add(name, Role.CASHIER, "hash")
    with pytest.raises(StaffError, match="no longer works"):
        staff.pin_of(99)


def test_contact_is_written_when_it_turns_and_every_ten_minutes(till: Till) -> None:
    facts = ShopFacts(till.db)
    assert facts.contact() == Contact(reachable=False, since=None, last_at=None, problem="")
    with Database.open(till.db.path, now=ticking()) as other:
        turned, written = [], []
        for at, reachable, problem in (
            (0, True, ""),
            (1, True, ""),
            (9, True, ""),
            (10, True, ""),
            (11, False, "No network."),
            (12, False, "No network."),
            (13, False, "The shop answers with an error."),
            (14, True, ""),
        ):
            before = other.version()
            turned.append(facts.note_contact(reachable, NOON + minutes(at), problem))
            written.append(other.version() != before)
    assert turned == [True, False, False, False, True, False, False, True]
    assert written == [True, False, False, True, True, False, True, True]
    expected = Contact(reachable=True, since=NOON + minutes(14), last_at=NOON + minutes(14), problem="")
    assert facts.contact() == expected


def test_facts_are_kept_replaced_and_forgotten(till: Till) -> None:
    facts = ShopFacts(till.db)
    assert facts.cursor() is None
    facts.set_cursor("2026-11-21T12:00:00")
    facts.set_cursor("2026-11-21T13:00:00")
    assert facts.cursor() == "2026-11-21T13:00:00"
    facts.set_cursor(None)
    assert facts.cursor() is None
    assert facts.try_now_at() is None
    facts.ask_to_try_now(NOON)
    assert facts.try_now_at() == NOON


def test_paper_is_open_until_it_came_out(till: Till) -> None:
    jobs = PrintJobs(till.db)
    receipt = till.sell(0).job_id
    assert receipt is not None
    report = jobs.queue(None, {"report": "x", "since": "2026"}, copy=False, at=NOON)
    again = jobs.queue(ID, {}, copy=True, at=NOON)
    assert [job.job_id for job in jobs.open()] == [receipt, report, again]
    assert [(job.job_id, job.copy) for job in jobs.of_sale(ID)] == [(receipt, False), (again, True)]
    jobs.set_state(receipt, PrintState.PRINTED)
    jobs.set_state(again, "sent")
    jobs.set_state(report, "failed", "No paper.")
    (left,) = jobs.open()
    assert (left.sale_id, left.body, left.state, left.reason) == (
        None,
        {"report": "x", "since": "2026"},
        PrintState.FAILED,
        "No paper.",
    )
    assert jobs.job(99) is None


def test_what_was_printing_when_the_till_stopped_may_have_come_out(till: Till) -> None:
    jobs = PrintJobs(till.db)
    first, second = till.sell(0).job_id, till.sell(1).job_id
    assert first is not None and second is not None
    jobs.set_state(first, "sending")
    assert jobs.recover() == 1
    assert [job.state for job in jobs.open()] == [PrintState.UNKNOWN, PrintState.QUEUED]


def test_paper_for_a_sale_that_is_not_here_and_a_state_that_is_none_are_refused(till: Till) -> None:
    with pytest.raises(NoSuchSaleError):
        PrintJobs(till.db).queue("f" * 32, {}, copy=False, at=NOON)
    with pytest.raises(ValueError, match="eaten"):
        PrintJobs(till.db).set_state(1, "eaten")


def test_a_unit_sold_twice_is_noted_once_and_names_both_buyers(till: Till) -> None:
    units = OversoldUnits(till.db, sealer())
    till.sell(0)
    common = {"product_id": 1, "product_name": "Apple", "units": 1, "sale_id": ID}
    assert units.found(**common, found_at=NOON)  # type: ignore[arg-type]
    assert not units.found(**common, found_at=NOON)  # type: ignore[arg-type]
    buyer = {"order_id": 88, "order_number": "#88", "customer": "Ann Webb", "ordered_at": NOON}
    assert not units.found(**common, **buyer, found_at=NOON + minutes(9))  # type: ignore[arg-type]
    (both,) = units.open()
    assert (both.order_id, both.order_number, both.customer, both.ordered_at) == (88, "#88", "Ann Webb", NOON)
    assert (both.receipt_number, both.cashier_name, both.sold_at, both.found_at) == (
        "T1-000001",
        "Mara",
        NOON,
        NOON,
    )
    settled = Settlement(both, till.person, Way.SWAP, Buyer.ONLINE, NOON, "Pine instead", "Offer pine.")
    notes = OrderNotes(till.db)
    assert units.settle(settled, till.journal, notes)
    assert not units.settle(settled, till.journal, notes)
    assert units.open() == []
    assert [(each.order_id, each.body) for each in notes.due(NOON, 9)] == [(88, "Offer pine.")]
    assert [(each.way, each.way_note) for each in units.all()] == [("swap", "Pine instead")]
    assert [each.settled_at for each in units.all()] == [NOON]
