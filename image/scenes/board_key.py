"""A board that has a key: its new card is encrypted by itself, sells, and can be read on that board alone.

The key comes from QEMU in place of the module that asks a Raspberry Pi's firmware (``image/otp``); all else is the
card's. What somebody could read who finds the card is looked for from outside, in this card and in a plain one.
"""

from __future__ import annotations

import mmap
import random
import time
from typing import Final

from appliance.card.opening import NO_KEY, OTHER_KEY
from appliance.card.sealing import SEALED
from image.machine.anew import new_counter
from image.machine.counter import KIOSK, STEP_SECONDS, Counter, good
from image.machine.disk import Card
from image.machine.errors import SceneError
from image.machine.technician import MANAGER
from image.scenes.network_cut import agree_with_shop

DATA_PARTITION: Final = 4
OURS: Final = "5b" * 32
ANOTHERS: Final = "c4" * 32
SEED: Final = 5
FILE_SYSTEM: Final = "findmnt -rno SOURCE,FSTYPE /data"
BELOW: Final = "lsblk -rnso NAME,TYPE,FSTYPE /dev/till/data"
SKU: Final = "1209"
WORDS: Final = {"the cashier's name": MANAGER.name, "a product's name": good(SKU).name}
LOOK_SECONDS: Final = 3.0
GOODS_SECONDS: Final = 600.0
"""Until the shop's goods are on a new till, on a crowded computer."""


def play(counter: Counter) -> None:
    """Start a new card on such a board, sell, cut the power, try other boards, sell on."""
    if counter.machine.is_on:
        counter.cut_power()
    with new_counter(counter, counter.folder / "key", random.Random(SEED)) as own:
        own.machine.board_key = OURS
        seconds = own.switch_on()
        own.album.figure("Encrypted and started: to READY", f"{seconds:.0f} s, emulated")
        own.sees_who_is_there()
        see_encrypted(own)
        own.sign_in()
        own.sees("sell", seconds=GOODS_SECONDS)
        sell(own)
        own.cut_power()
        see_nothing_told(own, plain=counter.machine.card)
        refused(own, ANOTHERS, OTHER_KEY)
        refused(own, "", NO_KEY)
        own.machine.board_key = OURS
        seconds = own.switch_on()
        own.album.figure("Back on its own board: to READY", f"{seconds:.0f} s, emulated")
        own.sign_in()
        sell(own)
        own.keep("Back on its own board, it sells on")
        own.cut_power()


def sell(own: Counter) -> None:
    """Sell one thing; the shop has it."""
    own.sell(good(SKU))
    agree_with_shop(own)
    if failed := own.inside.failed_units():
        raise SceneError(f"Units failed: {', '.join(failed)}.")


def see_encrypted(own: Counter) -> None:
    """The data partition is LUKS from below to above, and is marked so."""
    shell = own.machine.shell
    mounted, below = shell.run(FILE_SYSTEM).split(), shell.run(BELOW)
    if mounted[1:] != ["ext4"] or "crypt ext4" not in below or "part crypto_LUKS" not in below:
        raise SceneError(f"/data is not encrypted: {mounted}, {below}")
    said = shell.run("cryptsetup status till-data")
    own.album.figure(
        "Encrypted with", next(line.split()[-1] for line in said.splitlines() if "cipher:" in line)
    )


def see_nothing_told(own: Counter, plain: Card) -> None:
    """Neither a name nor a product can be read from outside; in a plain card both can.

    Raises:
        SceneError: they can, or the look sees nothing in a plain card either; or the partition has another mark.
    """
    card = own.machine.card
    if (kind := card.partition(DATA_PARTITION).kind) != int(SEALED, 16):
        raise SceneError(f"The encrypted partition is marked {kind:02x}.")
    if found := told(own, card):
        raise SceneError(f"In the encrypted card can be read: {', '.join(found)}.")
    if len(found := told(own, plain)) != len(WORDS):
        raise SceneError(f"The look finds only {found} in a plain card: it proves nothing.")
    own.album.figure("Read from outside", f"nothing; of a plain card {' and '.join(found)}")


def told(own: Counter, card: Card) -> list[str]:
    """What of a person and of the goods can be read in the data partition without any key."""
    copy = card.copy_out(DATA_PARTITION, own.folder / "data.raw")
    with copy.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        found = [what for what, word in WORDS.items() if content.find(word.encode()) >= 0]
    copy.unlink()
    return found


def refused(own: Counter, key: str, words: str) -> None:
    """On this board the card says in plain letters what is the matter, and is left as it is."""
    before = own.machine.card.partition(DATA_PARTITION)
    own.machine.board_key = key
    own.machine.start()
    own.plug_devices()
    limit = own.machine.arch.boot_seconds
    own.machine.shell.wait(limit)
    end = time.monotonic() + limit
    wanted = " ".join(words.split())
    while wanted not in " ".join(own.inside.plain_letters().split()):
        if time.monotonic() > end:
            raise SceneError(f"The screen does not say {wanted!r}: {own.inside.plain_letters()}")
        if own.inside.state_of(KIOSK) == "active":
            raise SceneError("A till came up on a board that cannot read its card.")
        time.sleep(LOOK_SECONDS)
    own.keep(f"In plain letters: {words.splitlines()[0]}")
    own.machine.shell.ask("sync", STEP_SECONDS)
    own.cut_power()
    if own.machine.card.partition(DATA_PARTITION) != before:
        raise SceneError("The card was changed on a board that cannot read it.")
