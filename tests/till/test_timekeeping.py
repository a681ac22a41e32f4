"""The clock at the counter: what the header says, and sales while the clock jumps."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from appliance.domain.witness import ClockTrust, Witness
from appliance.machine.clock import Clock
from appliance.receipts.wording import CLOCK_NOT_SET
from appliance.storage.corrections import SHOP_CLOCK, Corrections
from appliance.storage.instants import to_text
from appliance.till.timekeeping import NOT_CHECKED, NOT_SET, Timekeeping
from drivers.document import Style, Text
from tests.till.conftest import HAMMER, MUG, Bench, HandClock

YEARS = timedelta(days=3 * 365)


class Hands(HandClock):
    """A clock set by hand, that the machine's own code judges."""

    def __init__(self) -> None:
        super().__init__()
        self.is_synced = False
        self.machine = Clock(self, lambda: self.is_synced, lambda: self.boot_id, lambda: self.uptime_ms)

    @property
    def boot_id(self) -> str:
        return f"{self.starts:032x}"

    def witness(self) -> Witness:
        return self.machine.witness()


class Kept:
    """A till whose journal is sealed by such a clock."""

    def __init__(self, bench: Bench) -> None:
        self.bench, self.hands = bench, Hands()
        bench.clock = self.hands
        bench.restart()
        hands = self.hands
        corrections = Corrections(bench.database, bench.journal, hands, hands.witness)
        self.timekeeping = Timekeeping(corrections, bench.facts, hands, hands.witness, hands.machine.hear)

    def measure(self, offset_seconds: float) -> None:
        fact = {
            "boot": self.hands.boot_id,
            "uptime_ms": self.hands.uptime_ms,
            "offset_seconds": offset_seconds,
            "at": to_text(self.hands.at),
        }
        self.bench.facts.set(SHOP_CLOCK, json.dumps(fact))


@pytest.fixture
def kept(bench: Bench) -> Kept:
    return Kept(bench)


def test_a_right_clock_needs_no_words(kept: Kept) -> None:
    kept.hands.is_synced = True
    assert kept.timekeeping.words() is None


def test_a_clock_that_nobody_has_checked_says_so(kept: Kept) -> None:
    assert kept.timekeeping.words() == NOT_CHECKED


def test_a_clock_of_years_ago_is_not_set(kept: Kept) -> None:
    kept.hands.at -= YEARS
    assert kept.timekeeping.words() == NOT_SET


def test_a_clock_behind_the_journal_is_not_set(kept: Kept) -> None:
    kept.hands.is_synced = True
    kept.bench.sell(HAMMER.product_id)
    kept.hands.at -= timedelta(hours=2)
    assert kept.timekeeping.words() == NOT_SET
    assert kept.timekeeping.watch()
    assert kept.timekeeping.words() is None


def test_the_shops_clock_confirms_that_of_a_till_without_a_time_service(kept: Kept) -> None:
    kept.measure(1)
    assert kept.timekeeping.words() == NOT_CHECKED
    kept.timekeeping.listen()
    assert kept.timekeeping.words() is None


def test_the_shops_clock_is_heard_and_the_journal_put_right_in_one_go(kept: Kept) -> None:
    kept.bench.sell(HAMMER.product_id)
    kept.measure(0)
    assert kept.timekeeping.watch()
    assert kept.bench.kinds()[-1] == "clock-corrected"
    assert not kept.timekeeping.watch()


def test_a_clock_that_the_shop_contradicts_is_not_set(kept: Kept) -> None:
    kept.measure(86_400)
    kept.timekeeping.listen()
    assert kept.timekeeping.words() == NOT_SET
    assert not kept.timekeeping.watch()


def test_a_jump_of_three_years_between_scan_and_payment_harms_no_sale(kept: Kept) -> None:
    bench = kept.bench
    kept.hands.at -= YEARS
    before = kept.hands.at
    bench.selling.add_product(HAMMER.product_id)
    bench.selling.add_product(MUG.product_id)
    kept.hands.at += YEARS
    kept.hands.is_synced = True
    kept.hands.pass_by(seconds=20)
    bench.tendering.take_cash(10_000)
    (receipt,) = bench.journal.last(1)
    assert receipt.sale.opened_at == before
    assert receipt.completed_at == kept.hands.at
    assert receipt.clock_is_set
    assert receipt.sale.total_minor == 3_780
    assert bench.outbox.counts().due == 1
    assert bench.journal.verify() is None


def test_a_jump_back_of_three_years_between_scan_and_payment_prints_the_mark(kept: Kept) -> None:
    bench = kept.bench
    kept.hands.is_synced = True
    bench.sell(HAMMER.product_id)
    shown = bench.journal.last(1)[0].completed_at
    bench.selling.add_product(MUG.product_id)
    kept.hands.at -= YEARS
    kept.hands.is_synced = False
    bench.tendering.take_cash(10_000)
    (receipt,) = bench.journal.last(1)
    assert receipt.completed_at == shown
    assert not receipt.clock_is_set
    assert kept.hands.witness().trust is ClockTrust.UNSET
    bench.printing.start()
    bench.until(lambda: len(bench.printer.printed) == 2)
    marked = [Text(CLOCK_NOT_SET, Style.STRONG) in document.elements for document, _ in bench.printer.printed]
    assert marked == [False, True]
