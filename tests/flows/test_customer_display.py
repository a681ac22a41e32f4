"""The customer's display on the counter: the real kiosk, the real pyserial, a display on an emulated adapter."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from appliance.demo.cashier import Book, Cashier, Pick, good
from appliance.demo.goods import STAFF
from appliance.demo.stage import Stage, staged, wait_until

GREETING = ("      Welcome       ", "     Holm & Ash     ")
SHOWN_SECONDS = 10.0


def reads(stage: Stage, upper: str, lower: str) -> None:
    def is_shown() -> bool:
        return list(stage.bench.display()["lines"]) == [upper, lower]

    try:
        wait_until("it is shown", is_shown, SHOWN_SECONDS)
    finally:
        assert stage.bench.display()["lines"] == [upper, lower]


@pytest.fixture(scope="module")
def counter() -> Iterator[Stage]:
    with staged((800, 480), "dark", headless=True) as stage:
        with stage.settings_path.open("a", encoding="utf-8") as settings:
            settings.write('[display]\nkind = "escpos"\ncode_page = "858"\n')
        stage.bench.plug_display()
        stage.restart_kiosk()
        yield stage
        assert stage.bench.display()["unknown"] == []


def served_by(stage: Stage) -> Cashier:
    return Cashier(stage, Book(), lambda _name: None)


def test_a_customer_reads_each_thing_the_total_and_the_change(counter: Stage) -> None:
    cashier = served_by(counter)
    reads(counter, *GREETING)
    cashier.sign_in(STAFF[0][0], STAFF[0][2])
    cashier.pick(Pick(good("402")))
    reads(counter, "Wood screws 4 × 8.75", "Total          €8.75")
    cashier.pick(Pick(good("347"), 2))
    reads(counter, "2 × Masking tap 7.90", "Total         €16.65")
    cashier.tap("Pay")
    reads(counter, "3 items             ", "Total         €16.65")
    cashier.tap("20.00")
    reads(counter, "Given         €20.00", "Change         €3.35")
    cashier.pick(Pick(good("5")))
    reads(counter, "Paper bag       0.25", "Total          €0.25")
    counter.bench.unplug("display")
    cashier.pick(Pick(good("347")))
    total = counter.hand.texts()
    counter.bench.plug_display()
    wait_until(
        "the newest line stands on the display that came back",
        lambda: "Masking tape" in counter.bench.display()["lines"][0],
        SHOWN_SECONDS,
    )
    shown = counter.bench.display()["lines"][1].removeprefix("Total").strip()
    assert any(shown in text for text in total)
    counter.restart_kiosk()
    wait_until(
        "the sale that was resumed stands on it",
        lambda: counter.bench.display()["lines"][1].endswith(shown),
        SHOWN_SECONDS,
    )


def test_a_display_that_takes_nothing_holds_no_sale_up(counter: Stage) -> None:
    cashier = served_by(counter)
    cashier.sign_in(STAFF[0][0], STAFF[0][2])
    before = counter.bench.display(listening=False)["lines"]
    begun = time.monotonic()
    for _ in range(40):
        cashier.pick(Pick(good("347")))
    cashier.tap("Pay")
    cashier.tap("Exact cash")
    cashier.wait("the sale is done", lambda: counter.hand.screen() == "change")
    print(f"40 scans and paying: {time.monotonic() - begun:.1f} s")
    assert counter.bench.display()["lines"] == before
    counter.bench.display(listening=True)
    wait_until("the newest", lambda: "Thank you" in counter.bench.display()["lines"][1], SHOWN_SECONDS)
