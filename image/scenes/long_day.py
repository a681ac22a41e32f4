"""A long day: 80 sales, some without a network, a backup and looks at its health; memory stays under 300 MiB."""

from __future__ import annotations

import time
from typing import Final

from image.machine.counter import KIOSK, STEP_SECONDS, Counter, good
from image.machine.errors import SceneError
from image.scenes.at_the_till import sign_in_anew
from image.scenes.network_cut import agree

ROUNDS: Final = 8
GOODS: Final = ("340", "347", "810", "1044", "402", "415", "921", "518", "1188", "33")
OFFLINE_ROUND: Final = 3
MOST_MIB: Final = 300
"""Of a card in all: the smallest board has 512."""
BESIDE: Final = ("till-health.service", "till-backup.service")


def play(counter: Counter) -> None:
    """Sell, and look at the memory after each round."""
    counter.be_on()
    counter.inside.wait_until_all_is_started()
    sign_in_anew(counter)
    start, used = time.monotonic(), [counter.inside.memory_mib()[0]]
    for number in range(ROUNDS):
        if number == OFFLINE_ROUND:
            counter.cut_network()
        for sku in GOODS:
            counter.sell(good(sku))
        counter.join_network()
        for unit in BESIDE:
            counter.machine.shell.run(f"systemctl start {unit}", STEP_SECONDS)
        used.append(counter.inside.memory_mib()[0])
        counter.album.figure("Memory in use, MiB, after each 10 sales", ", ".join(map(str, used)))
        counter.album.write()
    counter.album.figure("A sale took", f"{(time.monotonic() - start) / ROUNDS / len(GOODS):.1f} s, emulated")
    agree(counter)
    size = int(counter.machine.shell.run(f"systemctl show -P MemoryPeak {KIOSK}"))
    counter.album.figure("The kiosk at most", f"{size >> 20} MiB")
    counter.keep("After the last sale")
    if failed := counter.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")
    if max(used) > MOST_MIB:
        raise SceneError(f"{max(used)} MiB of memory were in use, {MOST_MIB} are meant.")
