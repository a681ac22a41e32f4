"""A card that is a file, in a board with or without a key; the real sfdisk, dumpe2fs and mkfs.ext4 work on it.

Only cryptsetup is played, as it needs a kernel with dm-crypt: what it would encrypt is a file of its own, and its
header says which key opens it.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from appliance.card.credentials import CommandError, run_command
from appliance.card.sealing import FILE_SYSTEM_UUID, FOLDERS, MAPPED, Sealing
from tests.card.cutting import PowerCutError

MIB: Final = 1024 * 1024
DEVICE: Final = "/dev/mmcblk0p4"
DISK: Final = "/dev/mmcblk0"
MAGIC: Final = b"LUKS\xba\xbe"
NUMBER: Final = "0123456789abcdef0123456789abcdef"
_PARTITIONS: Final = ((2048, 2048), (4096, 2048), (6144, 2048), (8192, 80 * 1024))
TABLE: Final = "label: dos\n" + "".join(f"start={at}, size={size}\n" for at, size in _PARTITIONS)
WRITES: Final = ("sfdisk", "partx", "cryptsetup", "mkfs.ext4")


class SealedCard:
    """One card. `cut_at` is the writing program, counted from 1, at which the power goes; `tears` does half of it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.image, self.part = folder, folder / "card.img", folder / "p4.img"
        self.inner, self.mapped = folder / "inner.img", folder / MAPPED.removeprefix("/")
        for each in ("dev/mapper", "etc", "run"):
            (folder / each).mkdir(parents=True)
        (folder / "etc/machine-id").write_text(NUMBER + "\n")
        _sparse(self.image, 80 * MIB)
        subprocess.run(
            ["sfdisk", "--quiet", self.image], input=TABLE.encode(), check=True, capture_output=True
        )
        (folder / DISK.removeprefix("/")).symlink_to(self.image)
        _sparse(self.part, 40 * MIB)
        content = folder / "content"
        for name in FOLDERS:
            (content / name).mkdir(parents=True)
        make_file_system(self.part, content)
        sys = folder / "sys/devices/mmc/block/mmcblk0/mmcblk0p4"
        sys.mkdir(parents=True)
        (folder / "sys/class/block").mkdir(parents=True)
        (folder / "sys/class/block/mmcblk0p4").symlink_to(sys)
        for name, text in {
            "partition": "4",
            "start": "8192",
            "size": str(80 * 1024),
            "../size": str(160 * 1024),
        }.items():
            (sys / name).write_text(text)
        self.commands: list[str] = []
        self.cut_at, self.tears, self.writes = 0, False, 0

    @property
    def sealing(self) -> Sealing:
        return Sealing(DEVICE, DISK, 4, self.folder, self.run, (os.getuid(), os.getgid()))

    @property
    def kind(self) -> str:
        return subprocess.run(
            ["sfdisk", "--part-type", self.image, "4"], check=True, capture_output=True, text=True
        ).stdout.strip()

    def put(self, name: str, text: bytes, into: Path | None = None) -> None:
        """Lay a file into the file system, as a till or a PC would."""
        source = self.folder / "source"
        source.write_bytes(text)
        subprocess.run(
            ["debugfs", "-w", "-R", f"write {source} {name}", into or self.part],
            check=True,
            capture_output=True,
        )

    def switch_off(self, cut_at: int = 0, *, tears: bool = False) -> None:
        """What is in RAM is gone: the partition is not open any more."""
        self.mapped.unlink(missing_ok=True)
        self.commands.clear()
        self.cut_at, self.tears, self.writes = cut_at, tears, 0

    def run(self, command: list[str], typed: bytes, environment: Mapping[str, str]) -> bytes:
        self.commands.append(" ".join(command[:2]))
        program = command[0]
        is_write = program in WRITES and "isLuks" not in command and (program != "sfdisk" or len(command) > 4)
        if is_write:
            self.writes += 1
            if self.writes == self.cut_at:
                if self.tears:
                    self._do_half(command)
                raise PowerCutError
        if program in ("udevadm", "systemctl", "partx"):
            return b""
        if program == "cryptsetup":
            return self._cryptsetup(command, typed)
        places = {DEVICE: str(self.part), DISK: str(self.image), MAPPED: str(self.inner)}
        return run_command([places.get(each, each) for each in command], typed, environment)

    def _cryptsetup(self, command: list[str], typed: bytes) -> bytes:
        head = self.part.read_bytes()[:512]
        match command[1]:
            case "isLuks":
                if not head.startswith(MAGIC):
                    raise CommandError("cryptsetup: no")
            case "luksFormat":
                said = {"uuid": command[command.index("--uuid") + 1], "key": typed.decode()}
                self._write_head(MAGIC + json.dumps(said).encode())
                _sparse(self.inner, 60 * MIB)
            case "open":
                if not head.startswith(MAGIC) or b'"key"' not in head:
                    raise CommandError("cryptsetup: Device is not a valid LUKS device.")
                if json.loads(head.removeprefix(MAGIC).rstrip(b"\0"))["key"] != typed.decode():
                    raise CommandError("cryptsetup: No key available with this passphrase.")
                self.mapped.symlink_to(self.inner)
            case "close":
                self.mapped.unlink()
        return b""

    def _do_half(self, command: list[str]) -> None:
        if "luksFormat" in command:
            self._write_head(MAGIC)
        if command[0] == "mkfs.ext4":
            with self.inner.open("r+b") as file:
                file.seek(1024)
                file.write(os.urandom(MIB))

    def _write_head(self, head: bytes) -> None:
        with self.part.open("r+b") as file:
            file.write(head.ljust(4 * MIB, b"\0"))


def make_file_system(place: Path, content: Path) -> None:
    """As image/build makes the plain one."""
    made = ["mkfs.ext4", "-q", "-F", "-L", "till-data", "-U", FILE_SYSTEM_UUID, "-J", "size=16", "-d"]
    subprocess.run([*made, str(content), str(place)], check=True, capture_output=True)


def _sparse(place: Path, size: int) -> None:
    with place.open("wb") as file:
        file.truncate(size)
