"""Writing so that the power may go at any moment.

Each method of :class:`Disk` that changes something is one step, durable when it returns or made durable by a later one
as said there. A test puts its own steps in their place, and stops, tears or loses any of them.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

NEW: Final = ".new"


class Disk:
    """The steps."""

    def make_folder(self, path: Path, mode: int) -> None:
        """Make a folder, unless it is there; its name lasts after ``sync_folder`` of its parent."""
        path.mkdir(exist_ok=True)
        path.chmod(mode)

    def write(self, path: Path, content: bytes, mode: int) -> None:
        """Write a new file and have its content on the disk; its name lasts after ``sync_folder``."""
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name, in place of whatever had it; lasts after ``sync_folder``."""
        old.replace(new)
        if new.is_file() and not new.is_symlink():
            _sync(new)  # on FAT the new name is an empty file's until then (see storage.lasting)

    def sync_folder(self, path: Path) -> None:
        """Have the names in a folder on the disk."""
        _sync(path)

    def overwrite(self, path: Path, offset: int, content: bytes) -> None:
        """Write over bytes of a file that is there, which stays as long as it is, and have them on the disk.

        No name, length or place of the file changes, so a FAT file system has nothing to lose: only the sectors with
        these bytes are written.
        """
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW)
        try:
            os.pwrite(descriptor, content, offset)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def link(self, path: Path, target: str) -> None:
        """Make a symbolic link."""
        path.symlink_to(target)

    def remove(self, path: Path) -> None:
        """Take a file away; lasts after ``sync_folder``."""
        path.unlink(missing_ok=True)

    def own(self, path: Path, owner: tuple[int, int]) -> None:
        """Give a file to a user and a group."""
        os.chown(path, *owner, follow_symlinks=False)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def keep(
    disk: Disk, path: Path, content: bytes, mode: int = 0o600, owner: tuple[int, int] | None = None
) -> None:
    """Put a file in the place of an older one: after a power cut there is the old one or this one, whole.

    What already reads like that is not written again: the card is spared.
    """
    if _reads(path, content, mode):
        return
    new = path.with_name(path.name + NEW)
    disk.write(new, content, mode)
    if owner is not None:
        disk.own(new, owner)
    disk.rename(new, path)
    disk.sync_folder(path.parent)


def keep_link(disk: Disk, path: Path, target: str) -> None:
    """Put a symbolic link in the place of an older one."""
    new = path.with_name(path.name + NEW)
    disk.remove(new)
    disk.link(new, target)
    disk.rename(new, path)


def forget(disk: Disk, path: Path) -> None:
    """Take a file away for good."""
    if path.exists() or path.is_symlink():
        disk.remove(path)
        disk.sync_folder(path.parent)


def make_folders(disk: Disk, path: Path, mode: int, above: int = 0o755) -> None:
    """Make a folder and those above it that are missing."""
    missing = [each for each in (path, *path.parents) if not each.exists()]
    for each in reversed(missing):
        disk.make_folder(each, mode if each == path else above)
        disk.sync_folder(each.parent)
    if not missing and path.stat().st_mode & 0o7777 != mode:
        disk.make_folder(path, mode)


def read(path: Path) -> bytes | None:
    """What a file holds, None if there is none."""
    with suppress(FileNotFoundError):
        return path.read_bytes()
    return None


def _reads(path: Path, content: bytes, mode: int) -> bool:
    try:
        return not path.is_symlink() and path.stat().st_mode & 0o7777 == mode and path.read_bytes() == content
    except OSError:
        return False
