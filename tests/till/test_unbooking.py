"""Taking back what was booked from paper: counter-entries, once, by whoever may."""

from __future__ import annotations

import pytest

from appliance.domain.approval import Guarded
from appliance.domain.refund_planning import of_sale
from appliance.domain.tender import TenderKind
from appliance.storage.errors import StorageError
from appliance.till.booking import Booking
from appliance.till.errors import ApprovalNeededError, NoSuchReceiptError
from appliance.till.unbooking import ListError
from tests.till.conftest import START, Bench
from tests.till.paper_lists import make_booking

LIST = "331, 2x402, 1209 / 55"


@pytest.fixture
def booking(bench: Bench) -> Booking:
    return make_booking(bench)


def test_what_was_taken_back_may_be_booked_anew(bench: Bench, booking: Booking) -> None:
    booking.undoing.undo(booking.book(booking.preview("331"), bench.marta), bench.marta)
    booking.book(booking.preview("331"), bench.marta)


def test_undo_brings_money_and_totals_back_to_nothing(bench: Bench, booking: Booking) -> None:
    booked = booking.book(booking.preview(LIST), bench.marta)
    assert booking.undoing.last() == booked
    undone = booking.undoing.undo(booked, bench.marta)
    assert (undone.receipts, undone.paid_minor) == (("T1-000003", "T1-000004"), booked.total_minor)
    totals = bench.journal.totals(START)
    assert totals.total_minor == totals.refunded_minor == booked.total_minor
    assert totals.cash_expected_minor == 0
    assert bench.entry("refund")["reason"] == "Booked by mistake"
    assert booking.undoing.last() is None
    with pytest.raises(ListError, match="T1-000001 came back already."):
        booking.undoing.undo(booked, bench.marta)


def test_one_receipt_of_a_list_can_be_taken_back_alone(bench: Bench, booking: Booking) -> None:
    booking.book(booking.preview(LIST), bench.marta)
    booked = booking.undoing.of_receipt("t1-000002")
    assert booking.undoing.undo(booked, bench.marta, only=["T1-000002"]).paid_minor == 650
    with pytest.raises(NoSuchReceiptError, match="was not booked from paper"):
        booking.undoing.of_receipt("T1-000003")


@pytest.mark.parametrize(("hours", "by"), [(0, "sean"), (30, "marta")])
def test_another_person_or_day_needs_a_manager(bench: Bench, booking: Booking, hours: int, by: str) -> None:
    booked = booking.book(booking.preview("331"), bench.marta)
    bench.clock.pass_by(hours=hours)
    person = getattr(bench, by)
    with pytest.raises(ApprovalNeededError) as needed:
        booking.undoing.undo(booked, person)
    assert needed.value.what is Guarded.UNDO_BOOKING
    word = bench.approve(needed.value.what, needed.value.about)
    booking.undoing.undo(booked, person, word)
    assert bench.entry("refund")["approved"]["name"] == "Sean"


def test_a_sale_that_came_back_in_part_is_not_undone(bench: Bench, booking: Booking) -> None:
    booked = booking.book(booking.preview("2x331"), bench.marta)
    refund = of_sale(bench.new_id(), bench.refunds.refundable(booked.sale_ids[0]), {1: 1})
    bench.refunds.record(refund, TenderKind.CASH, "Faulty", bench.marta, bench.clock())
    with pytest.raises(ListError, match="A part of T1-000001 came back already."):
        booking.undoing.undo(booked, bench.marta)


def test_all_of_a_booking_is_taken_back_or_nothing_of_it(bench: Bench, booking: Booking) -> None:
    booked = booking.book(booking.preview(LIST), bench.marta)
    bench.database.rows(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.refund WHEN (SELECT count(*) FROM main.refund) = 1 "
        "BEGIN SELECT raise(ABORT, 'broken on purpose'); END"
    )
    with pytest.raises(StorageError):
        booking.undoing.undo(booked, bench.marta)
    assert bench.database.rows("SELECT * FROM refund") == []


def test_a_rounded_sale_is_taken_back_to_the_coin(bench: Bench) -> None:
    bench.rounding_step_minor = 50
    booking = make_booking(bench)
    booked = booking.book(booking.preview("402"), bench.marta)
    assert (booked.total_minor, booking.undoing.undo(booked, bench.marta).paid_minor) == (875, 900)
    assert bench.journal.totals(START).cash_expected_minor == 0


def test_a_free_sale_first_does_not_say_that_the_cards_money_is_cash(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("77/331", tender=TenderKind.CARD, slip="12")
    undone = booking.undoing.undo(booking.book(preview, bench.marta), bench.marta)
    assert (undone.tender, undone.paid_minor) == (TenderKind.CARD, 2490)
