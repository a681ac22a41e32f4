"""The card's partitions: where each lies, and the numbers that make two builds alike."""

from __future__ import annotations

from dataclasses import dataclass

SECTOR = 512
MIB = 1024 * 1024
ALIGNMENT = 4 * MIB
"""Cards erase blocks of up to 4 MiB: a partition that begins within one makes every write two."""

DISK_ID = 0x6A1E55ED
FAT_ID = 0x6A1E0001
DATA_UUID = "6a1e55ed-0000-4000-8000-000000000004"
DATA_HASH_SEED = "6a1e55ed-0000-4000-8000-000000000005"


@dataclass(frozen=True, slots=True)
class Partition:
    """A partition of the card."""

    number: int
    name: str
    kind: str
    """MBR's type, in hexadecimal."""
    start_bytes: int
    size_bytes: int

    @property
    def partuuid(self) -> str:
        """What the kernel calls it, on whatever the card is plugged into."""
        return f"{DISK_ID:08x}-{self.number:02x}"


BOOT_MIB = 256
ROOT_MIB = 512
DATA_MIB = 96
SIZES_MIB = (
    ("boot", "c", BOOT_MIB),
    ("root-a", "83", ROOT_MIB),
    ("root-b", "83", ROOT_MIB),
    ("data", "83", DATA_MIB),
)


def layout() -> list[Partition]:
    """The four partitions, one after the other; the last may grow."""
    start = ALIGNMENT
    partitions = []
    for number, (name, kind, size) in enumerate(SIZES_MIB, 1):
        partitions.append(Partition(number, name, kind, start, size * MIB))
        start += size * MIB
    return partitions


def table(partitions: list[Partition]) -> str:
    """The table of partitions as sfdisk reads it."""
    lines = ["label: dos", f"label-id: 0x{DISK_ID:08x}"]
    for one in partitions:
        active = ", bootable" if one.number == 1 else ""
        start, size = one.start_bytes // SECTOR, one.size_bytes // SECTOR
        lines.append(f"start={start}, size={size}, type={one.kind}{active}")
    return "\n".join(lines) + "\n"


def card_bytes(partitions: list[Partition]) -> int:
    """How large the image is."""
    return partitions[-1].start_bytes + partitions[-1].size_bytes
