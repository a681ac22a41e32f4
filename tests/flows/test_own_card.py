"""The card is full, locked, or fails: real errors of the kernel under the real programs, and a way on from each."""

from __future__ import annotations

import resource

import pytest

from appliance.demo.cashier import good
from appliance.demo.stage import SCANNER, Stage, wait_until
from tests.flows.careful import CarefulCashier
from tests.flows.own_card import MUG, play, refused, scan, shows, take_cash, way_to_mount

HAMMER = "331"


@pytest.mark.parametrize("story", ["full", "locked"])
def test_a_sale_is_kept_and_goes_on_when_the_card_is(story: str) -> None:
    if way_to_mount() is None:
        pytest.skip("nobody may mount anything here, so no card can be full: run tests/check as root once")
    code, said = play(story)
    print(said)
    assert code == 0, said


def test_a_sale_is_kept_and_goes_on_when_the_card_fails_for_a_while(stage: Stage) -> None:
    """The kernel refuses each write of the program to a file, which is what a dying card looks like to it."""
    cashier, hand = CarefulCashier(stage), stage.hand
    cashier.sign_in()
    cashier.sell([HAMMER])
    scan(stage, HAMMER, "€24.90")
    assert stage.kiosk.process is not None
    of = stage.kiosk.process.pid
    before = resource.prlimit(of, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    refused(stage, lambda: stage.bench.scan(good(MUG).gtin, SCANNER), "The memory card failed")
    hand.tap("Try again")
    wait_until("it is still so", lambda: hand.sees("It is still so."), 10)
    resource.prlimit(of, resource.RLIMIT_FSIZE, before)
    hand.tap("Try again")
    wait_until("the same sale is there", lambda: shows(stage, "€24.90"), 10)
    take_cash(stage)
