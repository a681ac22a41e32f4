"""A board with 512 MB, as a Zero 2 W: the till starts, sells, looks after itself, and nothing is killed for memory."""

from __future__ import annotations

from typing import Final

from image.machine.counter import STEP_SECONDS, Counter, good
from image.machine.errors import SceneError
from image.machine.machine import MEMORY_MIB
from image.scenes.at_the_till import sign_in_anew
from image.scenes.long_day import BESIDE
from image.scenes.network_cut import agree

SMALL_MIB: Final = 448
"""What its firmware leaves of 512: 64 are the graphics chip's."""
GOODS: Final = ("340", "347", "810", "1044", "402")
KILLED: Final = "journalctl -kb --no-pager -o cat | grep -icE 'out of memory|oom-kill' || true"
SWAPPED_KB: Final = "awk '/^SwapTotal/ { all = $2 } /^SwapFree/ { print all - $2 }' /proc/meminfo"


def play(counter: Counter) -> None:
    """The card of the day goes on in such a board, and afterwards in its own again."""
    if counter.machine.is_on:
        counter.cut_power()
    counter.machine.memory_mib = SMALL_MIB
    try:
        day(counter)
    finally:
        counter.cut_power()
        counter.machine.memory_mib = MEMORY_MIB


def day(counter: Counter) -> None:
    """Start, sell, have a backup made and health looked at.

    Raises:
        SceneError: something was killed, or failed.
    """
    seconds = counter.switch_on()
    counter.album.figure("From switched on to READY", f"{seconds:.0f} s, emulated")
    counter.inside.wait_until_all_is_started()
    sign_in_anew(counter)
    shell = counter.machine.shell
    for sku in GOODS:
        counter.sell(good(sku))
    for unit in BESIDE:
        shell.run(f"systemctl start {unit}", STEP_SECONDS)
    agree(counter)
    used, whole = counter.inside.memory_mib()
    swapped = int(shell.run(SWAPPED_KB)) >> 10
    counter.album.figure("Memory", f"{used} of {whole} MiB in use, {swapped} MiB packed away")
    counter.keep("Five sales on a board with 512 MB")
    if (killed := shell.run(KILLED).strip()) != "0":
        raise SceneError(f"The kernel killed for memory: {killed} lines of its log say so.")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
