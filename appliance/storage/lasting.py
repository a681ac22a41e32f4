"""What outlasts a power cut: bytes and names that are on the medium, on FAT as on ext4."""

from __future__ import annotations

import os
from pathlib import Path


def sync_path(path: Path) -> None:
    """Have a file, or the names in a folder, on the medium."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rename(old: Path, new: Path) -> None:
    """Give a file or a folder another name, in place of what had it; lasts after the folder is synced.

    On FAT the new name is an empty file's until the file itself is synced (``vfat_rename`` in Linux). Cut soon after,
    it stays empty, whatever was synced under the old name: so a stick lost whose it was.
    """
    old.replace(new)
    sync_path(new)
