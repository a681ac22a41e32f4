"""A network in every nasty mood: the till sells on as if nothing were, and afterwards shop and till agree."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from appliance.demo.cashier import Book, Cashier
from appliance.demo.hand import HandError
from appliance.demo.stage import Stage, wait_until
from tests.flows.agreement import Agreement, till_file, wait_for_agreement
from tests.flows.careful import CarefulCashier

NASTY = ("html", "500", "half", "nothing", "late")
"""One of each sort; all kinds meet the service in tests/shops and tests/faults."""
SALES_IN_EACH = 3
LONGEST_SALE_SECONDS = 2.0
GOODS = ("402", "347", "5", "33", "415", "612", "340001")


@pytest.mark.calm
def test_a_nasty_network_neither_stops_the_till_nor_loses_or_doubles_a_sale(stage: Stage) -> None:
    chance = random.Random(5)
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    took: dict[str, list[float]] = {}
    for mode in ("up", *NASTY):
        before = stage.network.connections
        stage.network.mode = mode
        took[mode] = [sell(cashier, chance) for _ in range(SALES_IN_EACH)]
        if mode != "up":
            wait_until(f"the till meets {mode}", lambda: stage.network.connections > before, 20)  # noqa: B023  # at once
            stage.network.mode = "up"
            try_now(stage)
            wait_until("the shop has all", lambda: waiting(stage) == 0, 30)
    agreement = wait_for_agreement(stage, cashier.sold, 40)
    print("", *(f"{mode}: {', '.join(f'{each:.2f}' for each in took[mode])} s" for mode in took), sep="\n")
    assert agreement == Agreement(sales=len(cashier.sold), orders=len(cashier.sold))
    assert {mode: max(times) for mode, times in took.items() if max(times) > LONGEST_SALE_SECONDS} == {}


def sell(cashier: CarefulCashier, chance: random.Random) -> float:
    """A sale of two pieces; how long it took from the first scan to the change, in seconds."""
    basket = chance.choices(GOODS, k=2)
    began = time.monotonic()
    cashier.sell(basket)
    return time.monotonic() - began


def try_now(stage: Stage) -> None:
    """Ask for it on the page of waiting sales, so that no test waits for the sync service's patience.

    While it tries, or nothing waits any more, the key is off.
    """
    Cashier(stage, Book(), lambda _step: None).tap_state()
    with suppress(HandError):
        stage.hand.tap("Try now")
    stage.hand.tap("Back to selling")


def waiting(stage: Stage) -> int:
    """How many sales the shop does not have."""
    with till_file(stage) as till:
        return len(till.outbox.waiting())
