"""A USB stick: made with files on it, plugged into the running computer and pulled again.

It is QEMU's own (``usb-storage``): the card's kernel, its rules for USB interfaces and its udev rules see what they
would see of a bought one: a partition table with one partition.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from image.machine.disk import run
from image.machine.fat import Fat
from image.machine.qmp import Qmp

Kind = Literal["vfat", "ext4"]
_BEGIN_BYTES: Final = 1 << 20
_SPARE_BYTES: Final = 48 << 20
_TYPES: Final[dict[Kind, str]] = {"vfat": "c", "ext4": "83"}
_PULLED_SECONDS: Final = 30.0


class Stick:
    """One stick.

    Args:
        path: the file that it is; made anew by :meth:`make`.
        name: of the device, where several are plugged in.
    """

    def __init__(self, path: Path, name: str = "stick") -> None:
        self.path, self.name = path, name

    def make(self, files: Sequence[Path], kind: Kind = "vfat") -> Stick:
        """Format it, with these files at its top."""
        size = sum(each.stat().st_size for each in files) * 21 // 20 + _SPARE_BYTES
        self.path.unlink(missing_ok=True)
        with self.path.open("wb") as file:
            file.truncate(_BEGIN_BYTES + size)
        run(
            ["sfdisk", "-q", self.path],
            f"label: dos\nstart={_BEGIN_BYTES // 512}, type={_TYPES[kind]}\n".encode(),
        )
        if kind == "vfat":
            run(["mkfs.vfat", "-F", "32", "-n", "STICK", "--offset", str(_BEGIN_BYTES // 512), self.path])
            at = f"{self.path}@@{_BEGIN_BYTES}"
            run(["mcopy", "-n", "-i", at, *files, "::"])
        else:
            options = ["-E", f"offset={_BEGIN_BYTES}", "-m", "0", "-L", "STICK", "-O", "^has_journal"]
            links = self.path.with_suffix(".d")
            links.mkdir(exist_ok=True)
            for each in files:
                (links / each.name).hardlink_to(each)
            try:
                run(
                    ["mke2fs", "-q", "-F", "-t", "ext4", *options, "-d", links, self.path, f"{size // 1024}k"]
                )
            finally:
                run(["rm", "-rf", links])
        return self

    @property
    def fat(self) -> Fat:
        """What is on it, where it is a FAT stick; not while it is plugged in."""
        return Fat(self.path, _BEGIN_BYTES)

    def plug(self, qmp: Qmp) -> None:
        """Plug it in."""
        qmp.ask("blockdev-add", driver="file", filename=str(self.path), node_name=f"{self.name}-file")
        qmp.ask("blockdev-add", driver="raw", file=f"{self.name}-file", node_name=f"{self.name}-disk")
        qmp.ask("device_add", driver="usb-storage", bus="usb.0", id=self.name, drive=f"{self.name}-disk")

    def pull(self, qmp: Qmp) -> None:
        """Pull it, without asking the computer."""
        qmp.ask("device_del", id=self.name)
        while qmp.wait_for("DEVICE_DELETED", _PULLED_SECONDS).get("device") != self.name:
            pass  # the disk within the stick, which has no name
        qmp.ask("blockdev-del", node_name=f"{self.name}-disk")
        qmp.ask("blockdev-del", node_name=f"{self.name}-file")
