"""The power is cut 30 times, while the card starts and while it sells: every start ends in a till, no sale is lost."""

from __future__ import annotations

import random
import time

from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.scenes.network_cut import agree_with_shop

CUTS = 30
SEED = 7
GOODS = ("340", "347", "810", "1044", "402", "415", "921", "518", "1188", "33")
LONGEST_START_SECONDS = 90.0
LONGEST_STEP_SECONDS = 4.0
PRINTED_SECONDS = 90.0


def play(counter: Counter) -> None:
    """Two cuts of three while it sells, one while it starts."""
    chance = random.Random(SEED)
    during_start = 0
    if counter.machine.is_on:
        counter.cut_power()
    for number in range(CUTS):
        if number % 3 == 2:
            cut_start(counter, chance)
            during_start += 1
        else:
            cut_sale(counter, chance)
    counter.switch_on()
    counter.sees_who_is_there()
    check_sales(counter)
    counter.sign_in()
    counter.album.figure("Cuts", f"{CUTS}, of them {during_start} while it started")
    till, _ = agree_with_shop(
        counter
    )  # a sale that was begun is in the next one: the cashier's sums are others
    counter.album.figure("Sales that till and shop agree on", str(len(till.sales)))


def cut_start(counter: Counter, chance: random.Random) -> None:
    """Switch on, and cut at any moment on the way up."""
    counter.machine.start()
    time.sleep(chance.uniform(2, LONGEST_START_SECONDS))
    counter.cut_power()


def cut_sale(counter: Counter, chance: random.Random) -> None:
    """Make one sale, and cut at any moment of the next."""
    counter.switch_on()
    check_sales(counter)
    counter.sign_in()
    papers = len(counter.printer.papers)
    counter.sell(good(chance.choice(GOODS)))
    counter.printer.wait_for_paper(papers + 1, PRINTED_SECONDS)
    counter.scan(good(chance.choice(GOODS)))
    time.sleep(chance.uniform(0, LONGEST_STEP_SECONDS))
    counter.tap("sell-one", "Pay")
    time.sleep(chance.uniform(0, LONGEST_STEP_SECONDS))
    counter.cut_power()


def check_sales(counter: Counter) -> None:
    """Every sale whose change was on the screen is in the books."""
    found = len(counter.inside.till_books().sales)
    if found < len(counter.taken):
        raise SceneError(f"{len(counter.taken)} sales were made, {found} are in the books after a cut.")
