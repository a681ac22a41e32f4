"""The power is cut while new cards start for the first time: every one becomes a till, and sells.

Each card is flashed anew and its first start cut at three moments one after the other; the start after that must end
on the sign-in screen without a hand, and sell. The moments of all cards are spread over the whole start.
"""

from __future__ import annotations

import random
from typing import Final

from image.machine.anew import new_counter
from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.scenes.first_start import look_for_secrets
from image.scenes.many_cuts import cut_in_start
from image.scenes.network_cut import agree_with_shop

CARDS: Final = 2
CUTS_PER_CARD: Final = 3
SEED: Final = 11
GOODS_SECONDS: Final = 600.0
"""Until the shop's goods are on a new till, on a crowded computer."""


def play(counter: Counter) -> None:
    """One new card after the other."""
    chance = random.Random(SEED)
    if counter.machine.is_on:
        counter.cut_power()
    whole = seconds_of_a_first_start(counter, chance)
    places = chance.sample(range(CARDS * CUTS_PER_CARD), CARDS * CUTS_PER_CARD)
    moments = [(place + chance.random()) / len(places) * whole for place in places]
    for number in range(CARDS):
        mine = moments[number * CUTS_PER_CARD :][:CUTS_PER_CARD]
        with new_counter(counter, counter.folder / f"new{number}", chance) as own:
            try_card(own, mine)
        at = " and ".join(f"{each:.0f}" for each in mine)
        counter.album.figure(
            f"New card {number + 1}", f"cut after {at} s of {whole:.0f} s of computing; it sells"
        )
        counter.album.write()


def seconds_of_a_first_start(counter: Counter, chance: random.Random) -> float:
    """How long a first start computes on this computer: cuts are to come within it."""
    with new_counter(counter, counter.folder / "whole", chance) as own:
        own.switch_on()
        return own.machine.cpu_seconds


def try_card(counter: Counter, moments: list[float]) -> None:
    """Cut its first starts, then let one go on; it must be a till that has all its settings, and sell."""
    for moment in moments:
        cut_in_start(counter, moment)
    counter.switch_on()
    counter.sees_who_is_there()
    counter.keep("After its first starts were cut")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed after a cut in the first start: {', '.join(failed)}.")
    look_for_secrets(counter)
    counter.sign_in()
    counter.sees("sell", seconds=GOODS_SECONDS)
    counter.sell(good("1209"))
    agree_with_shop(counter)
    counter.cut_power()
