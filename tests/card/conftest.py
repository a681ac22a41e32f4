"""Cards in memory: hundreds of boots, each of which has every write on the disk, wear out a disk and take minutes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.card.disk import Disk
from appliance.card.problems import Sells
from tests.card.card import Card, filled_in

MEMORY = Path("/dev/shm")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """An empty folder that costs no writes, where the machine has such."""
    if not MEMORY.is_dir():
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="gapless-") as made:
        yield Path(made)


@pytest.fixture
def new(folder: Path) -> Card:
    return Card(folder, Disk())


@pytest.fixture
def card(folder: Path) -> Card:
    """One that was set up and sells."""
    made = Card(folder, Disk(), filled_in())
    assert made.set_up() is Sells.AS_TYPED
    assert made.sentences() == []
    return made
