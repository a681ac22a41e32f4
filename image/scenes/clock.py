"""A Raspberry Pi has no clock: it starts in 1970, years ahead, or beyond all reason, and the till sells at once.

The clock goes on from what was saved, and never before the day the card was built. The shop's own clock tells whether
it is right; the time service puts it right; and then the journal says so, without a row that was changed.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from image.machine.counter import STEP_SECONDS, Counter, good
from image.machine.errors import SceneError
from image.machine.time_server import time_server
from image.scenes.at_the_till import sign_in_anew
from image.scenes.network_cut import agree

CLOCK_FILE: Final = "/var/lib/systemd/timesync/clock"
OURS: Final = "/run/systemd/timesyncd.conf.d/zz-scene.conf"
SAVE_SECONDS: Final = 20
"""Instead of the card's five minutes, so that a scene need not wait for them."""
LONGEST_START_SECONDS: Final = 3600
SYNCED_SECONDS: Final = 180.0
CORRECTED_SECONDS: Final = 120.0
_ENTRIES: Final = """
import json, sqlite3
books = sqlite3.connect('file:/var/lib/till/till.db?mode=ro', uri=True)
print(json.dumps(books.execute('SELECT seq, kind, at, clock FROM journal ORDER BY seq').fetchall()))
"""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A start with a wrong clock.

    Attributes:
        base: what the computer's clock says when it is switched on, for QEMU.
        stays: the till cannot know better until somebody tells it; else it goes on from what was saved.
    """

    name: str
    base: str
    stays: bool


STARTS: Final = (
    Wrong("1970", "1970-01-01T00:00:30", stays=False),
    Wrong("years ahead", "2029-06-01T12:00:00", stays=True),
    Wrong("beyond all reason", "2060-01-01T00:00:00", stays=False),
)


def play(counter: Counter) -> None:
    """Save the clock, cut the power, and start with one wrong clock after the other."""
    counter.inside.wait_until_all_is_started()
    sign_in_anew(counter)
    saved = save_clock(counter)
    own = tuple(counter.machine.extra)
    try:
        for wrong in STARTS:
            counter.cut_power()
            counter.machine.extra = (*own, "-rtc", f"base={wrong.base}")
            saved = start_with(counter, wrong, saved)
    finally:
        counter.machine.extra = own
    agree(counter)


def save_clock(counter: Counter) -> float:
    """Let the time service save the clock, as it does every few minutes; returns the seconds since 1970."""
    shell = counter.machine.shell
    shell.run(
        f"mkdir -p {OURS.rpartition('/')[0]} && printf '[Time]\\nSaveIntervalSec={SAVE_SECONDS}\\n' >{OURS}"
    )
    before = float(shell.run(f"stat -c %Y {CLOCK_FILE}"))
    shell.run("systemctl restart systemd-timesyncd", STEP_SECONDS)
    end = time.monotonic() + 3 * SAVE_SECONDS + STEP_SECONDS
    while (saved := float(shell.run(f"stat -c %Y {CLOCK_FILE}"))) <= before:
        if time.monotonic() > end:
            raise SceneError(f"The clock was not saved in {3 * SAVE_SECONDS + STEP_SECONDS:.0f} seconds.")
        time.sleep(1)
    shell.run("sync")
    return saved


def start_with(counter: Counter, wrong: Wrong, saved: float) -> float:
    """Start, sell, let the time come right, sell again; returns what was saved at the end."""
    seconds = counter.switch_on()
    now = float(counter.machine.shell.run("date +%s"))
    counter.album.figure(f"{wrong.name}: to READY", f"{seconds:.0f} s, emulated")
    counter.album.figure(
        f"{wrong.name}: the till's clock is off by", f"{(now - time.time()) / 86400:+.2f} days"
    )
    is_from_saved = saved <= now <= time.time() + LONGEST_START_SECONDS
    if is_from_saved == wrong.stays:
        raise SceneError(f"Started in {wrong.base}, saved {saved:.0f}: the clock says {now:.0f}.")
    if now < float(counter.machine.shell.run("stat -c %Y /usr/lib/clock-epoch")):
        raise SceneError("The clock says a day before the card was built.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
    sign_in_anew(counter)
    counter.sell(good("340"))
    counter.keep(f"Started in {wrong.base[:4]}: sold")
    check_trust(counter, wrong)
    first = entries(counter)
    come_right(counter)
    if wrong.stays:
        wait_for_correction(counter, len(first))
    sign_in_anew(counter)
    counter.sell(good("347"))
    counter.keep(f"Started in {wrong.base[:4]}: the time came right")
    check_order(counter, first)
    return save_clock(counter)


def entries(counter: Counter) -> list[list[str]]:
    """The journal: number, kind, time, and how far its clock was trusted."""
    said = counter.machine.shell.run(f'python3 -c "{_ENTRIES}"', STEP_SECONDS)
    found: list[list[str]] = json.loads(said.splitlines()[-1])
    return found


def check_trust(counter: Counter, wrong: Wrong) -> None:
    """No sale under a clock that nobody told claims to know the time; years ahead, the shop's clock contradicts."""
    sale = [each for each in entries(counter) if each[1] == "sale"][-1]
    counter.album.figure(f"{wrong.name}: the sale's clock", f"{sale[3]}, {sale[2]}")
    if wrong.stays and sale[3] == "synced":
        raise SceneError(f"A sale dated {sale[2]} says that its clock was right.")


def come_right(counter: Counter) -> None:
    """A time server answers, and the clock is right within a second or two.

    Raises:
        SceneError: it is not.
    """
    shell = counter.machine.shell
    with time_server() as questions:
        shell.run(f"mkdir -p {OURS.rpartition('/')[0]}")
        shell.run(f"printf '[Time]\\nNTP=10.0.2.2\\nSaveIntervalSec={SAVE_SECONDS}\\n' >{OURS}")
        shell.run("systemctl restart systemd-timesyncd", STEP_SECONDS)
        end = time.monotonic() + SYNCED_SECONDS
        while shell.ask("test -e /run/systemd/timesync/synchronized")[0]:
            if time.monotonic() > end:
                raise SceneError(f"The time did not come right; the server was asked {len(questions)} times.")
            time.sleep(1)
    off = float(shell.run("date +%s.%N")) - time.time()
    if abs(off) > 30:
        raise SceneError(f"The clock is {off:+.0f} seconds off after it was set.")


def wait_for_correction(counter: Counter, after: int) -> None:
    """Wait for the entry that says that the clock was set.

    Raises:
        SceneError: it does not come.
    """
    end = time.monotonic() + CORRECTED_SECONDS
    while not any(each[1] == "clock-corrected" for each in entries(counter)[after:]):
        if time.monotonic() > end:
            raise SceneError("The time came right, and the journal does not say so.")
        time.sleep(1)


def check_order(counter: Counter, first: list[list[str]]) -> None:
    """Nothing that was written is changed; and times go back at one entry alone, which says that the clock was set."""
    found = entries(counter)
    if found[: len(first)] != first:
        raise SceneError("Entries of the journal were changed.")
    for one, other in pairwise(found):
        if other[2] < one[2] and "clock-corrected" not in (one[1], other[1]):
            raise SceneError(f"Time ran backwards in the journal: {one} then {other}.")
    sale = [each for each in found if each[1] == "sale"][-1]
    if sale[3] != "synced" or abs(seconds_of(sale[2]) - time.time()) > 300:
        raise SceneError(f"After the time came right a sale is dated {sale[2]}, {sale[3]}.")


def seconds_of(instant: str) -> float:
    """Seconds since 1970."""
    return datetime.fromisoformat(instant).timestamp()
