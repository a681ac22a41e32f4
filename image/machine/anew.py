"""Another counter beside the one that scenes share: its own card in its own computer, and its own shop."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from image.machine.counter import Counter
from image.machine.disk import Card
from image.machine.errors import MachineError, SceneError
from image.machine.machine import Machine
from image.machine.playing import look_around
from image.machine.shop import Shop


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
