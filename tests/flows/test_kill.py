"""Power cuts of either program, at any moment of a day: the day still ends in agreement."""

from __future__ import annotations

import os
import random
import re
from collections import Counter

import pytest
import zxingcpp

from appliance.demo.stage import Stage, wait_until
from appliance.storage.print_jobs import PrintJob, PrintState
from drivers.virtual.paper import pictures
from tests.flows.agreement import Agreement, till_file, wait_for_agreement
from tests.flows.careful import CarefulCashier
from tests.flows.killing import Killer, plan

SEED = int(os.environ.get("TILL_KILL_SEED", "2"))
SALES = 30
KILLS = 10
OFFLINE = (range(9, 15), range(22, 25))
GOODS = ("402", "347", "5", "33", "415", "612", "340001", "352", "518")
"""Of which there are many: nothing here is about the last one."""


@pytest.mark.alone
def test_ten_kills_at_random_moments_of_a_day_lose_nothing_and_double_nothing(stage: Stage) -> None:
    chance = random.Random(SEED)
    killer = Killer(stage, plan(chance, range(1, SALES - 1), KILLS))
    cashier = CarefulCashier(stage, killer.step, killer.join)
    cashier.sign_in()
    for count in range(SALES):
        stage.network.mode = "refuse" if any(count in hours for hours in OFFLINE) else "up"
        if stage.network.mode == "up":
            killer.step(count, "upload")
        cashier.sell(chance.choices(GOODS, k=chance.randint(1, 4)), by_card=count % 4 == 3)
    killer.join()
    stage.network.mode = "up"
    agreement = wait_for_agreement(stage, cashier.sold, 40)
    print("", *killer.done, "", *Counter(cashier.looked_again).items(), sep="\n")
    assert len(killer.done) == KILLS
    assert agreement == Agreement(sales=SALES, orders=SALES)
    check_papers(stage)


def check_papers(stage: Stage) -> None:
    """Each receipt is whole on its own paper; those that a kill fell into are listed as perhaps printed."""

    def still_open() -> list[PrintJob]:
        with till_file(stage) as till:
            return till.print_jobs.open()

    wait_until(
        "every receipt was tried", lambda: all(job.state is PrintState.UNKNOWN for job in still_open()), 20
    )
    unknown = {job.sale_id for job in still_open()}
    with till_file(stage) as till:
        surely = {
            each.receipt_number for each in till.journal.last(SALES) if each.sale.sale_id not in unknown
        }
    assert surely - set(numbers_on_paper(stage)) == set()


def numbers_on_paper(stage: Stage) -> list[str]:
    """The receipt numbers that the codes on the papers say."""
    codes = [
        code.text
        for paper in stage.papers()
        for picture in pictures(paper)
        for code in zxingcpp.read_barcodes(picture)
    ]
    return [number for text in codes for number in re.findall(r"T1-\d{6}", text)]
