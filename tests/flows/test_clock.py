"""A till that was started with a clock from years ago: it says so on screen and paper, and puts it right later."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

from appliance.demo.books import read_books
from appliance.demo.stage import Stage, wait_until
from appliance.receipts.wording import CLOCK_NOT_SET
from drivers.document import Style
from tests.flows.agreement import till_file, wait_for_stick
from tests.flows.careful import CarefulCashier
from tests.flows.clocks import says, set_clock
from tests.flows.switching import switch_off, switch_on

YEARS_AGO, CORRECTED = -3000, "clock-corrected"


def entries(stage: Stage) -> list[dict[str, Any]]:
    with till_file(stage) as till:
        return [json.loads(line)["entry"] for line in till.lines().decode().splitlines()]


def kinds(stage: Stage) -> list[str]:
    return [entry["kind"] for entry in entries(stage)]


def test_a_clock_from_years_ago_is_named_and_put_right_and_no_row_is_changed(stage: Stage) -> None:
    switch_off(stage)
    set_clock(stage, YEARS_AGO)
    switch_on(stage)
    cashier = CarefulCashier(stage)
    cashier.sign_in()
    wait_until("the header says it", lambda: stage.hand.sees("Clock not set"), 10)
    cashier.sell(["331"])
    wait_until("its paper is there", lambda: len(stage.papers()) == 1, 10)
    assert says(stage.papers()[0], CLOCK_NOT_SET, Style.STRONG)
    wait_until("the shop has it", lambda: len(read_books(stage.shop_file).till_orders) == 1, 30)
    before = entries(stage)
    assert [before[-1]["kind"], before[-1]["clock"]] == ["sale", "unset"]
    corrected_before = kinds(stage).count(CORRECTED)  # while the miniature was set up, under a right clock

    set_clock(stage, 0)
    wait_until(
        "the correction is in the journal", lambda: kinds(stage).count(CORRECTED) > corrected_before, 30
    )
    wait_until("the header is quiet", lambda: not stage.hand.sees("Clock not set"), 20)
    cashier.sell(["1209"])
    wait_until("its paper is there", lambda: len(stage.papers()) == 2, 10)
    assert not says(stage.papers()[1], CLOCK_NOT_SET, Style.STRONG)
    after = entries(stage)
    assert after[: len(before)] == before, "rows stay as they were"
    assert [after[-1]["kind"], after[-1]["clock"]] == ["sale", "synced"]
    corrected = [entry["body"] for entry in after[len(before) :] if entry["kind"] == CORRECTED]
    assert corrected[0]["first"] <= before[-1]["seq"] <= corrected[0]["last"]
    check_order(after)
    wait_until("the shop has both", lambda: len(read_books(stage.shop_file).till_orders) == 2, 30)
    assert "intact" in wait_for_stick(stage)
    switch_off(stage)  # a polite end takes long under libfaketime


def check_order(after: list[dict[str, Any]]) -> None:
    """By number, and by the time since the start; and no receipt is dated before the one before it."""
    assert all(one["at"] <= other["at"] for one, other in pairwise(after)), "time never runs backwards"
    assert all(one["uptime_ms"] <= other["uptime_ms"] for one, other in pairwise(after))
    assert [entry["seq"] for entry in after] == list(range(1, len(after) + 1))
