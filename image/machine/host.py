"""This computer: what it needs to play another one, installed once."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from image.machine.errors import MachineError
from image.scenes import NEEDED_KEYS

NEEDED: Final = {
    "qemu-system-x86_64": "qemu-system-x86",
    "qemu-system-aarch64": "qemu-system-arm",
    "qemu-img": "qemu-utils",
    "mcopy": "mtools",  # reads and writes the boot partition
    "e2fsck": "e2fsprogs",  # judges what a power cut leaves
    "zstd": "zstd",
    "mkfs.vfat": "dosfstools",  # these five make updates and the sticks that bring them
    "sfdisk": "fdisk",
    "mksquashfs": "squashfs-tools",
    "rauc": "rauc",
    "openssl": "openssl",
}
"""Programs, and the Debian packages that bring them."""
LEAST_FREE_BYTES: Final = 6_000_000_000
"""For the cards of one scene, and the log of all their writes."""


def see_room(folder: Path, least_bytes: int = LEAST_FREE_BYTES) -> None:
    """Say before the start what would be a card's I/O errors hours later.

    Raises:
        MachineError: too little is free where the cards lie.
    """
    free = shutil.disk_usage(folder).free
    if free < least_bytes:
        needed = f"{least_bytes / 1e9:.0f} GB"
        raise MachineError(
            f"{folder} has {free / 1e9:.1f} GB free, and {needed} are needed. TMPDIR may name another folder."
        )


def see_keys(scenes: Iterable[str], keys: Path | None) -> None:
    """Say before the start which scenes would fail for want of a key.

    Raises:
        MachineError: a file is missing that one of them signs with.
    """
    for scene in scenes:
        for name in NEEDED_KEYS.get(scene, ()):
            if keys is None or not (keys / name).is_file():
                raise MachineError(
                    f"The scene {scene!r} needs {name}: name the keys that the image was built with"
                    " by --keys (image/rauc/make-keys, image/token new-key)."
                )


def prepare() -> None:
    """Install what is missing.

    Raises:
        MachineError: it cannot be had.
    """
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise MachineError(f"needs Debian 12 or 13, with these packages: {' '.join(missing)}")
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=600"]
    subprocess.run(
        [*apt, "update"], check=False
    )  # a source of somebody else's that does not answer is no reason
    done = subprocess.run([*apt, "install", "--no-install-recommends", *missing], check=False)
    if done.returncode:
        raise MachineError(f"these packages could not be installed (as root?): {' '.join(missing)}")
