"""Booking lists from paper: on a real file, beside the same things sold by scanning."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from appliance.domain.catalogue import CatalogueChanges
from appliance.domain.tender import TenderKind
from appliance.storage.errors import SaleExistsError, StorageError
from appliance.till.booking import BookedBeforeError, Booking
from appliance.till.tendering import Completed
from appliance.till.unbooking import ListError
from tests.till.conftest import COUNTED_AT, MUG, START, Bench
from tests.till.paper_lists import make_booking

LIST = "331, 2x402, 1209 / 55"


@pytest.fixture
def booking(bench: Bench) -> Booking:
    return make_booking(bench)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Bench]:
    """Another till, where the same is scanned."""
    bench = Bench(tmp_path / "other.db")
    yield bench
    bench.stop()


def sale_bodies(bench: Bench) -> list[dict[str, Any]]:
    """What the journal keeps of the sales, without times and names of sales."""
    rows = bench.database.rows("SELECT body FROM journal WHERE kind = 'sale' ORDER BY seq")
    bodies = [json.loads(row[0]) for row in rows]
    for body in bodies:
        for name in ("completed_at", "sold_at"):
            body.pop(name, None)
        for name in ("id", "opened_at"):
            body["sale"].pop(name)
    return bodies


def stock(bench: Bench) -> dict[int, int | None]:
    products = bench.catalogue.in_category(None, 0, 99)
    return {each.product_id: each.on_hand for each in products}


def test_a_list_and_the_same_things_scanned_make_equal_books(
    bench: Bench, booking: Booking, other: Bench
) -> None:
    bench.clock.pass_by(hours=3)
    booking.book(booking.preview(LIST), bench.marta)
    other.clock.pass_by(hours=3)
    for numbers in ((331, 402, 402, 1209), (55,)):
        for number in numbers:
            other.selling.add_number(number)
        assert isinstance(other.tendering.take_cash(other.tendering.payment.cash_due_minor), Completed)

    assert sale_bodies(bench) == sale_bodies(other)
    assert stock(bench) == stock(other)
    assert stock(bench)[402] == 38
    mine, theirs = (till.journal.totals(START) for till in (bench, other))
    assert mine == replace(theirs, until=mine.until)
    assert bench.outbox.counts() == other.outbox.counts()


def test_the_preview_says_what_each_number_is_and_changes_nothing(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("331, 2x402 / 12")
    assert [
        (row.name, row.written.quantity, row.unit_price_minor, row.amount_minor) for row in preview.rows
    ] == [
        ("Claw hammer 450 g", 1, 2490, 2490),
        ("Wood screws 4 x 40 (200)", 2, 875, 1750),
        ("Cooked ham", 1, 1990, 1990),
    ]
    assert (preview.count, preview.items, preview.total_minor, preview.troubles) == (2, 4, 6230, ())
    assert (preview.amount_of(1), preview.amount_of(2)) == (4240, 1990)
    assert bench.kinds() == []


def test_every_trouble_is_said_at_once_and_nothing_is_booked(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("331, 0x402, 99, 5 5 / 402x2")
    assert preview.troubles == (
        "0x402: a quantity from 1 to 999 is needed (sale 1, item 2)",
        "99: no product has the number 99 (sale 1, item 3)",
        "5 5: a comma is missing between two numbers (sale 1, item 4)",
        "402x2: no product has the number 2; 2 of number 402 is 2x402 (sale 2, item 1)",
    )
    with pytest.raises(ListError, match="0x402"):
        booking.book(preview, bench.marta)
    with pytest.raises(ListError, match="Nothing is on the list yet."):
        booking.book(booking.preview(" \n , "), bench.marta)
    assert bench.kinds() == []


def test_hints_are_shown_and_stop_nothing(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("3x707, 707, 23x55, 120x77, 23")
    assert [row.hints for row in preview.rows] == [
        ("only 1 left",),
        ("only 1 left",),
        ("23 pieces; 55 of number 23 is 55x23",),
        ("120 pieces",),
        (),  # the shop takes orders for it below nothing
    ]
    booking.book(preview, bench.marta)
    assert stock(bench)[707] == -3


@pytest.mark.parametrize(
    ("day", "clock", "words"),
    [
        (date(2026, 11, 22), None, "This day is still to come."),
        (date(2026, 10, 20), None, "This day is more than 31 days ago. Ask the accountant."),
        (date(2026, 11, 21), time(15, 40), "This time is still to come."),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(
    booking: Booking, day: date, clock: time | None, words: str
) -> None:
    assert booking.preview("331", day, clock).troubles == (words,)


def test_a_clock_that_goes_on_does_not_make_now_the_future(bench: Bench) -> None:
    ticking = itertools.count()
    ticks = make_booking(bench, now=lambda: START + timedelta(microseconds=next(ticking)))
    assert ticks.preview("331").troubles == ()


def test_a_price_that_was_lower_that_day_holds(bench: Bench, booking: Booking) -> None:
    bargain = replace(
        MUG,
        regular_price_minor=1290,
        sale_price_minor=990,
        sale_until=datetime(2026, 11, 20, 23, tzinfo=UTC),
    )
    bench.catalogue.apply(CatalogueChanges((bargain,), read_at=COUNTED_AT))
    preview = booking.preview("1209", date(2026, 11, 20))
    assert (preview.total_minor, preview.rows[0].hints) == (990, ("today 12.90",))
    assert preview.sold_at == datetime(2026, 11, 20, 11, tzinfo=UTC), "noon in the shop's time zone"
    assert booking.preview("1209").total_minor == 1290


def test_a_booked_sale_knows_when_it_was_made(bench: Bench, booking: Booking) -> None:
    booking.book(booking.preview("331", date(2026, 11, 20), time(9, 15)), bench.marta)
    (sale,) = bench.journal.last(1)
    assert sale.sold_at == datetime(2026, 11, 20, 8, 15, tzinfo=UTC)
    assert sale.completed_at == START
    assert sale.cashier_name == "Marta"


def test_cash_is_rounded_and_a_card_is_not(bench: Bench) -> None:
    bench.rounding_step_minor = 50
    booking = make_booking(bench)
    booking.book(booking.preview("402"), bench.marta)
    slip = "4111 1111 1111 1111"
    booking.book(booking.preview("402", tender=TenderKind.CARD, slip=slip), bench.marta, again=True)
    booking.book(booking.preview("77"), bench.marta)
    free, card, cash = bench.journal.last(3)
    assert (cash.payment.rounding_minor, cash.payment.paid_minor) == (25, 900)
    (paid,) = card.payment.tenders
    assert (paid.kind, paid.amount_minor, paid.reference) == (TenderKind.CARD, 875, "**** 1111")
    assert free.payment.tenders == ()


def test_nothing_is_printed_and_the_drawer_stays_shut(bench: Bench, booking: Booking) -> None:
    booked = booking.book(booking.preview(LIST), bench.marta)
    booking.undoing.undo(booked, bench.marta)
    assert bench.database.rows("SELECT * FROM print_job") == []
    assert bench.drawer.openings == 0


def test_a_preview_is_booked_once(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("331")
    booking.book(preview, bench.marta)
    with pytest.raises(SaleExistsError):
        booking.book(preview, bench.marta, again=True)
    assert bench.kinds() == ["sale", "booked"]


def test_the_same_list_for_the_same_day_needs_a_second_yes(bench: Bench, booking: Booking) -> None:
    booking.book(booking.preview("331, 2x402 / 55"), bench.marta)
    bench.clock.pass_by(minutes=5)
    with pytest.raises(BookedBeforeError) as refused:
        booking.book(booking.preview("331; 2 * 402\n55,"), bench.marta)
    assert str(refused.value) == (
        "This list is in the books already. Booked at 15:32 as T1-000001 to T1-000002."
    )
    booking.book(booking.preview("331, 2x402 / 55", date(2026, 11, 20)), bench.marta)  # another day
    booking.book(booking.preview("331, 2x402 / 55"), bench.marta, again=True)
    assert len(bench.journal.last(99)) == 6


def test_all_of_a_list_is_booked_or_nothing_of_it(bench: Bench, booking: Booking) -> None:
    preview = booking.preview("331 / 402 / 55")
    bench.database.rows(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON main.journal WHEN NEW.kind = 'booked' "
        "BEGIN SELECT raise(ABORT, 'broken on purpose'); END"
    )
    with pytest.raises(StorageError):
        booking.book(preview, bench.marta)
    assert (bench.kinds(), stock(bench)[331]) == ([], 8)
    bench.database.rows("DROP TRIGGER broken")
    booking.book(preview, bench.marta)
    assert bench.kinds() == ["sale", "sale", "sale", "booked"]


def test_the_sale_in_progress_stays(bench: Bench, booking: Booking) -> None:
    bench.selling.add_number(331)
    booking.book(booking.preview("402"), bench.marta)
    bench.restart()
    assert bench.selling.resume()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("5012345678900", 331),
        ("RAIL-5", 707),
        ("T1-000001 7F3A91C25D0E", "That is a receipt of this till"),
        ("nonsense", "No product has this code."),
        ("2100012004329", "This label has a weight"),
    ],
)
def test_a_scan_gives_its_number_or_says_why_not(booking: Booking, code: str, said: int | str) -> None:
    if isinstance(said, int):
        assert booking.number_of(code, None) == said
        return
    with pytest.raises(ListError, match=said):
        booking.number_of(code, None)


@pytest.mark.parametrize(
    ("day", "clock", "zone"),
    [(date.max, time(23, 59), "America/New_York"), (date.min, time(0), "Asia/Tokyo")],
)
def test_a_day_beyond_the_calendar_is_refused_like_another(
    bench: Bench, day: date, clock: time, zone: str
) -> None:
    bench.local = lambda at: at.astimezone(ZoneInfo(zone))  # type: ignore[method-assign]
    assert make_booking(bench).preview("331", day, clock).troubles
