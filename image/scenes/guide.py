"""The technician's guide, followed word for word: from the flashed card and what is typed to the first sale.

What the guide says is done; where it names a value of somebody's shop, this counter's is typed. First nothing is typed,
as somebody does who did not read on: then the screen must say what is missing.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from image.machine.anew import another_counter
from image.machine.counter import STEP_SECONDS, Counter
from image.machine.disk import CARD_BYTES, Card, run
from image.machine.errors import SceneError
from image.machine.guide import GUIDE, Guide, fill_in, flashing
from image.machine.keyboard import MATCH
from image.machine.machine import BOOT_PARTITION
from image.machine.page import ON_A_PC, see_new
from image.machine.stick import Stick
from image.machine.technician import Person, read_settings, write_settings
from image.scenes import first_sale

OFF_SECONDS: Final = 240.0
OF_THE_SHOP: Final = frozenset({("shop", "url"), ("shop", "key"), ("shop", "secret")})
SECRETS: Final = frozenset(
    {("shop", "key"), ("shop", "secret"), ("staff", "manager_pin"), ("network", "wifi_password")}
)
UNITS: Final = ("till-setup.service", "till-kiosk.service")


def play(counter: Counter) -> None:
    """Flash, look, type, start, sell."""
    guide = Guide.read()
    if counter.machine.is_on:
        counter.cut_power()
    with technicians_counter(counter, guide) as own:
        nothing_typed(own)
        typed = type_settings(own, guide)
        Stick(own.folder / "stick").make([GUIDE], "vfat")
        first_start(own, guide, typed)
        first_sale.sell_first(own)
        own.machine.shell.run("findmnt /media/till && ls /media/till/gapless-*/journal.jsonl", STEP_SECONDS)


@contextmanager
def technicians_counter(counter: Counter, guide: Guide) -> Iterator[Counter]:
    """A counter with nothing on it but a new card: flashed by the guide's own words."""
    folder = counter.folder / "guide"
    folder.mkdir()
    card = flash(guide, counter.machine.card.base, folder)
    with another_counter(counter, card, folder) as own:
        yield own


def flash(guide: Guide, image: Path, folder: Path) -> Card:
    """Flash by the first of the guide's ways that this computer and this image have.

    Raises:
        SceneError: none can be gone, or the card is not the image.
    """
    for line in guide.commands("Flashing"):
        target = folder / "card.img"
        words = flashing(line, image, target)
        files = [Path(word) for word in words if word.startswith(str(image.with_suffix("")))]
        if shutil.which(words[0]) is None or not all(file.exists() for file in files):
            continue
        run(["sh", "-c", " ".join(words)], seconds=900)
        run(["cmp", "-n", str(image.stat().st_size), image, target])
        os.truncate(target, CARD_BYTES)
        drive = Card(target, folder / "card.qcow2")
        label = run(["mlabel", "-s", "-i", f"{target}@@{drive.partition(BOOT_PARTITION).start_bytes}", "::"])
        if b"TILLBOOT" not in label:
            raise SceneError(f"No drive TILLBOOT appears: {label!r}")
        return drive
    raise SceneError("None of the guide's ways to flash can be gone here.")


def nothing_typed(own: Counter) -> None:
    """The card as it was flashed: the till is new; "On a PC" names what is missing; and it goes off by the screen."""
    own.switch_on()
    report = own.machine.shell.run("cat /run/till/setup.json")
    new, missing = see_new(report, own.folder)
    own.screen.wait_for(new.golden, seconds=STEP_SECONDS)
    own.keep("Nothing was typed: the till is new")
    own.panel.tap(*new.keys[ON_A_PC])
    own.screen.wait_for(missing.golden, seconds=STEP_SECONDS)
    own.keep("On a PC: what is missing")
    own.album.figure("Lines that were missing", str(len(json.loads(report)["problems"])))
    if unsaid := {"This till is new", "The settings are not complete"} - {*new.words, *missing.words}:
        raise SceneError(f"The screen does not say {unsaid}.")
    own.panel.tap(*missing.keys["Switch off"])
    own.machine.wait_off(OFF_SECONDS)
    own.pull_devices()


def type_settings(own: Counter, guide: Guide) -> dict[tuple[str, str], str]:
    """Open till.toml as it is on the card, fill in what the guide fills in, save; returns what was typed."""
    typed = guide.settings("The settings")
    values = {"url": own.shop.url_inside, "key": own.shop.key, "secret": own.shop.secret}
    if missing := OF_THE_SHOP - typed.keys():
        raise SceneError(f"The guide does not type {missing}.")
    typed |= {place: f'"{values[place[1]]}"' for place in OF_THE_SHOP}
    typed["scanner", "match"] = f'"{MATCH}"'  # as the guide says of a scanner of an unknown maker
    template = read_settings(own.machine.card, own.folder).decode("utf-8")
    write_settings(own.machine.card, fill_in(template, typed), own.folder)
    return typed


def first_start(own: Counter, guide: Guide, typed: dict[tuple[str, str], str]) -> None:
    """Plug everything in, then the power; nobody has to do anything until the manager signs in."""
    own.machine.extra = (*own.machine.extra, *stick_in_socket(own.folder / "stick"))
    seconds = own.switch_on()
    own.album.figure("From switched on to READY", f"{seconds:.0f} s, emulated")
    own.sees_who_is_there()
    own.keep("The first start: who is there?")
    own.album.picture("The hand-over sheet", own.printer.wait_for_paper(1, STEP_SECONDS))
    in_order(own)
    left = own.machine.shell.run("cat /boot/firmware/till.toml")
    if kept := [f"{key} in [{part}]" for part, key in SECRETS if typed[part, key].strip('"') in left]:
        raise SceneError(f"After the first start till.toml still holds {', '.join(kept)}.")
    name, pin = (typed["staff", key].strip('"') for key in ("manager", "manager_pin"))
    own.sign_in(Person(name, pin))


def in_order(own: Counter) -> None:
    """The programs started in the guide's order."""
    ask = "systemctl show -P ActiveEnterTimestampMonotonic "
    times = [int(own.machine.shell.run(ask + unit)) for unit in UNITS]
    if times != sorted(times):
        raise SceneError(f"{' and '.join(UNITS)} started in another order: {times}")


def stick_in_socket(file: Path) -> list[str]:
    """QEMU's arguments for a stick that is there from the start."""
    drive = f"driver=raw,node-name=stick,file.driver=file,file.filename={file}"
    return ["-blockdev", drive, "-device", "usb-storage,bus=usb.0,id=stick,drive=stick"]
