"""Booking, as the kiosk builds it, on the till of a test."""

from __future__ import annotations

from appliance.domain.barcodes import BarcodeRules
from appliance.storage.bookings import Bookings
from appliance.till.booking import Booking
from appliance.till.booking_rows import ListReading
from appliance.till.clock import Now
from appliance.till.recognising import Recognising
from appliance.till.unbooking import Unbooking
from tests.till.conftest import EUR, Bench


def make_booking(bench: Bench, now: Now | None = None) -> Booking:
    bookings = Bookings(bench.database, bench.journal)
    step, clock = bench.rounding_step_minor, now or bench.clock
    rules = BarcodeRules.from_texts(EUR, in_store=["21{item5}{weight5}c"], receipt_series=["T1"])
    return Booking(
        bookings,
        Unbooking(bookings, bench.approving, step, clock, bench.new_id, bench.local),
        ListReading(bench.catalogue, EUR),
        Recognising(bench.catalogue, rules, clock, bench.local),
        step,
        clock,
        bench.new_id,
        bench.local,
    )
