"""What the second medium needs of a disk: a few calls, for a test to watch, to fail, or to cut the power between.

:class:`Disk` and :class:`DiskFile` are all that :mod:`appliance.storage.second_medium` does to a stick. In the terms
of a crash test: ``open`` makes the file (durable in its folder after ``sync_folder``), ``append`` and ``truncate`` are
durable after ``sync``, ``rename`` after ``sync_folder``. Each may raise OSError; of an ``append`` a part may be there
then.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from appliance.storage.lasting import rename, sync_path


class DiskFile(Protocol):
    """An open file."""

    def size(self) -> int:
        """How many bytes it has."""

    def read(self, offset: int, size: int) -> bytes:
        """The bytes there, fewer at its end."""

    def append(self, data: bytes) -> None:
        """Write all of it at the end."""

    def truncate(self, size: int) -> None:
        """Cut it to this size."""

    def sync(self) -> None:
        """Have all written before on the medium (fdatasync)."""

    def is_there(self) -> bool:
        """Whether the file under its name is still this one, and not one of another stick, or none."""

    def close(self) -> None:
        """Close it."""


class Disk(Protocol):
    """The folders and files of a stick."""

    def is_there(self, folder: Path, *, is_mount: bool) -> bool:
        """Whether the folder exists; with ``is_mount``, whether something is mounted there."""

    def open(self, path: Path, *, read_only: bool = False) -> DiskFile:
        """Open a file, made if it is missing (unless read only)."""

    def read(self, path: Path) -> bytes | None:
        """A whole small file, None if there is none."""

    def names(self, folder: Path) -> list[str]:
        """What is in a folder, in order."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder, unless it is there."""

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, in place of whatever had it."""

    def sync_folder(self, folder: Path) -> None:
        """Have the names in a folder on the medium."""


class RealFile:
    """A file of the system. What is read from it has been on the medium, not only in memory."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        flags = os.O_RDONLY if read_only else os.O_RDWR | os.O_CREAT | os.O_APPEND
        self._path = path
        self._descriptor = os.open(path, flags | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
        if not read_only:
            # After a sync that failed, Linux holds what is not on the medium for written; so forget what it holds.
            try:
                os.fdatasync(self._descriptor)
                os.posix_fadvise(self._descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            except OSError:
                os.close(self._descriptor)
                raise

    def size(self) -> int:
        """See :meth:`DiskFile.size`."""
        return os.fstat(self._descriptor).st_size

    def read(self, offset: int, size: int) -> bytes:
        """See :meth:`DiskFile.read`."""
        parts: list[bytes] = []
        while size > 0 and (part := os.pread(self._descriptor, min(size, 1 << 20), offset)):
            parts.append(part)
            offset, size = offset + len(part), size - len(part)
        return b"".join(parts)

    def append(self, data: bytes) -> None:
        """See :meth:`DiskFile.append`."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._descriptor, rest) :]

    def truncate(self, size: int) -> None:
        """See :meth:`DiskFile.truncate`."""
        os.ftruncate(self._descriptor, size)

    def sync(self) -> None:
        """See :meth:`DiskFile.sync`."""
        os.fdatasync(self._descriptor)

    def is_there(self) -> bool:
        """See :meth:`DiskFile.is_there`."""
        try:
            return os.path.samestat(os.fstat(self._descriptor), self._path.stat())
        except OSError:
            return False

    def close(self) -> None:
        """See :meth:`DiskFile.close`."""
        os.close(self._descriptor)


class RealDisk:
    """The system's own files."""

    def is_there(self, folder: Path, *, is_mount: bool) -> bool:
        """See :meth:`Disk.is_there`."""
        return folder.is_dir() and (not is_mount or folder.is_mount())

    def open(self, path: Path, *, read_only: bool = False) -> DiskFile:
        """See :meth:`Disk.open`."""
        return RealFile(path, read_only=read_only)

    def read(self, path: Path) -> bytes | None:
        """See :meth:`Disk.read`."""
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None

    def names(self, folder: Path) -> list[str]:
        """See :meth:`Disk.names`."""
        return sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []

    def make_folder(self, folder: Path) -> None:
        """See :meth:`Disk.make_folder`."""
        folder.mkdir(exist_ok=True)

    def rename(self, old: Path, new: Path) -> None:
        """See :meth:`Disk.rename`."""
        rename(old, new)

    def sync_folder(self, folder: Path) -> None:
        """See :meth:`Disk.sync_folder`."""
        sync_path(folder)
