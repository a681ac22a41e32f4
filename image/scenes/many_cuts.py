"""The power is cut 15 times, while the card starts and while it sells: every start ends in a till, no sale is lost.

Each start that sees what a cut has left is the start of the next cut. A cut takes from the card what a card may lose:
what was written after the last flush is lost, torn or out of order. The moments are spread over the whole start, and
over all that happens in a sale; chance chooses within them.
"""

from __future__ import annotations

import random
import time
from typing import Final

from image.machine.counter import Counter, cents, good
from image.machine.errors import SceneError
from image.machine.flash import Flash
from image.scenes.network_cut import agree_with_shop

ROUNDS: Final = 5
"""Each with a cut in a sale, and then with two in starts, one after the other."""
CUTS_IN_STARTS: Final = 2
SEED: Final = 7
GOODS: Final = ("340", "347", "810", "1044", "402", "415", "921", "518", "1188", "33")
STEPS: Final = ("scanned", "to be paid", "paid", "paid")
"""How far a sale comes before its cut; the most often to where it is written."""
LONGEST_STEP_SECONDS: Final = 2.5
PRINTED_SECONDS: Final = 300.0


def play(counter: Counter) -> None:
    """Cut and start, in turn; at the end the shop must have what was sold."""
    chance = random.Random(SEED)
    if counter.machine.is_on:
        counter.cut_power()
    if counter.machine.flash is None:
        counter.machine.put_in(Flash(counter.machine.card, counter.folder / "flash", chance))
    told, begun = list[str](), list[int]()
    strata = chance.sample(range(ROUNDS * CUTS_IN_STARTS), ROUNDS * CUTS_IN_STARTS)
    for number in range(ROUNDS):
        step = STEPS[number % len(STEPS)]
        told, begun_cents, start_cpu_seconds = cut_in_sale(counter, told, step, chance)
        begun.append(begun_cents)
        for stratum in strata[number * CUTS_IN_STARTS :][:CUTS_IN_STARTS]:
            cut_in_start(counter, (stratum + chance.random()) / len(strata) * start_cpu_seconds)
        in_starts = (number + 1) * CUTS_IN_STARTS
        counter.album.figure("Cuts", f"{number + 1 + in_starts}, of them {in_starts} in a start")
        counter.album.write()
    counter.switch_on()
    told = see_told(counter, told)
    counter.sees_who_is_there()
    counter.keep("After the last cut")
    counter.sign_in()
    counter.sell(good(GOODS[0]))
    till, _ = agree_with_shop(counter)
    check_sums(counter.taken, begun, [total for _, _, total in till.sales])
    # Which sales a cut let come to their end, and with what, only the books know: the cashier's own goes on from them.
    counter.taken[:] = [total for _, _, total in till.sales]
    flash = counter.machine.flash
    counter.album.figure("Writes that the cuts took", str(flash.lost_writes if flash else 0))
    counter.album.figure("Sales that till and shop agree on", f"{len(till.sales)}, {len(told)} told at a cut")


def cut_in_sale(
    counter: Counter, told: list[str], step: str, chance: random.Random
) -> tuple[list[str], int, float]:
    """Start, look for what was told before, make one sale, and cut in the next.

    Returns:
        The receipts that came out by now, the price in cents of what was begun, and how long the start computed.
    """
    counter.switch_on()
    cpu_seconds = counter.machine.cpu_seconds
    told = see_told(counter, told)
    counter.sign_in()
    papers = len(counter.printer.papers)
    counter.sell(good(chance.choice(GOODS)))
    counter.printer.wait_for_paper(papers + 1, PRINTED_SECONDS)
    told = [*told, counter.inside.till_books().receipts[-1]]
    begun = begin_sale(counter, step, chance)
    counter.cut_power()
    return told, begun, cpu_seconds


def begin_sale(counter: Counter, step: str, chance: random.Random) -> int:
    """Come so far with a sale, and a moment farther; returns the price in cents of what is in it."""
    begun = good(chance.choice(GOODS))
    if step == "scanned":
        counter.scan(begun)
    else:
        counter.add(begun)
        counter.tap("sell-one", "Pay")
    if step == "paid":
        counter.sees("paying")
        counter.tap("pay", "Exact cash")
    time.sleep(chance.uniform(0, LONGEST_STEP_SECONDS))
    return cents(begun)


def check_sums(taken: list[int], begun: list[int], books: list[int]) -> None:
    """The books hold what the cashier took, and at most what the cuts may have let come in as well, once.

    Args:
        taken: cents of the sales that came to their end.
        begun: cents of the one thing in each sale that a cut met. It is lost, or is a sale, or is in the next sale.
        books: cents of the till's sales.

    Raises:
        SceneError: a sale is missing, or stands there twice.
    """
    fewest, most = len(taken), len(taken) + len(begun)
    least, highest = sum(taken), sum(taken) + sum(begun)
    if not (fewest <= len(books) <= most and least <= sum(books) <= highest):
        raise SceneError(
            f"The till has {len(books)} sales of {sum(books)} cents after the cuts, "
            f"and should have {fewest} to {most} of {least} to {highest}."
        )


def cut_in_start(counter: Counter, cpu_seconds: float) -> None:
    """Switch on, and cut after so much computing: seconds of a clock would be others on a crowded computer."""
    counter.machine.start()
    counter.plug_devices()
    end = time.monotonic() + counter.machine.arch.boot_seconds
    while counter.machine.is_on and counter.machine.cpu_seconds < cpu_seconds and time.monotonic() < end:
        time.sleep(0.05)
    counter.cut_power()


def see_told(counter: Counter, told: list[str]) -> list[str]:
    """Every receipt that was out is in the books; returns all that are there: no cut may take them any more.

    Raises:
        SceneError: one is missing, or the file is not sound.
    """
    books = counter.inside.till_books()
    if lost := sorted(set(told) - set(books.receipts)):
        raise SceneError(f"These receipts were out, and are not in the books after a cut: {', '.join(lost)}.")
    if books.sound != "ok":
        raise SceneError(f"The till's file is not sound after a cut: {books.sound}")
    return books.receipts
