"""A new version from the network whose kiosk crashes is undone without a hand; the one before has every sale."""

from __future__ import annotations

import time

from image.machine.bundles import Version
from image.machine.counter import Counter, good
from image.machine.errors import SceneError
from image.machine.update_server import UpdateServer
from image.machine.updates import (
    TRIAL_SECONDS,
    ask,
    be_signed_in,
    bundles_for,
    record_of,
    restart,
    restart_to_ready,
    sector_of,
    settle_hours,
    trust,
    version_of,
)
from image.scenes.network_cut import agree_with_shop

NEW = "0.3.0"
FIRST_PIECE_BYTES = 60_000_000
PUT_BACK = "is tried once; the next start is"


def play(counter: Counter) -> None:
    """Sell, have it fetched and tried, and see that nothing came of it."""
    be_signed_in(counter)
    counter.sell(good("402"))
    before = version_of(counter), sector_of(counter), counter.inside.till_books().receipts
    bundle = bundles_for(counter).make("crashes", Version(NEW, crashes=True))
    server = UpdateServer(bundle, counter.folder / "server")
    try:
        settle_hours(counter, closed=True, url=server.url_inside)
        trust(counter, server)
        fetch(counter, server)
        be_undone(counter)
        after = version_of(counter), sector_of(counter), counter.inside.till_books().receipts
        if after != before:
            raise SceneError(f"Before the update it was {before}, afterwards {after}.")
        check_refused(counter, server)
    finally:
        server.stop()
    counter.sees_who_is_there()
    counter.sign_in()
    counter.sell(good("415"))
    counter.keep("Sold by the version before")
    agree_with_shop(counter)


def fetch(counter: Counter, server: UpdateServer) -> None:
    """The server hangs up once; the next look goes on where that ended."""
    server.cuts_after_bytes = FIRST_PIECE_BYTES
    words = ask(counter)
    counter.album.figure("A download that was cut off", " | ".join(words))
    if not any("the rest comes next time" in each for each in words):
        raise SceneError(f"The download was cut off, and it said {words}")
    server.cuts_after_bytes = None
    words = ask(counter)
    counter.album.figure("The next look", f"{' | '.join(words)} It asked for {server.asked}")
    if "is started on trial" not in words[-1] or server.asked[-1] != f"bytes={FIRST_PIECE_BYTES}-":
        raise SceneError(f"It did not go on: {words}, asked for {server.asked}")


def be_undone(counter: Counter) -> None:
    """The new version is started, and the one before comes back by itself."""
    restart(counter)
    counter.machine.shell.wait(counter.machine.arch.boot_seconds)
    if version_of(counter) != NEW:
        raise SceneError(f"Version {version_of(counter)} was started.")
    said = counter.machine.console.read_text("utf-8", "replace")
    if (
        PUT_BACK not in said
    ):  # the programs of a system that starts do so as well; one that hangs before has its initrd
        raise SceneError(f"The initrd of the new version did not name the one before: {said[-400:]}")
    counter.album.figure("slot.txt while it is tried", sector_of(counter))
    start = time.monotonic()
    ready = restart_to_ready(counter, TRIAL_SECONDS)
    seconds = time.monotonic() - start
    counter.album.figure("Undone", f"{seconds:.0f} s after its first sign, {ready:.0f} of them to READY")


def check_refused(counter: Counter, server: UpdateServer) -> None:
    """The card knows why it came to nothing, and does not take that bundle again."""
    ending = record_of(counter)["endings"][0]
    counter.album.figure("What the card keeps of it", f"{ending['outcome']}: {ending['why']}")
    trust(counter, server)
    words = " | ".join(ask(counter))
    counter.album.figure("The next night", words)
    if ending["outcome"] != "failed" or "was tried and did not do" not in words:
        raise SceneError(f"It ended {ending}, and the next time it said {words}")
