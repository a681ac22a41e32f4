"""Cards that fail at the first boot or later: what is secret stays where it is, and the screen comes up to say so."""

from __future__ import annotations

import errno
from contextlib import suppress
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from appliance.card.disk import Disk
from appliance.card.problems import Sells
from tests.card.card import NUMBER, Card, filled_in
from tests.card.cutting import CuttingDisk, PowerCutError


def test_secrets_stay_where_they_were_typed_if_they_cannot_be_locked_away(new: Card) -> None:
    new.type(filled_in())
    run = new.machine.run

    def no_key(command: list[str], typed: bytes, environment: Any) -> bytes:
        done = run(command, typed, environment)
        return b"something else" if command[1] == "decrypt" else done

    new.machine = replace(new.machine, run=no_key)
    assert new.set_up() is Sells.NO
    assert "What is secret could not be locked away, and is still in till.toml" in new.sentences()[0]
    assert new.typed() == filled_in().encode()


def test_another_machine_number_is_said_before_systemd_throws_its_key_away(card: Card, folder: Path) -> None:
    (folder / "etc/machine-id").write_text("b" * 32 + "\n")
    kept = card.places.host_key.read_bytes()
    card.set_up()
    assert "The card's own number is another one, so its secrets cannot be read." in card.sentences()
    assert card.places.host_key.read_bytes() == kept


def test_the_machines_number_is_on_the_disk_before_the_first_secret_is(folder: Path) -> None:
    disk = CuttingDisk()
    card = Card(folder, disk, filled_in())
    for step in count(1):
        disk.plug_in(step)
        with suppress(PowerCutError):
            card.set_up()
        if card.places.host_key.exists():
            break
    assert (card.places.system / "machine-id").read_text() == NUMBER


class LockedDisk(Disk):
    """A card that wore out: the data partition takes nothing new."""

    def __init__(self, data: Path) -> None:
        self._data = data

    def make_folder(self, path: Path, mode: int) -> None:
        self._refuse(path)
        super().make_folder(path, mode)

    def write(self, path: Path, content: bytes, mode: int) -> None:
        self._refuse(path)
        super().write(path, content, mode)

    def remove(self, path: Path) -> None:
        self._refuse(path)
        super().remove(path)

    def _refuse(self, path: Path) -> None:
        if path.is_relative_to(self._data):
            raise OSError(errno.EROFS, "Read-only file system")


def test_a_card_that_can_only_be_read_still_brings_the_kiosk_up_to_say_so(card: Card, folder: Path) -> None:
    card.machine = replace(card.machine, disk=LockedDisk(folder / "data"))
    card.type(card.typed().decode().replace("Holm & Ash", "Another name"))
    assert card.set_up() is Sells.AS_TYPED
    assert card.sentences() == ["The memory card cannot be written (Read-only file system)."]
    assert card.settings()["receipt"]["name"] == "Another name"


def test_a_new_card_without_its_data_partition_says_so(folder: Path) -> None:
    new = Card(folder, LockedDisk(folder / "data"), filled_in())
    assert new.set_up() is Sells.NO
    assert "The memory card cannot be written (Read-only file system)." in new.sentences()
    assert new.typed() == filled_in().encode()
