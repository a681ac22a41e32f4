"""Another counter beside the one that scenes share: its own card in its own computer, and its own shop."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from image.machine.counter import Counter
from image.machine.disk import CARD_BYTES, Card
from image.machine.errors import MachineError, SceneError
from image.machine.flash import Flash
from image.machine.machine import Machine
from image.machine.playing import look_around
from image.machine.shop import Shop
from image.machine.technician import prepare


@contextmanager
def another_counter(counter: Counter, card: Card, folder: Path) -> Iterator[Counter]:
    """A counter that has this card and nothing else of the other one; its log comes into the report.

    Args:
        counter: whose report is written on. Its computer is off.
        card: for the new one.
        folder: of it, with a short path; its name is that of the log.
    """
    shop, machine = Shop(folder), Machine(card, folder / "m")
    machine.load_firmware()
    own = replace(counter, machine=machine, shop=shop, folder=folder, taken=[])
    try:
        yield own
    except (SceneError, MachineError):
        look_around(own)  # while it is still on
        raise
    finally:
        if machine.is_on:
            own.cut_power()
        shop.stop()
        if machine.console.exists():
            shutil.copyfile(machine.console, counter.album.folder / f"{folder.name}-console.log")


@contextmanager
def new_counter(counter: Counter, folder: Path, chance: random.Random) -> Iterator[Counter]:
    """One with a card that was just flashed and prepared, and that loses at a cut what a card may lose; it is off."""
    folder.mkdir()
    card = Card(counter.image, folder / "card.qcow2", CARD_BYTES)
    try:
        with another_counter(counter, card, folder) as own:
            prepare(card, own.shop, folder)
            own.machine.put_in(Flash(card, folder / "flash", chance))
            yield own
    finally:
        shutil.rmtree(folder, ignore_errors=True)
