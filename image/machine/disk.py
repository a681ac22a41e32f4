"""The memory card as files: its partitions, and an overlay that takes all writes."""

from __future__ import annotations

import os
import struct
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from image.machine.errors import MachineError

SECTOR = 512
CARD_BYTES: Final = 8 << 30
"""A card is larger than its image, so that the first start has something to grow into."""
_TABLE_AT, _ENTRY = 446, 16


@dataclass(frozen=True, slots=True)
class Partition:
    """One entry of the card's partition table; ``kind`` is its MBR type, 0x0c for FAT32."""

    number: int
    kind: int
    start_bytes: int
    size_bytes: int


def read_table(sector: bytes) -> tuple[Partition, ...]:
    """The partitions of an MBR.

    Raises:
        MachineError: it is none.
    """
    if len(sector) < SECTOR or sector[510:512] != b"\x55\xaa":
        raise MachineError("The card has no partition table (MBR).")
    found = []
    for number in range(1, 5):
        entry = sector[_TABLE_AT + (number - 1) * _ENTRY :][:_ENTRY]
        kind, start, size = entry[4], *struct.unpack("<II", entry[8:16])
        if kind and size:
            found.append(Partition(number, kind, start * SECTOR, size * SECTOR))
    return tuple(found)


def run(command: Sequence[str | Path], data: bytes = b"", seconds: float = 300) -> bytes:
    """Run a host program and return what it wrote.

    Raises:
        MachineError: it is not installed, failed or took too long; with its last words.
    """
    try:
        done = subprocess.run(
            list(map(str, command)), input=data, capture_output=True, timeout=seconds, check=False
        )
    except FileNotFoundError:
        raise MachineError(f"{command[0]} is not installed.") from None
    except subprocess.TimeoutExpired:
        raise MachineError(f"{command[0]} did not end in {seconds:.0f} seconds.") from None
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip()[-600:]
        raise MachineError(f"{command[0]} failed ({done.returncode}): {words}")
    return done.stdout


def unpacked(image: Path, folder: Path) -> Path:
    """The card's raw file; a ``.zst`` is unpacked into ``folder`` first."""
    if image.suffix != ".zst":
        return image.resolve()
    raw = folder / image.stem
    if not raw.exists() or raw.stat().st_mtime < image.stat().st_mtime:
        run(["zstd", "-d", "-f", "-q", "--sparse", image, "-o", raw])
    return raw


class Card:
    """A flashed card: the image underneath, never written, and an overlay with what the computer writes.

    Args:
        base: the raw image.
        overlay: where the overlay is, or is made when missing.
        size_bytes: of the card; a card is larger than its image, and the first boot grows into it.
    """

    def __init__(self, base: Path, overlay: Path, size_bytes: int | None = None) -> None:
        self.base, self.overlay = base.resolve(), overlay
        if not overlay.exists():
            size = [str(max(size_bytes, base.stat().st_size))] if size_bytes else []
            run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b", self.base, overlay, *size])

    def partitions(self) -> tuple[Partition, ...]:
        """As they are now, also after the first boot has grown the last one."""
        copy = self.overlay.with_suffix(".mbr")
        source, target = f"if={self.overlay}", f"of={copy}"
        run(["qemu-img", "dd", "-f", "qcow2", "-O", "raw", f"bs={SECTOR}", "count=1", source, target])
        sector = copy.read_bytes()
        copy.unlink()
        return read_table(sector)

    def partition(self, number: int) -> Partition:
        """One of them.

        Raises:
            MachineError: it is not there.
        """
        for each in self.partitions():
            if each.number == number:
                return each
        raise MachineError(f"The card has no partition {number}.")

    def copy_out(self, number: int, to: Path) -> Path:
        """A partition as a sparse file of its own. No computer may be running on the card."""
        to.unlink(missing_ok=True)
        run(["qemu-img", "convert", "-O", "raw", "--image-opts", self._window(number), to])
        return to

    def copy_in(self, number: int, source: Path) -> None:
        """Put a partition back. No computer may be running on the card."""
        target = self._window(number)
        run(["qemu-img", "convert", "-n", "-f", "raw", source, "--target-image-opts", target])

    def _window(self, number: int) -> str:
        part = self.partition(number)
        place = f"driver=raw,offset={part.start_bytes},size={part.size_bytes}"
        return f"{place},file.driver=qcow2,file.file.driver=file,file.file.filename={os.fspath(self.overlay)}"
