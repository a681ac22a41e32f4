"""Files on a FAT file system in a file, by mtools: no mount and no vfat driver."""

from __future__ import annotations

from pathlib import Path

from image.machine.disk import run
from image.machine.errors import MachineError


class Fat:
    """One FAT file system.

    Args:
        path: the file that it is in.
        offset_bytes: where it begins in that file.
    """

    def __init__(self, path: Path, offset_bytes: int = 0) -> None:
        self.path = path
        self._at = f"{path}@@{offset_bytes}" if offset_bytes else str(path)

    def read(self, name: str) -> bytes:
        """A file's content.

        Raises:
            MachineError: it is not there.
        """
        return run(["mcopy", "-n", "-i", self._at, f"::{name}", "-"])

    def has(self, name: str) -> bool:
        """Whether a file or a folder is there."""
        try:
            run(["mdir", "-b", "-i", self._at, f"::{name}"])
        except MachineError:
            return False
        return True

    def write(self, name: str, content: bytes) -> None:
        """Put a file there, in place of one of that name."""
        run(["mcopy", "-n", "-o", "-D", "o", "-i", self._at, "-", f"::{name}"], content)

    def names(self, folder: str = "") -> list[str]:
        """What is in a folder."""
        listed = run(["mdir", "-b", "-i", self._at, f"::{folder}"]).decode(errors="replace")
        return [line.rstrip("/").rsplit("/", 1)[-1] for line in listed.splitlines() if line]
