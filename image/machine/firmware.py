"""What the Pi's firmware does before the kernel: reads config.txt and finds what to start.

Only as far as this card uses it, from Raspberry Pi's documentation of config.txt: ``include``, ``[filters]``,
``os_prefix``, ``kernel``, ``cmdline`` and ``initramfs``. It is read anew at each start, so a slot that was switched
takes effect at the next boot, as on the board.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from image.machine.errors import MachineError

#: The filters that hold for the board that the harness plays; all others' lines are passed over.
BOARD = frozenset({"all", "pi4", "board-type=0x11"})
_DEEPEST_INCLUDE = 8


class Files(Protocol):
    """The boot partition."""

    def read(self, name: str) -> bytes:
        """A file's content; MachineError if it is not there."""

    def has(self, name: str) -> bool:
        """Whether a file is there."""


@dataclass(frozen=True, slots=True)
class Boot:
    """What the firmware would start.

    Attributes:
        prefix: of the slot, such as "a/".
        kernel, initrd: names on the boot partition; the second may be "".
        line: the kernel line.
    """

    prefix: str
    kernel: str
    initrd: str
    line: str


def read_boot(files: Files, board: Collection[str] = BOARD) -> Boot:
    """Follow config.txt.

    Raises:
        MachineError: what it names is not there; the board would show its rainbow and stop.
    """
    values: dict[str, str] = {}
    initrd = ""
    for line in _lines(files, "config.txt", board):
        key, _, value = line.partition("=")
        if line.startswith("initramfs "):
            initrd = line.split()[1]
        elif value:
            values[key.strip()] = value.strip()
    prefix = values.get("os_prefix", "")
    kernel = values.get("kernel", "kernel8.img")
    if prefix and not files.has(prefix + kernel):
        prefix = ""  # as the firmware does: a prefix with nothing behind it does not count
    if not initrd and values.get("auto_initramfs") == "1":
        initrd = kernel.replace("kernel", "initramfs").removesuffix(".img")
    line = files.read(prefix + values.get("cmdline", "cmdline.txt")).decode().strip()
    return Boot(prefix, prefix + kernel, prefix + initrd if initrd else "", line)


def _lines(files: Files, name: str, board: Collection[str], depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST_INCLUDE:
        raise MachineError("config.txt includes itself.")
    holds = True
    for raw in files.read(name).decode(errors="replace").splitlines():
        line = raw.partition("#")[0].strip("\0 \t")
        if line.startswith("[") and line.endswith("]"):
            holds = line[1:-1].lower() in board
        elif holds and line.startswith("include "):
            yield from _lines(files, line.split()[1], board, depth + 1)
        elif holds and line:
            yield line
