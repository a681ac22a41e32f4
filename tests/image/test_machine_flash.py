"""A card whose power is cut: what was flushed stays, the rest may be lost, and what was begun again is begun whole."""

import random
import struct
from pathlib import Path

import pytest

from image.machine.disk import Card
from image.machine.flash import Flash
from image.machine.power import FLUSH
from tests.image.test_machine_power import SECTOR, Entry, sectors, write_log

SIZE = 64 * 1024
TABLE = bytes(446) + struct.pack("<B3xB3xII", 0, 0x83, 8, 16).ljust(64, b"\0") + b"\x55\xaa"
WRITES: list[Entry] = [(8, sectors("a"), 0), (0, b"", FLUSH), (9, sectors("b"), 0), (10, sectors("c"), 0)]


@pytest.fixture
def card(tmp_path: Path) -> Card:
    base = tmp_path / "base.img"
    base.write_bytes(TABLE.ljust(SIZE, b"."))
    return Card(base, tmp_path / "overlay.qcow2")


def content(card: Card, tmp_path: Path) -> bytes:
    return card.copy_out(1, tmp_path / "part").read_bytes()


def write_through(card: Card, at: int, data: bytes, tmp_path: Path) -> None:
    """As the computer does while it runs: into the layer."""
    (tmp_path / "data").write_bytes(data)
    part = card.copy_out(1, tmp_path / "part")
    raw = bytearray(part.read_bytes())
    raw[at : at + len(data)] = data
    part.write_bytes(raw)
    card.copy_in(1, part)


def test_a_cut_keeps_what_was_flushed_and_any_part_of_the_rest(card: Card, tmp_path: Path) -> None:
    seen = set()
    for seed in range(12):
        flash = Flash(card, tmp_path / str(seed), random.Random(seed))
        write_log(flash.log, WRITES)
        write_through(
            flash.card, 0, sectors("z", 3), tmp_path
        )  # more than the log says, and gone with the layer
        flash.lose()
        found = content(flash.card, tmp_path)
        assert found[:SECTOR] == sectors("a")
        seen.add((found[SECTOR : SECTOR + 1], found[2 * SECTOR : 2 * SECTOR + 1]))
        assert flash.cuts == 1
        assert flash.lost_writes == sum(
            letter == b"." for letter in (found[SECTOR:][:1], found[2 * SECTOR :][:1])
        )
    assert seen <= {(one, other) for one in (b"b", b".") for other in (b"c", b".")}
    assert len(seen) > 2


def test_a_computer_that_went_off_by_itself_lost_nothing(card: Card, tmp_path: Path) -> None:
    flash = Flash(card, tmp_path / "flash", random.Random(0))
    write_through(flash.card, 0, sectors("k"), tmp_path)
    flash.begin()
    write_log(flash.log, [])
    flash.lose()
    assert content(flash.card, tmp_path)[: SECTOR + 1] == sectors("k") + b"."
    assert content(card, tmp_path)[:1] == b".", "the card that it was copied from is as it was"


def test_the_log_begins_anew_at_each_start(card: Card, tmp_path: Path) -> None:
    flash = Flash(card, tmp_path / "flash", random.Random(0))
    write_log(flash.log, WRITES)
    arguments = flash.logging("card0", "logged")
    assert flash.log.stat().st_size == 0
    assert any(
        "driver=blklogwrites,file=card0,log=log" in each and "node-name=logged" in each for each in arguments
    )


def test_a_cut_before_anything_was_written_leaves_the_card_as_it_was(card: Card, tmp_path: Path) -> None:
    flash = Flash(card, tmp_path / "flash", random.Random(0))
    flash.logging("card0", "logged")
    flash.lose()
    assert content(flash.card, tmp_path)[:1] == b"."
