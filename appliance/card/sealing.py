"""The data partition, plain or encrypted: what it is, and how it becomes the one from the other.

What was done so far stands in the partition's type, a byte of the card's first sector, which is written whole or not at
all:

* 83: plain, as flashed. Only if not a single file is on it, and its check finds it sound, may it be encrypted.
* da: it was found so, and is being made anew. What a power cut left there is begun again, unless a file system is
  whole: then only the type is missing.
* e8: encrypted, and never made anew by anything here.
"""

from __future__ import annotations

import enum
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from appliance.card.credentials import CommandError, Run
from appliance.card.growing import partition_at, use_room

NAME: Final = "till-data"
MAPPED: Final = f"/dev/mapper/{NAME}"
FILE_SYSTEM_UUID: Final = "6a1e55ed-0000-4000-8000-000000000004"
FOLDERS: Final[Mapping[str, int]] = {
    "till": 0o2770,
    "system": 0o700,
    "system/lib": 0o755,
    "system/rauc": 0o700,
}
"""What the card's mounts need, as image/build makes it on a plain one."""
INODES: Final = 11 + len(FOLDERS)
"""Ten that every file system has, lost+found, and the folders."""
MANY: Final = INODES + 1
PLAIN: Final = "83"
BEGUN: Final = "da"
SEALED: Final = "e8"

# No Raspberry Pi before the 5 has instructions for AES; Adiantum needs none. What it is opened with is as strong as a
# random key, so a slow way to that key would only make each start slow.
_SEAL: Final = (
    *("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--label", NAME),
    *("--cipher", "xchacha12,aes-adiantum-plain64", "--key-size", "256", "--sector-size", "4096"),
    *("--pbkdf", "pbkdf2", "--hash", "sha256", "--pbkdf-force-iterations", "1000", "--key-file", "-"),
)
# Which blocks are free can be seen from outside then; but a card that is told so lasts longer.
_OPEN: Final = ("cryptsetup", "open", "--type", "luks2", "--allow-discards", "--key-file", "-")
_MAKE: Final = (
    *("mkfs.ext4", "-q", "-F", "-b", "4096", "-L", NAME, "-U", FILE_SYSTEM_UUID, "-m", "1", "-J", "size=16"),
    *("-E", "nodiscard,root_owner=0:0"),
)
_MARK: Final = ("sfdisk", "--no-reread", "--no-tell-kernel", "--force", "--quiet", "--part-type")


class Found(enum.Enum):
    """What the partition is."""

    NEW = "new"
    PLAIN = "plain"
    BEGUN = "begun"
    SEALED = "encrypted"


@dataclass(frozen=True, slots=True)
class Sealing:
    """The data partition of this card. What goes wrong is a CommandError, and leaves what can be begun again.

    Attributes:
        device: the partition, such as "/dev/mmcblk0p4". disk, number: where it is in the table.
        root: where the machine's own folders are. owner: user and group of the till.
    """

    device: str
    disk: str
    number: int
    root: Path
    run: Run
    owner: tuple[int, int]

    def look(self) -> Found:
        """What the partition is."""
        kind = self._kind()
        if kind == BEGUN:
            # Files on it: somebody put them there since, and they are not ours to take away.
            is_ours = self._inodes(self.device) is None or self._is_new(self.device)
            return Found.BEGUN if is_ours else Found.PLAIN
        if kind == SEALED or self._works("cryptsetup", "isLuks", self.device):
            return Found.SEALED
        return Found.NEW if kind == PLAIN and self._is_new(self.device) else Found.PLAIN

    def open(self, secret: bytes) -> None:
        """Let it be read, as far as the card reaches."""
        if not self._is_open():
            if found := partition_at(self.device, self.root):
                use_room(found, self.run, self.root)
            self._run(*_OPEN, self.device, NAME, typed=secret)

    def finish(self, secret: bytes) -> bool:
        """Open what was begun, if there is a file system in it that is whole; False if there is none."""
        self._close()
        try:
            self._run(*_OPEN, self.device, NAME, typed=secret)
        except CommandError:
            return False
        if not self._is_new(MAPPED) and (self._inodes(MAPPED) or 0) <= INODES:
            return False
        self._mark(SEALED)
        return True

    def seal(self, secret: bytes) -> None:
        """Make it anew, encrypted and empty. All that is on it is lost."""
        self._close()
        self._mark(BEGUN)
        if found := partition_at(self.device, self.root):
            use_room(found, self.run, self.root)
        self._run(*_SEAL, "--uuid", self._uuid(), self.device, typed=secret)
        self._run(*_OPEN, self.device, NAME, typed=secret)
        with tempfile.TemporaryDirectory(dir=self.root / "run") as top:
            self._run(*_MAKE, "-d", str(self._folders(Path(top))), MAPPED)
        self._mark(SEALED)
        # Nothing goes on before the plain partition's name is gone, and is the new one's.
        self._run("udevadm", "settle")
        self._run("systemctl", "start", "dev-till-data.device")

    def _close(self) -> None:
        if self._is_open():
            self._run("cryptsetup", "close", NAME)

    def _is_open(self) -> bool:
        return (self.root / MAPPED.removeprefix("/")).exists()

    def _kind(self) -> str:
        """Its type; "" if that cannot be read, which is no reason not to mount it."""
        try:
            return self._run("sfdisk", "--part-type", self.disk, str(self.number)).decode().strip().lower()
        except CommandError:
            return ""

    def _mark(self, kind: str) -> None:
        self._run(*_MARK, self.disk, str(self.number), kind)

    def _uuid(self) -> str:
        """The card's own number: while the partition cannot be read the initrd takes it from there."""
        number = (self.root / "etc/machine-id").read_text("ascii").strip()
        return "-".join((number[:8], number[8:12], number[12:16], number[16:20], number[20:]))

    def _folders(self, top: Path) -> Path:
        top.chmod(0o755)
        for name, mode in FOLDERS.items():
            (top / name).mkdir()
            (top / name).chmod(mode)
        os.chown(top / "till", *self.owner)
        (top / "till").chmod(FOLDERS["till"])  # a change of owner takes the group's bit away
        return top

    def _is_new(self, device: str) -> bool:
        return self._inodes(device) == INODES and self._works("e2fsck", "-fn", device)

    def _inodes(self, device: str) -> int | None:
        """How many files and folders a file system has, MANY where that is not certain; None if there is none."""
        try:
            said = self._run("dumpe2fs", "-h", device).decode(errors="replace")
        except CommandError:
            return None
        lines = (line.partition(":") for line in said.splitlines())
        rows = {name.strip(): value.strip() for name, _, value in lines}
        is_ours = rows.get("Filesystem UUID") == FILE_SYSTEM_UUID
        # In a journal that was not played back may be any files.
        is_at_rest = (
            rows.get("Filesystem state") == "clean" and "needs_recovery" not in rows["Filesystem features"]
        )
        return int(rows["Inode count"]) - int(rows["Free inodes"]) if is_ours and is_at_rest else MANY

    def _works(self, *command: str) -> bool:
        try:
            self._run(*command)
        except CommandError:
            return False
        return True

    def _run(self, *command: str, typed: bytes = b"") -> bytes:
        return self.run(list(command), typed, {"LC_ALL": "C"})
