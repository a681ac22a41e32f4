"""Power cuts of either program, at any moment of a day: the day still ends in agreement."""

from __future__ import annotations

import os
import random
from collections import Counter

from appliance.demo.stage import Stage
from tests.flows.agreement import Agreement, wait_for_agreement, wait_for_stick
from tests.flows.careful import CarefulCashier
from tests.flows.killing import Killer, plan
from tests.flows.papers import wait_for_papers

SEED = int(os.environ.get("TILL_KILL_SEED", "2"))
SALES = 30
KILLS = 10
OFFLINE = (range(9, 15), range(22, 25))
GOODS = ("402", "347", "5", "33", "415", "612", "340001", "352", "518")
"""Of which there are many: nothing here is about the last one."""


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
    assert "intact" in wait_for_stick(stage)
    assert not wait_for_papers(stage).missing
