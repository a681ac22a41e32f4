"""The sector that decides which system starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from appliance.card.slots import SECTOR_BYTES, Choice, Slot, SlotError, Slots, booted, parse
from tests.card.updates import INITRD, CutDisk, PowerCutError, Toy, next_migrations

CHOICES = [
    Choice(slot, is_trial, tried)
    for slot in Slot
    for is_trial in (False, True)
    for tried in (None, Slot.A, Slot.B)
    if not (is_trial and tried)
]


@pytest.fixture
def toy(tmp_path: Path) -> Toy:
    return Toy(tmp_path / "card", next_migrations(tmp_path / "next"))


@pytest.mark.parametrize("choice", CHOICES, ids=str)
def test_what_is_written_is_read_again(choice: Choice) -> None:
    sector = choice.to_sector()
    assert len(sector) == SECTOR_BYTES
    assert parse(sector) == choice
    assert sector.splitlines()[0] == f"os_prefix={choice.starts.folder}/".encode()
    assert max(map(len, sector.splitlines())) < 98, "the firmware reads no longer lines"


@pytest.mark.parametrize(
    "sector",
    [
        b"",
        b"\n" * 512,
        b"os_prefix=c/\n".ljust(512),
        b"os_prefix=a/\nos_prefix=b/\n".ljust(512, b"\n"),
        b"os_prefix=a/",
    ],
    ids=["empty", "blank", "unknown", "two", "short"],
)
def test_a_damaged_sector_is_refused(sector: bytes) -> None:
    with pytest.raises(SlotError, match="damaged"):
        parse(sector)


def test_a_trial_without_a_way_back_is_refused() -> None:
    with pytest.raises(SlotError, match="goes back to the same"):
        parse(b"os_prefix=a/\n# trial, back to a/\n".ljust(512, b"\n"))


@pytest.mark.parametrize(
    ("line", "slot"),
    [("root=PARTUUID=6a1e55ed-03 rauc.slot=B quiet\n", Slot.B), ("rauc.slot=A", Slot.A)],
)
def test_the_kernels_command_line_says_what_runs(line: str, slot: Slot) -> None:
    assert booted(line) is slot


@pytest.mark.parametrize("line", ["quiet", "rauc.slot=C", "xrauc.slot=A"])
def test_another_command_line_says_nothing(line: str) -> None:
    with pytest.raises(SlotError):
        booted(line)


def test_a_system_is_tried_once(toy: Toy) -> None:
    toy.slots().mark(Slot.B, good=True)
    toy.slots().try_once(Slot.B)
    assert toy.slots().read() == Choice(Slot.B, is_trial=True)
    assert toy.power_on() is Slot.B
    assert toy.slots().read() == Choice(Slot.A, tried=Slot.B), "put back before the root is mounted"
    assert toy.power_on() is Slot.A
    assert toy.power_on() is Slot.A


def test_a_settled_system_starts_each_time(toy: Toy) -> None:
    toy.slots().settle(Slot.B)
    assert [toy.power_on() for _ in range(3)] == [Slot.B] * 3


@pytest.mark.parametrize("choice", CHOICES, ids=str)
@pytest.mark.parametrize("running", list(Slot))
def test_the_initrd_writes_what_the_programs_write(toy: Toy, choice: Choice, running: Slot) -> None:
    toy.slot_file.write_bytes(choice.to_sector())
    toy.command_line.write_text(f"x rauc.slot={running.value} y\n")
    subprocess.run(["sh", INITRD, "in", toy.places.boot, toy.command_line], check=True, capture_output=True)
    is_its_trial = choice.is_trial and choice.starts is running
    wanted = Choice(choice.stays, tried=choice.starts) if is_its_trial else choice
    assert toy.slot_file.read_bytes() == wanted.to_sector()


@pytest.mark.parametrize("content", [b"", b"\0" * 512, b"# trial, back to b/\n".ljust(512, b"\n")])
def test_the_initrd_survives_a_damaged_sector(toy: Toy, content: bytes) -> None:
    toy.slot_file.write_bytes(content)
    subprocess.run(
        ["sh", INITRD, "in", toy.places.boot, toy.command_line], check=False, capture_output=True, timeout=10
    )
    assert toy.slot_file.read_bytes() == content


def test_nothing_is_done_to_the_system_to_go_back_to(toy: Toy) -> None:
    slots = toy.slots()
    with pytest.raises(SlotError, match="goes back to"):
        slots.mark(Slot.A, good=False)
    with pytest.raises(SlotError, match="goes back to"):
        slots.try_once(Slot.A)
    slots.try_once(Slot.B)
    toy.power_on()
    with pytest.raises(SlotError, match="goes back to"):
        toy.slots().mark(Slot.A, good=False)  # B runs, on trial


def test_a_system_that_is_not_whole_is_not_tried(toy: Toy) -> None:
    toy.slots().mark(Slot.B, good=False)
    with pytest.raises(SlotError, match="not whole"):
        toy.slots().try_once(Slot.B)


def test_the_boot_partition_is_writable_only_while_it_is_written(toy: Toy) -> None:
    modes: list[str] = []
    slots = Slots(toy.places, toy.disk, modes.append)
    slots.settle(Slot.A)
    assert modes == [], "it says so already: nothing is written"
    slots.settle(Slot.B)
    assert modes == ["rw", "ro"]
    toy.disk = CutDisk(0)
    with pytest.raises(PowerCutError):
        Slots(toy.places, toy.disk, modes.append).settle(Slot.A)
    assert modes[2:] == ["rw", "ro"]


def test_a_file_of_another_size_is_not_written_in_place_but_made_anew(toy: Toy) -> None:
    toy.slot_file.write_bytes(b"os_prefix=a/\n")
    with pytest.raises(SlotError):
        toy.slots().settle(Slot.B)
    toy.slots().repair(Slot.B)
    assert toy.slots().read() == Choice(Slot.B)


def test_the_build_asks_for_the_first_sector() -> None:
    command = [sys.executable, "-m", "appliance.card", "slots", "sector", "B"]
    said = subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2]).stdout
    assert said == Choice(Slot.B).to_sector()
