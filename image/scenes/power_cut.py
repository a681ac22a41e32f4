"""The power is cut in the middle of a sale: the next start needs no hand, and no sale is lost."""

from __future__ import annotations

import time

from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.scenes.network_cut import agree

SIGNED_IN_SECONDS = 120.0


def play(counter: Counter) -> None:
    """Sell, begin another sale, pull the plug, start again, sell again."""
    counter.sell(good("902"))
    counter.scan(good("1044"))
    time.sleep(2)
    counter.keep("The moment before the cut: one line of a sale that is not paid")
    sold = [number for _, number, _ in counter.inside.till_books().sales]
    counter.cut_power()
    seconds = counter.switch_on()
    counter.album.figure("From switched on to READY", f"{seconds:.0f} s, emulated")
    counter.sees_who_is_there()
    books = counter.inside.till_books()
    if [number for _, number, _ in books.sales] != sold:
        raise SceneError(f"{len(sold)} sales were made, after the cut there are {len(books.sales)}.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed after the cut: {', '.join(failed)}.")
    counter.sign_in()
    time.sleep(5)
    counter.keep("After the cut: the sale that was begun is still there")
    counter.tap("sell-one", "Pay")
    agree(counter)
