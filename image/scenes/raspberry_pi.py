"""A Raspberry Pi 3 starts from the card with its own drivers: card reader, USB, device tree; and the till stands ready.

Without a screen, as QEMU has none for it: the kiosk waits for one, and all else is there. A Pi has no clock either.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import Final

from appliance.card.health import SYNC
from image.machine.arch import ARM64
from image.machine.counter import Counter
from image.machine.disk import CARD_BYTES, Card
from image.machine.errors import SceneError
from image.machine.inside import Inside
from image.machine.keyboard import MATCH
from image.machine.raspberry_pi import RaspberryPi
from image.machine.technician import prepare, read_settings

MODEL: Final = "Raspberry Pi 3 Model B"
LOOK_SECONDS: Final = 10.0
LEAST_SHARE: Final = 0.8
"""Of the card, that the data partition is to have: the rest is the image's."""
HEALTH: Final = "till-health.service"
NO_SCREEN: Final = "dev-till-screen.device"
ANOTHERS: Final = "0525:a4a2"
"""The network adapter that QEMU has for it: of no kind that a till lets in."""
AUTHORIZED: Final = "cat $(dirname $(grep -l {product} /sys/bus/usb/devices/*/idProduct))/*:1.*/authorized"


def play(counter: Counter) -> None:
    """Start a new card in such a board, and look at it from inside."""
    if counter.machine.arch is not ARM64:
        counter.album.figure(
            "Not played", f"there is no Raspberry Pi with a processor for {counter.machine.arch.name}"
        )
        return
    if counter.machine.is_on:
        counter.cut_power()
    folder = counter.folder / "pi"
    folder.mkdir()
    card = Card(counter.image, folder / "card.qcow2", CARD_BYTES)
    prepare(card, counter.shop, folder)
    board = RaspberryPi(card, folder / "m")
    try:
        start(board, counter)
        look(board, counter)
    finally:
        board.cut()
        if board.console.exists():
            shutil.copyfile(board.console, counter.album.folder / "pi-console.log")
    if counter.shop.secret.encode() in read_settings(card, folder):
        raise SceneError("The shop's secret still lies on the drive that any PC reads.")
    shutil.rmtree(folder)


def start(board: RaspberryPi, counter: Counter) -> None:
    """Switch it on, and wait until the service stands that brings sales to the shop."""
    board.start()
    limit = time.monotonic() + board.arch.boot_seconds
    board.shell.wait(board.arch.boot_seconds)
    inside = Inside(lambda: board.shell)
    while (state := inside.state_of(SYNC)) != "active":
        if time.monotonic() > limit:
            waits = board.shell.ask("systemctl list-jobs --no-legend --no-pager")[1]
            raise SceneError(f"{SYNC} is {state}; what is on its way: {waits}")
        time.sleep(LOOK_SECONDS)
    up = board.shell.run("cut -d. -f1 /proc/uptime").strip()
    counter.album.figure("Started, a new card, without a screen", f"{up} s, emulated")


def look(board: RaspberryPi, counter: Counter) -> None:
    """Everything that can be there is there.

    Raises:
        SceneError: something is not; named.
    """
    ask = board.shell.run
    model = ask("tr -d '\\0' </sys/firmware/devicetree/base/model").strip()
    root, data = ask("findmnt -rvno SOURCE /").strip(), ask("findmnt -rvno SOURCE /data").strip()
    size = int(ask(f"lsblk -bno SIZE {data}").split()[0])
    report = json.loads(ask("cat /run/till/setup.json"))
    found = {
        f"the board is {model!r}": model == MODEL,
        f"the root is {root}": root == "/dev/mmcblk0p2",
        f"the data partition has {size >> 20} MiB": size > LEAST_SHARE * CARD_BYTES,
        f"the settings are taken {report.get('sells')}": report.get("sells") == "as typed",
        "the scanner is let in": set(let_in(board, MATCH)) == {"1"},
        "a strange network adapter is not": set(let_in(board, ANOTHERS)) == {"0"},
        "the kiosk waits for a screen alone": NO_SCREEN in ask("systemctl list-jobs --no-legend --no-pager"),
    }
    board.shell.ask(f"systemctl start {HEALTH}")  # fails, as the till has no screen
    problems = json.loads(ask("cat /run/till/health.json"))["problems"]
    found["nor does the till's own look find anything else"] = [each[:6] for each in problems] == ["kiosk:"]
    failed = [each for each in Inside(lambda: board.shell).failed_units() if each != HEALTH]
    if failed or not all(found.values()):
        wrong = [words for words, is_so in found.items() if not is_so] + failed
        raise SceneError(f"On a Raspberry Pi this is not so, or failed: {'; '.join(wrong)}.")
    counter.album.figure("Found", "; ".join(found))


def let_in(board: RaspberryPi, device: str) -> list[str]:
    """Which interfaces of a device have a driver: "1" or "0" of each."""
    return board.shell.run(AUTHORIZED.format(product=device.partition(":")[2])).split()
