"""The power is cut in the middle of a sale: the next start needs no hand, no sale is lost, the begun one goes on."""

from __future__ import annotations

from image.machine.counter import Counter, cents, good
from image.machine.errors import SceneError
from image.machine.inside import TillBooks
from image.scenes.network_cut import agree


def play(counter: Counter) -> None:
    """Sell, begin another sale, pull the plug, start again, end the sale that was begun."""
    counter.sell(good("902"))
    counter.add(good("1044"))
    counter.keep("The moment before the cut: one line of a sale that is not paid")
    before = counter.inside.till_books()
    counter.cut_power()
    goes_on(counter, before)


def goes_on(counter: Counter, before: TillBooks) -> None:
    """Switch on, and end the sale that was begun with 1044: all is as it was.

    Raises:
        SceneError: something is not.
    """
    seconds = counter.switch_on()
    counter.album.figure("From switched on to READY", f"{seconds:.0f} s, emulated")
    counter.sees_who_is_there()
    after = counter.inside.till_books()
    if after.receipts != before.receipts:
        raise SceneError(f"{len(before.receipts)} sales were made, now there are {len(after.receipts)}.")
    if after.draft != before.draft:
        raise SceneError("The sale that was begun is not as it was.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
    counter.sign_in()
    counter.keep("Switched on again: the sale that was begun is still there")
    counter.pay()
    counter.taken.append(cents(good("1044")))
    agree(counter)
