"""A new version on a stick is put in out of opening hours, tried, found well and kept; every sale is there."""

from __future__ import annotations

import time

from image.machine.bundles import GOOD
from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.stick import Stick
from image.machine.updates import (
    ask,
    be_signed_in,
    bundles_for,
    plug,
    restart_to_ready,
    sector_of,
    settle_hours,
    version_of,
    wait_for_end,
)
from image.scenes.network_cut import agree_with_shop


def play(counter: Counter) -> None:
    """Sell, update, sell."""
    be_signed_in(counter)
    counter.sell(good("347"))
    sold = counter.inside.till_books().receipts
    bundles = bundles_for(counter)
    stick = Stick(counter.folder / "good.stick").make([bundles.make("good", GOOD)])
    plug(counter, stick)
    settle_hours(counter, closed=True)
    start = time.monotonic()
    words = ask(counter)
    counter.album.figure("Put in", f"{' | '.join(words)} {time.monotonic() - start:.0f} s, emulated")
    if "is started on trial" not in words[-1]:
        raise SceneError(f"The new version was not put in: {words}")
    seconds = restart_to_ready(counter)
    counter.album.figure("From the restart to READY", f"{seconds:.0f} s, emulated")
    if version_of(counter) != GOOD.number:
        raise SceneError(f"Version {version_of(counter)} was started.")
    counter.album.figure("slot.txt while it is tried", sector_of(counter))
    ending, seconds = wait_for_end(counter, "confirmed")
    counter.album.figure("Kept", f"{ending['why']} {seconds:.0f} s after READY; {sector_of(counter)}")
    counter.sees_who_is_there()
    if counter.inside.till_books().receipts != sold:
        raise SceneError(
            f"{sold} were sold, after the update there are {counter.inside.till_books().receipts}"
        )
    counter.sign_in()
    counter.sell(good("810"))
    counter.keep("Sold by the new version")
    agree_with_shop(counter)
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
