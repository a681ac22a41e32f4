"""The data partition grows to the end of the card: with the real sfdisk and resize2fs, on a card that is a file."""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from appliance.card.credentials import CommandError, run_command
from appliance.card.disk import Disk
from appliance.card.growing import Partition, grow, partition_at, partition_of, use_room

MIB = 2048
"""Sectors."""
START, SIZE, SMALL, LARGE = 24 * MIB, 40 * MIB, 64 * MIB, 256 * MIB
TABLE = f"""label: dos
label-id: 0x6a1e55ed
1: start={MIB}, size={4 * MIB}, type=c, bootable
2: start={5 * MIB}, size={8 * MIB}, type=83
3: start={13 * MIB}, size={8 * MIB}, type=83
4: start={START}, size={SIZE}, type=83
"""


class Sdcard:
    """An image on a larger card, and what the kernel says of it; partition 4 is a file of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.image, self.part = folder, folder / "card.img", folder / "p4.img"
        self.commands: list[str] = []
        self.fails = ""
        self.image.touch()
        self._truncate(self.image, LARGE)
        subprocess.run(
            ["sfdisk", "--quiet", self.image], input=TABLE.encode(), check=True, capture_output=True
        )
        self._truncate(self.part, SIZE)
        subprocess.run(["mkfs.ext4", "-q", self.part], check=True, capture_output=True)
        sys = folder / "sys/devices/mmc/block/mmcblk0/mmcblk0p4"
        sys.mkdir(parents=True)
        (sys / "partition").write_text("4\n")
        self.sys = sys
        (folder / "sys/dev/block").mkdir(parents=True)
        (folder / "sys/dev/block/179:4").symlink_to(sys)
        (folder / "proc/self").mkdir(parents=True)
        (folder / "proc/self/mountinfo").write_text(
            "21 1 179:2 / / ro - squashfs /dev/mmcblk0p2 ro\n35 21 179:4 / /data rw,noatime - ext4 /dev/mmcblk0p4 rw\n"
        )
        (folder / "dev").mkdir()
        (folder / "dev/mmcblk0").symlink_to(self.image)
        self.unlocked: list[str] = []
        self.look()

    def look(self) -> None:
        """As the kernel does when it is told to read the table again."""
        found = self.table()[3]
        (self.sys / "start").write_text(f"{found['start']}\n")
        (self.sys / "size").write_text(f"{found['size']}\n")
        (self.sys.parent / "size").write_text(f"{self.image.stat().st_size // 512}\n")
        self._truncate(self.part, int(found["size"]))

    def table(self) -> list[Mapping[str, int]]:
        said = subprocess.run(["sfdisk", "--json", self.image], check=True, capture_output=True).stdout
        found: list[Mapping[str, int]] = json.loads(said)["partitiontable"]["partitions"]
        return found

    def blocks(self) -> int:
        """Of the file system, in KiB."""
        said = subprocess.run(
            ["dumpe2fs", "-h", self.part], check=True, capture_output=True, text=True
        ).stdout
        rows = dict(line.split(":", 1) for line in said.splitlines() if ":" in line)
        return int(rows["Block count"]) * int(rows["Block size"]) // 1024

    def run(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        self.commands.append(command[0])
        if not self.is_locked():
            self.unlocked.append(command[0])
        if self.fails == command[0]:
            raise CommandError(f"{command[0]}: the power went")
        if command[0] == "partx":
            self.look()
            return b""
        places = {
            "/dev/mmcblk0": str(self.image),
            "/dev/mmcblk0p4": str(self.part),
            "/dev/dm-0": str(self.part),
        }
        return run_command([places.get(each, each) for each in command], typed, environment)

    def is_locked(self) -> bool:
        """Whether udev leaves the disk alone for now: it tries this lock before it looks at a disk's partitions."""
        with self.image.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def partition(self) -> Partition:
        (self.folder / "sys/class/block").mkdir(parents=True, exist_ok=True)
        link = self.folder / "sys/class/block/mmcblk0p4"
        if not link.exists():
            link.symlink_to(self.sys)
        found = partition_at("/dev/mmcblk0p4", self.folder)
        assert found is not None
        return found

    def encrypt(self) -> None:
        """What is mounted lies on the partition, and not in it."""
        mapped = self.folder / "sys/devices/virtual/block/dm-0"
        (mapped / "slaves").mkdir(parents=True)
        (mapped / "slaves/mmcblk0p4").symlink_to(self.sys)
        (self.folder / "sys/dev/block/253:0").symlink_to(mapped)
        (self.folder / "proc/self/mountinfo").write_text(
            "35 21 253:0 / /data rw - ext4 /dev/mapper/till-data rw\n"
        )

    def grow(self) -> bool:
        self.commands.clear()
        return grow(Path("/data"), self.folder / "grown", Disk(), self.run, self.folder)

    @staticmethod
    def _truncate(path: Path, sectors: int) -> None:
        with path.open("r+b" if path.exists() else "wb") as file:
            file.truncate(sectors * 512)


@pytest.fixture
def card(folder: Path) -> Sdcard:
    return Sdcard(folder)


def test_the_partition_and_its_files_grow_once_to_the_end_of_the_card(card: Sdcard) -> None:
    others = card.table()[:3]
    assert card.grow()
    assert card.commands == ["sfdisk", "partx", "resize2fs"]
    grown = card.table()
    assert grown[:3] == others
    assert (grown[3]["start"], grown[3]["size"]) == (START, LARGE - START)
    assert card.blocks() == (LARGE - START) // 2
    subprocess.run(["e2fsck", "-fn", card.part], check=True, capture_output=True)
    assert not card.grow()
    assert card.commands == []


def test_udev_looks_at_the_card_when_the_table_and_the_kernel_agree_again(card: Sdcard) -> None:
    assert card.grow()
    assert card.unlocked == ["resize2fs"]
    assert not card.is_locked()


@pytest.mark.parametrize("at", ["sfdisk", "partx", "resize2fs"])
def test_a_cut_between_any_two_steps_is_made_good_at_the_next_boot(card: Sdcard, at: str) -> None:
    card.fails = at
    with pytest.raises(CommandError):
        card.grow()
    subprocess.run(["e2fsck", "-fn", card.part], check=True, capture_output=True)
    card.fails = ""
    card.look()  # the next boot reads the table
    assert card.grow()
    assert card.blocks() == (LARGE - START) // 2
    assert not card.grow()


def test_a_card_that_was_copied_to_a_larger_one_grows_again(card: Sdcard) -> None:
    card.grow()
    with card.image.open("r+b") as file:
        file.truncate(2 * LARGE * 512)
    card.look()
    assert card.grow()
    assert card.blocks() == (2 * LARGE - START) // 2


def test_on_an_encrypted_partition_only_the_file_system_grows(card: Sdcard) -> None:
    use_room(card.partition(), card.run, card.folder)
    card.encrypt()
    assert card.grow()
    assert card.commands == ["resize2fs"]
    assert card.blocks() == (LARGE - START) // 2
    assert not card.grow()
    assert card.commands == []


def test_a_partition_that_is_not_mounted_grows_once(card: Sdcard) -> None:
    use_room(card.partition(), card.run, card.folder)
    assert card.table()[3]["size"] == LARGE - START
    card.commands.clear()
    use_room(card.partition(), card.run, card.folder)
    assert card.commands == []


def test_a_machine_without_such_a_partition_is_left_alone(folder: Path) -> None:
    assert partition_of(Path("/data"), folder) is None
    assert not grow(Path("/data"), folder / "grown", Disk(), run_command, folder)
    assert not (folder / "grown").exists()
